package openapi

import (
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"

	"troth/openapi/source"
)

// convert makes an OpenAPI 3.0 document of a Swagger 2.0 one with kin-openapi's converter. Places are those of the new text.
func convert(set *source.Set) (out *source.Set, err error) {
	root := set.Root()
	defer func() {
		if r := recover(); r != nil { // kin's, on a document that it did not foresee
			out, err = nil, root.Errorf("Swagger 2.0: kin-openapi's converter gave up: %v", r)
		}
	}()
	if kind := root.Node.Get("paths").Kind(); kind != source.Object {
		return nil, root.Child("paths").Errorf("Swagger 2.0: found %s, want an object of paths", kind)
	}
	text, err := json.Marshal(root.Node.Value())
	if err != nil {
		return nil, root.Errorf("Swagger 2.0: %w", err)
	}
	var old openapi2.T
	if err := json.Unmarshal(text, &old); err != nil {
		return nil, root.Errorf("Swagger 2.0: %w", err)
	}
	inheritProduces(&old)
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	loader.ReadFromURIFunc = openapi3.ReadFromURIs(openapi3.ReadFromFile) // local files only
	model, err := openapi2conv.ToV3WithLoader(&old, loader, &url.URL{Path: root.File.Name})
	if err != nil {
		return nil, root.Errorf("Swagger 2.0 cannot be converted: %w", err)
	}
	if text, err = json.MarshalIndent(model, "", "  "); err != nil {
		return nil, root.Errorf("Swagger 2.0: %w", err)
	}
	if out, err = set.With(text); err != nil {
		return nil, fmt.Errorf("converted from Swagger 2.0: %w", err)
	}
	return out, nil
}

// inheritProduces gives the document's media types to the operations that name none, which kin-openapi's converter forgets. An empty list of
// an operation takes them away (Swagger 2.0, Operation Object).
func inheritProduces(old *openapi2.T) {
	for _, item := range old.Paths {
		if item == nil {
			continue
		}
		for _, op := range item.Operations() {
			if op.Produces == nil {
				op.Produces = old.Produces
			}
		}
	}
}
