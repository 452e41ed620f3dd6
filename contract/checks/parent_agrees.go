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
			return s.Page != nil && s.Op.Body == nil && len(toldParents(s)) > 0
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			list, err := ask(ctx, c, "large page", largest(ctx, c)...)
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			judged := false
			for _, t := range toldParents(&c.Subject) {
				id, err := idOfParent(ctx, c, t, list)
				if err != nil {
					return findings, err
				}
				if m := itemSchema(&c.Subject).Find(t.member); m != nil && !m.Valid(id, schema.Response) && !(json.Valid([]byte(id)) && m.Valid(json.Number(id), schema.Response)) {
					continue // another form of the ID
				}
				for i, item := range list.items {
					object, _ := item.(map[string]any)
					text, scalar := openapi.Text(object[t.member])
					if id == "" || object[t.member] == nil || !scalar {
						continue
					}
					if judged = true; !strings.EqualFold(text, id) {
						findings = append(findings, c.New(list.Exchange, "body", c.Page.Items+"/"+strconv.Itoa(i)+"/"+source.Escape(t.member), "parent", id+", as the path says", quote(text), c.Op.Place.FileLine()))
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

// toldParents are those of a list whose items have an ID of their own: else the member may be that.
func toldParents(s *contract.Subject) (list []toldParent) {
	one, item := itemOperation(s, http.MethodGet), itemSchema(s)
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
		if member == "" || letters(p.Name) == "id" || letters(p.Name) == "name" || contract.Identifies(id, member) {
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
func idOfParent(ctx context.Context, c *contract.Case, t toldParent, list *page) (string, error) {
	read := c.Other(t.read)
	if read == nil || read.Last() == nil {
		return "", nil
	}
	x, err := read.Ask(ctx, "parent of the list", contract.Beside(list.Exchange))
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
