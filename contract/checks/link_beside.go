package checks

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"troth/contract"
)

// besideCursor applies to lists whose pages may have links beside the cursor of the next page.
func besideCursor(s *contract.Subject) bool {
	return byCursor(s) && (s.Page.Links != nil || s.Page.LinkHeader)
}

// nextBeside judges the links next of pages that have a cursor as well: a link is where another page follows, and nowhere else.
func nextBeside(ctx context.Context, c *contract.Case, first *page) ([]contract.Finding, error) {
	if !besideCursor(&c.Subject) {
		return nil, nil
	}
	findings, ended, err := walkBeside(ctx, c, first)
	if err != nil || len(findings) > 0 || ended {
		return findings, err
	}
	large, err := ask(ctx, c, "large page", largest(ctx, c)...)
	if err != nil {
		return nil, err
	}
	findings, _, err = walkBeside(ctx, c, large)
	return findings, err
}

// walkBeside follows the cursors of pages and looks at the links next beside them.
func walkBeside(ctx context.Context, c *contract.Case, p *page) (findings []contract.Finding, ended bool, err error) {
	promised := promisesNext(&c.Subject)
	var bare, behind *page // a page without a link next, and the one that its cursor leads to
	for n := 1; n <= walkLimit; n++ {
		next, cursor := linkOf(c, p, "next"), cursorURL(c, p)
		if ended = cursor == ""; ended && next != "" && n > 1 {
			findings, err = needless(ctx, c, p, next)
			return findings, ended, err
		}
		if ended {
			break
		}
		x, err := followed(ctx, c, p, cursor, fmt.Sprintf("page %d by its cursor", n+1))
		if err != nil {
			return nil, ended, err
		}
		following, err := pageOf(c, x)
		if contract.WasSkipped(err) {
			break // others tell
		}
		if err != nil {
			return nil, ended, err
		}
		if promised = promised || next != ""; next == "" && bare == nil && len(following.items) > 0 {
			bare, behind = p, following
		}
		p = following
	}
	if bare == nil || !promised {
		return nil, ended, nil
	}
	findings, err = nextless(ctx, c, bare, behind)
	return findings, ended, err
}

// saysNext is how the description of the field says that it leads to the next page.
var saysNext = regexp.MustCompile(`(?i)\bnext\b`)

// promisesNext tells whether the document says that the Link field has the next page.
func promisesNext(s *contract.Subject) bool {
	response, _ := s.Op.Success()
	for _, h := range response.Headers {
		if s.Page.LinkHeader && strings.EqualFold(h.Name, "Link") && saysNext.MatchString(h.Description) {
			return true
		}
	}
	return false
}

// nextless asks once more for a page that has a cursor and no link next: the items behind it may have come in between.
func nextless(ctx context.Context, c *contract.Case, p, behind *page) ([]contract.Finding, error) {
	x, err := c.Follow(ctx, "page again", p.URL, contract.Again())
	if err != nil {
		return nil, err
	}
	same, err := pageOf(c, x)
	if err != nil || linkOf(c, same, "next") != "" || cursorOf(c, same) == "" {
		return nil, nil
	}
	want := "a link next, as the page has a cursor that leads to " + strconv.Itoa(len(behind.items)) + " items"
	return []contract.Finding{c.New(same.Exchange, "links", "", "next", want, "none", c.Op.Place.FileLine()).And(behind.Exchange)}, nil
}

// needless judges the link next of a page that has no cursor, behind pages that have one.
func needless(ctx context.Context, c *contract.Case, p *page, next string) ([]contract.Finding, error) {
	following, findings, err := follow(ctx, c, p, next)
	if following == nil || len(following.items) > 0 {
		return findings, err
	}
	return superfluous(ctx, c, p, following, next)
}

// cursorTargets judges where links beside a cursor lead: first to the first page, next to the page that the cursor leads to, with what was asked for.
func cursorTargets(ctx context.Context, c *contract.Case, size int) ([]contract.Finding, error) {
	large, err := ask(ctx, c, "large page", largest(ctx, c)...)
	if err != nil {
		return nil, err
	}
	changes := []contract.Change{contract.Query(c.Page.Size, strconv.Itoa(size))}
	for _, k := range choosing(c, large.items, size) {
		changes = append(changes, contract.Query(k.name, k.text))
	}
	first, err := ask(ctx, c, "first page for its links", changes...)
	if err != nil {
		return nil, err
	}
	if cursorOf(c, first) == "" {
		return nil, contract.Skip("the first page has no cursor")
	}
	x, err := followed(ctx, c, first, cursorURL(c, first), "second page for its links")
	if err != nil {
		return nil, err
	}
	second, err := pageOf(c, x)
	if err != nil {
		return nil, err
	}
	if linkOf(c, first, "next")+linkOf(c, second, "first") == "" {
		return nil, contract.Skip("the pages show no links")
	}
	var findings []contract.Finding
	for _, l := range []struct {
		rel      string
		from, to *page
	}{{"next", first, second}, {"first", first, first}, {"first", second, first}} {
		found, err := beginsAs(ctx, c, l.rel, l.from, l.to)
		if err != nil {
			return findings, err
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

// beginsAs follows a link, where there is one: what it leads to begins as the page does that is due.
func beginsAs(ctx context.Context, c *contract.Case, rel string, from, due *page) ([]contract.Finding, error) {
	href := linkOf(c, from, rel)
	if href == "" || len(due.items) == 0 {
		return nil, nil
	}
	x, err := followed(ctx, c, from, href, "link "+rel)
	if contract.WasSkipped(err) {
		return nil, nil // links-walk tells
	}
	if err != nil {
		return nil, err
	}
	finding := func(want, got string) []contract.Finding {
		return []contract.Finding{c.New(x, "links", "", rel, want, got, c.Op.Place.FileLine()).And(from.Exchange, due.Exchange)}
	}
	p, err := pageOf(c, x)
	if err != nil {
		return finding("a page", "status "+strconv.Itoa(x.Status)), nil
	}
	if len(p.items) > 0 && isPrefix(identities(p.items), identities(due.items)) {
		return nil, nil
	}
	return finding("the items of that page", "others"), nil
}
