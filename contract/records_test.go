package contract_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const exports = `
openapi: 3.1.0
info: {title: Exports, version: "1"}
paths:
  /exports:
    get:
      operationId: listExports
      responses:
        "200":
          description: exports
          content: {%s: {schema: %s}}
`

// TestRecords wants bodies that are no JSON, but read in one way only, judged by their schema.
func TestRecords(t *testing.T) {
	const job = `{type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}}`
	for _, tt := range []struct{ media, schema, body, keyword string }{
		{"text/csv", "{type: string}", "id,name\r\n1,\"a, b\"\r\n", ""},
		{"text/csv", "{type: string}", "id,name\r\n1,5\" disk\r\n", ""},
		{"text/csv", "{type: string}", "id,name\r\n1,a, b\r\n", "csv"},
		{"text/csv", "{type: string}", "id,name\r\n1,\"a\r\n", "csv"},
		{"text/csv", "{type: array, items: " + job + "}", "id,name\r\n1,a\r\n", ""},
		{"text/csv", "{type: array, items: " + job + "}", "id,name\r\nx,a\r\n", "type"},
		{"application/x-ndjson", job, "{\"id\": 1}\n{\"id\": 2}\n", ""},
		{"application/x-ndjson", job, "{\"id\": 1}\n{\"name\": \"b\"}\n", "required"},
		{"application/x-ndjson", job, "{\"id\": 1}\n{\"id\"\n", "content"},
		{"application/yaml", job, "id: 1\nname: a\n", ""},
		{"application/yaml", job, "id: one\n", "type"},
	} {
		doc, err := openapi.Parse("exports.yaml", fmt.Appendf(nil, exports, tt.media, tt.schema))
		if err != nil {
			t.Fatal(err)
		}
		target := contract.InProcess(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", tt.media)
			_, _ = io.WriteString(w, tt.body)
		}))
		report, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All(), contract.Only("listExports/body-matches-schema"))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range report.Outcomes[0].Findings {
			got = f.Keyword
		}
		if got != tt.keyword {
			t.Errorf("%s %s: %q: found %q, want %q", tt.media, tt.schema, tt.body, got, tt.keyword)
		}
	}
}
