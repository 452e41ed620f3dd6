package contract_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"troth/contract"
	"troth/mock"
)

// TestBlamedByOneStatus wants names of what is wrong to be judged where only the errors of a later status have them.
func TestBlamedByOneStatus(t *testing.T) {
	source, err := os.ReadFile(memos)
	if err != nil {
		t.Fatal(err)
	}
	doc := strings.Replace(string(source), `        "400": *invalid
        "401": *refused
        "409"`, `        "401": *refused
        "422": {description: what is wrong, content: {application/problem+json: {schema: {allOf: [{$ref: '#/components/schemas/Problem'}, {type: object, required: [errors], properties: {errors: {type: array, items: {type: object, required: [pointer], properties: {pointer: {type: string}, detail: {type: string}}}}}}]}}}}
        "409"`, 1)
	path := filepath.Join(t.TempDir(), "memos.yaml")
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	for defect, want := range map[string]bool{"": false, "field-wrong": true} {
		var opts []mock.Option
		if defect != "" {
			opts = append(opts, mock.WithDefect(defect))
		}
		r := behind(t, path, []contract.Option{contract.Only("createMemo/*")}, func(h http.Handler) http.Handler { return h }, opts...)
		found := false
		for _, o := range r.Outcomes {
			for _, f := range o.Findings {
				found = found || o.Check == "error-code" && f.Keyword == "field"
			}
		}
		if found != want {
			t.Errorf("%q: found %v, want %v\n%s", defect, found, want, text(t, r))
		}
	}
}
