package checks

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"

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
			if findings := judgeBody(c, x, c.Op.Response(x.Status)); len(findings) > 0 {
				return findings, nil
			}
			return sameInGzip(ctx, c, x)
		},
	}
}

// sameInGzip compares an answer in gzip with those without, before and behind it: what both of them say, it has to say.
func sameInGzip(ctx context.Context, c *contract.Case, x *contract.Exchange) ([]contract.Finding, error) {
	zipped, err := x.JSON()
	if err != nil || !x.OK() {
		return nil, nil
	}
	pointer := ""
	var plain *contract.Exchange
	for try := range 2 {
		if plain, err = c.Ask(ctx, "ordinary request", again(try)...); err != nil {
			return nil, err
		}
		body, err := plain.JSON()
		if err != nil || !plain.OK() {
			return nil, nil
		}
		var same bool
		if pointer, same = agree(body, zipped, ""); same {
			return nil, nil
		}
	}
	f := c.New(x, "body in gzip", pointer, "content", "what the answer without gzip says", "something else", c.Op.Place.FileLine())
	f = f.And(plain)
	return []contract.Finding{f}, nil
}

func versionBeforeFirst() contract.Check {
	return contract.Check{
		ID:      "version-before-first",
		Promise: "A version from before the first is not served as if it were there.",
		Why:     "A client gets another form than the one that it was written for, and takes it for its own.",
		Source:  "RFC 9110 §12.5.1, §15.5.7; troth.yaml, versions",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool {
			r, _ := s.Op.Success()
			return s.Conv.Versions != nil && s.Op.Method == http.MethodGet && r != nil && len(r.Content) > 0
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if _, err := c.Ordinary(ctx); err != nil {
				return nil, err
			}
			v := c.Conv.Versions
			declared, _ := c.Op.Success()
			for _, content := range declared.Content {
				if content.Type.IsRange() || !strings.HasPrefix(content.Type.String(), v.Prefix) {
					return nil, contract.Skip("the operation has a media type without a version")
				}
			}
			const ancient = "1999-01-01"
			x, err := c.Ask(ctx, "a version before the first", contract.Accept(v.Prefix+ancient+v.Suffix), contract.Provoking())
			if err != nil {
				return nil, err
			}
			if !x.OK() {
				return nil, nil
			}
			return []contract.Finding{c.New(x, "header Accept", "", "version", "a refusal (406)", strconv.Itoa(x.Status)+" with "+x.Header.Get("Content-Type"), c.Op.Place.FileLine())}, nil
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
						off, err := c.Ask(ctx, "without "+p.Name, again(try, contract.Query(p.Name, "false"))...)
						if err != nil {
							return nil, err
						}
						found = judgeOff(c, p, plain, off)
					}
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

// judgeOff compares an answer to a switch that is off with the one to the ordinary request, which does not have the switch.
func judgeOff(c *contract.Case, p *openapi.Parameter, plain, off *contract.Exchange) []contract.Finding {
	if p.Schema.Default == true {
		return nil
	}
	before, failed := plain.JSON()
	body, err := off.JSON()
	if err != nil || failed != nil {
		return nil // body-matches-schema tells
	}
	pointer, same := agree(before, body, "")
	if same && off.Status == plain.Status {
		return nil
	}
	f := c.New(off, "query "+p.Name, pointer, "false", "the answer without it", "another one", p.Place.FileLine())
	f = f.And(plain)
	return []contract.Finding{f}
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
