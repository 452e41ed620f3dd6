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
	const variable = "\n    parameters: [{name: home, in: path, required: true, schema: {type: string}}]\n    get:"
	for path, text := range map[string]string{
		"/things":         below,
		"/homes/h/things": strings.NewReplacer("/things:", "/homes/{home}/things:", "\n    get:", variable).Replace(below),
	} {
		doc, err := openapi.Parse("below.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for base, handler := range map[string]http.HandlerFunc{
			"http://api.test/v1": things("/v1" + path),
			"http://api.test":    things("/v1" + path),
			"http://api.test/":   things(path),
			"http://gone.test":   things("/elsewhere"),
		} {
			opts := []contract.TargetOption{contract.Handler(handler)}
			if doc.CheckName("home") == nil {
				opts = append(opts, contract.Param("home", "h"))
			}
			target, err := contract.NewTarget(base, opts...)
			if err != nil {
				t.Fatal(err)
			}
			r, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All())
			if told := err != nil && strings.Contains(err.Error(), "use --target http://api.test/v1"); told != (base == "http://api.test") {
				t.Errorf("%s %s: %v %v", path, base, err, r)
			}
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
