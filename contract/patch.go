package contract

import (
	"net/http"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
)

// patched is the content of a merge patch (RFC 7396) whose schema names no members, as a patch of any JSON object has it, with those of the bodies
// that the same item is replaced or created with; any other content as it is.
func (s *Subject) patched(content *openapi.Content) *openapi.Content {
	if content.Type.Subtype != "merge-patch+json" || content.Schema == nil || namesMembers(content.Schema) {
		return content
	}
	for _, o := range s.Op.Document.Operations {
		replaces := o.Method == http.MethodPut && o.Route == s.Op.Route
		creates := o.Method == http.MethodPost && strings.HasPrefix(s.Op.Route, o.Route+"/{") && strings.Count(s.Op.Route, "/") == strings.Count(o.Route, "/")+1
		if !replaces && !creates {
			continue
		}
		compiled, err := o.Compile()
		if err != nil || compiled.Body == nil || len(compiled.Body.Content) == 0 {
			continue
		}
		if whole := preferred(compiled.Body.Content); whole.Schema != nil && namesMembers(whole.Schema) {
			named := *content
			named.Schema = schema.PatchOf(whole.Schema)
			return &named
		}
	}
	return content
}

func namesMembers(s *schema.Schema) bool {
	for part := range s.Parts(true) {
		if len(part.Properties) > 0 {
			return true
		}
	}
	return false
}
