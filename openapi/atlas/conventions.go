package atlas

import (
	_ "embed" // troth.yaml

	"troth/openapi"
	"troth/openapi/convention"
)

//go:embed troth.yaml
var conventions []byte

// Conventions reads what troth.yaml adds to the document, which is the one that Document returns.
func Conventions(doc *openapi.Document) (*convention.Conventions, error) {
	return convention.Parse(doc, "troth.yaml", conventions)
}
