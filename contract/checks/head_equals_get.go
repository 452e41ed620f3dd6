package checks

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"troth/contract"
)

func headEqualsGet() contract.Check {
	return contract.Check{
		ID:      "head-equals-get",
		Promise: "HEAD is answered as GET is, without a body.",
		Why:     "Caches and link checkers, which ask with HEAD, are told something else than GET gives.",
		Source:  "RFC 9110 §9.3.2",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return s.Op.Method == http.MethodGet && s.Op.Body == nil && sibling(s, http.MethodHead) == nil
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			get, err := c.Ordinary(ctx)
			if err != nil {
				return nil, err
			}
			head, err := c.Ask(ctx, "HEAD", contract.Method(http.MethodHead))
			if err != nil {
				return nil, err
			}
			switch head.Status {
			case http.StatusNotFound:
				return headMissing(ctx, c, head, get)
			case http.StatusMethodNotAllowed, http.StatusNotImplemented:
				if slices.Contains(allowed(head), http.MethodHead) {
					f := c.New(head, "status of HEAD", "", "allow", strconv.Itoa(get.Status)+": Allow names HEAD", strconv.Itoa(head.Status)+" with Allow: "+head.Header.Get("Allow"), c.Op.Place.FileLine())
					return []contract.Finding{f.And(get).At(contract.Should)}, nil
				}
				return nil, contract.Skip("HEAD is answered %d", head.Status)
			}
			var findings []contract.Finding
			if own := sibling(&c.Subject, http.MethodHead); own != nil && head.Status != get.Status {
				return nil, contract.Skip("the document has an operation of its own for HEAD: %s", own.ID)
			}
			if head.Status != get.Status {
				findings = append(findings, c.New(head, "status of HEAD", "", "status", strconv.Itoa(get.Status), strconv.Itoa(head.Status), c.Op.Place.FileLine()))
			}
			if a, b := get.Header.Get("Content-Type"), head.Header.Get("Content-Type"); head.Status == get.Status && a != b && b != "" {
				findings = append(findings, c.New(head, "header Content-Type of HEAD", "", "content", a, b, c.Op.Place.FileLine()))
			}
			surplus, err := c.Surplus(ctx, head)
			if err != nil {
				return findings, err
			}
			if surplus != "" {
				findings = append(findings, c.New(head, "content of HEAD", "", "content", "nothing behind the header", quote(surplus), c.Op.Place.FileLine()))
			}
			more, err := headLength(ctx, c, head, get)
			if err != nil {
				return findings, err
			}
			findings = append(findings, more...)
			if len(more) == 0 {
				if more, err = headOfForm(ctx, c); err != nil {
					return findings, err
				}
				findings = append(findings, more...)
			}
			if more, err = headLacks(ctx, c, head, get); err != nil {
				return findings, err
			}
			findings = append(findings, more...)
			if more, err = headTag(ctx, c, head, get); err != nil {
				return findings, err
			}
			findings = append(findings, more...)
			if more, err = headDoes(ctx, c); err != nil {
				return findings, err
			}
			findings = append(findings, more...)
			more, err = headChanges(ctx, c, get)
			return append(findings, more...), err
		},
	}
}

// headMissing judges a HEAD that is answered 404: where another method is known not to be there, 404 says that the resource is not.
func headMissing(ctx context.Context, c *contract.Case, head, get *contract.Exchange) ([]contract.Finding, error) {
	x, err := c.Ask(ctx, "method "+contract.NoMethod, contract.Method(contract.NoMethod))
	if err != nil {
		return nil, err
	}
	if x.Status != http.StatusMethodNotAllowed && x.Status != http.StatusNotImplemented {
		return nil, contract.Skip("HEAD is answered %d", head.Status)
	}
	f := c.New(head, "status of HEAD", "", "status", strconv.Itoa(get.Status)+", or 405 as to "+contract.NoMethod, strconv.Itoa(head.Status), c.Op.Place.FileLine())
	return []contract.Finding{f.And(get).At(contract.Should)}, nil
}

