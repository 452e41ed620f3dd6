package gen

import (
	"context"
	"fmt"
	"net/url"

	"github.com/getkin/kin-openapi/openapi3"

	"troth/openapi"
)

// modelOf loads kin-openapi's model, which oapi-codegen works on. It changes what it works on, so each run has its own.
// The bytes are those that troth loaded; only a document of several files is read by its path again, and its references
// to other files are moved into its components, since oapi-codegen would take each file for another Go package.
func modelOf(doc *openapi.Document) (model *openapi3.T, err error) {
	defer func() {
		if r := recover(); r != nil { // kin's, on a document that it did not foresee
			model, err = nil, fmt.Errorf("kin-openapi gave up: %v", r)
		}
	}()
	loader := openapi3.NewLoader()
	loader.ReadFromURIFunc = openapi3.ReadFromURIs(openapi3.ReadFromFile) // local files only
	if !severalFiles(doc) {
		model, err = loader.LoadFromDataWithPath(doc.Root.File.Data, &url.URL{Path: doc.Name})
		return model, hint(err)
	}
	loader.IsExternalRefsAllowed = true
	if model, err = loader.LoadFromFile(doc.Path); err != nil {
		return nil, hint(err)
	}
	model.InternalizeRefs(context.Background(), nil)
	return model, nil
}

// severalFiles tells whether the document's operations reach other files, which are read when first needed.
func severalFiles(doc *openapi.Document) bool {
	if doc.Path == "" || doc.Converted {
		return false
	}
	doc.CompileAll() // what it finds wrong is the business of lint, not of code
	return len(doc.Files()) > 1
}

func hint(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("kin-openapi cannot load the document (troth lint shows all that it finds): %w", err)
}
