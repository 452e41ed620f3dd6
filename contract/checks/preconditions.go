package checks

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
)

func preconditions() contract.Check {
	return contract.Check{
		ID:      "preconditions",
		Promise: "If-None-Match is answered 304 only for the tag that the representation has; If-Match lets a change through for that tag alone.",
		Why:     "A client that asks whether its copy is current keeps an outdated one, or overwrites what somebody else has changed meanwhile.",
		Source:  "RFC 9110 §13.1.1, §13.1.2",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			return s.Op.Method == http.MethodGet || (updates(s) || deletes(s)) && knowsIfMatch(s)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			switch c.Op.Method {
			case http.MethodGet:
				return ifNoneMatch(ctx, c)
			case http.MethodDelete:
				return ifMatchDeleted(ctx, c)
			}
			return ifMatch(ctx, c)
		},
	}
}

// knowsIfMatch tells whether an operation says that it is only carried out for a version.
func knowsIfMatch(s *contract.Subject) bool {
	r := s.Op.Response(http.StatusPreconditionFailed)
	return s.Op.Parameter("header", "If-Match") != nil || r != nil && r.Code == "412"
}

// noTag is an entity tag that nothing has.
const noTag = `"x-nothing"`

func ifNoneMatch(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	ordinary, err := c.Ordinary(ctx)
	if err != nil {
		return nil, err
	}
	if ordinary.Header.Get("ETag") == "" {
		return nil, contract.Skip("the answer has no ETag")
	}
	x, err := c.Ask(ctx, "If-None-Match with a tag that nothing has", ifNone(c, noTag)...)
	if err != nil {
		return nil, err
	}
	if x.Status == http.StatusNotModified {
		return []contract.Finding{c.New(x, "header If-None-Match", "", "status", strconv.Itoa(ordinary.Status)+": the tag is "+ordinary.Header.Get("ETag"), strconv.Itoa(x.Status), c.Op.Place.FileLine()).And(ordinary)}, nil
	}
	tag := ordinary.Header.Get("ETag")
	alone, err := c.Ask(ctx, "If-None-Match with the tag that it has", ifNone(c, tag)...) // not-a-server-error judges it
	if err != nil || alone.Status != http.StatusNotModified || !isEntityTag(tag) {
		return nil, err
	}
	return otherWritten(ctx, c, tag, alone)
}

// otherWritten sends a tag that is found alone in a list behind another, and as a weak one: it is found there, too.
func otherWritten(ctx context.Context, c *contract.Case, tag string, alone *contract.Exchange) ([]contract.Finding, error) {
	for _, form := range []struct{ name, keyword, field string }{
		{"behind another one", "list", noTag + ", " + tag},
		{"as a weak one", "weak", "W/" + strings.TrimPrefix(tag, "W/")},
	} {
		x, err := c.Ask(ctx, "If-None-Match with the tag that it has "+form.name, ifNone(c, form.field)...)
		if err != nil {
			return nil, err
		}
		if x.Status == http.StatusOK && x.Header.Get("ETag") == tag {
			f := c.New(x, "header If-None-Match", "", form.keyword, "304, as for "+tag+" alone (RFC 9110 §13.1.2)", strconv.Itoa(x.Status), c.Op.Place.FileLine())
			return []contract.Finding{f.And(alone).At(contract.Advice)}, nil // servers that know one tag only send too much, nothing wrong
		}
	}
	return nil, nil
}

// ifNone asks on a condition. Where the document says what the field holds, a server may refuse all else.
func ifNone(c *contract.Case, tag string) []contract.Change {
	changes := []contract.Change{contract.Field("If-None-Match", tag)}
	if p := c.Op.Parameter("header", "If-None-Match"); p != nil && !p.Schema.ValidText(tag) {
		changes = append(changes, contract.Provoking())
	}
	return changes
}

