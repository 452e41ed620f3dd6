package contract

import (
	"fmt"
	"maps"
	"slices"

	"troth/openapi"
	"troth/openapi/convention"
)

// checkGiven refuses values of parameters that no operation has, that choose only the page of lists, or that are valid for none: what answers them could
// not be judged.
func (t *Target) checkGiven(doc *openapi.Document, conv *convention.Conventions) error {
	for _, given := range []map[string][]string{t.params, t.empty} {
		for _, name := range slices.Sorted(maps.Keys(given)) {
			if err := doc.CheckName(name); err != nil {
				return err
			}
			takes := takersOf(doc, conv, name)
			if len(takes) > 0 && !slices.ContainsFunc(takes, func(u use) bool { return !u.page }) {
				return fmt.Errorf("parameter %q: it chooses the page of %s, which the suite does itself; leave it out", name, takes[0].of)
			}
			for _, value := range given[name] {
				if err := checkValue(name, value, takes); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// use is a parameter of an operation; page tells whether it chooses the page of a list.
type use struct {
	*openapi.Parameter
	of   string
	page bool
}

// takersOf are the operations' parameters of a name.
func takersOf(doc *openapi.Document, conv *convention.Conventions, name string) (list []use) {
	for _, o := range doc.Operations {
		op, err := o.Compile()
		if err != nil {
			continue // Plan has told it
		}
		for _, p := range op.Parameters {
			if p.Name == name {
				list = append(list, use{p, op.ID, choosesPage(conv.Pagination(op), p)})
			}
		}
	}
	return list
}

// checkValue wants a value that one parameter takes at least.
func checkValue(name, value string, takes []use) error {
	var wrong []openapi.Violation
	for _, u := range takes {
		broken := u.CheckText(value)
		if len(broken) == 0 {
			return nil
		}
		wrong = append(wrong, broken...)
	}
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("parameter %q: %s (%s)", name, wrong[0].Violation, wrong[0].Schema.FileLine())
}

// choosesPage tells whether a parameter is the page number or offset of a list.
func choosesPage(page *convention.Pagination, p *openapi.Parameter) bool {
	return page != nil && p.In == "query" && p.Name == page.Page && (page.Style == "page" || page.Style == "offset")
}
