package mock

import (
	"troth/openapi/refusal"
	"troth/openapi/schema"
)

// readOnlyRefused refuses bodies with members that are readOnly.
func readOnlyRefused(call *Call) error {
	return refusedFor(call, func(member *schema.Schema) bool { return member != nil && member.ReadOnly })
}

// unknownRefused refuses bodies with members that are not declared.
func unknownRefused(call *Call) error {
	return refusedFor(call, func(member *schema.Schema) bool { return member == nil })
}

// refusedFor refuses bodies with members whose schemas are such.
func refusedFor(call *Call, such func(member *schema.Schema) bool) error {
	object, _ := call.Body.(map[string]any)
	if call.Operation.Body == nil {
		return nil
	}
	for name := range object {
		for _, content := range call.Operation.Body.Content {
			if content.Schema != nil && such(content.Schema.Find(name)) {
				return &Fault{Status: refusal.BadRequest(call.Operation), Situation: "invalid-body", Detail: "planted: a member is not taken"}
			}
		}
	}
	return nil
}
