package contract_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const notes = `
openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /notes:
    post:
      operationId: createNote
      parameters: [{name: draft, in: query, schema: {type: boolean}, example: true}]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [title, tags, level]
              properties:
                title: {type: string, minLength: 1, maxLength: 60}
                level: {type: integer, minimum: 1, maximum: 5}
                tags: {type: array, minItems: 4, items: {type: string, minLength: 6}}
                meta: {type: object, required: [author, reviewer], properties: {author: {type: string, minLength: 12}, reviewer: {type: string}}}
      responses: {"201": {description: made}, "400": {description: refused}, "415": {description: refused}}
`

// judgeNotes judges a server of notes that answers as wrong says, and tells how many requests it got.
func judgeNotes(t *testing.T, answer func(body map[string]any, valid bool) int, opts ...contract.Option) (*contract.Report, int) {
	t.Helper()
	doc, err := openapi.Parse("notes.yaml", []byte(notes))
	if err != nil {
		t.Fatal(err)
	}
	op, err := doc.Operations[0].Compile()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		text, _ := io.ReadAll(r.Body)
		var body map[string]any
		status := http.StatusBadRequest
		switch {
		case r.Method != http.MethodPost:
			w.Header().Set("Allow", "POST")
			status = http.StatusMethodNotAllowed
		case r.Header.Get("Content-Type") != "application/json":
			status = http.StatusUnsupportedMediaType
		case json.Unmarshal(text, &body) == nil && body != nil:
			status = answer(body, op.Body.Content[0].Schema.Valid(body, 0))
		}
		w.WriteHeader(status)
	}))
	defer server.Close()
	target, err := contract.NewTarget(server.URL, contract.Write(), contract.Param("draft", "true"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r, n
}

// TestShrink wants the smallest body that is still taken wrongly: what has nothing to do with the finding is gone.
func TestShrink(t *testing.T) {
	lenient := func(body map[string]any, valid bool) int {
		level, isNumber := body["level"].(float64)
		if valid || isNumber && level > 5 { // whatever else it breaks
			return http.StatusCreated
		}
		return http.StatusBadRequest
	}
	r, with := judgeNotes(t, lenient)
	f := findingOf(t, r, "body-constraints", "maximum")
	if len(f.Exchanges) != 1 || f.Smaller == "" || strings.Contains(f.Exchanges[0].URL, "draft") || !strings.Contains(f.Curl[0], f.Exchanges[0].SentBody) {
		t.Fatalf("%+v", f)
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(f.Exchanges[0].SentBody), &body); err != nil {
		t.Fatal(err)
	}
	if title, _ := body["title"].(string); body["level"] != 6.0 || len(body) != 3 || len(title) > 2 {
		t.Errorf("%v: want the required members, as short as they may be, and the level", body)
	}
	_, without := judgeNotes(t, lenient, contract.Shrinks(0))
	if with <= without || with > without+3*20*2 {
		t.Errorf("%d requests with shrinking, %d without", with, without)
	}
}

// TestShrinkServerError wants the smallest valid body that the server fails at.
func TestShrinkServerError(t *testing.T) {
	r, _ := judgeNotes(t, func(body map[string]any, valid bool) int {
		switch {
		case !valid:
			return http.StatusBadRequest
		case len(body["title"].(string)) > 0 && body["level"].(float64) < 2:
			return http.StatusInternalServerError
		}
		return http.StatusCreated
	})
	f := findingOf(t, r, "not-a-server-error", "500")
	var body map[string]any
	if err := json.Unmarshal([]byte(f.Exchanges[0].SentBody), &body); err != nil {
		t.Fatal(err)
	}
	if _, has := body["meta"]; has || len(body) != 3 {
		t.Errorf("%v", body)
	}
}

// findingOf is the first finding of a check with a keyword.
func findingOf(t *testing.T, r *contract.Report, check, keyword string) contract.Finding {
	t.Helper()
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			if o.Check == check && f.Keyword == keyword {
				return f
			}
		}
	}
	t.Fatalf("no finding of %s %s\n%s", check, keyword, text(t, r))
	return contract.Finding{}
}
