package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi/schema"
)

// large sends bodies that are valid and larger than most: they may be taken or refused.
func large(ctx context.Context, c *contract.Case) error {
	if c.Op.Method == http.MethodGet {
		return nil
	}
	if err := longTexts(ctx, c); err != nil && !contract.WasSkipped(err) {
		return err
	}
	if _, err := largeBody(ctx, c, tooLarge, 1<<20); err != nil && !contract.WasSkipped(err) {
		return err
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

// tooLarge and beyondLimit are names of requests that a server may refuse before they were read, and close the connection (RFC 9110 §15.5.14).
const (
	tooLarge    = "body of 1 MiB"
	beyondLimit = "body larger than the document says"
)

// mayBeUnread tells whether a server may close the connection of a request before it was read: what it answered can be lost on the way, in part or
// in full (RFC 9112 §9.6).
func mayBeUnread(x *contract.Exchange) bool { return x.Name == tooLarge || x.Name == beyondLimit }

// largeTaken judges a body that is larger than what the document says for 413.
func largeTaken(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	limit := c.Conv.BodyLimit(c.Op)
	if limit == 0 || limit > 8<<20 {
		return nil, nil
	}
	x, err := largeBody(ctx, c, beyondLimit, limit+limit/16)
	if err != nil || x == nil || !x.OK() {
		return nil, err
	}
	f := c.New(x, "request body", "", "size", fmt.Sprintf("413: it is larger than %d bytes", limit), strconv.Itoa(x.Status), c.Op.Response(http.StatusRequestEntityTooLarge).Place.FileLine())
	return []contract.Finding{f.At(contract.Should)}, nil
}

// largeBody sends blanks in front of the ordinary body where the operation says that there are bodies too large for it; nil where no answer came.
func largeBody(ctx context.Context, c *contract.Case, name string, blanks int) (x *contract.Exchange, err error) {
	if r := c.Op.Response(http.StatusRequestEntityTooLarge); r == nil || r.Code != "413" {
		return nil, nil
	}
	content, object, err := jsonObject(c)
	if err != nil {
		return nil, err
	}
	fresh(c)(object)
	for range 2 { // a name may be taken
		c.Distinct(object)
		text, contentType, err := content.Encode(object)
		if err != nil {
			return nil, err
		}
		x, err = c.Ask(ctx, name, contract.Body(contentType, strings.Repeat(" ", blanks)+string(text)), contract.Provoking())
		if err != nil && ctx.Err() == nil {
			return nil, nil // the connection was closed while the body was sent
		}
		if err != nil || !c.Taken(x) {
			return x, err
		}
	}
	return x, nil
}
