package contract_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

// TestActed does something with items of the run's own only, one for each operation, where the document lets items be made and read.
func TestActed(t *testing.T) {
	doc, err := openapi.Parse("orders.yaml", []byte(`
openapi: 3.1.0
info: {title: Orders, version: "1"}
paths:
  /orders:
    get: {operationId: listOrders, responses: {"200": {description: All orders, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}}}}
    post:
      operationId: createOrder
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {note: {type: string}}}}}}
      responses: {"201": {$ref: "#/components/responses/Order"}, "400": {description: Malformed}}
  /orders/{id}:
    parameters: [{$ref: "#/components/parameters/id"}]
    get: {operationId: getOrder, responses: {"200": {$ref: "#/components/responses/Order"}, "404": {description: None}}}
  /orders/{id}/cancel:
    parameters: [{$ref: "#/components/parameters/id"}]
    post: {operationId: cancelOrder, responses: {"200": {$ref: "#/components/responses/Order"}, "404": {description: None}}}
  /orders/{id}/ship:
    parameters: [{$ref: "#/components/parameters/id"}]
    post: {operationId: shipOrder, responses: {"200": {$ref: "#/components/responses/Order"}, "404": {description: None}}}
components:
  parameters:
    id: {name: id, in: path, required: true, schema: {type: string, pattern: '^[0-9a-f]{12}$'}}
  responses:
    Order: {description: An order, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
  schemas:
    Order: {type: object, required: [id], properties: {id: {type: string, pattern: '^[0-9a-f]{12}$', readOnly: true}, note: {type: string}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := mock.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	made, done := map[string]bool{}, map[string]string{}
	watched := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, r)
		mu.Lock()
		parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
		switch {
		case answer.Code == http.StatusCreated:
			var order struct{ ID string }
			_ = json.Unmarshal(answer.Body.Bytes(), &order)
			made[order.ID] = true
		case r.Method == http.MethodPost && answer.Code == http.StatusOK && len(parts) == 3:
			if other := done[parts[1]]; !made[parts[1]] || other != "" && other != parts[2] {
				t.Errorf("%s: made by the run: %t, done before: %s", r.URL.Path, made[parts[1]], other)
			}
			done[parts[1]] = parts[2]
		}
		mu.Unlock()
		for name, lines := range answer.Header() {
			w.Header()[name] = lines
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
	target, err := contract.NewTarget("http://mock.example", contract.Handler(watched), contract.Write())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All()); err != nil {
		t.Fatal(err)
	}
	if len(done) != 2 {
		t.Errorf("done: %v", done)
	}
}
