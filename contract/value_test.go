package contract_test

import (
	"net/http"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const oddPaths = `
openapi: 3.1.0
info: {title: Paths whose variables pick from no list, version: "1"}
paths:
  /notes/{note}.{format}:
    get:
      operationId: rendered
      parameters:
        - {name: note, in: path, required: true, schema: {type: string}}
        - {name: format, in: path, required: true, schema: {type: string}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {type: object, properties: {format: {type: string}}}}}}}}
  /titles:
    get:
      operationId: titles
      parameters:
        - {name: elsewhere, in: path, required: true, schema: {type: string}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {type: object, properties: {elsewhere: {type: string}}}}}}}}
`

// TestPathValues wants an operation that shows a list not to be taken for the list that its own variables pick from: that would never end.
func TestPathValues(t *testing.T) {
	doc, err := openapi.Parse("odd.yaml", []byte(oddPaths))
	if err != nil {
		t.Fatal(err)
	}
	server := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`[{"format":"a","elsewhere":"b"}]`))
	})
	report, err := contract.Run(t.Context(), doc, convention.Infer(doc), contract.InProcess(server), checks.All())
	if err != nil {
		t.Fatal(err)
	}
	judged := map[string]bool{}
	for _, o := range report.Outcomes {
		judged[o.Case] = o.Verdict == contract.Pass
	}
	for _, name := range []string{"rendered/body-matches-schema", "titles/body-matches-schema"} {
		if !judged[name] {
			t.Errorf("%s was not passed", name)
		}
	}
}
