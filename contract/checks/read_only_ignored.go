package checks

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func readOnlyIgnored() contract.Check {
	return contract.Check{
		ID:      "read-only-ignored",
		Promise: "A readOnly member in a request is refused or ignored; it is ignored, and so is an unknown one, where the document says so.",
		Why:     "Clients can set what only the server may decide, such as IDs and states.",
		Source:  "OpenAPI 3.1 §4.8.24; JSON Schema validation §9.4; the descriptions of the operation and of its body",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return creates(s) || s.Op.Body != nil && updates(s) },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if updates(&c.Subject) {
				return readOnlyChanged(ctx, c)
			}
			control, err := create(ctx, c, "create without readOnly members", fresh(c))
			if control != nil {
				defer control.clean(ctx, c)
			}
			if err != nil {
				return nil, err
			}
			if findings, err := unknownRefused(ctx, c, control); err != nil || len(findings) > 0 {
				return findings, err
			}
			planted := readOnly(c, control.body)
			if len(planted) == 0 {
				return nil, contract.Skip("no readOnly member can be sent")
			}
			m, err := createBut(ctx, c, "create with readOnly members", func(object map[string]any) {
				fresh(c)(object)
				maps.Copy(object, planted)
			}, slices.Collect(maps.Keys(planted)))
			if m != nil {
				defer m.clean(ctx, c)
			}
			if contract.WasSkipped(err) && m != nil && convention.IgnoredBy(c.Op).ReadOnly {
				if findings := refusedMembers(c, m.answer, control.answer, "read-only"); len(findings) > 0 {
					return findings, nil
				}
			}
			if err != nil {
				return nil, err
			}
			_, alone, err := m.read(ctx, "read what was created with readOnly members")
			if err != nil {
				return nil, err
			}
			long, err := create(ctx, c, "create with an undeclared member of 300 characters", func(object map[string]any) {
				fresh(c)(object)
				object["xUndeclared"] = strings.Repeat("a", 300)
			})
			if long != nil { // whether it is taken is the server's affair; not-a-server-error tells whether it can bear it
				defer long.clean(ctx, c)
			}
			if err != nil && !contract.WasSkipped(err) {
				return nil, err
			}
			var findings []contract.Finding
			for _, name := range slices.Sorted(maps.Keys(planted)) {
				if taken, err := flagTaken(ctx, c, name, control.body[name], planted[name]); err != nil || !taken {
					continue
				}
				for _, says := range []map[string]any{m.body, alone} {
					if v, has := says[name]; has && schema.Equal(v, planted[name]) {
						findings = append(findings, c.New(m.answer, "created item", "/"+source.Escape(name), "readOnly", "a value of the server's", "the value that was sent", c.Op.Place.FileLine()))
						break
					}
				}
			}
			return findings, nil
		},
	}
}

// flagTaken creates items with the flag or word that one said which was created without, and with what was planted, in turn, and tells whether what was sent
// comes back each time: it may by chance. It is true for what is no flag and no word.
func flagTaken(ctx context.Context, c *contract.Case, name string, said, planted any) (bool, error) {
	if _, flag := planted.(bool); !flag && !enumerated(c, name) {
		return true, nil
	}
	for _, v := range []any{said, planted, said, planted, said} {
		text, _ := openapi.Text(v)
		m, err := createBut(ctx, c, "create with "+name+" "+text, func(object map[string]any) {
			fresh(c)(object)
			object[name] = v
		}, []string{name})
		if m != nil {
			defer m.clean(ctx, c)
		}
		if err != nil || m.body[name] != v {
			return false, err
		}
	}
	return true, nil
}

// readOnlyChanged changes an item with readOnly members in the body: what a client wants is refused, or the item has other values behind it.
func readOnlyChanged(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	content, object, err := jsonObject(c)
	if err != nil {
		return nil, err
	}
	item, before, err := itemToChange(ctx, c, "item before a change with readOnly members")
	if err != nil {
		return nil, err
	}
	defer item.clean(ctx)
	planted := readOnly(c, before)
	if len(planted) == 0 {
		return nil, contract.Skip("no readOnly member can be sent")
	}
	if c.Op.Method == http.MethodPatch {
		object = single(content.Schema, changed(c.Op, content.Schema, object))
	}
	naming(c, object, before)
	body := maps.Clone(planted)
	maps.Copy(body, object)
	change, err := askBody(ctx, c, "change with readOnly members", "", body, append(item.at, contract.Again())...)
	if err != nil {
		return nil, err
	}
	if !change.OK() {
		return readOnlyRefused(ctx, c, item, change, object)
	}
	x, now, err := item.read(ctx, "item behind a change with readOnly members")
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(planted)) {
		if v, has := now[name]; has && schema.Equal(v, planted[name]) && !schema.Equal(v, before[name]) {
			if back, err := wordBack(ctx, c, item, body, name, before[name]); err != nil {
				return nil, err
			} else if !back {
				continue
			}
			return []contract.Finding{c.New(x, "item", "/"+source.Escape(name), "readOnly", "a value of the server's", "the value that was sent", c.Op.Place.FileLine()).After(change)}, nil
		}
	}
	return nil, nil
}

