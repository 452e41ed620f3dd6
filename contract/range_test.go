package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const offers = `
openapi: 3.1.0
info: {title: Offers, version: "1"}
paths:
  /offers:
    get:
      operationId: listOffers
      parameters:
      - {name: offset, in: query, schema: {type: integer, minimum: 0}}
      - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
      - {name: minPrice, in: query, schema: {type: number}}
      - {name: maxPrice, in: query, schema: {type: number}%s}
      - {name: createdSince, in: query, schema: {type: string, format: date-time}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object, required: [items, total], properties: {total: {type: integer}, items: {type: array, items: {
          type: object, required: [id, price], properties: {id: {type: integer}, price: {type: number}, createdAt: {type: string, format: date-time}}}}}}}}}
        "400": {description: bad}
`

// offer is an item; its time of creation is kept with a fraction of a second, and shown without.
type offer struct {
	ID      int        `json:"id"`
	Price   float64    `json:"price"`
	Created *time.Time `json:"createdAt,omitempty"`
	exactly time.Time
}

// shopkeeper is a simple server that lists offers.
type shopkeeper struct {
	lets    func(o offer, q url.Values) bool
	list    func(chosen []offer) []offer // behind what lets lets
	longest int
	refuses string
}

func (s shopkeeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Has(s.refuses) {
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	chosen := []offer{}
	for i := range 30 {
		at := time.Date(2024, 3, 1, 10, i, 0, 700_000_000, time.UTC)
		shown := at.Truncate(time.Second)
		o := offer{ID: i, Price: float64(i*7%30) / 2, Created: &shown, exactly: at}
		if i%10 == 9 {
			o.Created = nil
		}
		if s.lets == nil || s.lets(o, q) {
			chosen = append(chosen, o)
		}
	}
	if s.list != nil {
		chosen = s.list(chosen)
	}
	total := len(chosen)
	offset, _ := strconv.Atoi(q.Get("offset"))
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil {
		limit = 10
	}
	chosen = chosen[min(offset, total):]
	chosen = chosen[:min(limit, s.longest, len(chosen))]
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"items": chosen, "total": total})
}

// within is what a server does that takes each end as it should.
func within(edge bool) func(o offer, q url.Values) bool {
	return func(o offer, q url.Values) bool {
		lowest, lowErr := strconv.ParseFloat(q.Get("minPrice"), 64)
		highest, highErr := strconv.ParseFloat(q.Get("maxPrice"), 64)
		since, sinceErr := time.Parse(time.RFC3339, q.Get("createdSince"))
		return (lowErr != nil || o.Price > lowest || edge && o.Price == lowest) && (highErr != nil || o.Price < highest || edge && o.Price == highest) &&
			(sinceErr != nil || o.Created == nil || o.exactly.After(since) || edge && o.exactly.Equal(since))
	}
}

// scanned is what a server sends that gives up a page early where it has to look for items, and goes on from there.
func scanned(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	length := 10
	if q.Has("minPrice") || q.Has("maxPrice") || q.Has("createdSince") {
		length = 4
	}
	items := []offer{}
	for i := range 30 {
		if o := (offer{ID: i, Price: float64(i*7%30) / 2}); within(true)(o, q) {
			items = append(items, o)
		}
	}
	from, _ := strconv.Atoi(q.Get("cursor"))
	to := min(from+length, len(items))
	var next any
	if to < len(items) {
		next = strconv.Itoa(to)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"items": items[min(from, to):to], "nextCursor": next})
}

// TestRangeScanned is silent where pages are shorter than they might be and lead on by cursor.
func TestRangeScanned(t *testing.T) {
	text := strings.NewReplacer("{name: offset, in: query, schema: {type: integer, minimum: 0}}", "{name: cursor, in: query, schema: {type: string}}",
		"required: [items, total]", "required: [items]", "total: {type: integer}", `nextCursor: {type: [string, "null"]}`).Replace(fmt.Sprintf(offers, ""))
	if r := judgedOffers(t, text, http.HandlerFunc(scanned)); r.Outcomes[0].Verdict != contract.Pass {
		t.Errorf("%+v", r.Outcomes[0])
	}
}

