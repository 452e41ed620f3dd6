package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const steps = `
openapi: 3.0.3
info: {title: Steps, version: "1"}
components:
  schemas: {Step: {type: object, required: [id, flowId, name], properties: {id: {type: string}, flowId: {type: string, minLength: 1}, name: {type: string, minLength: 1}}}}
  responses: {None: {description: none}}
paths:
  /steps:
    post:
      operationId: createStep
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [flowId, name], properties: {flowId: {type: string, minLength: 1}, name: {type: string, minLength: 1}}}}}}
      responses: {"201": {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Step'}}}}, "400": {description: bad}}
  /steps/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: flowId, in: query, required: true, schema: {type: string, minLength: 1}}]
    get: {operationId: readStep, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Step'}}}}, "400": {description: bad}, "404": {description: none}}}
    delete: {operationId: deleteStep, responses: {"204": {description: gone}, "400": {description: bad}, "404": {description: none}}}
`

// TestBelong judges a server whose items are found by their ID and the flow that they were created for: a parameter of the query that every other
// operation requires, and a member of what is sent to create one.
func TestBelong(t *testing.T) {
	doc, err := openapi.Parse("steps.yaml", []byte(steps))
	if err != nil {
		t.Fatal(err)
	}
	target, err := contract.NewTarget("http://steps.example", contract.Handler(stepServer()), contract.Write())
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All())
	if err != nil {
		t.Fatal(err)
	}
	judged := map[string]contract.Verdict{}
	for _, o := range r.Outcomes {
		judged[o.Case] = o.Verdict
		for _, f := range o.Findings {
			if f.Level != contract.Advice { // it takes text behind a body
				t.Errorf("%s: %+v", o.Case, f)
			}
		}
	}
	for _, name := range []string{"createStep/created-exists", "createStep/deleted-gone", "deleteStep/status-declared"} {
		if judged[name] != contract.Pass {
			t.Errorf("%s: %s", name, judged[name])
		}
	}
}

// stepServer keeps steps, each of one flow.
func stepServer() http.Handler {
	var mu sync.Mutex
	type step struct {
		ID     string `json:"id"`
		FlowID string `json:"flowId"`
		Name   string `json:"name"`
	}
	kept, n := map[string]step{}, 0
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("POST /steps", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var s step
		if r.Header.Get("Content-Type") != "application/json" || json.NewDecoder(r.Body).Decode(&s) != nil || s.FlowID == "" || s.Name == "" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		n++
		s.ID = fmt.Sprint("step", n)
		kept[s.ID] = s
		answer(w, http.StatusCreated, s)
	})
	one := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		s, known := kept[r.PathValue("id")]
		switch flow := r.URL.Query().Get("flowId"); {
		case flow == "":
			w.WriteHeader(http.StatusBadRequest)
		case !known || s.FlowID != flow:
			w.WriteHeader(http.StatusNotFound)
		case r.Method == http.MethodDelete:
			delete(kept, s.ID)
			w.WriteHeader(http.StatusNoContent)
		default:
			answer(w, http.StatusOK, s)
		}
	}
	mux.HandleFunc("GET /steps/{id}", one)
	mux.HandleFunc("DELETE /steps/{id}", one)
	return mux
}