// wordBack changes an item with the word of a readOnly member that it said before, and tells whether it says that again: it may have come to another state
// by the change itself. It is true for what is no word.
func wordBack(ctx context.Context, c *contract.Case, item *own, body map[string]any, name string, said any) (bool, error) {
	if !enumerated(c, name) {
		return true, nil
	}
	change, err := askBody(ctx, c, "change with the "+name+" from before", "", joinedWith(body, map[string]any{name: said}), append(item.at, contract.Again())...)
	if err != nil || !change.OK() {
		return false, err
	}
	_, now, err := item.read(ctx, "item behind a change with the "+name+" from before")
	return err == nil && schema.Equal(now[name], said), err
}

// readOnly are values of the readOnly members of a request body that no server comes to by itself: unusual texts, numbers and instants, and the
// opposite of each flag that an item got that was created without. Those that only the answer declares are among them.
func readOnly(c *contract.Case, control map[string]any) map[string]any {
	content, _, err := c.Small()
	if err != nil || content == nil {
		return nil
	}
	planted := map[string]any{}
	for part := range openParts(c, content.Schema) {
		for _, p := range part.Properties {
			if part != content.Schema && content.Schema.Find(p.Name) != nil && !content.Schema.Find(p.Name).ReadOnly {
				continue // what the request may set is the client's
			}
			if flag, is := control[p.Name].(bool); is && p.Schema.ReadOnly {
				planted[p.Name] = !flag
				continue
			}
			if word, ok := otherWord(p.Schema, control[p.Name]); ok && p.Schema.ReadOnly {
				planted[p.Name] = word
				continue
			}
			for _, v := range []any{"fedcba987654321076543210", "fedcba98-7654-4321-8765-432107654321", "1999-12-31T23:59:59Z", "x-planted", json.Number("1199145677")} {
				if p.Schema.ReadOnly && p.Schema.Enum == nil && p.Schema.Valid(v, schema.Either) {
					planted[p.Name] = v
					break
				}
			}
			if v, ok := unusual(p.Schema); ok && p.Schema.ReadOnly && planted[p.Name] == nil && !schema.Equal(v, control[p.Name]) {
				planted[p.Name] = v
			}
		}
	}
	return planted
}

// enumerated tells whether a member has few words.
func enumerated(c *contract.Case, name string) bool {
	for part := range openParts(c, c.BodyContent().Schema) {
		if p := part.Property(name); p != nil {
			_, words := otherWord(p.Schema, "")
			return words
		}
	}
	return false
}

// otherWord is a word of an enumeration that an item does not say.
func otherWord(s *schema.Schema, said any) (word any, ok bool) {
	if _, isText := said.(string); !isText {
		return nil, false
	}
	for part := range s.Parts(true) {
		for _, word := range part.Enum {
			if _, isText := word.(string); isText && !schema.Equal(word, said) {
				return word, true
			}
		}
	}
	return nil, false
}

// unusual is a text of a pattern that allows others, too: what has one value only, every server comes to.
func unusual(s *schema.Schema) (v any, ok bool) {
	const seed = 7919
	if s.Pattern == nil || s.Enum != nil {
		return nil, false
	}
	v, err := sample.Value(s, seed, sample.For(schema.Response))
	other, failed := sample.Value(s, seed+1, sample.For(schema.Response))
	return v, err == nil && failed == nil && !schema.Equal(v, other)
}

// openParts are the schemas that name the members of a request body, and of what the operation answers with.
func openParts(c *contract.Case, body *schema.Schema) iter.Seq[*schema.Schema] {
	return func(yield func(*schema.Schema) bool) {
		for part := range body.Parts(false) {
			if !yield(part) {
				return
			}
		}
		success, _ := c.Op.Success()
		if content := success.JSON(); content != nil {
			for part := range content.Schema.Parts(false) {
				if !yield(part) {
					return
				}
			}
		}
	}
}
