package checks

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
)

func sharedCaches() contract.Check {
	return contract.Check{
		ID:      "shared-caches",
		Promise: "What only credentials give is not given to shared caches to keep for everybody.",
		Why:     "A proxy or CDN hands one user's answer to the next one, who may have no credentials at all.",
		Source:  "RFC 9111 §3.5: public and s-maxage let shared caches store what Authorization was sent for",
		Level:   contract.Should,
		Last:    true,
		Applies: func(s *contract.Subject) bool {
			return s.Op.Method == http.MethodGet && s.Secured() && !inQuery(s.Op) && !cachePromised(s.Op)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			return eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				if !x.OK() || x.Anonymous() || x.Method != http.MethodGet || !c.Declares(x, x.Method) || varies(c, x) {
					return nil
				}
				shared := sharedBy(x.Header)
				if shared == "" {
					return nil
				}
				got := strings.Join(x.Header.Values("Cache-Control"), ", ")
				return []contract.Finding{c.New(x, "header Cache-Control", "", shared, "nothing that lets a shared cache keep it: the operation asks for credentials", quote(got), c.Op.Place.FileLine())}
			})
		},
	}
}

// sharedBy is the directive that lets shared caches answer others without asking again, "" where there is none, or another one says otherwise.
func sharedBy(h http.Header) (directive string) {
	values := map[string]string{}
	for _, line := range h.Values("Cache-Control") {
		for member := range openapi.Members(line) {
			name, value, _ := strings.Cut(strings.TrimSpace(member), "=")
			values[strings.ToLower(strings.TrimSpace(name))] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	for _, other := range []string{"private", "no-store", "no-cache"} {
		if _, ok := values[other]; ok {
			return ""
		}
	}
	age, limited := values["s-maxage"]
	if limited {
		directive = "s-maxage"
	} else if _, public := values["public"]; public {
		directive, age = "public", values["max-age"]
	}
	if strings.Trim(age, "0") == "" && age != "" {
		return "" // stale at once
	}
	return directive
}

// varies tells whether an answer is kept for the same credentials only.
func varies(c *contract.Case, x *contract.Exchange) bool {
	names := map[string]bool{"*": true, "authorization": true}
	for _, requirement := range c.Op.Security {
		for _, need := range requirement {
			if s := need.Scheme; s.Type == "apiKey" && s.In == "header" {
				names[strings.ToLower(s.Key)] = true
			} else if s.Type == "apiKey" && s.In == "cookie" {
				names["cookie"] = true
			}
		}
	}
	for _, line := range x.Header.Values("Vary") {
		for member := range openapi.Members(line) {
			if names[strings.ToLower(strings.TrimSpace(member))] {
				return true
			}
		}
	}
	return false
}

// inQuery tells whether credentials may stand in the query: that is part of what caches know an answer by.
func inQuery(op *openapi.Compiled) bool {
	for _, requirement := range op.Security {
		for _, need := range requirement {
			if need.Scheme.Type == "apiKey" && need.Scheme.In == "query" {
				return true
			}
		}
	}
	return false
}

// cachePromised tells whether the document itself gives such a Cache-Control: then it is meant.
func cachePromised(op *openapi.Compiled) bool {
	success, _ := op.Success()
	if success == nil {
		return false
	}
	for _, h := range success.Headers {
		if !strings.EqualFold(h.Name, "Cache-Control") || h.Schema == nil {
			continue
		}
		given := slices.Clone(h.Schema.Enum)
		for _, e := range h.Examples {
			given = append(given, e.Value)
		}
		for _, v := range given {
			text, _ := openapi.Text(v)
			if sharedBy(http.Header{"Cache-Control": {text}}) != "" {
				return true
			}
		}
	}
	return false
}
