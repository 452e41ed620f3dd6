package checks

import (
	"bytes"
	"context"
	"net/http"
	"strconv"

	"troth/contract"
	"troth/openapi"
)

func acceptHonoured() contract.Check {
	return contract.Check{
		ID:      "accept-honoured",
		Promise: "Each declared media type is served to who asks for it, and 406 to who accepts none.",
		Why:     "Clients get a representation that they said they cannot read, or are refused one that the document offers.",
		Source:  "RFC 9110 §12.5.1; OpenAPI 3.1 §4.8.17 Response Object, content",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			r, _ := s.Op.Success()
			return r != nil && len(r.Content) > 0 && s.Op.Method == http.MethodGet
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if _, err := c.Ordinary(ctx); err != nil {
				return nil, err
			}
			var findings []contract.Finding
			declared, _ := c.Op.Success()
			for _, content := range declared.Content {
				if content.Type.IsRange() {
					continue
				}
				x, err := c.Ask(ctx, "Accept "+content.Type.String(), contract.Accept(content.Type.String()))
				if err != nil {
					return nil, err
				}
				if got, _ := x.MediaType(); !x.OK() || !content.Type.Matches(got) {
					findings = append(findings, c.New(x, "header Accept", "", content.Type.String(), "2xx with "+content.Type.String(), strconv.Itoa(x.Status)+" with "+x.Header.Get("Content-Type"), content.Place.FileLine()))
				}
			}
			if r := c.Op.Response(http.StatusNotAcceptable); r != nil && r.Code == "406" {
				x, err := c.Ask(ctx, "Accept that nothing satisfies", contract.Accept("application/x-nothing"), contract.Provoking())
				if err != nil {
					return nil, err
				}
				if x.OK() {
					findings = append(findings, c.New(x, "header Accept", "", "406", "406, as declared", strconv.Itoa(x.Status), r.Place.FileLine()).At(contract.Should))
				}
			}
			return findings, nil
		},
	}
}

func headEqualsGet() contract.Check {
	return contract.Check{
		ID:      "head-equals-get",
		Promise: "HEAD is answered as GET is, without a body.",
		Why:     "Caches and link checkers, which ask with HEAD, are told something else than GET gives.",
		Source:  "RFC 9110 §9.3.2",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Op.Method == http.MethodGet && s.Op.Body == nil },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			get, err := c.Ordinary(ctx)
			if err != nil {
				return nil, err
			}
			head, err := c.Ask(ctx, "HEAD", contract.Method(http.MethodHead))
			if err != nil {
				return nil, err
			}
			switch head.Status {
			case http.StatusMethodNotAllowed, http.StatusNotFound, http.StatusNotImplemented:
				return nil, contract.Skip("HEAD is answered %d", head.Status)
			}
			var findings []contract.Finding
			if head.Status != get.Status {
				findings = append(findings, c.New(head, "status of HEAD", "", "status", strconv.Itoa(get.Status), strconv.Itoa(head.Status), c.Op.Place.FileLine()))
			}
			if a, b := get.Header.Get("Content-Type"), head.Header.Get("Content-Type"); head.Status == get.Status && a != b && b != "" {
				findings = append(findings, c.New(head, "header Content-Type of HEAD", "", "content", a, b, c.Op.Place.FileLine()))
			}
			return findings, nil
		},
	}
}

func gzipDecodes() contract.Check {
	return contract.Check{
		ID:      "gzip-decodes",
		Promise: "A body in gzip is what it is without.",
		Why:     "Every client that asks for compression, most of them unasked, gets a body that it cannot read.",
		Source:  "RFC 9110 §8.4, §12.5.3",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Op.Method == http.MethodGet },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			x, err := c.Ask(ctx, "Accept-Encoding gzip", contract.Field("Accept-Encoding", "gzip"))
			if err != nil {
				return nil, err
			}
			switch {
			case !x.Gzip:
				return nil, contract.Skip("answers are not compressed")
			case x.GzipErr != nil:
				return []contract.Finding{c.New(x, "body in gzip", "", "gzip", "a gzip stream (RFC 1952)", x.GzipErr.Error(), c.Op.Place.FileLine())}, nil
			}
			return judgeBody(c, x, c.Op.Response(x.Status)), nil
		},
	}
}

