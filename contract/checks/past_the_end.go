package checks

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi/source"
)

func pastTheEnd() contract.Check {
	return contract.Check{
		ID:      "past-the-end",
		Promise: "A page behind the last one holds no items.",
		Why:     "Clients that stop at the first empty page never stop.",
		Source:  "the parameters of paging",
		Level:   contract.Must,
		Applies: numbered,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			first, err := ask(ctx, c, "ordinary request")
			if err != nil {
				return nil, err
			}
			if neverEmpty(c) {
				return nil, contract.Skip("the document wants items on every page")
			}
			x, err := pageBehind(ctx, c, first)
			if err != nil {
				return nil, err
			}
			findings, err := judgeBehind(ctx, c, first, x)
			if err != nil || len(findings) == 0 || !shownBehind(c, x) {
				return findings, err
			}
			number := strconv.Itoa(behind(c, first)) // a number that is read as another one shows nothing of what is behind the last page
			if !takesText(c.Op.Parameter("query", c.Page.Page), number) {
				return findings, nil
			}
			if x, err = c.Ask(ctx, "page behind the last", contract.Query(c.Page.Page, number)); err != nil {
				return findings, err
			}
			more, err := judgeBehind(ctx, c, first, x)
			return append(findings, more...), err
		},
	}
}

// shownBehind tells whether an answer to a page behind the last has items.
func shownBehind(c *contract.Case, x *contract.Exchange) bool {
	p, err := pageOf(c, x)
	return err == nil && len(p.items) > 0
}

// judgeBehind judges an answer to a page behind the last.
func judgeBehind(ctx context.Context, c *contract.Case, first *page, x *contract.Exchange) ([]contract.Finding, error) {
	if x.Status >= 500 {
		return []contract.Finding{c.New(x, "query "+c.Page.Page, "", "status", "an empty page or a refusal", strconv.Itoa(x.Status), c.Op.Place.FileLine())}, nil
	}
	p, err := pageOf(c, x)
	if err != nil {
		return nil, nil // refused: the document is silent, so this is right too
	}
	if len(p.items) > 0 {
		return []contract.Finding{c.New(x, "query "+c.Page.Page, c.Page.Items, "end", "no items", fmt.Sprintf("%d items", len(p.items)), c.Op.Place.FileLine())}, nil
	}
	if first.total > 0 && p.total >= 0 && !near(c, p.total, first.total) {
		again, err := ask(ctx, c, "ordinary request", contract.Again())
		if err != nil {
			return nil, err
		}
		if again.total == first.total {
			where, pointer := totalAt(c, "query "+c.Page.Page)
			return []contract.Finding{c.New(x, where, pointer, "total", fmt.Sprintf("%d, as on the first page", first.total), strconv.Itoa(p.total), c.Op.Place.FileLine())}, nil
		}
	}
	if first.total > 0 && p.total < 0 {
		where, pointer := totalAt(c, "query "+c.Page.Page)
		f := c.New(x, where, pointer, "none", fmt.Sprintf("%d, as on the first page", first.total), "no total", c.Op.Place.FileLine())
		return []contract.Finding{f.At(contract.Should)}, nil
	}
	if next := target(c, p, "next"); next != "" {
		return []contract.Finding{c.New(x, "links", "", "end", "no link next", next, c.Op.Place.FileLine())}, nil
	}
	return nil, nil
}

// neverEmpty tells whether the schema of a list wants items in it.
func neverEmpty(c *contract.Case) bool {
	response, _ := c.Op.Success()
	content := response.JSON()
	if content == nil {
		return false
	}
	list := content.Schema
	for token := range source.Each(c.Page.Items) {
		list = list.Find(token)
	}
	return list != nil && list.WantsItems()
}

// pageBehind asks for a page far behind the last one, see wrapping; where those are refused, as what is far may be, for one just behind it.
func pageBehind(ctx context.Context, c *contract.Case, first *page) (*contract.Exchange, error) {
	p := c.Op.Parameter("query", c.Page.Page)
	for _, far := range wrapping(c, first) {
		text := strconv.FormatInt(far, 10)
		if !takesText(p, text) {
			continue
		}
		x, err := c.Ask(ctx, "page far behind the last", contract.Query(c.Page.Page, text))
		if err != nil || x.OK() || x.Status >= 500 {
			return x, err
		}
	}
	number := behind(c, first)
	if !takesText(p, strconv.Itoa(number)) {
		return nil, contract.Skip("%s may not be %d, which is behind the last item", c.Page.Page, number)
	}
	return c.Ask(ctx, "page behind the last", contract.Query(c.Page.Page, strconv.Itoa(number)))
}

// wrapping are numbers of pages that are near the first item where too few bits are kept: one that is the first page again in 32 bits, while 64 bits
// are too few for its offset (or the end of what stands there); the first page again in 32 bits, for servers that refuse so large a number, which its
// offset is, too; and the first page whose offset only is beyond 32 bits.
func wrapping(c *contract.Case, first *page) []int64 {
	const beyond = int64(1) << 32
	begin, size := int64(c.Page.First), int64(c.Page.Default)
	if c.Page.Style == "offset" {
		return []int64{math.MaxInt64, begin + beyond}
	}
	if size < 1 {
		size = int64(max(len(first.items), 1))
	}
	return slices.Compact([]int64{begin + 1<<61, begin + beyond, begin + (beyond+size-1)/size})
}

// behind is a page number or offset past the end: just past it where the total is told, else very far.
func behind(c *contract.Case, first *page) int {
	const far = 1_000_000
	if first.total < 0 {
		return far
	}
	if c.Page.Style == "offset" {
		return c.Page.First + first.total + 100
	}
	return c.Page.First + first.total/max(len(first.items), 1) + 2
}
