package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func valuesKept() contract.Check {
	return contract.Check{
		ID:      "values-kept",
		Promise: "Values that are easily lost are taken and kept as they were sent: long and non-ASCII texts, < and &, keys of maps, zero, false, empty lists, null, instants of other time zones.",
		Why:     "What people enter is cut off, garbled or replaced by a default, and nobody is told.",
		Source:  "RFC 8259 §8.1; RFC 3339 §4; JSON Schema validation §6.1.1, §6.3.1; RFC 9110 §9.3.3, §9.3.4; RFC 5789 §2",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return creates(s) || s.Op.Body != nil && updates(s) },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, object, err := jsonObject(c)
			if err != nil {
				return nil, err
			}
			v := &keeping{c: c, content: content, body: object}
			if updates(&c.Subject) {
				return v.updated(ctx)
			}
			return v.created(ctx)
		},
	}
}

// keeping is an operation that is sent values of several kinds.
type keeping struct {
	c       *contract.Case
	content *openapi.Content
	body    map[string]any // a small one
	item    *own
	now     map[string]any // what the item says
}

// created creates one item for each kind of values.
func (k *keeping) created(ctx context.Context) ([]contract.Finding, error) {
	ordinary, err := k.c.Ask(ctx, "ordinary request")
	if err != nil {
		return nil, err
	}
	if !ordinary.OK() {
		return nil, contract.Skip("the ordinary request was answered %d: a refusal proves nothing", ordinary.Status)
	}
	return k.each(func(class valueClass, members map[string]any) (bool, []contract.Finding, error) {
		return k.createWith(ctx, class, members)
	})
}

// each tries the values of all kinds. Skip where none is taken.
func (k *keeping) each(try func(valueClass, map[string]any) (bool, []contract.Finding, error)) ([]contract.Finding, error) {
	some := false
	var findings []contract.Finding
	for _, class := range valueClasses() {
		now := k.body
		if k.item != nil {
			now = k.now
		}
		members := class.members(k.c.Op, k.content.Schema, k.body, now)
		if len(members) == 0 {
			continue
		}
		taken, found, err := tryAll(members, func(members map[string]any) (bool, []contract.Finding, error) { return try(class, members) })
		if findings = append(findings, found...); err != nil {
			return findings, err
		}
		some = some || taken
	}
	if !some && len(findings) == 0 {
		return nil, contract.Skip("no values of the kinds that are easily lost are taken")
	}
	return findings, nil
}

func (k *keeping) createWith(ctx context.Context, class valueClass, members map[string]any) (bool, []contract.Finding, error) {
	keep := slices.Sorted(maps.Keys(members))
	m, err := createBut(ctx, k.c, "create with "+class.name, func(object map[string]any) {
		fresh(k.c)(object)
		maps.Copy(object, members)
	}, keep)
	if m == nil || m.answer == nil {
		return false, nil, err
	}
	defer m.clean(ctx, k.c)
	if !m.answer.OK() {
		plain := map[string]any{}
		findings, err := k.refused(class, members, m.answer, func(name string, v any) (*contract.Exchange, error) {
			plain[name] = v
			control, err := createBut(ctx, k.c, "create with plain values", func(object map[string]any) {
				fresh(k.c)(object)
				maps.Copy(object, plain)
			}, keep)
			if control == nil || control.answer == nil {
				return nil, err
			}
			control.clean(ctx, k.c)
			return control.answer, nil
		})
		return false, findings, err
	}
	if err != nil {
		return true, nil, nil // others tell
	}
	if findings := k.compare(k.c.Op, class, members, m.answer, m.answer, m.body, nil); len(findings) > 0 {
		return true, findings, nil
	}
	x, alone, err := m.read(ctx, "read what was created with "+class.name)
	if err != nil || !x.OK() {
		return true, nil, err
	}
	return true, k.compare(m.one.Op, class, members, m.answer, x, alone, nil), nil
}

