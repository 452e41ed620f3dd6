package checks

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi/schema"
)

func unmodified() contract.Check {
	return contract.Check{
		ID:      "unmodified",
		Promise: "If-None-Match with the tag that a representation has is answered 304, where that is declared.",
		Why:     "Clients load again and again what they have.",
		Source:  "RFC 9110 §13.1.2, §13.2.2",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return s.Op.Method == http.MethodGet && declaresStatus(s, http.StatusNotModified)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			ordinary, err := c.Ordinary(ctx)
			if err != nil {
				return nil, err
			}
			tag := ordinary.Header.Get("ETag")
			if !isEntityTag(tag) {
				return nil, contract.Skip("the answer has no ETag")
			}
			x, err := c.Ask(ctx, "If-None-Match with the tag that it has", contract.Field("If-None-Match", tag))
			if err != nil || x.Status != http.StatusOK || x.Header.Get("ETag") != tag {
				return nil, err
			}
			return []contract.Finding{c.New(x, "header If-None-Match", "", "304", "304, as declared: the tag is "+tag, strconv.Itoa(x.Status), c.Op.Place.FileLine()).And(ordinary)}, nil
		},
	}
}

func outdatedRefused() contract.Check {
	return contract.Check{
		ID:      "outdated-refused",
		Promise: "If-Match with a tag that an item had before it was changed lets no change through.",
		Why:     "Of two people who edit an item at a time, the second overwrites what the first has written.",
		Source:  "RFC 9110 §13.1.1",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return updates(s) && s.Op.Body != nil && knowsIfMatch(s) },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			v, err := versioned(ctx, c)
			if err != nil {
				return nil, err
			}
			defer v.item.clean(ctx)
			if v.tag == "" || strings.HasPrefix(v.tag, "W/") { // weak tags never match here
				return nil, contract.Skip("the item has no strong ETag")
			}
			change, err := v.ask(ctx, "change if the tag is its own", "If-Match", v.tag)
			if err != nil {
				return nil, err
			}
			read, says, err := v.item.read(ctx, "item behind a change")
			if err != nil {
				return nil, err
			}
			now := read.Header.Get("ETag")
			if !change.OK() || now == v.tag || !isEntityTag(now) {
				return nil, contract.Skip("the change did not change the tag")
			}
			v.vary()
			x, err := v.ask(ctx, "change if the tag is the old one", "If-Match", v.tag)
			if err != nil {
				return nil, err
			}
			if !x.OK() {
				findings, err := v.unchanged(ctx, x, says)
				if err != nil || len(findings) > 0 {
					return findings, err
				}
				return v.matchForms(ctx, now)
			}
			return []contract.Finding{c.New(x, "header If-Match", "", "outdated", "412: the tag is "+now+" by now", strconv.Itoa(x.Status), c.Op.Place.FileLine()).After(change, read)}, nil
		},
	}
}

func noneMatch() contract.Check {
	return contract.Check{
		ID:      "none-match",
		Promise: "If-None-Match: * lets nothing be put where there is something.",
		Why:     "A client that wants to create only overwrites what somebody else has created.",
		Source:  "RFC 9110 §13.1.2",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return updates(s) && s.Op.Body != nil && s.Op.Parameter("header", "If-None-Match") != nil && declaresStatus(s, http.StatusPreconditionFailed)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			v, err := versioned(ctx, c)
			if err != nil {
				return nil, err
			}
			defer v.item.clean(ctx)
			x, err := v.ask(ctx, "change if there is none", "If-None-Match", "*")
			if err != nil || !x.OK() {
				return nil, err
			}
			return []contract.Finding{c.New(x, "header If-None-Match", "", "412", "412: the item exists", strconv.Itoa(x.Status), c.Op.Place.FileLine()).After(v.before)}, nil
		},
	}
}

// version is an item of a check's own as it is before a change, with a body that changes it.
type version struct {
	c      *contract.Case
	item   *own
	before *contract.Exchange
	tag    string // "" where it has none
	sent   map[string]any
}

func versioned(ctx context.Context, c *contract.Case) (*version, error) {
	content, object, err := jsonObject(c)
	if err != nil {
		return nil, err
	}
	sent := changed(c.Op, content.Schema, object)
	if c.Op.Method == http.MethodPatch {
		sent = single(content.Schema, sent)
	}
	if len(sent) == 0 {
		return nil, contract.Skip("no member of the request body can be changed")
	}
	item, err := ownItem(ctx, c)
	if err != nil {
		return nil, err
	}
	x, says, err := item.read(ctx, "item before a change for a version")
	if err != nil {
		item.clean(ctx)
		return nil, err
	}
	naming(c, sent, says)
	v := &version{c: c, item: item, before: x, sent: sent}
	if tag := x.Header.Get("ETag"); isEntityTag(tag) {
		v.tag = tag
	}
	return v, nil
}

// vary gives the body other values than the item has by now.
func (v *version) vary() {
	content := v.c.BodyContent()
	for _, name := range slices.Sorted(maps.Keys(v.sent)) {
		other, ok := another(content.Schema.Find(name), name, v.sent[name])
		if old := v.sent[name]; ok && !named(v.c.Op, name) {
			if v.sent[name] = other; !content.Schema.Valid(v.sent, schema.Request) {
				v.sent[name] = old
			}
		}
	}
}

// unchanged wants the item to be what it was before a change that was refused.
func (v *version) unchanged(ctx context.Context, refused *contract.Exchange, before map[string]any) ([]contract.Finding, error) {
	read, now, err := v.item.read(ctx, "item behind a change that was refused")
	if err != nil {
		return nil, err
	}
	pointer, same := asBefore(before, now, v.sent)
	if same {
		return nil, nil
	}
	return []contract.Finding{v.c.New(refused, "item", pointer, "unchanged", "the item as it was", strconv.Itoa(refused.Status)+" changed it", v.c.Op.Place.FileLine()).And(read)}, nil
}

// asBefore compares an item with what it was before a refused body, but for times that the body does not set: when it was last looked at, say.
func asBefore(before, now, sent map[string]any) (pointer string, same bool) {
	was := maps.Clone(before)
	maps.DeleteFunc(was, func(name string, _ any) bool {
		_, set := sent[name]
		return !set && isTime(now[name])
	})
	return agree(was, now, "")
}

// ask changes the item under a condition.
func (v *version) ask(ctx context.Context, name, field, value string) (*contract.Exchange, error) {
	return askChange(ctx, v.c, name, "", v.sent, append(slices.Clone(v.item.at), contract.Field(field, value), contract.Again(), contract.Provoking())...)
}