// ifMatch changes an item of the run's own: once for a tag that it does not have, once for its own.
func ifMatch(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	change, one, err := aChange(c)
	if err != nil {
		return nil, err
	}
	x, err := c.Ask(ctx, "change if the tag is another", change, contract.Field("If-Match", noTag), contract.Again(), contract.Provoking())
	if err != nil {
		return nil, err
	}
	before, err := one.Ask(ctx, "item before a change", contract.Beside(x), contract.Again())
	if err != nil {
		return nil, err
	}
	tag := before.Header.Get("ETag")
	if !before.OK() || !isEntityTag(tag) || strings.HasPrefix(tag, "W/") { // weak tags never match here
		return nil, contract.Skip("the item has no strong ETag")
	}
	if x.OK() {
		return []contract.Finding{c.New(x, "header If-Match", "", "412", "412: the tag is not "+noTag, strconv.Itoa(x.Status), c.Op.Place.FileLine()).And(before)}, nil
	}
	y, err := c.Ask(ctx, "change if the tag is its own", change, contract.Beside(x), contract.Field("If-Match", tag), contract.Again())
	if err != nil {
		return nil, err
	}
	behind, err := one.Ask(ctx, "item behind a change", contract.Beside(x), contract.Again())
	if err != nil {
		return nil, err
	}
	if y.Status == http.StatusPreconditionFailed && behind.Header.Get("ETag") == tag {
		return []contract.Finding{c.New(y, "header If-Match", "", "match", "the change: the tag is "+tag, strconv.Itoa(y.Status), c.Op.Place.FileLine()).After(before)}, nil
	}
	return nil, nil
}

// deletes tells whether an operation deletes an item that can be read.
func deletes(s *contract.Subject) bool {
	return s.Op.Method == http.MethodDelete && s.PicksItem() && sibling(s, http.MethodGet) != nil
}

// ifMatchDeleted deletes an item of the check's own: for a tag that it does not have, then for its own.
func ifMatchDeleted(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if makerOf(c) == nil {
		return nil, contract.Skip("only what the run itself created is deleted, and the document has no operation that creates it")
	}
	item, err := ownItem(ctx, c)
	if err != nil {
		return nil, err
	}
	defer item.clean(ctx)
	before, _, err := item.read(ctx, "item before it is deleted")
	if err != nil {
		return nil, err
	}
	tag := before.Header.Get("ETag")
	if !isEntityTag(tag) || strings.HasPrefix(tag, "W/") {
		return nil, contract.Skip("the item has no strong ETag")
	}
	remove := func(name, tag string) (*contract.Exchange, error) {
		return c.Ask(ctx, name, append(slices.Clone(item.at), contract.Field("If-Match", tag), contract.Again(), contract.Provoking())...)
	}
	x, err := remove("delete if the tag is another", noTag)
	if err != nil {
		return nil, err
	}
	if x.OK() {
		return []contract.Finding{c.New(x, "header If-Match", "", "412", "412: the tag is not "+noTag, strconv.Itoa(x.Status), c.Op.Place.FileLine()).After(item.made.answer)}, nil
	}
	if stays, _, err := item.read(ctx, "item whose deletion was refused"); stays != nil && (stays.Status == http.StatusNotFound || stays.Status == http.StatusGone) {
		return []contract.Finding{c.New(x, "header If-Match", "", "unchanged", "the item: its deletion was refused", "none", c.Op.Place.FileLine()).After(item.made.answer).And(stays)}, nil
	} else if err != nil {
		return nil, err
	}
	y, err := remove("delete if the tag is its own", tag)
	if err != nil || y.Status != http.StatusPreconditionFailed {
		return nil, err
	}
	behind, _, err := item.read(ctx, "item that was not deleted")
	if err != nil || behind.Header.Get("ETag") != tag {
		return nil, err
	}
	return []contract.Finding{c.New(y, "header If-Match", "", "match", "the deletion: the tag is "+tag, strconv.Itoa(y.Status), c.Op.Place.FileLine()).After(item.made.answer)}, nil
}

// aChange is a body that changes an item, and the case that reads the item.
func aChange(c *contract.Case) (contract.Change, *contract.Case, error) {
	content, value, err := c.Small()
	if err != nil {
		return nil, nil, err
	}
	object, ok := value.(map[string]any)
	one := c.Other(sibling(&c.Subject, http.MethodGet))
	if content == nil || !ok || one == nil || content.Type.Subtype == "json-patch+json" {
		return nil, nil, contract.Skip("the request body is no JSON object of the item's members")
	}
	sent := changed(c.Op, content.Schema, object)
	if c.Op.Method == http.MethodPatch {
		sent = single(content.Schema, sent)
	}
	if len(sent) == 0 {
		sent = object
	}
	text, contentType, err := content.Encode(sent)
	return contract.Body(contentType, string(text)), one, err
}
