package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const stamps = `
openapi: 3.1.0
info: {title: Stamps, version: "1"}
paths:
  /stamps:
    get:
      operationId: listStamps
      parameters:
      - {name: offset, in: query, schema: {type: integer, minimum: 0}}
      - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
      - {name: country, in: query, description: %s, schema: {type: string}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object, required: [items, total], properties: {total: {type: integer}, items: {type: array, items: {
          type: object, required: [id, countries], properties: {id: {type: integer}, countries: {type: array, items: {type: string}}}}}}}}}}
        "400": {description: bad}
`

// album lists stamps of several countries each.
type album struct {
	has    func(country, wanted string) bool
	joined bool // counts a stamp once for each of its countries
	hidden bool // shows one more that the whole list has not
}

func (a album) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	items, total := []any{}, 0
	for i := range 12 {
		countries := []string{[]string{"mali", "malis", "peru"}[i%3]}
		if i%2 == 0 {
			countries = append(countries, "chad")
		}
		if i == 11 {
			countries = []string{}
		}
		if q.Has("country") && !slices.ContainsFunc(countries, func(c string) bool { return a.has(c, q.Get("country")) }) {
			continue
		}
		if total++; a.joined && q.Has("country") {
			total += len(countries) - 1
		}
		items = append(items, map[string]any{"id": i, "countries": countries})
	}
	if a.hidden && q.Has("country") {
		total++
		items = append(items, map[string]any{"id": 99, "countries": []string{q.Get("country")}})
	}
	offset, _ := strconv.Atoi(q.Get("offset"))
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil {
		limit = 10
	}
	if offset < 0 || limit < 1 {
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	items = items[min(offset, len(items)):]
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"items": items[:min(limit, len(items))], "total": total})
}

// TestElements judges a parameter that names one element of an array: in part only where the document does not say otherwise.
func TestElements(t *testing.T) {
	equal := func(country, wanted string) bool { return country == wanted }
	for _, c := range []struct {
		name, description string
		server            album
		want              string // check of the finding
	}{
		{"equal", "Only stamps that have exactly this country.", album{has: equal}, ""},
		{"in part, as it may", "Filter by country.", album{has: strings.HasPrefix}, ""},
		{"whatever its case", "Only stamps that have exactly this country.", album{has: strings.EqualFold}, ""},
		{"not a filter", "The country to ship to.", album{has: func(_, _ string) bool { return true }}, ""},
		{"in part", "Only stamps that have exactly this country.", album{has: strings.HasPrefix}, "filter-honoured"},
		{"unread", "Filter by country.", album{has: func(_, _ string) bool { return true }}, "filter-honoured"},
		{"joined", "Filter by country.", album{has: equal, joined: true}, "filter-honoured"},
		{"of others", "Filter by country.", album{has: equal, hidden: true}, "filter-honoured"},
	} {
		doc, err := openapi.Parse("stamps.yaml", fmt.Appendf(nil, stamps, c.description))
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(c.server)
		defer server.Close()
		target, err := contract.NewTarget(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		r, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All())
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, o := range r.Outcomes {
			if strings.HasPrefix(o.Check, "filter") && len(o.Findings) > 0 && got == "" {
				got = o.Check
			}
		}
		if got != c.want {
			t.Errorf("%s: found %q, want %q\n%s", c.name, got, c.want, text(t, r))
		}
	}
}
