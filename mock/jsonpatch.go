package mock

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"troth/openapi/refusal"
	"troth/openapi/source"
)

// patched applies a JSON Patch. What it does to members that clients may not set is undone; a patch that cannot be applied, or whose
// result the item's schema refuses, changes nothing.
func (c *collection) patched(call *Call, object map[string]any) (map[string]any, error) {
	if err := checkPointers(call.Body); err != nil {
		return nil, unpatchable(call, refusal.BadRequest(call.Operation), err)
	}
	patch, err := jsonpatch.DecodePatch(appendJSON(nil, call.Body))
	if err != nil {
		return nil, unpatchable(call, refusal.BadRequest(call.Operation), err)
	}
	text, err := patch.ApplyWithOptions(appendJSON(nil, object), c.patchOptions())
	if err != nil {
		status := refusal.BadRequest(call.Operation)
		if errors.Is(err, jsonpatch.ErrTestFailed) { // RFC 5789 §2.2: a conflicting state
			status = conflict(call)
		}
		return nil, unpatchable(call, status, err)
	}
	value, err := source.DecodeJSON(text)
	result, ok := value.(map[string]any)
	if err != nil || !ok {
		return nil, unpatchable(call, refusal.BadRequest(call.Operation), errors.New("the result is no object"))
	}
	for _, names := range []map[string]any{object, result} {
		for name := range names {
			if !c.settable(call, name) || name == c.resource.shape.idMember {
				restore(result, object, name)
			}
		}
	}
	return result, c.refused(call, result)
}

func restore(to, from map[string]any, name string) {
	if v, ok := from[name]; ok {
		to[name] = v
	} else {
		delete(to, name)
	}
}

func unpatchable(call *Call, status int, err error) error {
	return &Fault{Status: status, Situation: "invalid-body", Detail: fmt.Sprintf("the JSON Patch cannot be applied: %v", err)}
}

// patchOptions are what RFC 6902 says of operations, and a limit: copies of copies grow without end.
func (c *collection) patchOptions() *jsonpatch.ApplyOptions {
	o := jsonpatch.NewApplyOptions()
	o.SupportNegativeIndices = false
	o.AccumulatedCopySizeLimit = c.resource.server.options.limits.Body
	return o
}

// pointerText is a JSON pointer, RFC 6901 §3.
var pointerText = regexp.MustCompile(`^(?:/(?:[^/~]|~[01])*)*$`)

// checkPointers refuses what is no JSON pointer, and a move of a value into itself (RFC 6902 §4.4).
func checkPointers(body any) error {
	operations, _ := body.([]any)
	for i, v := range operations {
		operation, _ := v.(map[string]any)
		for _, name := range [...]string{"path", "from"} {
			if pointer, ok := operation[name].(string); ok && !pointerText.MatchString(pointer) {
				return fmt.Errorf("operation %d: %s %q is no JSON pointer", i, name, pointer)
			}
		}
		from, _ := operation["from"].(string)
		path, _ := operation["path"].(string)
		if operation["op"] == "move" && strings.HasPrefix(path, from+"/") {
			return fmt.Errorf("operation %d: %s cannot be moved into itself", i, from)
		}
	}
	return nil
}
