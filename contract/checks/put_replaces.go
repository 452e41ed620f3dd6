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

func putReplaces() contract.Check {
	return contract.Check{
		ID:      "put-replaces",
		Promise: "PUT replaces an item: it stays where it was put, optional members that are left out do not stay, in objects within it neither, nor do the old values of a list or the members of another kind of object.",
		Why:     "A client that puts an item without a member, to be rid of it, is told that it is done and is not.",
		Source:  "RFC 9110 §9.3.4: the state becomes the one that the content of the request defines",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool {
			return s.Op.Method == http.MethodPut && s.Op.Body != nil && updates(s)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, least, err := jsonObject(c)
			if err != nil {
				return nil, err
			}
			item, before, err := itemToChange(ctx, c, "item before it is replaced")
			if err != nil {
				return nil, err
			}
			defer item.clean(ctx)
			naming(c, least, before)
			for name := range least { // a name may be taken once only
				if text, isText := before[name].(string); isText && content.Schema.Valid(joinedWith(least, map[string]any{name: text}), schema.Request) {
					least[name] = text
				}
			}
			p := &replacing{c: c, item: item, content: content, least: least}
			return p.judge(ctx)
		},
	}
}

// replacing is an item that is replaced several times.
type replacing struct {
	c       *contract.Case
	item    *own
	content *openapi.Content
	least   map[string]any // a small body
}

// put replaces the item and reads it.
func (p *replacing) put(ctx context.Context, name string, body map[string]any) (change, read *contract.Exchange, now map[string]any, err error) {
	if change, err = askChange(ctx, p.c, name, "", body, append(slices.Clone(p.item.at), contract.Again())...); err != nil {
		return nil, nil, nil, err
	}
	if !change.OK() || change.Status == http.StatusAccepted {
		return nil, nil, nil, contract.Skip("replacing the item was answered %d", change.Status)
	}
	read, now, err = p.item.read(ctx, "item behind "+name)
	return change, read, now, err
}

func (p *replacing) judge(ctx context.Context) ([]contract.Finding, error) {
	change, read, bare, err := p.put(ctx, "PUT of the least", p.least)
	if contract.WasSkipped(err) && read != nil && (read.Status == http.StatusNotFound || read.Status == http.StatusGone) {
		return []contract.Finding{p.c.New(read, "item", "", "identity", "the item where it was put", strconv.Itoa(read.Status), p.c.Op.Place.FileLine()).After(change)}, nil
	}
	if err != nil {
		return nil, err
	}
	findings, err := p.kinds(ctx)
	if err != nil {
		return nil, err
	}
	shape := shapeOf(p.item.one)
	more := p.more(shape, bare, func(name string, s *schema.Schema) bool { return !dependent(name, s, 2) })
	if len(more) == 0 {
		more = p.more(shape, bare, func(string, *schema.Schema) bool { return true })
	}
	if len(more) == 0 && len(findings) > 0 {
		return findings, nil
	}
	if len(more) == 0 {
		return nil, contract.Skip("no optional member can be set and left out again")
	}
	_, _, full, err := p.put(ctx, "PUT of more", joinedWith(p.least, more))
	if err != nil && len(findings) > 0 {
		return findings, passing(err)
	}
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(more, func(name string, v any) bool { // what the server does not keep as it was sent is its own affair
		_, same := agree(v, full[name], "")
		return !same
	})
	for _, judge := range []func(context.Context, map[string]any) ([]contract.Finding, error){p.objects, p.lists} {
		found, err := judge(ctx, more)
		if findings = append(findings, found...); err != nil {
			return findings, err
		}
	}
	change, read, now, err := p.put(ctx, "PUT of the least again", p.least)
	if err != nil {
		return findings, err
	}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		v, has := now[name]
		if _, same := agree(more[name], v, ""); !has || !same || !p.content.Schema.Find(name).HasDefault && !dispensable(shape, name) {
			continue
		}
		return append(findings, p.finding(change, read, name, "replaced", "not "+quote(fmt.Sprint(v))+": the item was put without it", quote(fmt.Sprint(v)))), nil
	}
	return findings, nil
}

