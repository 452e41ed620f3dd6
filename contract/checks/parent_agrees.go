package checks

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func parentAgrees() contract.Check {
	return contract.Check{
		ID:      "parent-agrees",
		Promise: "What items say of the parent that they stand below is what the path says.",
		Why:     "A client that goes by the item looks below another parent, and finds nothing or somebody else's.",
		Source:  "the member, which has the name of the path's variable",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool {
			return (s.Page != nil && s.Op.Body == nil || ofOne(s)) && len(toldParents(s)) > 0
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			answers, err := told(ctx, c)
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			judged := false
			for _, t := range toldParents(&c.Subject) {
				id, err := idOfParent(ctx, c, t, answers[0].Exchange)
				if err != nil {
					return findings, err
				}
				if m := itemAnswered(&c.Subject).Find(t.member); id == "" || m != nil && !m.Valid(id, schema.Response) && !(json.Valid([]byte(id)) && m.Valid(json.Number(id), schema.Response)) {
					continue // another form of the ID
				}
				found, said := otherParent(c, t.member, id, answers)
				judged, findings = judged || said, append(findings, found...)
			}
			if !judged {
				return nil, contract.Skip("the items do not say what they stand below, or that cannot be read by its ID")
			}
			return findings, nil
		},
	}
}

// otherParent finds an item that says that it stands below another parent than the one of an ID; said is whether any says what it stands below.
func otherParent(c *contract.Case, member, id string, answers []*page) (findings []contract.Finding, said bool) {
	for _, p := range answers {
		for i, item := range p.items {
			object, _ := item.(map[string]any)
			text, scalar := openapi.Text(object[member])
			if object[member] == nil || !scalar || tellable(c, p.Exchange, item, member) {
				continue
			}
			if said = true; !strings.EqualFold(text, id) {
				at := ""
				if c.Page != nil {
					at = c.Page.Items + "/" + strconv.Itoa(i)
				}
				return []contract.Finding{c.New(p.Exchange, "body", at+"/"+source.Escape(member), "parent", id+", as the path says", quote(text), c.Op.Place.FileLine())}, true
			}
		}
	}
	return nil, said
}

// toldParent is a variable of a path and the member of the items that has its name.
type toldParent struct {
	p      *openapi.Parameter
	member string
	read   *openapi.Operation // reads the parent, else the list that it stands in
}

// ofOne tells whether an operation answers with one item: it reads or creates it.
func ofOne(s *contract.Subject) bool {
	return s.Page == nil && s.Op.Method == http.MethodGet && s.PicksItem() || creates(s)
}

// itemAnswered is the schema of the items that an operation answers with, nil where none is declared.
func itemAnswered(s *contract.Subject) *schema.Schema {
	if !ofOne(s) {
		return itemSchema(s)
	}
	if r, _ := s.Op.Success(); r != nil && r.JSON() != nil {
		return r.JSON().Schema
	}
	return nil
}

// told are the answers that show items: the only one where it is of one, else all pages that the run saw.
func told(ctx context.Context, c *contract.Case) ([]*page, error) {
	if ofOne(&c.Subject) {
		x, err := c.Ordinary(ctx)
		if err != nil {
			return nil, err
		}
		body, _ := x.JSON()
		return []*page{{Exchange: x, body: body, items: []any{body}}}, nil
	}
	list, err := ask(ctx, c, "large page", largest(ctx, c)...)
	if err != nil {
		return nil, err
	}
	if err := searched(ctx, c, list); err != nil {
		return nil, err
	}
	return below(c, list), nil
}

// tellable tells whether what an answer says of a member of an item may be what this run sent.
func tellable(c *contract.Case, x *contract.Exchange, item any, member string) bool {
	return sends(x, member) || x.Method == http.MethodGet && c.Mine(idOf(item)) && writable(c, itemAnswered(&c.Subject), member)
}

// sends tells whether a request says what a member of its answer is.
func sends(x *contract.Exchange, member string) bool {
	body, _ := source.DecodeJSON([]byte(x.SentBody))
	object, _ := body.(map[string]any)
	_, has := object[member]
	return has
}

// toldParents are those of items that have an ID of their own: else the member may be that.
func toldParents(s *contract.Subject) (list []toldParent) {
	one, item := s.Op.Operation, itemAnswered(s)
	if !s.PicksItem() {
		one = itemOperation(s, http.MethodGet)
	}
	if one == nil || item == nil {
		return nil
	}
	id := one.Route[strings.LastIndexByte(one.Route, '{')+1 : len(one.Route)-1]
	for _, p := range parents(s) {
		member := ""
		for part := range item.Parts(true) {
			for _, property := range part.Properties {
				if letters(property.Name) == letters(p.Name) {
					member = property.Name
				}
			}
		}
		if p == s.Last() || member == "" || letters(p.Name) == "id" || letters(p.Name) == "name" || contract.Identifies(id, member) {
			continue
		}
		before, _, _ := strings.Cut(s.Op.Route, "{"+p.Name+"}")
		for _, route := range []string{before + "{" + p.Name + "}", strings.TrimSuffix(before, "/")} {
			if i := slices.IndexFunc(s.Op.Document.Operations, func(o *openapi.Operation) bool { return o.Method == http.MethodGet && o.Route == route }); i >= 0 {
				list = append(list, toldParent{p, member, s.Op.Document.Operations[i]})
				break
			}
		}
	}
	return list
}

func letters(name string) string { return strings.ToLower(separators.Replace(name)) }

var separators = strings.NewReplacer("_", "", "-", "")

// idOfParent is what a path names a parent by, "" where that is not the ID that the parent itself has: a path may take other names ("me").
func idOfParent(ctx context.Context, c *contract.Case, t toldParent, asked *contract.Exchange) (string, error) {
	read := c.Other(t.read)
	if read == nil {
		return "", nil
	}
	x, err := read.Ask(ctx, "parent of the list", contract.Beside(asked))
	if err != nil || !x.OK() {
		return "", err
	}
	named, err := url.PathUnescape(asked.PathValue(t.p.Name))
	if err != nil || named == "" {
		return "", nil
	}
	body, _ := x.JSON()
	for _, parent := range parentsIn(c, read, body) {
		if id, ok := openapi.Text(contract.IDOf(parent, t.p)); ok && id == named {
			return named, nil
		}
	}
	return "", nil
}

// parentsIn are the parent that an operation reads, or those of the list that it answers.
func parentsIn(c *contract.Case, read *contract.Case, body any) []any {
	_, pointer, _ := c.Conv.Items(read.Op)
	if found, _ := source.Get(body, pointer); read.Last() == nil {
		items, _ := found.([]any)
		return items
	}
	return []any{body}
}
