package checks

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi/schema"
)

// large sends bodies that are valid and larger than most: they may be taken or refused.
func large(ctx context.Context, c *contract.Case) error {
	if c.Op.Method == http.MethodGet {
		return nil
	}
	for _, send := range []func(context.Context, *contract.Case) error{longTexts, largeBody} {
		if err := send(ctx, c); err != nil && !contract.WasSkipped(err) {
			return err
		}
	}
	return nil
}

// longTexts sends texts of 300 characters, all together and, where that is refused, one by one: columns of databases hold 255.
func longTexts(ctx context.Context, c *contract.Case) error {
	content, object, err := jsonObject(c)
	if err != nil {
		return err
	}
	long := lengthened(content.Schema, object)
	if len(long) == 0 {
		return nil
	}
	x, err := askBody(ctx, c, "body with texts of 300 characters", "", joinedWith(object, long), contract.Provoking())
	if err != nil || len(long) == 1 || x.Status < 400 || x.Status >= 500 {
		return err
	}
	for i, name := range slices.Sorted(maps.Keys(long)) {
		if i == mostAlone {
			break
		}
		if _, err := askBody(ctx, c, "body with "+name+" of 300 characters", "", joinedWith(object, map[string]any{name: long[name]}), contract.Provoking()); err != nil {
			return err
		}
	}
	return nil
}

// lengthened are texts of 300 characters for the members of a body that say nothing of how long they may be.
func lengthened(s *schema.Schema, body map[string]any) map[string]any {
	const length = 300
	tried, long := maps.Clone(body), map[string]any{}
	for part := range s.Parts(false) {
		for _, p := range part.Properties {
			if !p.Schema.Travels(schema.Request) || p.Schema.ReadOnly || p.Schema.Enum != nil || p.Schema.MaxLength >= 0 || !isUnformatted(p.Schema) || isReference(p.Name) {
				continue
			}
			before, had := tried[p.Name]
			now, _ := before.(string)
			for _, unit := range []string{"a", "A", "1", now} {
				if unit == "" {
					continue
				}
				if tried[p.Name] = repeated(unit, length); s.Valid(tried, schema.Request) {
					long[p.Name] = tried[p.Name]
					break
				}
				if delete(tried, p.Name); had {
					tried[p.Name] = before
				}
			}
		}
	}
	return long
}

// tooLarge is the name of a request that a server may refuse before it was read, and close the connection (RFC 9110 §15.5.14).
const tooLarge = "body of 1 MiB"

// largeBody sends blanks in front of the ordinary body where the operation says that there are bodies too large for it.
func largeBody(ctx context.Context, c *contract.Case) error {
	if r := c.Op.Response(http.StatusRequestEntityTooLarge); r == nil || r.Code != "413" {
		return nil
	}
	content, object, err := jsonObject(c)
	if err != nil {
		return err
	}
	fresh(c)(object)
	c.Distinct(object)
	text, contentType, err := content.Encode(object)
	if err != nil {
		return err
	}
	_, err = c.Ask(ctx, tooLarge, contract.Body(contentType, strings.Repeat(" ", 1<<20)+string(text)), contract.Provoking())
	if err != nil && ctx.Err() == nil {
		return nil // the connection was closed while the body was sent
	}
	return err
}
