package contract_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const halls = `
openapi: 3.1.0
info: {title: Halls, version: "1"}
paths:
  /halls/{hallId}/seats:
    parameters: [&hall {name: hallId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: listSeats
      parameters:
      - {name: cursor, in: query, schema: {type: string}}
      - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object, required: [items, nextCursor], properties: {nextCursor: {type: [string, "null"]}, items: {type: array, items: &seat {
          type: object, required: [id], properties: {id: {type: string}}}}}}}}}
        "404": {description: not there}
  /halls/{hallId}/seats/{seatId}:
    parameters: [*hall, {name: seatId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getSeat
      responses: {"200": {description: ok, content: {application/json: {schema: *seat}}}, "404": {description: not there}}
`

// usher lists the seats of halls; only the first page may be refused.
type usher struct{ careless bool }

func (u usher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	part := strings.Split(r.URL.Path, "/")
	hall, cursor := part[2], r.URL.Query().Get("cursor")
	if hall != "own" && (hall != "theirs" || cursor == "" || !u.careless) {
		http.NotFound(w, r)
		return
	}
	if len(part) > 4 {
		http.NotFound(w, r)
		return
	}
	from, _ := strconv.Atoi(cursor)
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil {
		limit = 5
	}
	to, items, next := min(from+limit, 12), []any{}, any(nil)
	for i := from; i < to; i++ {
		items = append(items, map[string]any{"id": hall + "-" + strconv.Itoa(i)})
	}
	if to < 12 {
		next = strconv.Itoa(to)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"items": items, "nextCursor": next})
}

// TestOtherCursor finds a server that looks at whose list it is on its first page only.
func TestOtherCursor(t *testing.T) {
	doc, err := openapi.Parse("halls.yaml", []byte(halls))
	if err != nil {
		t.Fatal(err)
	}
	for careless, want := range map[bool]contract.Verdict{false: contract.Pass, true: contract.Fail} {
		server := httptest.NewServer(usher{careless})
		defer server.Close()
		target, err := contract.NewTarget(server.URL, contract.Param("hallId", "own"), contract.Param("hallId", "theirs"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All(), contract.Only("listSeats/tenant-isolation"))
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Outcomes[0]; got.Verdict != want {
			t.Errorf("careless %v: %+v", careless, got)
		}
	}
}
