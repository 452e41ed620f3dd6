package mock

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// precondition evaluates If-Match and If-None-Match (RFC 9110 §13.1) for an item where the operation knows of them: a failed one is 412, none where
// there has to be one is 428; a GET whose client has the item already is answered 304. Else both results are nil.
func (c *collection) precondition(call *Call, r *record) (*Reply, error) {
	header := call.Request.Header
	match, none := header.Values("If-Match"), header.Values("If-None-Match")
	if len(match)+len(none) == 0 && call.Operation.DemandsMatch() && c.get(r.id) != nil && !c.resource.server.tweaks.unconditional {
		return nil, conditionMissing(call, cmp.Or(c.resource.server.tweaks.conditionCode, http.StatusPreconditionRequired))
	}
	if t := &c.resource.server.tweaks; t.bareMatch || t.matchRaced && call.overlapped {
		match = nil
	}
	if c.resource.server.tweaks.bareNone == call.Operation.Method {
		none = nil
	}
	if len(match)+len(none) == 0 || !conditional(call.Operation) {
		return nil, nil
	}
	tag, exists := "", c.get(r.id) != nil
	if exists {
		var err error
		if tag, err = c.etag(r, call); err != nil {
			return nil, err
		}
	}
	if call.Operation.Method != http.MethodGet { // a write is about the item, whatever form of it the client has seen
		tag, match, none = unvaried(tag), unvariedAll(match), unvariedAll(none)
	}
	strongly := !c.resource.server.tweaks.weakMatch
	if len(match) > 0 && c.resource.server.tweaks.unmetDone == call.Operation.Method {
		if !listsTag(match, tag, exists, strongly) {
			call.unmet = preconditionFailed(call, "If-Match", match, tag)
		}
		return nil, nil
	}
	if len(match) > 0 && !listsTag(match, tag, exists, strongly) && !(c.resource.server.tweaks.oldTags && wasTag(match[0])) {
		return nil, preconditionFailed(call, "If-Match", match, tag)
	}
	if len(none) == 0 || !listsTag(none, tag, exists, false) {
		return nil, nil
	}
	if call.Operation.Method != http.MethodGet {
		return nil, preconditionFailed(call, "If-None-Match", none, tag)
	}
	if call.Operation.Response(http.StatusNotModified) == nil {
		return nil, nil
	}
	return &Reply{Status: http.StatusNotModified, Header: http.Header{"Etag": {tag}}, Rule: "precondition"}, nil
}

// conditional tells whether an operation declares anything of conditional requests.
func conditional(op *openapi.Compiled) bool {
	if op.Parameter("header", "If-Match") != nil || op.Parameter("header", "If-None-Match") != nil {
		return true
	}
	return slices.ContainsFunc(op.Responses, func(r *openapi.Response) bool {
		return r.Code == "412" || r.Code == "304" || declares(r, "ETag")
	})
}

// listsTag tells whether a list of entity tags, or "*", covers what exists. If-Match compares strongly: a weak tag matches none; If-None-Match does not
// (RFC 9110 §8.8.3.2, §13.1.1, §13.1.2).
func listsTag(lines []string, tag string, exists, strongly bool) bool {
	for _, line := range lines {
		for member := range openapi.Members(line) {
			if !strongly {
				member = strings.TrimPrefix(member, "W/")
			}
			if exists && (member == "*" || member == tag) {
				return true
			}
		}
	}
	return false
}

func preconditionFailed(call *Call, field string, lines []string, tag string) error {
	return &Fault{
		Status: http.StatusPreconditionFailed, Situation: "precondition-failed", Parameters: []any{strings.Join(lines, ", ")},
		Detail: fmt.Sprintf("%s: %s does not hold: the entity tag is %s", field, strings.Join(lines, ", "), tag),
	}
}

// conditionMissing refuses a change without a condition, as the document says (RFC 6585 §3).
func conditionMissing(call *Call, status int) error {
	return &Fault{Status: status, Detail: "If-Match is missing: " + call.Operation.Method + " asks for the entity tag of what it changes"}
}

// wasTag tells whether a tag has the form of those that items have.
func wasTag(tag string) bool {
	digits := strings.Trim(unvaried(tag), `"`)
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}

// tagSchema is the schema of an item's ETag, by the operation that reads it, else by another one of it; nil where none declares one.
func (r *resource) tagSchema() *schema.Schema {
	for _, op := range append([]*openapi.Operation{r.read, r.create}, r.members...) {
		p := r.server.prepare(op)
		if p == nil || p.compiled == nil {
			continue
		}
		success, _ := p.compiled.Success()
		if h := headerNamed(success, "ETag"); h != nil {
			return h.Schema
		}
	}
	return nil
}

// tagged is the entity tag of a state and a form of it: in digits, which declared patterns take, else a text that the declared schema takes.
func (r *resource) tagged(state uint64, form string) string {
	tag := fmt.Sprintf("\"%d%s\"", state, form)
	if r.shape.tag == nil || r.shape.tag.ValidText(tag) {
		return tag
	}
	v, err := sample.Value(r.shape.tag, hashed(state, form))
	if text, ok := v.(string); ok && err == nil && strings.HasPrefix(strings.TrimPrefix(text, "W/"), `"`) && strings.HasSuffix(text, `"`) {
		return text
	}
	return tag
}

// etag is the strong entity tag of an item: a hash of its content. Forms of an item that differ have different ones (RFC 9110 §8.8.3).
func (c *collection) etag(r *record, call *Call) (string, error) {
	_, text, err := c.as(r, c.resource.shape.base)
	if object, _ := r.value.(map[string]any); c.resource.server.tweaks.tagOfName && object["name"] != nil {
		text = raw(r.id + fmt.Sprint(object["name"]))
	}
	form := ""
	if i := slices.Index(call.plan.offers, call.Content); i > 0 {
		form = "-" + itoa(i)
	}
	return c.resource.tagged(hashed(0, string(text)), form), err
}

// unvaried is an entity tag without what tells one form of an item from another.
func unvaried(tag string) string {
	if i := strings.LastIndexByte(tag, '-'); i > 0 && strings.HasSuffix(tag, "\"") {
		return tag[:i] + "\""
	}
	return tag
}

func unvariedAll(lines []string) []string {
	var tags []string
	for _, line := range lines {
		for member := range openapi.Members(line) {
			tags = append(tags, unvaried(member))
		}
	}
	return tags
}
