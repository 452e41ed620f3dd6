package contract

import (
	"fmt"
	"maps"
	"slices"

	"troth/openapi"
	"troth/openapi/convention"
)

// checkGiven refuses values of parameters that no operation has, and of those that only choose the page of lists.
func (t *Target) checkGiven(doc *openapi.Document, conv *convention.Conventions) error {
	for _, values := range []map[string][]string{t.params, t.empty} {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			if err := doc.CheckName(name); err != nil {
				return err
			}
			if list := onlyPages(doc, conv, name); list != "" {
				return fmt.Errorf("parameter %q: it chooses the page of %s, which the suite does itself; leave it out", name, list)
			}
		}
	}
	return nil
}

// onlyPages is the first operation whose page a parameter chooses by its number or offset, "" where it is anything else of some operation.
func onlyPages(doc *openapi.Document, conv *convention.Conventions, name string) (list string) {
	for _, o := range doc.Operations {
		op, err := o.Compile()
		if err != nil {
			continue // Plan has told it
		}
		for _, p := range op.Parameters {
			if p.Name != name {
				continue
			}
			if !choosesPage(conv.Pagination(op), p) {
				return ""
			}
			if list == "" {
				list = op.ID
			}
		}
	}
	return list
}

// choosesPage tells whether a parameter is the page number or offset of a list.
func choosesPage(page *convention.Pagination, p *openapi.Parameter) bool {
	return page != nil && p.In == "query" && p.Name == page.Page && (page.Style == "page" || page.Style == "offset")
}
