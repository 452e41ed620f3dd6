package checks

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// mostHalves is how many changes are sent of which one member is invalid.
const mostHalves = 4

// refusedBeside changes several members of an item of the check's own, of which one is invalid each time: where that is refused, the others stay as
// they were, too.
func refusedBeside(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	content, object, err := jsonObject(c)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	halves := halfValid(changed(c.Op, content.Schema, object), content.Schema)
	item, before, err := itemToChange(ctx, c, "item before a change that is half valid")
	if contract.WasSkipped(err) || len(halves) == 0 || err == nil && before == nil { // nothing to compare
		item.clean(ctx)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer item.clean(ctx)
	for _, half := range halves {
		naming(c, half, before)
		x, err := askBody(ctx, c, "change that is half valid", "", half, append(slices.Clone(item.at), contract.Again(), contract.Provoking())...)
		if err != nil {
			return nil, err
		}
		if x.Status < 400 || x.Status >= 500 || x.Status == http.StatusNotFound {
			continue // body-constraints tells
		}
		read, now, err := item.read(ctx, "item behind a change that was refused")
		if err != nil {
			return nil, err
		}
		for name := range half {
			if _, had := before[name]; !had && now[name] != nil && schema.Equal(now[name], half[name]) {
				before[name] = nil
			}
		}
		if pointer, same := asBefore(before, now, half); !same {
			return []contract.Finding{c.New(x, "item", pointer, "half", "the item as it was", fmt.Sprintf("%d changed it", x.Status), c.Op.Place.FileLine()).And(read)}, nil
		}
	}
	return nil, nil
}

// halfValid are bodies near a valid one in which one outer member is broken and others are not.
func halfValid(valid map[string]any, s *schema.Schema) (list []map[string]any) {
	if len(valid) < 2 {
		return nil
	}
	seen := map[string]bool{}
	for _, m := range sample.Misses(s, valid, schema.Request) {
		body, ok := m.Value.(map[string]any)
		name := strings.TrimPrefix(m.Pointer, "/")
		if _, has := valid[name]; !ok || !has || seen[name] || m.Keyword == "type null" || m.Common || len(list) == mostHalves {
			continue
		}
		seen[name] = true
		list = append(list, body)
	}
	return list
}
