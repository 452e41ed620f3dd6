package checks

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
)

func createdDistinct() contract.Check {
	return contract.Check{
		ID:      "created-distinct",
		Promise: "Two items that were created are two: each has its own ID, the list shows both, and all else as it was.",
		Why:     "An ID that is given twice lets one item overwrite the other.",
		Source:  "RFC 9110 §9.3.3, §15.3.2",
		Level:   contract.Must,
		Applies: creates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			var findings []contract.Finding
			texts := &otherTexts{}
			for round := range 3 { // others may write to the list: what shows once proves nothing, and what touches new items shows only at the second
				found, err := createTwo(ctx, c, texts)
				if err != nil {
					return nil, err
				}
				if round > 0 && len(found) == 0 {
					return createTogether(ctx, c)
				}
				if round > 0 && len(findings) > 0 {
					break
				}
				findings = found
			}
			if err := quiet(ctx, listBefore(ctx, c), counts(findings)); err != nil {
				return nil, err
			}
			return findings, nil
		},
	}
}

// counts tells whether findings are of a total.
func counts(findings []contract.Finding) bool {
	return slices.ContainsFunc(findings, func(f contract.Finding) bool { return f.Keyword == "counted" })
}

// quiet is an error of Skip where a list changes by itself: looked at five times, it does not stay as it was. A total that changes beside items that
// are all seen and do not is no reason to doubt them: what was found is doubted where it counts.
func quiet(ctx context.Context, list *contract.Case, counts bool) error {
	var first *census
	for range 5 {
		now, err := takeCensus(ctx, list, nil)
		if err != nil || now == nil {
			return err
		}
		if first == nil {
			first = now
		}
		if now.total != first.total && (counts || !now.whole) || !slices.Equal(sorted(now.ids), sorted(first.ids)) {
			return contract.Skip("inconclusive: the list changes by itself")
		}
		if id, _ := first.changed(now); id != "" {
			return contract.Skip("inconclusive: items of the list change by themselves")
		}
	}
	return nil
}

// createTwo creates two items and compares what the list holds before and behind.
func createTwo(ctx context.Context, c *contract.Case, texts *otherTexts) ([]contract.Finding, error) {
	list := listBefore(ctx, c)
	before, err := takeCensus(ctx, list, itemVariable(c))
	if err != nil {
		return nil, err
	}
	var two [2]*made
	for i := range two {
		m, err := oneOfTwo(ctx, c, i, texts)
		if m != nil {
			defer m.clean(ctx, c)
		}
		if err != nil {
			return nil, err
		}
		two[i] = m
	}
	if list != nil && two[0].id == two[1].id { // what is listed nowhere may be an answer rather than an item, the same to the same question
		return []contract.Finding{c.New(two[1].answer, "created item", "", "distinct", "another ID than the item before has", two[1].id, c.Op.Place.FileLine()).After(two[0].answer)}, nil
	}
	if findings, err := oneMissing(ctx, c, two); err != nil || len(findings) > 0 {
		return findings, err
	}
	if before == nil {
		return nil, nil
	}
	behind, err := takeCensus(ctx, list.Below(two[0].answer), two[0].variable)
	if err != nil || behind == nil {
		return nil, err
	}
	return compareTwo(c, list, before, behind, two), nil
}

// oneMissing reads both: what is found of the one has to be found of the other.
func oneMissing(ctx context.Context, c *contract.Case, two [2]*made) ([]contract.Finding, error) {
	var answers [2]*contract.Exchange
	for i, m := range two {
		x, _, err := m.read(ctx, "read "+strconv.Itoa(i+1)+" of 2")
		if err != nil {
			return nil, err
		}
		answers[i] = x
	}
	for i, x := range answers {
		if x.Status == http.StatusNotFound && answers[1-i].OK() {
			return []contract.Finding{c.New(x, "created item", "", "read", "the item "+two[i].id+", as item "+two[1-i].id+" is found", strconv.Itoa(x.Status), c.Op.Place.FileLine()).After(two[0].answer, two[1].answer)}, nil
		}
	}
	return nil, nil
}

// oneOfTwo creates the first item as usual, and the second with other texts.
func oneOfTwo(ctx context.Context, c *contract.Case, i int, texts *otherTexts) (*made, error) {
	name := "create " + strconv.Itoa(i+1) + " of 2"
	if i == 0 {
		return create(ctx, c, name, fresh(c))
	}
	return texts.create(ctx, c, name)
}

