package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const below = `
openapi: 3.0.3
info: {title: Below, version: "1"}
servers: [{url: https://api.example.com/v1}]
paths:
  /things:
    get:
      operationId: listThings
      responses: {"200": {description: some, content: {application/json: {schema: {type: array, items: {type: string}}}}}}
`

// TestBasePath wants one sentence, and no finding, where the target's URL lacks the base path of the document's servers.
func TestBasePath(t *testing.T) {
	doc, err := openapi.Parse("below.yaml", []byte(below))
	if err != nil {
		t.Fatal(err)
	}
	for base, handler := range map[string]http.HandlerFunc{
		"http://api.test/v1": things("/v1/things"),
		"http://api.test":    things("/v1/things"),
		"http://api.test/":   things("/things"),
		"http://gone.test":   things("/elsewhere"),
	} {
		target, err := contract.NewTarget(base, contract.Handler(handler))
		if err != nil {
			t.Fatal(err)
		}
		r, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All())
		if told := err != nil && strings.Contains(err.Error(), "use --target http://api.test/v1"); told != (base == "http://api.test") {
			t.Errorf("%s: %v %v", base, err, r)
		}
	}
}

func things(path string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != path {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`["a"]`))
	}
}
