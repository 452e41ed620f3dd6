package contract_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

const toldOrders = `
openapi: 3.1.0
info: {title: Orders, version: "1"}
paths:
  /orders:
    get:
      operationId: listOrders
      parameters:
      - {name: page, in: query, schema: {type: integer, minimum: 1, default: 1}}
      - {name: per_page, in: query, schema: {type: integer, minimum: 1, maximum: 50, default: 10}}
      - {name: q, in: query, description: Only orders whose note has this text., schema: {type: string, minLength: 1, maxLength: 40}}
      responses:
        "200":
          description: One page
          headers: {X-Total-Count: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {type: object, required: [data, totalCount], properties: {data: {type: array, items: {$ref: "#/components/schemas/Order"}}, totalCount: {type: integer}}}}}
        "400": {description: Malformed}
    post:
      operationId: createOrder
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
      responses: {"201": {$ref: "#/components/responses/Order"}, "400": {description: Malformed}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: '^[0-9a-f]{12}$'}}]
    get: {operationId: getOrder, responses: {"200": {$ref: "#/components/responses/Order"}, "400": {description: Malformed}, "404": {description: None}}}
    put:
      operationId: putOrder
      parameters: [{name: If-Match, in: header, description: "One of these tags is the current one, or ` + "`*`" + `.", schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
      responses: {"200": {$ref: "#/components/responses/Order"}, "400": {description: Malformed}, "404": {description: None}, "412": {description: Another tag}}
components:
  responses:
    Order: {description: An order, headers: {ETag: {required: true, schema: {type: string}}}, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
  schemas:
    Note: {type: object, additionalProperties: false, required: [note], properties: {note: {type: string, minLength: 1, maxLength: 40}}}
    Order:
      type: object
      required: [id, note, status]
      properties: {id: {type: string, pattern: '^[0-9a-f]{12}$'}, note: {type: string, minLength: 1, maxLength: 40}, status: {type: string, enum: [open, paid]}}
`

// TestTold judges servers that tell the total twice, take what only answers have, read one tag of If-Match, and fail at a NUL.
func TestTold(t *testing.T) {
	doc, err := openapi.Parse("orders.yaml", []byte(toldOrders))
	if err != nil {
		t.Fatal(err)
	}
	s, err := mock.New(doc, mock.WithItems(24))
	if err != nil {
		t.Fatal(err)
	}
	refusing := func(status int, when func(r *http.Request) bool) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if when(r) {
				w.WriteHeader(status)
				return
			}
			s.ServeHTTP(w, r)
		}
	}
	for _, tt := range []struct {
		name, only, keyword string
		server              http.HandlerFunc
	}{
		{"healthy", "*/*", "", s.ServeHTTP},
		{"another total in the header", "listOrders/total-exact", "same", func(w http.ResponseWriter, r *http.Request) { s.ServeHTTP(otherTotal{w}, r) }},
		{"status taken", "createOrder/body-constraints", "additionalProperties", func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			var sent map[string]any
			if json.Unmarshal(body, &sent) == nil && sent["status"] != nil {
				delete(sent, "status")
				body, _ = json.Marshal(sent)
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			s.ServeHTTP(w, r)
		}},
		{"one tag", "putOrder/outdated-refused", "list", refusing(http.StatusPreconditionFailed, func(r *http.Request) bool { return strings.Contains(r.Header.Get("If-Match"), ",") })},
		{"no *", "putOrder/outdated-refused", "any", refusing(http.StatusPreconditionFailed, func(r *http.Request) bool { return r.Header.Get("If-Match") == "*" })},
		{"NUL", "listOrders/not-a-server-error", "500", refusing(http.StatusInternalServerError, func(r *http.Request) bool { return strings.Contains(r.URL.Query().Get("q"), "a\x00b") })},
	} {
		r, err := contract.Run(t.Context(), doc, convention.Infer(doc), contract.InProcess(tt.server, contract.Write()), checks.All(), contract.Only(tt.only))
		if err != nil {
			t.Fatal(err)
		}
		told := ""
		for _, o := range r.Outcomes {
			for _, f := range o.Findings {
				told = f.Keyword
			}
		}
		if told != tt.keyword {
			t.Errorf("%s: %q, want %q", tt.name, told, tt.keyword)
		}
	}
}

// otherTotal tells one item more in the header.
type otherTotal struct{ http.ResponseWriter }

func (w otherTotal) WriteHeader(status int) {
	if total := w.Header().Get("X-Total-Count"); total != "" {
		w.Header().Set("X-Total-Count", total+"1")
	}
	w.ResponseWriter.WriteHeader(status)
}
