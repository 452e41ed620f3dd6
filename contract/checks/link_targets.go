package checks

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func linkTargets() contract.Check {
	return contract.Check{
		ID:      "link-targets",
		Promise: "Each link of a page leads to the page that its relation names, with the parameters that were asked for.",
		Why:     "A client that follows the link gets another page, another host or another filter than it asked for.",
		Source:  "the links of a page (RFC 8288 §3.3, IANA link relations next, prev, self)",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return numbered(s) && (s.Page.Links != nil || s.Page.LinkHeader) || besideCursor(s)
		},
		Needs: []contract.Need{twoItems(), toldApart()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			if besideCursor(&c.Subject) {
				return cursorTargets(ctx, c, size)
			}
			kept, err := bystanders(ctx, c, size)
			if err != nil {
				return nil, err
			}
			at := func(i int) (*page, error) {
				number := c.Page.Number(i, size)
				changes := []contract.Change{contract.Query(c.Page.Page, strconv.Itoa(number)), contract.Query(c.Page.Size, strconv.Itoa(size))}
				for _, k := range kept {
					changes = append(changes, contract.Query(k.name, k.text))
				}
				return ask(ctx, c, "page "+strconv.Itoa(number)+" for its links", changes...)
			}
			unsorted := kept
			kept = append(slices.Clone(kept), sorting(&c.Subject)...)
			first, err := at(0)
			if contract.WasSkipped(err) && len(kept) > len(unsorted) { // an order may need more than its name
				kept = unsorted
				first, err = at(0)
			}
			if err != nil {
				return nil, err
			}
			second, err := at(1)
			if err != nil {
				return nil, err
			}
			third, err := at(2)
			if err != nil {
				return nil, err
			}
			if target(c, first, "next")+target(c, first, "self")+target(c, second, "previous") == "" {
				return nil, contract.Skip("the pages show no links")
			}
			var findings []contract.Finding
			for _, l := range []struct {
				rel      string
				from, to *page
			}{{"self", first, first}, {"self", second, second}, {"next", first, second}, {"next", second, third}, {"previous", second, first}, {"previous", third, second}, {"first", second, first}} {
				if len(l.from.items) == 0 || len(l.to.items) == 0 || l.rel == "first" && target(c, l.from, l.rel) == "" {
					continue
				}
				if several := relations(c, l.from, l.rel); len(several) > 1 {
					findings = append(findings, c.New(l.from.Exchange, "links", "", l.rel+" once", "one link "+l.rel, strings.Join(several, " and "), c.Op.Place.FileLine()))
					continue
				}
				f, err := judgeLink(ctx, c, l.rel, l.from, l.to, kept)
				if err != nil {
					return nil, err
				}
				if f != nil {
					findings = append(findings, *f)
				}
			}
			return findings, nil
		},
	}
}

// bystander is a query parameter that has nothing to do with where a page is cut, and a value other than its default.
type bystander struct {
	name, text string
	sorts      bool // a link may spell an order in another way: the items tell
}

// bystanders are the parameters that links have to keep, and that leave the items as they are; where there is none, one that chooses some of them.
func bystanders(ctx context.Context, c *contract.Case, size int) (list []bystander, err error) {
	for _, p := range c.Op.Parameters {
		switch {
		case p.In != "query" || p.Schema.Types != schema.TypeBoolean:
		case c.Conv.Pretty != nil && p.Name == c.Conv.Pretty.Parameter:
			list = append(list, bystander{name: p.Name, text: "true"})
		case c.Conv.Envelope != nil && p.Name == c.Conv.Envelope.Parameter:
			list = append(list, bystander{name: p.Name, text: "true"})
		case p.Name == c.Page.TotalParam:
			list = append(list, bystander{name: p.Name, text: strconv.FormatBool(p.Schema.Default == false)})
		}
	}
	if len(list) > 0 || len(filters(&c.Subject)) == 0 {
		return list, nil
	}
	large, err := ask(ctx, c, "large page", largest(ctx, c)...)
	if err != nil {
		return nil, err
	}
	return choosing(c, large.items, size), nil
}

// sorting is what sorts a list in another way than by default: links keep it, too.
func sorting(s *contract.Subject) []bystander {
	for _, o := range orders(s) {
		text, _ := defaultOf(s, o.p.Name)
		if o.sent[0].text != text {
			return o.sent
		}
	}
	return nil
}

// choosing is a word that chooses the items of more than one page.
func choosing(c *contract.Case, items []any, size int) []bystander {
	chosen := filters(&c.Subject)
	for _, name := range slices.Sorted(maps.Keys(chosen)) {
		f := filter{c.Op.Parameter("query", name), chosen[name]}
		for _, value := range f.telling(items) {
			n := 0
			for _, item := range items {
				if f.exactly(item, value) {
					n++
				}
			}
			if isWord(valuesOf(f.p)) && n > size {
				return []bystander{{name: name, text: value}}
			}
		}
	}
	return nil
}

// relations are the different targets that the links of a page name for one relation.
func relations(c *contract.Case, p *page, rel string) (targets []string) {
	l := c.Page.Links
	if l == nil || l.Object {
		return nil
	}
	name := map[string]string{"self": l.Self, "next": l.Next, "previous": l.Previous}[rel]
	v, _ := source.Get(p.body, l.Pointer)
	list, _ := v.([]any)
	for _, item := range list {
		link, _ := item.(map[string]any)
		if href, _ := link[l.Href].(string); link[l.Rel] == name && !slices.Contains(targets, href) {
			targets = append(targets, href)
		}
	}
	return targets
}

// judgeLink follows a link and compares what it leads to with the page that is due there.
func judgeLink(ctx context.Context, c *contract.Case, rel string, from, due *page, kept []bystander) (*contract.Finding, error) {
	finding := func(x *contract.Exchange, keyword, want, got string) *contract.Finding {
		f := c.New(x, "links", "", keyword, want, got, c.Op.Place.FileLine())
		return &f
	}
	href := target(c, from, rel)
	if href == "" {
		if rel == "self" && !declaresSelf(c) || rel == "previous" && !declaresPrevious(c) {
			return nil, nil
		}
		return finding(from.Exchange, rel, "a link "+rel, "none"), nil
	}
	here, err := url.Parse(from.URL)
	if err != nil {
		return nil, err
	}
	to, err := here.Parse(href)
	if err != nil || to.Host != here.Host || to.Scheme != here.Scheme {
		return nil, nil // links-walk tells
	}
	for _, k := range kept {
		if got := to.Query().Get(k.name); got != k.text && (got == "" || !k.sorts) {
			return finding(from.Exchange, rel+" parameters", k.name+"="+k.text+", as it was asked for", to.String()), nil
		}
	}
	x, err := c.Follow(ctx, "link "+rel, to.String())
	if err != nil {
		return nil, err
	}
	p, err := pageOf(c, x)
	if err != nil {
		return finding(x, rel, "a page", "status "+strconv.Itoa(x.Status)), nil
	}
	if _, _, differ := swapped(identities(due.items), identities(p.items)); differ || !common(p, due) || len(p.items) != len(due.items) {
		f := finding(x, rel, "the items of that page", "others").And(due.Exchange)
		return &f, nil
	}
	return nil, nil
}

// declaresPrevious tells whether links lead back by convention.
func declaresPrevious(c *contract.Case) bool {
	return c.Page.LinkHeader || c.Page.Links != nil && c.Page.Links.Previous != ""
}

// declaresSelf tells whether links name the page itself by convention: then each page has that link.
func declaresSelf(c *contract.Case) bool { return c.Page.Links != nil && c.Page.Links.Self != "" }
