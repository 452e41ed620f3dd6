package checks

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// judgeSeveral asks for the items of two values, where a parameter takes several: those of either are listed, and the link next asks for both.
func judgeSeveral(ctx context.Context, c *contract.Case, all *page, f filter, values []string) ([]contract.Finding, error) {
	if f.p.Schema.Types != schema.TypeArray || f.p.Style == "deepObject" || len(values) < 2 || isArray(all, f) {
		return nil, nil
	}
	two := values[:2]
	raw, err := f.p.Encode(valuesAs(f.p, two))
	if err != nil || !f.p.Schema.Valid(valuesAs(f.p, two), schema.Request) {
		return nil, nil
	}
	both := contract.RawQuery(f.p.Name, raw)
	some, err := ask(ctx, c, f.p.Name+" of two values", append(largest(ctx, c), both)...)
	if err != nil {
		return nil, err
	}
	finding := func(x *page, pointer, keyword, want, got string) []contract.Finding {
		return []contract.Finding{c.New(x.Exchange, "query "+f.p.Name, pointer, keyword, want, got, f.p.Place.FileLine()).And(all.Exchange)}
	}
	for i, item := range some.items {
		if !f.lets(item, two[0]) && !f.lets(item, two[1]) {
			return finding(some, c.Page.Items+"/"+strconv.Itoa(i)+"/"+f.member, "several", two[0]+" or "+two[1]+" in each item", quote(f.says(item))), nil
		}
	}
	for _, value := range two {
		has := func(item any) bool { return f.exactly(item, value) }
		if hasSpace(ctx, c, all, some) && slices.ContainsFunc(all.items, has) && !slices.ContainsFunc(some.items, has) {
			return finding(some, c.Page.Items, "several", "the items with "+f.member+" "+value+", too", "none of them"), nil
		}
	}
	return linkOfSeveral(ctx, c, f, both, finding)
}

// linkOfSeveral looks at the link next of the smallest page of the items of two values.
func linkOfSeveral(ctx context.Context, c *contract.Case, f filter, both contract.Change, finding func(x *page, pointer, keyword, want, got string) []contract.Finding) ([]contract.Finding, error) {
	if c.Page.Size == "" {
		return nil, nil
	}
	small, err := ask(ctx, c, "small page of two values of "+f.p.Name, contract.Query(c.Page.Size, strconv.Itoa(max(c.Page.Minimum, 1))), both)
	if err != nil {
		return nil, passing(err)
	}
	link := linkOf(c, small, "next")
	asked, err := url.Parse(small.URL)
	to, failed := url.Parse(link)
	if link == "" || err != nil || failed != nil || !to.Query().Has(f.p.Name) {
		return nil, nil // filter-kept tells what is lost as a whole, and a cursor may hold it
	}
	if want, got := asked.Query()[f.p.Name], to.Query()[f.p.Name]; !slices.Equal(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))) {
		return finding(small, "", "link", "a link next with "+f.p.Name+" of "+quote(strings.Join(want, ", ")), quote(strings.Join(got, ", "))), nil
	}
	return nil, nil
}

// isArray tells whether items have an array of what a parameter chooses them by: several values may have to be among its elements at once.
func isArray(all *page, f filter) bool {
	return slices.ContainsFunc(all.items, func(item any) bool {
		object, _ := item.(map[string]any)
		_, is := object[f.member].([]any)
		return is
	})
}

// valuesAs are texts as the values that a parameter takes.
func valuesAs(p *openapi.Parameter, texts []string) (values []any) {
	for _, text := range texts {
		v := any(text)
		if read, err := source.DecodeJSON([]byte(text)); err == nil && !valuesOf(p).Valid(text, schema.Request) {
			v = read
		}
		values = append(values, v)
	}
	return values
}
