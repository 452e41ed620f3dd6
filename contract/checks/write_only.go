package checks

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"slices"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func writeOnlyHidden() contract.Check {
	return contract.Check{
		ID:      "write-only-hidden",
		Promise: "A writeOnly member of a request does not come back: not in the answer, not in the item, not in its list.",
		Why:     "Passwords and keys are shown to everybody who may read the item.",
		Source:  "OpenAPI 3.1 §4.8.24; JSON Schema validation §9.4",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return (creates(s) || updates(s)) && len(secretMembers(s)) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, object, err := jsonObject(c)
			if err != nil {
				return nil, err
			}
			secrets := secretsFor(content, secretMembers(&c.Subject), object)
			if len(secrets) == 0 {
				return nil, contract.Skip("no writeOnly member can be sent")
			}
			if updates(&c.Subject) {
				return secretsChanged(ctx, c, joinedWith(object, secrets), secrets)
			}
			return secretsCreated(ctx, c, secrets)
		},
	}
}

// secretMembers are the names of members that only requests have.
func secretMembers(s *contract.Subject) (names []string) {
	content := s.BodyContent()
	if content == nil || content.Schema == nil || !content.Type.IsJSON() {
		return nil
	}
	for part := range content.Schema.Parts(false) {
		for _, p := range part.Properties {
			if p.Schema.WriteOnly && !slices.Contains(names, p.Name) {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// shortestSecret is how long a text is that is in an answer hardly by chance.
const shortestSecret = 8

// secretsFor are texts for members of a body, as far as its schema takes them; each is one that nothing else says.
func secretsFor(content *openapi.Content, names []string, object map[string]any) map[string]any {
	secrets := map[string]any{}
	for _, name := range names {
		member := content.Schema.Find(name)
		made, err := sample.Value(member, 97, sample.For(schema.Request), sample.Named(name))
		candidates := []any{"planted-" + name + "-7Qx", "Planted7Qx!"}
		if err == nil {
			candidates = append(candidates, made)
		}
		for _, v := range candidates {
			if text, isText := v.(string); isText && len(text) >= shortestSecret && content.Schema.Valid(joinedWith(object, joinedWith(secrets, map[string]any{name: v})), schema.Request) {
				secrets[name] = v
				break
			}
		}
	}
	return secrets
}

func secretsCreated(ctx context.Context, c *contract.Case, secrets map[string]any) ([]contract.Finding, error) {
	keep := slices.Sorted(maps.Keys(secrets))
	m, err := createBut(ctx, c, "create with writeOnly members", func(object map[string]any) {
		fresh(c)(object)
		maps.Copy(object, secrets)
	}, keep)
	if m != nil {
		defer m.clean(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	x, _, err := m.read(ctx, "read what was created with writeOnly members")
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(secrets, func(name string, _ any) bool { return declaredShown(contentOf(m.one.Op.Response(x.Status), x), name) })
	shown := append(betrays(c, c.Op, m.answer, m.answer, secrets), betrays(c, m.one.Op, m.answer, x, secrets)...)
	if list := listBeside(c, m); list != nil && len(shown) == 0 {
		s, err := takeCensus(ctx, list, m.variable)
		if err != nil || s == nil || s.on[m.id] == nil {
			return nil, err
		}
		shown = betrays(c, list.Op, m.answer, s.on[m.id].Exchange, secrets)
	}
	return shown, nil
}

func secretsChanged(ctx context.Context, c *contract.Case, body, secrets map[string]any) ([]contract.Finding, error) {
	item, before, err := itemToChange(ctx, c, "item before a change with writeOnly members")
	if err != nil {
		return nil, err
	}
	defer item.clean(ctx)
	naming(c, body, before)
	change, err := askChange(ctx, c, "change with writeOnly members", "", body, append(slices.Clone(item.at), contract.Again())...)
	if err != nil {
		return nil, err
	}
	if !change.OK() {
		return nil, contract.Skip("the change was answered %d", change.Status)
	}
	x, _, err := item.read(ctx, "item behind a change with writeOnly members")
	if err != nil {
		return nil, err
	}
	return append(betrays(c, c.Op, change, change, secrets), betrays(c, item.one.Op, change, x, secrets)...), nil
}

// betrays finds a secret that was sent in what an exchange shows, unless its response declares the member: some show a key once.
func betrays(c *contract.Case, op *openapi.Compiled, sent, x *contract.Exchange, secrets map[string]any) []contract.Finding {
	if !x.OK() || x.Method == http.MethodHead {
		return nil
	}
	content := contentOf(op.Response(x.Status), x)
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		text, _ := secrets[name].(string)
		if declaredShown(content, name) || itemShown(c, op, name) || !bytes.Contains(x.Body, []byte(text)) {
			continue
		}
		f := c.New(x, "body", "/"+source.Escape(name), "writeOnly", "nothing of "+name+", which is writeOnly", quote(text), c.Op.Place.FileLine())
		if x != sent {
			f = f.After(sent)
		}
		return []contract.Finding{f}
	}
	return nil
}

// itemShown tells whether the items of a list have a member that is not writeOnly.
func itemShown(c *contract.Case, op *openapi.Compiled, name string) bool {
	_, _, item := c.Conv.Items(op)
	if item == nil {
		return false
	}
	member := item.Find(name)
	return member != nil && !member.WriteOnly
}

// declaredShown tells whether a content's schema has a member that is not writeOnly.
func declaredShown(content *openapi.Content, name string) bool {
	if content == nil || content.Schema == nil {
		return false
	}
	member := content.Schema.Find(name)
	return member != nil && !member.WriteOnly
}