// more are optional members with other values than the item has by itself, of those that may be set.
func (p *replacing) more(shape *schema.Schema, bare map[string]any, may func(string, *schema.Schema) bool) map[string]any {
	body, added := maps.Clone(p.least), map[string]any{}
	for part := range p.content.Schema.Parts(false) {
		for _, member := range part.Properties {
			name := member.Name
			if _, has := body[name]; has || !member.Schema.Travels(schema.Request) || member.Schema.Enum != nil || named(p.c.Op, name) || !may(name, member.Schema) || !member.Schema.HasDefault && !dispensable(shape, name) {
				continue
			}
			than := bare[name]
			if _, has := bare[name]; !has && member.Schema.Types == schema.TypeBoolean {
				than = false
			}
			if member.Schema.HasDefault {
				than = member.Schema.Default // which it is again where it is left out
			}
			v, ok := another(member.Schema, name, than)
			if body[name] = v; !ok || !p.content.Schema.Valid(body, schema.Request) {
				delete(body, name)
				continue
			}
			added[name] = v
		}
	}
	return added
}

// lists puts other values into the lists of an item: the old ones do not stay.
func (p *replacing) lists(ctx context.Context, more map[string]any) ([]contract.Finding, error) {
	other := maps.Clone(more)
	for name, v := range more {
		if _, isList := v.([]any); !isList {
			delete(other, name)
		} else if next, ok := another(p.content.Schema.Find(name), name, v); ok {
			other[name] = next
		} else {
			delete(other, name)
		}
	}
	if len(other) == 0 || !p.content.Schema.Valid(joinedWith(p.least, other), schema.Request) {
		return nil, nil
	}
	change, read, now, err := p.put(ctx, "PUT of other lists", joinedWith(p.least, other))
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(other)) {
		old, _ := more[name].([]any)
		list, _ := now[name].([]any)
		if i := slices.IndexFunc(old, func(v any) bool { return holds(list, v) }); i >= 0 {
			return []contract.Finding{p.finding(change, read, name, "list", quote(fmt.Sprint(other[name]))+", as it was put", quote(fmt.Sprint(list)))}, nil
		}
	}
	return nil, nil
}

// objects puts the objects of an item without one of their members each, which do not stay either.
func (p *replacing) objects(ctx context.Context, more map[string]any) ([]contract.Finding, error) {
	less, left := maps.Clone(more), map[string]string{}
	for name, v := range more {
		object, _ := v.(map[string]any)
		if inner := p.optional(name, object, more); inner != "" {
			less[name], left[name] = without(object, inner), inner
		}
	}
	if len(left) == 0 {
		return nil, nil
	}
	change, read, now, err := p.put(ctx, "PUT of less in objects", joinedWith(p.least, less))
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		was, _ := more[name].(map[string]any)
		is, _ := now[name].(map[string]any)
		v, stays := is[left[name]]
		if _, same := agree(was[left[name]], v, ""); stays && same {
			f := p.finding(change, read, name, "object", "no "+left[name]+": the item was put without it", quote(fmt.Sprint(v)))
			return []contract.Finding{f}, nil
		}
	}
	return nil, nil
}

// optional is a member of an object within the body that may be left out, "" where there is none.
func (p *replacing) optional(name string, object map[string]any, more map[string]any) string {
	shape := shapeOf(p.item.one).Find(name)
	for _, inner := range slices.Sorted(maps.Keys(object)) {
		body := joinedWith(p.least, joinedWith(more, map[string]any{name: without(object, inner)}))
		if shape != nil && dispensable(shape, inner) && p.content.Schema.Valid(body, schema.Request) {
			return inner
		}
	}
	return ""
}

func without(object map[string]any, name string) map[string]any {
	rest := maps.Clone(object)
	delete(rest, name)
	return rest
}

func (p *replacing) finding(change, read *contract.Exchange, name, keyword, want, got string) contract.Finding {
	return p.c.New(read, "item", "/"+source.Escape(name), keyword, want, got, p.c.Op.Place.FileLine()).After(change)
}

func joinedWith(a, b map[string]any) map[string]any {
	joined := maps.Clone(a)
	maps.Copy(joined, b)
	return joined
}
