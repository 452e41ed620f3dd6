package openapi

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/getkin/kin-openapi/openapi3"
)

// Lint returns kin-openapi's findings about the document: warnings, never a gate, unless the user says --strict. What kin does not know of
// OpenAPI 3.1 and 3.2 and troth loads is kept from it. It loads the
// document a second time, into kin's model, so it costs about half a second for one of 4 MB.
func (d *Document) Lint() (findings []error) {
	defer func() {
		if r := recover(); r != nil { // kin's, on a document that it did not foresee
			findings = append(findings, fmt.Errorf("lint: kin-openapi gave up: %v", r))
		}
	}()
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = d.Path != ""
	legible := d.legible()
	if loader.IsExternalRefsAllowed {
		loader.ReadFromURIFunc = legible.read
	}
	var model *openapi3.T
	var err error
	if d.Path != "" && !d.Converted {
		model, err = loader.LoadFromFile(d.Path)
	} else {
		model, err = loader.LoadFromDataWithPath(legible.text(d.Name, d.Root.File.Data), &url.URL{Path: d.Name})
	}
	if err != nil {
		return []error{fmt.Errorf("lint: %w", err)}
	}
	return unwrap(model.Validate(context.Background(), openapi3.EnableMultiError()))
}

// unwrap lists the errors in kin's multi-errors.
func unwrap(err error) []error {
	var many openapi3.MultiError
	if !errors.As(err, &many) {
		if err == nil {
			return nil
		}
		return []error{fmt.Errorf("lint: %w", err)}
	}
	var list []error
	for _, e := range many {
		list = append(list, unwrap(e)...)
	}
	return list
}