func representation() contract.Check {
	return contract.Check{
		ID:      "representation",
		Promise: "Envelope and indentation change the form of an answer, not what it says.",
		Why:     "Switching the form on, for reading or debugging, shows other data than clients get without it.",
		Source:  "the parameters of envelope and indentation; troth.yaml, envelope and pretty",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return s.Op.Method == http.MethodGet && (enveloped(s) != nil || pretty(s) != nil)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			ordinary, err := c.Ordinary(ctx)
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			for _, p := range []*openapi.Parameter{enveloped(&c.Subject), pretty(&c.Subject)} {
				if p == nil {
					continue
				}
				for try := range 2 { // the list may have changed between the two
					x, err := c.Ask(ctx, "with "+p.Name, again(try, contract.Query(p.Name, "true"))...)
					if err != nil {
						return nil, err
					}
					plain := ordinary
					if try > 0 {
						if plain, err = c.Ask(ctx, "ordinary request", contract.Again()); err != nil {
							return nil, err
						}
					}
					found := judgeForm(c, p, plain, x)
					if len(found) == 0 {
						break
					}
					if try > 0 {
						findings = append(findings, found...)
					}
				}
			}
			return findings, nil
		},
	}
}

// again sends a request anew at a second try.
func again(try int, changes ...contract.Change) []contract.Change {
	if try > 0 {
		changes = append(changes, contract.Again())
	}
	return changes
}

func enveloped(s *contract.Subject) *openapi.Parameter {
	if s.Conv.Envelope == nil {
		return nil
	}
	return s.Op.Parameter("query", s.Conv.Envelope.Parameter)
}

func pretty(s *contract.Subject) *openapi.Parameter {
	if s.Conv.Pretty == nil {
		return nil
	}
	return s.Op.Parameter("query", s.Conv.Pretty.Parameter)
}

func judgeForm(c *contract.Case, p *openapi.Parameter, plain, x *contract.Exchange) []contract.Finding {
	finding := func(pointer, keyword, want, got string) []contract.Finding {
		f := c.New(x, "query "+p.Name, pointer, keyword, want, got, p.Place.FileLine())
		f = f.And(plain)
		return []contract.Finding{f}
	}
	if !x.OK() {
		return finding("", "status", strconv.Itoa(plain.Status), strconv.Itoa(x.Status))
	}
	body, err := x.JSON()
	before, failed := plain.JSON()
	if err != nil || failed != nil {
		return nil // body-matches-schema tells
	}
	if e := c.Conv.Envelope; e != nil && p.Name == e.Parameter {
		object, _ := body.(map[string]any)
		if told, _ := openapi.Text(object[e.Status]); told != strconv.Itoa(x.Status) {
			return finding("/"+e.Status, "status", strconv.Itoa(x.Status), quote(told))
		}
		body = plainBody(c, x, body)
	} else if !bytes.Contains(bytes.TrimSpace(x.Body), []byte("\n")) && len(x.Body) > 2 && (x.Body[0] == '{' || x.Body[0] == '[') {
		return finding("", "indentation", "more than one line", "one line")
	}
	if path, same := agree(declaredOnly(c, plain, before), body, ""); !same {
		return finding(path, "content", "what the answer without it says", "something else")
	}
	return nil
}

// declaredOnly leaves out the members of an object that its schema does not declare: where an envelope puts them nobody says.
func declaredOnly(c *contract.Case, x *contract.Exchange, v any) any {
	content := contentOf(c.Op.Response(x.Status), x)
	object, ok := v.(map[string]any)
	if !ok || content == nil || content.Schema == nil {
		return v
	}
	declared := map[string]any{}
	for name, member := range object {
		if content.Schema.Find(name) != nil {
			declared[name] = member
		}
	}
	return declared
}
