package gen

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
)

// askForDeclared makes the client's requests name the media types that their operation's successes have. oapi-codegen's
// client sends no Accept field, to which an API of dated media types answers 406. A request editor may still set another.
func askForDeclared(code string, operations []codegen.OperationDefinition) (string, error) {
	for _, o := range operations {
		types := successTypes(o.Spec)
		if types == nil {
			continue
		}
		builder := "\nfunc New" + o.OperationId + "Request("
		if o.HasBody() {
			builder = "\nfunc New" + o.OperationId + "RequestWithBody("
		}
		head, rest, found := strings.Cut(code, builder)
		body, tail, ends := strings.Cut(rest, "\treturn req, nil\n")
		if !found || !ends || strings.Contains(body, "\n}\n") {
			return "", fmt.Errorf("operation %s: the client has no function%s…) that makes its request", o.OperationId, strings.TrimPrefix(builder, "\nfunc"))
		}
		accept := "\treq.Header.Set(\"Accept\", " + strconv.Quote(strings.Join(types, ", ")) + ")\n\n"
		code = head + builder + body + accept + "\treturn req, nil\n" + tail
	}
	return code, nil
}

// successTypes lists the media types of an operation's 2xx responses, sorted: kin-openapi's map has lost their order.
func successTypes(o *openapi3.Operation) []string {
	types := map[string]bool{}
	for code, response := range o.Responses.Map() {
		if !strings.HasPrefix(code, "2") || response.Value == nil {
			continue
		}
		for mediaType := range response.Value.Content {
			types[mediaType] = true
		}
	}
	return slices.Sorted(maps.Keys(types))
}