// refused judges a refusal of one member: a null that the schema allows, and a text whose length is not counted in characters.
func (k *keeping) refused(class valueClass, members map[string]any, refused *contract.Exchange, control func(name string, v any) (*contract.Exchange, error)) ([]contract.Finding, error) {
	name := onlyOne(members)
	if name == "" || !refusesValue(refused.Status) {
		return nil, nil
	}
	member := k.content.Schema.Find(name)
	sent, keyword, want := members[name], "", ""
	switch text, isText := sent.(string); {
	case sent == nil && k.body[name] != nil:
		keyword, want, sent = "null", "taken: it may be null", k.body[name]
	case sent == nil:
		keyword, want = "null", "taken: it may be null"
		made, ok := another(member, name, nil)
		if !ok {
			return nil, nil
		}
		sent = made
	case isText && len(text) > member.MaxLength && member.MaxLength > 0 && isFree(member):
		keyword, want, sent = "maxLength", "taken: it has "+strconv.Itoa(len([]rune(text)))+" characters, which may take more bytes each", ascii(sent)
	default:
		return nil, nil
	}
	other, err := control(name, sent)
	if err != nil || other == nil || !other.OK() {
		return nil, err
	}
	return []contract.Finding{k.c.New(refused, "request body", "/"+source.Escape(name), keyword, want, strconv.Itoa(refused.Status)+": "+quote(string(refused.Body)), k.content.Place.FileLine()).And(other)}, nil
}

// compare wants an item to say what was sent; of a null that the item does not show, only where it says what it said before.
func (k *keeping) compare(op *openapi.Compiled, class valueClass, members map[string]any, change, x *contract.Exchange, says, before map[string]any) []contract.Finding {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		got, has := says[name]
		sent := members[name]
		member, ok := comparable(op, x, name, sent)
		if sent == nil {
			if old := before[name]; !has || asAbsent(got) || !schema.Equal(old, got) || demands(op, x, name) {
				continue
			}
		} else if !ok {
			continue
		}
		pointer, same := keeps(member, sent, got, has)
		if same {
			continue
		}
		f := k.c.New(x, "item", "/"+source.Escape(name)+pointer, "sent", quote(fmt.Sprint(sent))+", as it was sent", quote(fmt.Sprint(got)), k.c.Op.Place.FileLine())
		if x != change {
			f = f.After(change)
		}
		return []contract.Finding{f}
	}
	return nil
}

// demands tells whether an answer must have a member, and may not have null for it: then null can only be taken for no value.
func demands(op *openapi.Compiled, x *contract.Exchange, name string) bool {
	content := contentOf(op.Response(x.Status), x)
	if content == nil || content.Schema == nil {
		return false
	}
	member := content.Schema.Find(name)
	if member == nil || member.Valid(nil, schema.Response) {
		return false
	}
	for part := range content.Schema.Parts(false) {
		if slices.Contains(part.Required, name) {
			return true
		}
	}
	return false
}

// updated changes one item to values of each kind, one after the other.
func (k *keeping) updated(ctx context.Context) ([]contract.Finding, error) {
	item, before, err := itemToChange(ctx, k.c, "item before its values are changed")
	if err != nil {
		return nil, err
	}
	defer item.clean(ctx)
	if k.c.Op.Method == http.MethodPatch {
		k.body = map[string]any{}
		if !k.content.Schema.Valid(k.body, schema.Request) {
			_, k.body, _ = jsonObject(k.c)
		}
	}
	naming(k.c, k.body, before)
	k.item, k.now = item, before
	return k.each(func(class valueClass, members map[string]any) (bool, []contract.Finding, error) {
		return k.changeTo(ctx, class, members)
	})
}

func (k *keeping) changeTo(ctx context.Context, class valueClass, members map[string]any) (bool, []contract.Finding, error) {
	send := func(title string, members map[string]any) (*contract.Exchange, map[string]any, error) {
		sent := joinedWith(k.body, members)
		x, err := askBody(ctx, k.c, title, "", sent, append(slices.Clone(k.item.at), contract.Again(), contract.Provoking())...)
		return x, sent, err
	}
	change, sent, err := send("change to "+class.name, members)
	if err != nil {
		return false, nil, err
	}
	if !change.OK() {
		findings, err := k.refused(class, members, change, func(name string, v any) (*contract.Exchange, error) {
			x, _, err := send("change to plain values", map[string]any{name: v})
			return x, err
		})
		return false, findings, err
	}
	if change.Status == http.StatusAccepted {
		return true, nil, nil
	}
	read, now, err := k.item.read(ctx, "item behind the change to "+class.name)
	if err != nil {
		return true, nil, err
	}
	before := k.now
	k.now = now
	findings := k.compare(k.item.one.Op, class, members, change, read, now, before)
	if len(findings) == 0 {
		findings = untouched(k.c, k.content.Schema, before, change, read, sent, now)
	}
	return true, findings, nil
}
