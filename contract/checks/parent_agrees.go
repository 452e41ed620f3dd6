package checks

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
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
			x, items, at, err := told(ctx, c)
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			judged := false
			for _, t := range toldParents(&c.Subject) {
				id, err := idOfParent(ctx, c, t, x)
				if err != nil {
					return findings, err
				}
				if m := itemAnswered(&c.Subject).Find(t.member); m != nil && !m.Valid(id, schema.Response) && !(json.Valid([]byte(id)) && m.Valid(json.Number(id), schema.Response)) {
					continue // another form of the ID
				}
				for i, item := range items {
					object, _ := item.(map[string]any)
					text, scalar := openapi.Text(object[t.member])
					if id == "" || object[t.member] == nil || !scalar || ofOne(&c.Subject) && tellable(c, x, t.member) {
						continue
					}
					if judged = true; !strings.EqualFold(text, id) {
						findings = append(findings, c.New(x, "body", at(i)+"/"+source.Escape(t.member), "parent", id+", as the path says", quote(text), c.Op.Place.FileLine()))
						break
					}
				}
			}
			if !judged {
				return nil, contract.Skip("the items do not say what they stand below, or that cannot be read by its ID")
			}
			return findings, nil
		},
	}
}

// toldParent is a variable of a path and the member of the items that has its name.
type toldParent struct {
	p      *openapi.Parameter
	member string
	read   *openapi.Operation // reads the parent
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

// told are the items of an answer, the only one where it is of one, and where each stands.
func told(ctx context.Context, c *contract.Case) (x *contract.Exchange, items []any, at func(int) string, err error) {
	if ofOne(&c.Subject) {
		if x, err = c.Ordinary(ctx); err != nil {
			return nil, nil, nil, err
		}
		body, _ := x.JSON()
		return x, []any{body}, func(int) string { return "" }, nil
	}
	list, err := ask(ctx, c, "large page", largest(ctx, c)...)
	if err != nil {
		return nil, nil, nil, err
	}
	return list.Exchange, list.items, func(i int) string { return c.Page.Items + "/" + strconv.Itoa(i) }, nil
}

// tellable tells whether what an answer says of a member may be what this run sent.
func tellable(c *contract.Case, x *contract.Exchange, member string) bool {
	body, _ := x.JSON()
	return sends(x, member) || x.Method == http.MethodGet && c.Mine(idOf(body)) && writable(c, itemAnswered(&c.Subject), member)
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
		for _, o := range s.Op.Document.Operations {
			if o.Method == http.MethodGet && o.Route == before+"{"+p.Name+"}" {
				list = append(list, toldParent{p, member, o})
			}
		}
	}
	return list
}

func letters(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

// idOfParent is what a path names a parent by, "" where that is not the ID that the parent itself has: a path may take other names ("me").
func idOfParent(ctx context.Context, c *contract.Case, t toldParent, asked *contract.Exchange) (string, error) {
	read := c.Other(t.read)
	if read == nil || read.Last() == nil {
		return "", nil
	}
	x, err := read.Ask(ctx, "parent of the list", contract.Beside(asked))
	if err != nil || !x.OK() {
		return "", err
	}
	path, _, _ := strings.Cut(x.URL, "?")
	named, err := url.PathUnescape(path[strings.LastIndexByte(path, '/')+1:])
	if err != nil {
		return "", nil
	}
	body, _ := x.JSON()
	if id, ok := openapi.Text(contract.IDOf(body, read.Last())); !ok || id != named {
		return "", nil
	}
	return named, nil
}
