// Package atlas is data: troth's default document, three operations of the MongoDB Atlas Administration API, and the
// conventions that belong to it. README.md tells the source of each fact.
//
// The package only reads what it embeds; whatever is true of this one API stands in its two YAML files, so that nothing in
// the engine has to know it.
package atlas

import (
	_ "embed" // the two YAML files
	"slices"

	"troth/openapi"
)

// name is what errors and findings show as the document's file.
const name = "restore-jobs.yaml"

//go:embed restore-jobs.yaml
var document []byte

// Document loads the default document. Each call loads it anew, so that callers share no compiled state.
func Document() (*openapi.Document, error) { return openapi.Parse(name, document) }

// Text is a copy of the document's YAML.
func Text() []byte { return slices.Clone(document) }
