package openapi

import (
	"strings"
	"testing"
)

func TestCheckName(t *testing.T) {
	doc, err := Parse("names.yaml", []byte(`
openapi: 3.0.3
info: {title: Names, version: "1"}
paths:
  /groups/{groupId}/jobs:
    get:
      operationId: listJobs
      parameters:
      - {name: groupId, in: path, required: true, schema: {type: string}}
      - {name: itemsPerPage, in: query, schema: {type: integer}}
      responses: {"200": {description: The jobs}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"groupId":      "",
		"itemsPerPage": "",
		"grupId":       "did you mean groupId?",
		"itemsperpage": "did you mean itemsPerPage?",
		"id":           "want one of groupId, itemsPerPage",
		"something":    "want one of groupId, itemsPerPage",
	} {
		switch err := doc.CheckName(name); {
		case want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case want != "" && (err == nil || !strings.HasSuffix(err.Error(), want) || !strings.Contains(err.Error(), name)):
			t.Errorf("%s: want %q, got %v", name, want, err)
		}
	}
}
