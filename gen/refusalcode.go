package gen

import (
	_ "embed" // the code that is copied
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// refusalSource is copied into the code, as binder.go is.
//
//go:embed refusal.go
var refusalSource string

// refusalCode is how the server answers errors: refusal.go, and the shape that this document has for them.
func refusalCode(doc *openapi.Document, pkg string, s settings) (string, error) {
	conv := s.conventions
	if conv == nil {
		var err error
		if conv, err = convention.Beside(doc); err != nil {
			return "", err
		}
	}
	shape := documentErrors()
	comment := "documentErrors is the shape of errors: problem details (RFC 9457 §3), since the document declares none."
	if content := commonError(wantedOperations(doc, s)); content != nil {
		if declared, ok := shapeOf(content, conv); ok {
			shape, comment = declared, "documentErrors is the shape that most errors of the document have."
		}
	}
	return fmt.Sprintf("\n%s\n// %s\nfunc documentErrors() errorShape {\n\treturn errorShape{\n\t\tcontentType: %q, skeleton: %s,\n\t\tstatus: %q, reason: %q, code: %q, detail: %q, textStatus: %t,\n\t}\n}\n",
		strings.Replace(refusalSource, "package gen\n", "package "+pkg+"\n", 1), comment,
		shape.contentType, strconv.Quote(shape.skeleton), shape.status, shape.reason, shape.code, shape.detail, shape.textStatus), nil
}

// commonError is the JSON content that most error responses of the operations have; the first among equals, nil for none.
func commonError(operations []*openapi.Operation) *openapi.Content {
	var best *openapi.Content
	count := map[*schema.Schema]int{}
	for _, o := range operations {
		compiled, err := o.Compile()
		if err != nil {
			continue // an operation that cannot be served, which lint tells
		}
		for _, r := range compiled.Responses {
			content := r.JSON()
			if class := r.Code[0]; class != '4' && class != '5' && r.Code != "default" || content == nil || content.Schema == nil {
				continue
			}
			count[content.Schema]++
			if best == nil || count[content.Schema] > count[best.Schema] {
				best = content
			}
		}
	}
	return best
}

// shapeOf is the shape of a declared error; false where it is no object that errors can be told in.
func shapeOf(content *openapi.Content, conv *convention.Conventions) (errorShape, bool) {
	value, err := sample.Value(content.Schema, 0, sample.Minimal())
	object, ok := value.(map[string]any)
	if err != nil || !ok {
		return errorShape{}, false
	}
	e := conv.ErrorsFor(content.Schema)
	fits := func(pointer string, value any) bool {
		if pointer == "" {
			return false
		}
		changed := source.Clone(object).(map[string]any)
		return source.Put(changed, pointer, value) && content.Schema.Valid(changed, schema.Response)
	}
	shape := errorShape{contentType: content.Type.String()}
	switch {
	case fits(e.Status, json.Number("501")):
		shape.status = e.Status
	case fits(e.Status, "501"):
		shape.status, shape.textStatus = e.Status, true
	}
	for _, m := range []struct {
		member  *string
		pointer string
	}{{&shape.reason, e.Reason}, {&shape.code, e.Code}, {&shape.detail, e.Detail}} {
		if fits(m.pointer, "NOT_FOUND") {
			*m.member = m.pointer
		}
	}
	if shape.status+shape.reason+shape.code+shape.detail == "" {
		return errorShape{}, false // no member may tell the cause
	}
	skeleton, err := json.Marshal(object)
	shape.skeleton = string(skeleton)
	return shape, err == nil
}
