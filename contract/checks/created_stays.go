package checks

import (
	"context"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
)

// mostMissed is how many created items that their list does not show are asked for.
const mostMissed = 20

func createdStays() contract.Check {
	return contract.Check{
		ID:      "created-stays",
		Promise: "Whatever the run created and did not delete is there in the end.",
		Why:     "Some of what clients are told is stored is lost, which nobody notices by trying once.",
		Source:  "RFC 9110 §9.3.3, §15.3.2",
		Level:   contract.Must,
		Last:    true,
		Asks:    true,
		Applies: creates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			one := c.Other(itemOperation(&c.Subject, "GET"))
			if one == nil || !one.PicksItem() {
				return nil, contract.Skip("the item's operation cannot be asked")
			}
			all := c.Created()
			if len(all) == 0 {
				return nil, contract.Skip("nothing is known to be left of what was created")
			}
			missed, err := notListed(ctx, c, one, all)
			if err != nil {
				return nil, err
			}
			for _, i := range missed[:min(len(missed), mostMissed)] {
				m := &made{answer: all[i].Answer, id: all[i].ID, one: one, variable: one.Last()}
				gone, err := m.missing(ctx)
				if err != nil {
					return nil, err
				}
				if gone != nil && outlived(all[:i], missed) {
					return []contract.Finding{c.New(gone, "created item", "", "stays", "the item "+m.id+", which nobody deleted", strconv.Itoa(gone.Status), c.Op.Place.FileLine()).After(m.answer)}, nil
				}
			}
			return nil, nil
		},
	}
}

// outlived tells whether an item that was created before another is there or was deleted: servers may keep items for a time, or only the last ones.
func outlived(before []contract.Created, missed []int) bool {
	for i, item := range before {
		if item.Deleted || !slices.Contains(missed, i) {
			return true
		}
	}
	return false
}

// notListed are the created items that were not deleted and that their lists do not show, by their place.
func notListed(ctx context.Context, c, one *contract.Case, all []contract.Created) (missed []int, err error) {
	listed := map[string]map[string]bool{} // IDs, by the list's URL
	for i, item := range all {
		if item.Deleted {
			continue
		}
		ids, known := listed[item.Answer.URL]
		if !known {
			if ids, err = listedIDs(ctx, c, one, item.Answer); err != nil {
				return nil, err
			}
			listed[item.Answer.URL] = ids
		}
		if !ids[item.ID] {
			missed = append(missed, i)
		}
	}
	return missed, nil
}

// listedIDs are the IDs in the list that an item was created in, as far as its largest pages show them.
func listedIDs(ctx context.Context, c, one *contract.Case, created *contract.Exchange) (map[string]bool, error) {
	ids, list := map[string]bool{}, listOf(c)
	if list == nil {
		return ids, nil
	}
	list = list.Below(created)
	var pages []*page
	var err error
	if walked(&list.Subject) {
		pages, _, err = walk(ctx, list, largeSize(ctx, list, 50), true)
	} else if p, failed := ask(ctx, list, "list", contract.Again()); failed == nil {
		pages = []*page{p}
	} else {
		err = failed
	}
	if err != nil && !contract.WasSkipped(err) {
		return nil, err
	}
	for _, p := range pages {
		for _, item := range p.items {
			if text, ok := openapi.Text(contract.IDOf(item, one.Last())); ok {
				ids[text] = true
			}
		}
	}
	return ids, nil
}
