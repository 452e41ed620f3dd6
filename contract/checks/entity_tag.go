package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi/schema"
)

func entityTag() contract.Check {
	return contract.Check{
		ID:      "entity-tag",
		Promise: "An ETag stands in quotes, and another state of a representation has another one.",
		Why:     "Caches and If-Match go by it: clients keep what is outdated, and overwrite what they have not seen.",
		Source:  "RFC 9110 §8.8.1, §8.8.3",
		Level:   contract.Must,
		Last:    true,
		Asks:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			before := map[string]*contract.Exchange{} // the first answer of each tag, by request
			tagged, turns := false, restless{}
			findings, err := eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				tag := x.Header.Get("ETag")
				if tag == "" {
					return nil
				}
				if tagged = true; !isEntityTag(tag) {
					return []contract.Finding{c.New(x, "header ETag", "", "form", `a tag in quotes: "…" or W/"…"`, quote(tag), "RFC 9110 §8.8.3")}
				}
				key := fmt.Sprint(x.URL, x.Sent, tag)
				if before[key] == nil {
					before[key] = x
				}
				turns.note(x)
				return sameTag(c, c, before[key], x)
			})
			if err != nil || len(findings) > 0 {
				return findings, err
			}
			switch {
			case creates(&c.Subject):
				return tagBehindCreating(ctx, c)
			case updates(&c.Subject):
				return tagBehindChange(ctx, c)
			}
			if !tagged {
				return nil, contract.Skip("no answer has an ETag")
			}
			if turns.back >= severalTurns {
				tag := turns.last.Header.Get("ETag")
				return []contract.Finding{c.New(turns.last, "header ETag", "", "turns", "the tag of this body each time", tag+", and the one from before again later", "RFC 9110 §8.8.1").At(contract.Should)}, nil
			}
			return tagAgain(ctx, c)
		},
	}
}

// severalTurns is how often a tag comes back until it is not by chance.
const severalTurns = 2

// restless counts how often one body gets a tag that it had before, and another in between.
type restless struct {
	tags map[string][]string // of each request and body, in their order, but for repetitions
	back int
	last *contract.Exchange
}

func (r *restless) note(x *contract.Exchange) {
	if x.Method != http.MethodGet || x.Status != http.StatusOK || x.BodyErr != nil {
		return
	}
	if r.tags == nil {
		r.tags = map[string][]string{}
	}
	key, tag := fmt.Sprint(x.URL, x.Sent, string(x.Body)), x.Header.Get("ETag")
	seen := r.tags[key]
	if len(seen) > 0 && seen[len(seen)-1] == tag {
		return
	}
	if slices.Contains(seen, tag) {
		r.back++
		r.last = x
	}
	r.tags[key] = append(seen, tag)
}

// isEntityTag tells whether a field is an entity tag: quoted, weak or not (RFC 9110 §8.8.3).
func isEntityTag(field string) bool {
	opaque := strings.TrimPrefix(field, "W/")
	return len(opaque) >= 2 && opaque[0] == '"' && strings.IndexByte(opaque[1:], '"') == len(opaque)-2 && !strings.ContainsAny(opaque, " \t")
}

// sameTag judges two answers of one request that have one tag: a strong one names these very bytes, a weak one what may stand for each other,
// which a list of other items never does.
func sameTag(c, asked *contract.Case, x, y *contract.Exchange) []contract.Finding {
	tag := x.Header.Get("ETag")
	if x == y || tag != y.Header.Get("ETag") || x.Method != http.MethodGet || y.Method != http.MethodGet || x.Status != http.StatusOK || y.Status != http.StatusOK || x.BodyErr != nil || y.BodyErr != nil {
		return nil
	}
	same := string(x.Body) == string(y.Body) || sameDeclared(asked, x, y)
	if strings.HasPrefix(tag, "W/") {
		same = asked.Page == nil || sameIdentities(asked, x, y)
	}
	if same {
		return nil
	}
	return []contract.Finding{c.New(y, "header ETag", "", "unique", "another tag than "+tag+", which the answer before had: it differs", tag, "RFC 9110 §8.8.1").And(x)}
}

// sameDeclared tells whether two answers differ in nothing but what the document does not name.
func sameDeclared(c *contract.Case, x, y *contract.Exchange) bool {
	a, err := x.JSON()
	b, failed := y.JSON()
	return err == nil && failed == nil && schema.Equal(declaredIn(c, x, a), declaredIn(c, y, b))
}

