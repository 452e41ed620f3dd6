package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

func createdOnce() contract.Check {
	return contract.Check{
		ID:      "created-once",
		Promise: "Of creations side by side of what may be there only once, one succeeds.",
		Why:     "Two clients that create the same at a time leave two of what the rest of the system takes for one.",
		Source:  "the server itself, which refuses the second of two such creations with 409 where they come one after the other",
		Level:   contract.Should,
		Once:    true, // looks twice by itself
		Applies: creates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if err := refusedTwice(ctx, c); err != nil {
				return nil, err
			}
			var findings []contract.Finding
			for range 2 {
				var err error
				if findings, err = createSame(ctx, c); err != nil || len(findings) == 0 {
					return nil, err
				}
			}
			return findings, nil
		},
	}
}

// refusedTwice creates the same two times, one after the other: Skip where that is not refused as a conflict.
func refusedTwice(ctx context.Context, c *contract.Case) error {
	body, _, once, err := newBody(c)
	if err != nil {
		return err
	}
	if !once {
		return contract.Skip("nothing is known to be there only once")
	}
	first, err := c.Ask(ctx, "create", body, contract.Again())
	if err != nil {
		return err
	}
	defer cleanAll(ctx, c, first)
	second, err := c.Ask(ctx, "create the same again", body, contract.Again(), contract.Provoking())
	if err != nil {
		return err
	}
	if !first.OK() || second.Status != http.StatusConflict {
		return contract.Skip("creating the same twice was answered %d and %d", first.Status, second.Status)
	}
	return nil
}

// cleanAll deletes what answers say was created.
func cleanAll(ctx context.Context, c *contract.Case, answers ...*contract.Exchange) {
	one := c.Other(itemOperation(&c.Subject, http.MethodGet))
	if one == nil || !one.PicksItem() {
		return
	}
	all, _ := apartByID(c, one, answers)
	for _, m := range all {
		m.clean(ctx, c)
	}
}

// createSame creates the same side by side.
func createSame(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	body, _, _, err := newBody(c)
	if err != nil || body == nil {
		return nil, err
	}
	answers, err := c.Together(atATime, func(int) (*contract.Exchange, error) {
		return c.Ask(ctx, "create the same beside others", body, contract.Again(), contract.Provoking())
	})
	if err != nil {
		return nil, err
	}
	defer cleanAll(ctx, c, answers...)
	return severalSucceed(c, answers, "creations side by side", "once", "one success, and 409 for the others, as one after the other"), nil
}

// severalSucceed is a finding where more than one of several requests succeeded.
func severalSucceed(c *contract.Case, answers []*contract.Exchange, where, keyword, want string) []contract.Finding {
	succeeded := slices.DeleteFunc(slices.Clone(answers), func(x *contract.Exchange) bool { return !x.OK() })
	if len(succeeded) < 2 {
		return nil
	}
	got := fmt.Sprintf("%d of %d succeed", len(succeeded), len(answers))
	return []contract.Finding{c.New(succeeded[1], where, "", keyword, want, got, c.Op.Place.FileLine()).And(succeeded[0])}
}

func lostUpdate() contract.Check {
	return contract.Check{
		ID:      "lost-update",
		Promise: "Of changes side by side to one version of an item, one is made.",
		Why:     "Two people who change an item at a time overwrite each other, which If-Match is there to prevent.",
		Source:  "RFC 9110 §13.1.1: a change is not made where no listed tag is that of the current representation",
		Level:   contract.Must,
		Once:    true, // looks twice by itself
		Applies: func(s *contract.Subject) bool { return updates(s) && knowsIfMatch(s) },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			item, before, err := itemToChange(ctx, c, "item before changes")
			if err != nil {
				return nil, err
			}
			defer item.clean(ctx)
			bodies, err := differentChanges(c, before, 2+2*atATime)
			if err != nil {
				return nil, err
			}
			if err := refusedOutdated(ctx, c, item, bodies[:2]); err != nil {
				return nil, err
			}
			findings, err := changeTogether(ctx, c, item, bodies[2:2+atATime])
			if err != nil || len(findings) == 0 {
				return nil, err
			}
			return changeTogether(ctx, c, item, bodies[2+atATime:])
		},
	}
}

// differentChanges are as many bodies that differ in one member from each other and from an item.
func differentChanges(c *contract.Case, item map[string]any, n int) (list []map[string]any, err error) {
	content, object, err := jsonObject(c)
	if err != nil {
		return nil, err
	}
	base := changed(c.Op, content.Schema, object)
	naming(c, base, item)
	for _, name := range slices.Sorted(maps.Keys(base)) {
		if named(c.Op, name) {
			continue
		}
		if c.Op.Method == http.MethodPatch {
			base = nil
		}
		if list = values(content.Schema, base, name, item[name], n); len(list) == n {
			return list, nil
		}
	}
	return nil, contract.Skip("no member of the request body has values enough")
}

// values are bodies with as many values of a member, or fewer where the schema does not take so many.
func values(s *schema.Schema, base map[string]any, name string, than any, n int) (list []map[string]any) {
	used := []any{than}
	for seed := uint64(100); seed < 200 && len(list) < n; seed++ {
		v, err := sample.Value(s.Find(name), seed, sample.For(schema.Request), sample.Named(name))
		if err != nil || holds(used, v) {
			continue
		}
		body := map[string]any{}
		maps.Copy(body, base)
		if body[name] = v; s.Valid(body, schema.Request) {
			used, list = append(used, v), append(list, body)
		}
	}
	return list
}

// refusedOutdated changes an item for the tag that it has, then for the same tag: Skip where that is not refused.
func refusedOutdated(ctx context.Context, c *contract.Case, item *own, bodies []map[string]any) error {
	tag, err := item.tag(ctx)
	if err != nil {
		return err
	}
	var answers [2]*contract.Exchange
	for i, body := range bodies {
		if answers[i], err = item.changeFor(ctx, c, "change "+[]string{"for its tag", "for its tag of before"}[i], tag, body); err != nil {
			return err
		}
	}
	if !answers[0].OK() || answers[1].Status != http.StatusPreconditionFailed {
		return contract.Skip("changes for the tag and for the one of before were answered %d and %d", answers[0].Status, answers[1].Status)
	}
	return nil
}

// tag is the item's strong entity tag now.
func (o *own) tag(ctx context.Context) (string, error) {
	x, _, err := o.read(ctx, "item before changes")
	if err != nil {
		return "", err
	}
	tag := x.Header.Get("ETag")
	if !isEntityTag(tag) || strings.HasPrefix(tag, "W/") {
		return "", contract.Skip("the item has no strong ETag")
	}
	return tag, nil
}

func (o *own) changeFor(ctx context.Context, c *contract.Case, name, tag string, body map[string]any) (*contract.Exchange, error) {
	return askChange(ctx, c, name, "", body, append(slices.Clone(o.at), contract.Field("If-Match", tag), contract.Again(), contract.Provoking())...)
}

// changeTogether makes changes side by side for the tag that the item has.
func changeTogether(ctx context.Context, c *contract.Case, item *own, bodies []map[string]any) ([]contract.Finding, error) {
	tag, err := item.tag(ctx)
	if err != nil {
		return nil, err
	}
	answers, err := c.Together(len(bodies), func(i int) (*contract.Exchange, error) {
		return item.changeFor(ctx, c, "change beside others", tag, bodies[i])
	})
	if err != nil {
		return nil, err
	}
	return severalSucceed(c, answers, "changes side by side", "outdated", "one change for the tag "+tag+", and 412 for the others"), nil
}
