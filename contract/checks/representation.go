package checks

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func representation() contract.Check {
	return contract.Check{
		ID:      "representation",
		Promise: "Envelope and indentation change the form of an answer, not what it says.",
		Why:     "Switching the form on, for reading or debugging, shows other data than clients get without it.",
		Source:  "the parameters of envelope and indentation; troth.yaml, envelope and pretty",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return (s.Op.Method == http.MethodGet || creates(s)) && len(forms(s)) > 0
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if c.Op.Method != http.MethodGet {
				return formsOfCreated(ctx, c)
			}
			ordinary, err := c.Ordinary(ctx)
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			for _, p := range forms(&c.Subject) {
				for try := range 4 { // the list may have changed between the two
					plain := ordinary
					if try > 0 {
						if plain, err = c.Ask(ctx, "ordinary request", contract.Again()); err != nil {
							return nil, err
						}
					}
					x, err := c.Ask(ctx, "with "+p.Name, again(try, contract.Query(p.Name, "true"))...)
					if err != nil {
						return nil, err
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
					if try == 0 {
						continue
					}
					behind, err := c.Ask(ctx, "ordinary request", contract.Again())
					if err != nil {
						return nil, err
					}
					if says(c, plain) == says(c, behind) {
						findings = append(findings, found...)
						break
					}
					if try == 3 {
						return findings, contract.Skip("inconclusive: the answer changed between requests")
					}
				}
			}
			for _, judge := range []func(context.Context, *contract.Case) ([]contract.Finding, error){formsTogether, formsOfNothing, refusedForms} {
				more, err := judge(ctx, c)
				if findings = append(findings, more...); err != nil {
					return findings, err
				}
			}
			return findings, nil
		},
	}
}

// says is what an answer says, to compare with later ones.
func says(c *contract.Case, x *contract.Exchange) string {
	body, err := x.JSON()
	if err != nil {
		return string(x.Body)
	}
	if body = declaredIn(c, x, body); c.Page != nil {
		if p, err := pageOf(c, x); err == nil {
			found, _ := source.Get(body, c.Page.Items)
			body = []any{found, p.total}
		}
	}
	text, _ := json.Marshal(body)
	return string(text)
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

// judgeForm compares an answer in another form with the plain one.
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
	if found := lostForm(c, p, x, body); found != nil {
		return []contract.Finding{found.And(plain)}
	}
	if e := c.Conv.Envelope; c.Page != nil && c.Enveloped(x) && hasMember(body, e.Content) && isObject(before) && !hasMember(before, e.Content) {
		return []contract.Finding{finding("/"+e.Content, "list", "the list's own members, and the status beside them", "the list in "+e.Content)[0].At(contract.Should)}
	}
	if c.Page != nil && unlinked(c, plain, x) {
		return finding(c.Page.Links.Pointer, "links", "links, as without "+p.Name, "none")
	}
	if path, same := agree(declaredIn(c, plain, before), c.Plain(x, body), ""); !same {
		return finding(path, "content", "what the answer without it says", "something else")
	}
	if name := twiceIn(c, p, body); name != "" {
		return []contract.Finding{finding("/"+source.Escape(name), "beside", "the answer's members in "+c.Conv.Envelope.Content+" only", "members beside it, too")[0].At(contract.Should)}
	}
	return nil
}

// twiceIn is a member that stands beside the content of an envelope as it does within, where several do, "" where none does.
func twiceIn(c *contract.Case, p *openapi.Parameter, body any) (name string) {
	const several = 3
	if p != enveloped(&c.Subject) {
		return ""
	}
	object, _ := body.(map[string]any)
	content, _ := object[c.Conv.Envelope.Content].(map[string]any)
	n := 0
	for _, member := range slices.Sorted(maps.Keys(content)) {
		if v, beside := object[member]; beside && member != c.Conv.Envelope.Status && schema.Equal(v, content[member]) {
			name = member
			n++
		}
	}
	if n < several {
		return ""
	}
	return name
}

func isObject(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

func hasMember(v any, name string) bool {
	object, _ := v.(map[string]any)
	_, has := object[name]
	return has
}

// lostForm finds that an answer does not have the form that a switch asks for, nil where it has.
func lostForm(c *contract.Case, p *openapi.Parameter, x *contract.Exchange, body any) *contract.Finding {
	finding := func(pointer, keyword, want, got string) *contract.Finding {
		f := c.New(x, "query "+p.Name, pointer, keyword, want, got, p.Place.FileLine())
		return &f
	}
	if e := c.Conv.Envelope; e != nil && p.Name == e.Parameter {
		object, _ := body.(map[string]any)
		if told, _ := openapi.Text(object[e.Status]); told != strconv.Itoa(x.Status) {
			return finding("/"+e.Status, "status", strconv.Itoa(x.Status), quote(told))
		}
		if _, isText := object[e.Status].(string); isText {
			return finding("/"+e.Status, "type", "a number, as the status is", "a string")
		}
		if _, has := object[e.Content]; !has && c.Page == nil {
			return finding("/"+e.Content, "content", "the member "+e.Content+" with the answer", "none")
		}
	} else if !bytes.Contains(bytes.TrimSpace(x.Body), []byte("\n")) && len(x.Body) > 2 && (x.Body[0] == '{' || x.Body[0] == '[') {
		return finding("", "indentation", "more than one line", "one line")
	}
	return nil
}

// unlinked tells whether a page has lost the links that it has in another form.
func unlinked(c *contract.Case, plain, x *contract.Exchange) bool {
	before, err := pageOf(c, plain)
	if err != nil || c.Page.Links == nil {
		return false
	}
	behind, err := pageOf(c, x)
	return err == nil && target(c, before, "self")+target(c, before, "next") != "" && target(c, behind, "self")+target(c, behind, "next") == ""
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
	pointer, same := agree(declaredIn(c, plain, before), body, "")
	if e := c.Conv.Envelope; p == enveloped(&c.Subject) && hasMember(body, e.Status) && !hasMember(before, e.Status) {
		pointer, same = "/"+source.Escape(e.Status), false // which may stand beside the members of the answer
	}
	if same && off.Status == plain.Status {
		if p == pretty(&c.Subject) && lines(plain.Body) == 1 && lines(off.Body) > 1 {
			return []contract.Finding{c.New(off, "query "+p.Name, "", "indentation", "one line, as without it", "more", p.Place.FileLine()).And(plain)}
		}
		return nil
	}
	return []contract.Finding{c.New(off, "query "+p.Name, pointer, "false", "the answer without it", "another one", p.Place.FileLine()).And(plain)}
}

func lines(body []byte) int { return 1 + bytes.Count(bytes.TrimSpace(body), []byte("\n")) }