// tagAgain reads twice more: one and the same representation has one tag, or no client ever finds its copy current.
func tagAgain(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if c.Op.Method != http.MethodGet {
		return nil, nil
	}
	var last *contract.Exchange
	for range 3 {
		x, err := c.Ask(ctx, "ordinary request", contract.Again())
		if err != nil || !x.OK() || !isEntityTag(x.Header.Get("ETag")) {
			return nil, err
		}
		if last != nil && (x.Header.Get("ETag") == last.Header.Get("ETag") || string(x.Body) != string(last.Body)) {
			return nil, nil
		}
		last = x
	}
	tag := last.Header.Get("ETag")
	return []contract.Finding{c.New(last, "header ETag", "", "stable", "the tag that the same body had before", tag, "RFC 9110 §8.8.1").At(contract.Should)}, nil
}

// sameIdentities tells whether two pages hold the same items, or are none.
func sameIdentities(c *contract.Case, x, y *contract.Exchange) bool {
	p, err := pageOf(c, x)
	q, failed := pageOf(c, y)
	return err != nil || failed != nil || slices.Equal(identities(p.items), identities(q.items))
}

// tagBehindChange compares the tags of an item of the run's own before and behind it is changed.
func tagBehindChange(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	change, one, err := aChange(c)
	if err != nil {
		return nil, err
	}
	x, err := c.Ask(ctx, "ordinary request")
	if err != nil {
		return nil, err
	}
	before, err := one.Ask(ctx, "item before a change", contract.Beside(x), contract.Again())
	if err != nil {
		return nil, err
	}
	if before.Header.Get("ETag") == "" {
		return nil, contract.Skip("the item has no ETag")
	}
	if _, err := c.Ask(ctx, "change for its ETag", change, contract.Beside(x), contract.Again()); err != nil {
		return nil, err
	}
	behind, err := one.Ask(ctx, "item behind a change", contract.Beside(x), contract.Again())
	if err != nil {
		return nil, err
	}
	if findings := sameTag(c, one, before, behind); len(findings) > 0 || c.Op.Method != http.MethodPatch {
		return findings, nil
	}
	return tagBehindEach(ctx, c, one, x, behind)
}

// mostTagged is how many members are changed one by one for the tag.
const mostTagged = 8

// tagBehindEach compares the tags of an item around changes of one member each: a tag may be made of some members only.
func tagBehindEach(ctx context.Context, c, one *contract.Case, asked, before *contract.Exchange) ([]contract.Finding, error) {
	content, object, err := jsonObject(c)
	if err != nil {
		return nil, err
	}
	body, _ := before.JSON()
	item, _ := c.Plain(before, body).(map[string]any)
	all := changed(c.Op, content.Schema, object)
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool { return named(c.Op, name) })
	for _, name := range names[:min(len(names), mostTagged)] {
		for _, change := range values(content.Schema, nil, name, item[name], 1) {
			x, err := askBody(ctx, c, "change of one member for the ETag", "", change, contract.Beside(asked), contract.Again())
			if err != nil {
				return nil, err
			}
			behind, err := one.Ask(ctx, "item behind a change of one member", contract.Beside(asked), contract.Again())
			if err != nil {
				return nil, err
			}
			if findings := sameTag(c, one, before, behind); len(findings) > 0 {
				return []contract.Finding{findings[0].After(before, x)}, nil
			}
			before = behind
		}
	}
	return nil, nil
}

// tagBehindCreating compares the tags of a list before and behind an item is created.
func tagBehindCreating(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	list := listBefore(ctx, c)
	if list == nil {
		return nil, contract.Skip("the items stand in no list")
	}
	before, err := list.Ask(ctx, "list before creating")
	if err != nil {
		return nil, err
	}
	if before.Header.Get("ETag") == "" {
		return nil, contract.Skip("the list has no ETag")
	}
	m, err := create(ctx, c, "create for the ETag of its list", fresh(c))
	if m != nil {
		defer m.clean(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	behind, err := list.Below(m.answer).Ask(ctx, "list behind creating", contract.Again())
	if err != nil || before.URL != behind.URL {
		return nil, err
	}
	return sameTag(c, list, before, behind), nil
}