// headOfForm is headLength of an item in the forms that the document has for it.
func headOfForm(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if !c.PicksItem() {
		return nil, nil
	}
	for _, p := range forms(&c.Subject) {
		on := contract.Query(p.Name, "true")
		get, err := c.Ask(ctx, "with "+p.Name, on)
		if err != nil {
			return nil, err
		}
		head, err := c.Ask(ctx, "HEAD with "+p.Name, on, contract.Method(http.MethodHead))
		if err != nil {
			return nil, err
		}
		if findings, err := headLength(ctx, c, head, get, on); err != nil || len(findings) > 0 {
			return findings, err
		}
	}
	return nil, nil
}

// headLength compares Content-Length, where HEAD tells it (RFC 9110 §8.6); where the two differ, anew between two GETs that are the same.
func headLength(ctx context.Context, c *contract.Case, head, get *contract.Exchange, form ...contract.Change) ([]contract.Finding, error) {
	form = append(form, contract.Again())
	for try := range 3 {
		told, due := head.Header.Get("Content-Length"), strconv.Itoa(len(get.Body))
		if told == "" || told == due || get.Header.Get("Content-Length") != due || head.Status != get.Status {
			return nil, nil
		}
		before, err := c.Ask(ctx, "ordinary request", form...)
		if err != nil {
			return nil, err
		}
		if head, err = c.Ask(ctx, "HEAD", append(form, contract.Method(http.MethodHead))...); err != nil {
			return nil, err
		}
		if get, err = c.Ask(ctx, "ordinary request", form...); err != nil {
			return nil, err
		}
		if told = head.Header.Get("Content-Length"); try > 0 && bytes.Equal(before.Body, get.Body) && told != "" && told != strconv.Itoa(len(get.Body)) {
			return []contract.Finding{c.New(head, "header Content-Length of HEAD", "", "length", strconv.Itoa(len(get.Body))+", as long as the body of GET", told, c.Op.Place.FileLine()).And(get).At(contract.Should)}, nil
		}
	}
	return nil, nil
}

// headDoes watches a list's total around HEAD, which changes nothing (RFC 9110 §9.2.1): it falls behind two HEADs, and not without.
func headDoes(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if c.Page == nil {
		return nil, nil
	}
	totals := make([]int, 0, 4)
	for i := range 4 { // around HEAD, around nothing, around HEAD
		p, err := ask(ctx, c, "list around HEAD", contract.Again())
		if contract.WasSkipped(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		totals = append(totals, count(p))
		if i > 0 && i%2 == 1 && totals[i] == totals[i-1] {
			return nil, nil
		}
		if i%2 == 1 {
			continue
		}
		head, err := c.Ask(ctx, "HEAD of another page", append(otherForm(c), contract.Method(http.MethodHead), contract.Again())...)
		if err != nil {
			return nil, err
		}
		if head.Status >= 500 && !undeclaredIsUsual(head.Status) {
			f := c.New(head, "status of HEAD of another page", "", "status", "an answer below 500, as to HEAD of the first", strconv.Itoa(head.Status), c.Op.Place.FileLine())
			return []contract.Finding{f}, nil
		}
	}
	if totals[1] != totals[2] {
		return nil, nil // it changes without HEAD, too
	}
	x, err := c.Ask(ctx, "HEAD", contract.Method(http.MethodHead), contract.Again())
	if err != nil {
		return nil, err
	}
	return []contract.Finding{c.New(x, "list behind HEAD", c.Page.Items, "safe", fmt.Sprintf("%d items, as before", totals[0]), fmt.Sprintf("%d, then %d", totals[1], totals[3]), c.Op.Place.FileLine())}, nil
}

// count is how much a page says that its list holds.
func count(p *page) int {
	if p.total >= 0 {
		return p.total
	}
	return len(p.items)
}