// compareTwo judges what a list holds before and behind two items were created.
func compareTwo(c, list *contract.Case, before, behind *census, two [2]*made) []contract.Finding {
	finding := func(x *contract.Exchange, keyword, want, got string) []contract.Finding {
		return []contract.Finding{c.New(x, "list", list.Page.Items, keyword, want, got, c.Op.Place.FileLine()).After(two[0].answer, two[1].answer)}
	}
	if gone := behind.came(before); len(gone) > 0 {
		return finding(behind.last(), "others", "every item that was there before", "no item "+quote(gone[0]))
	}
	came := less(before.came(behind), []string{two[0].id, two[1].id, identity(two[0].body), identity(two[1].body)})
	if first, second := behind.items[two[0].id] != nil, behind.items[two[1].id] != nil; behind.whole && first != second {
		return finding(behind.last(), "listed", "the items "+two[0].id+" and "+two[1].id, "one of them")
	} else if first && second && len(came) > 0 { // else items are named by something else
		return finding(behind.on[came[0]].Exchange, "others", "two items more than before", "the item "+quote(came[0])+", which nobody created")
	}
	if id, pointer := before.changed(behind); id != "" {
		return []contract.Finding{finding(behind.on[id].Exchange, "untouched", "every other item as it was", "item "+quote(id)+" with another "+pointer)[0].At(contract.Should)}
	}
	if list.Page.TotalExact && before.total >= 0 && behind.total != before.total+2 {
		return finding(behind.pages[0].Exchange, "counted", fmt.Sprintf("a total of %d: two more than before", before.total+2), strconv.Itoa(behind.total))
	}
	return nil
}

// less are the texts of a list that another one lacks.
func less(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

func createdLocation() contract.Check {
	return contract.Check{
		ID:      "created-location",
		Promise: "Location leads to the item that was created.",
		Why:     "A client that follows Location, as HTTP says it may, finds nothing or somebody else's item.",
		Source:  "RFC 9110 §10.2.2, §15.3.2",
		Level:   contract.Must,
		Applies: creates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			m, err := create(ctx, c, "create for its Location", fresh(c))
			if m != nil {
				defer m.clean(ctx, c)
			}
			if err != nil {
				return nil, err
			}
			field := m.answer.Header.Get("Location")
			if field == "" && m.answer.Status == http.StatusCreated && declaresHeader(c, m.answer, "Location") {
				return []contract.Finding{c.New(m.answer, "header Location", "", "required", "where the item "+m.id+" is: 201 declares it", "none", c.Op.Place.FileLine()).At(contract.Should)}, nil
			}
			if field == "" || m.answer.Status != http.StatusCreated {
				return nil, contract.Skip("the answer to creating has no Location")
			}
			finding := func(want, got string) []contract.Finding {
				return []contract.Finding{c.New(m.answer, "header Location", "", "resolves", want, got, c.Op.Place.FileLine())}
			}
			here, err := url.Parse(m.answer.URL)
			if err != nil {
				return nil, err
			}
			to, err := here.Parse(field)
			if err != nil {
				return finding("a URL reference (RFC 3986)", quote(field)), nil
			}
			if to, err = here.Parse(c.Local(to.String())); err != nil || to.Host != here.Host {
				f := c.New(m.answer, "header Location", "", "host", "the host that was asked, or a server of the document", quote(field), c.Op.Place.FileLine())
				return []contract.Finding{f.At(contract.Should)}, nil
			}
			if name := unsaid(m.one.Op, to.Query()); name != "" {
				return nil, contract.Skip("the item is asked for by query parameter %s, which Location leaves to the client", name)
			}
			x, err := m.one.Follow(ctx, "Location of what was created", to.String(), contract.Again())
			if err != nil {
				return nil, err
			}
			if !x.OK() {
				return finding("the item "+m.id, fmt.Sprintf("%s, which is answered %d", field, x.Status)), nil
			}
			body, _ := x.JSON()
			object, _ := body.(map[string]any)
			if id := contract.IDOf(itemIn(object, m.variable, m.id), m.variable); !isID(id, m.id) && (id != nil || tellsID(m.one)) {
				return finding("the item "+m.id, "something else: "+quote(string(x.Body))), nil
			}
			return nil, nil
		},
	}
}

// unsaid is the query parameter that an operation requires and a URL lacks, "" where there is none.
func unsaid(op *openapi.Compiled, query url.Values) string {
	for _, p := range op.Parameters {
		if p.In == "query" && p.Required && !query.Has(p.Name) {
			return p.Name
		}
	}
	return ""
}

// declaresHeader tells whether the response of an answer's status declares a header.
func declaresHeader(c *contract.Case, x *contract.Exchange, name string) bool {
	r := c.Op.Response(x.Status)
	return r != nil && slices.ContainsFunc(r.Headers, func(h *openapi.Header) bool { return strings.EqualFold(h.Name, name) })
}