func judgedOffers(t *testing.T, text string, h http.Handler) *contract.Report {
	t.Helper()
	doc, err := openapi.Parse("offers.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	target, err := contract.NewTarget("http://offers.example", contract.Handler(h))
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All(), contract.Only("listOffers/range-filters"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRangeEdges wants the bound itself where the description says so, and by the time that is shown: what is kept may be behind it.
func TestRangeEdges(t *testing.T) {
	text := strings.Replace(fmt.Sprintf(offers, ""), "name: createdSince,", "name: createdSince, description: Offers made at or after this time.,", 1)
	since := func(lets func(o offer, at time.Time) bool) shopkeeper {
		return shopkeeper{longest: 50, lets: func(o offer, q url.Values) bool {
			at, err := time.Parse(time.RFC3339, q.Get("createdSince"))
			return within(true)(o, url.Values{"minPrice": q["minPrice"], "maxPrice": q["maxPrice"]}) && (err != nil || o.Created != nil && lets(o, at))
		}}
	}
	for name, c := range map[string]struct {
		server shopkeeper
		want   contract.Verdict
	}{
		"included":       {since(func(o offer, at time.Time) bool { return !o.Created.Before(at) }), contract.Pass},
		"kept exactly":   {since(func(o offer, at time.Time) bool { return o.exactly.After(at) }), contract.Pass},
		"excluded":       {since(func(o offer, at time.Time) bool { return o.Created.After(at) }), contract.Fail},
		"one rounded up": {since(func(o offer, at time.Time) bool { return o.Created.After(at) || o.ID%2 == 0 && o.Created.Equal(at) }), contract.Pass},
	} {
		if r := judgedOffers(t, text, c.server); r.Outcomes[0].Verdict != c.want {
			t.Errorf("%s: %+v", name, r.Outcomes[0])
		}
	}
}

// TestRangeFilters is silent on servers that differ in what nobody has said, and finds what leaves bounds out.
func TestRangeFilters(t *testing.T) {
	for _, c := range []struct {
		name, more string
		server     shopkeeper
		want       string // keyword of the finding
	}{
		{"edges in", "", shopkeeper{lets: within(true), longest: 50}, ""},
		{"edges out", "", shopkeeper{lets: within(false), longest: 50}, ""},
		{"pages cut shorter", "", shopkeeper{lets: within(true), longest: 12}, ""},
		{"one parameter refused", "", shopkeeper{lets: within(true), longest: 50, refuses: "maxPrice"}, ""},
		{"another end by default", ", description: The default is 10.", shopkeeper{lets: func(o offer, q url.Values) bool {
			if q.Has("minPrice") && !q.Has("maxPrice") {
				q = url.Values{"minPrice": q["minPrice"], "maxPrice": {"10"}}
			}
			return within(true)(o, q)
		}, longest: 50}, ""},
		{"none read", "", shopkeeper{longest: 50}, "range"},
		{"one end read", "", shopkeeper{lets: func(o offer, q url.Values) bool {
			if q.Has("minPrice") {
				q = url.Values{"minPrice": q["minPrice"]}
			}
			return within(true)(o, q)
		}, longest: 50}, "range"},
		{"all where there is none", "", shopkeeper{lets: func(o offer, q url.Values) bool {
			lowest, _ := strconv.ParseFloat(q.Get("minPrice"), 64)
			return lowest > 15 || within(true)(o, q)
		}, longest: 50}, "range"},
		{"twice", "", shopkeeper{lets: within(true), longest: 50, list: func(chosen []offer) []offer {
			if len(chosen) < 30 {
				return append(chosen, chosen...)
			}
			return chosen
		}}, "twice"},
		{"one lost", "", shopkeeper{lets: within(true), longest: 50, list: func(chosen []offer) []offer {
			if len(chosen) < 30 && len(chosen) > 10 {
				return chosen[:len(chosen)-5]
			}
			return chosen
		}}, "missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := judgedOffers(t, fmt.Sprintf(offers, c.more), c.server)
			got := ""
			for _, o := range r.Outcomes {
				for _, f := range o.Findings {
					got = f.Keyword
				}
				if o.Verdict != contract.Pass && c.want == "" {
					t.Errorf("%s: %s", o.Verdict, o.Reason)
				}
			}
			if got != c.want {
				t.Errorf("found %q, want %q\n%s", got, c.want, text(t, r))
			}
		})
	}
}
