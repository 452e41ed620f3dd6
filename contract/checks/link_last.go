package checks

import (
	"context"
	"strconv"

	"troth/contract"
)

func linkLast() contract.Check {
	return contract.Check{
		ID:      "link-last",
		Promise: "The link last leads to the last page that has items, also where the page size divides their number.",
		Why:     "A client that jumps to the end finds nothing there, or not the end.",
		Source:  "the links of a page (IANA link relation last)",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return numbered(s) && (s.Page.Links != nil || s.Page.LinkHeader) },
		Needs:   []contract.Need{twoItems()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			size, err := walkSize(ctx, c)
			if err != nil {
				return nil, err
			}
			first, err := ask(ctx, c, "first page", contract.Query(c.Page.Size, strconv.Itoa(size)))
			if err != nil {
				return nil, err
			}
			if target(c, first, "last") == "" {
				return nil, contract.Skip("the pages show no link last")
			}
			if findings, err := judgeLast(ctx, c, first); err != nil || len(findings) > 0 {
				return findings, err
			}
			full, _, err := fullPage(ctx, c)
			if err != nil || full == nil {
				return nil, err
			}
			return judgeLast(ctx, c, full)
		},
	}
}

// judgeLast follows a link to the last page: it has items, and nothing is behind it. Where the total is an estimate, so is where the list ends.
func judgeLast(ctx context.Context, c *contract.Case, from *page) ([]contract.Finding, error) {
	href := target(c, from, "last")
	if href == "" || len(from.items) == 0 || c.Page.HasTotal() && !c.Page.TotalExact {
		return nil, nil
	}
	x, err := followed(ctx, c, from, href, "link last")
	if contract.WasSkipped(err) {
		return nil, nil // links-walk tells
	}
	if err != nil {
		return nil, err
	}
	finding := func(want, got string) ([]contract.Finding, error) {
		return []contract.Finding{c.New(x, "links", "", "last", want, got, c.Op.Place.FileLine()).And(from.Exchange)}, nil
	}
	p, err := pageOf(c, x)
	switch next := ""; {
	case err != nil:
		return finding("a page", "status "+strconv.Itoa(x.Status))
	case len(p.items) == 0:
		return finding("the last page that has items", "an empty page")
	default:
		if next = target(c, p, "next"); next != "" {
			return finding("the last page, without a link next", next)
		}
	}
	return nil, nil
}
