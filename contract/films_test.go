package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const filmList = `
openapi: 3.1.0
info: {title: Films, version: "1"}
components:
  schemas:
    Film:
      type: object
      required: [id, title, genre]
      properties: {id: {type: string}, title: {type: string}, genre: {type: string, enum: [crime, drama, comedy, western]}}
    Problem: {type: object, required: [title], properties: {title: {type: string}}}
  responses: {Refused: {description: refused, content: {application/problem+json: {schema: {$ref: '#/components/schemas/Problem'}}}}}
paths:
  /cinemas/{cinema}/films:
    parameters: [{name: cinema, in: path, required: true, schema: {type: string, pattern: '^[a-z]{3,9}$'}}]
    get:
      operationId: listFilms
      parameters:
      - {name: offset, in: query, schema: {type: integer, minimum: 0, default: 0}}
      - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 20}}
      - {name: genre, in: query, schema: {type: array, minItems: 1, items: {type: string, enum: [crime, drama, comedy, western]}}}
      - {name: q, in: query, description: Films whose title has this text., schema: {type: string, minLength: 1, maxLength: 40}}
      responses:
        "200":
          description: one page
          headers: {ETag: {schema: {type: string}}}
          content:
            application/json:
              schema:
                type: object
                required: [items, total]
                properties: {items: {type: array, items: {$ref: '#/components/schemas/Film'}}, total: {type: integer}, next: {type: [string, "null"], format: uri-reference}}
        "400": {$ref: '#/components/responses/Refused'}
        "404": {$ref: '#/components/responses/Refused'}
        "405": {$ref: '#/components/responses/Refused'}
  /cinemas/{cinema}/counts:
    parameters: [{name: cinema, in: path, required: true, schema: {type: string, pattern: '^[a-z]{3,9}$'}}]
    get:
      operationId: countFilms
      responses:
        "200": {description: how many, content: {application/json: {schema: {type: object, required: [crime, drama], properties: {crime: {type: integer}, drama: {type: integer}}}}}}
        "404": {$ref: '#/components/responses/Refused'}
        "405": {$ref: '#/components/responses/Refused'}
`

type film struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Genre string `json:"genre"`
}

// films is a server that chooses films by genres and by a text of their titles; what it does wrongly is its own.
type films struct {
	genres func(asked []string) []string           // that choose, nil: all that are asked for
	links  func(query url.Values)                  // before the link next is written
	found  func(title, text string) bool           // nil: the title has the text
	tag    func(n int64, tag string) string        // of the n-th answer
	counts func(cinema string, all map[string]int) // before they are written
	calls  atomic.Int64
}

func (s *films) all() (list []film) {
	genres := []string{"crime", "drama", "comedy", "western"}
	for i := range 40 {
		list = append(list, film{fmt.Sprintf("film%04d", i), []string{"Night ", "Stranger ", "Harbour "}[i%3] + strconv.Itoa(i), genres[i*7%4]})
	}
	return list
}

func (s *films) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"title": %q}`, http.StatusText(status))
	}
	segments := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	switch {
	case len(segments) != 3 || segments[0] != "cinemas" || segments[1] != "odeon" && segments[1] != "empty":
		refuse(http.StatusNotFound)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		refuse(http.StatusMethodNotAllowed)
	case segments[2] == "films":
		s.list(w, r, segments[1], refuse)
	case segments[2] == "counts":
		counts := map[string]int{"crime": 10, "drama": 10}
		if s.counts != nil {
			s.counts(segments[1], counts)
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(counts)
	default:
		refuse(http.StatusNotFound)
	}
}

func (s *films) list(w http.ResponseWriter, r *http.Request, cinema string, refuse func(int)) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	number := func(name string, usual, least, most int) int {
		if !query.Has(name) {
			return usual
		}
		n, failed := strconv.Atoi(query.Get(name))
		if failed != nil || n < least || n > most || len(query[name]) > 1 {
			err = fmt.Errorf("%s", name)
		}
		return n
	}
	offset, limit := number("offset", 0, 0, 1<<62), number("limit", 20, 1, 100)
	genres := query["genre"]
	if slices.ContainsFunc(genres, func(g string) bool { return !slices.Contains([]string{"crime", "drama", "comedy", "western"}, g) }) || query.Has("q") && (query.Get("q") == "" || len(query["q"]) > 1 || len([]rune(query.Get("q"))) > 40) {
		err = fmt.Errorf("genre")
	}
	if err != nil {
		refuse(http.StatusBadRequest)
		return
	}
	if s.genres != nil {
		genres = s.genres(genres)
	}
	found := s.found
	if found == nil {
		found = func(title, text string) bool { return strings.Contains(strings.ToLower(title), strings.ToLower(text)) }
	}
	chosen := []film{}
	for _, f := range s.all() {
		if cinema == "odeon" && (len(genres) == 0 || slices.Contains(genres, f.Genre)) && found(f.Title, query.Get("q")) {
			chosen = append(chosen, f)
		}
	}
	page := chosen[min(offset, len(chosen)):min(min(offset, len(chosen))+limit, len(chosen))]
	body := map[string]any{"items": page, "total": len(chosen), "next": nil}
	if offset+len(page) < len(chosen) && len(page) > 0 {
		query.Set("offset", strconv.Itoa(offset+limit))
		query.Set("limit", strconv.Itoa(limit))
		if s.links != nil {
			s.links(query)
		}
		body["next"] = r.URL.Path + "?" + query.Encode()
	}
	text, _ := json.Marshal(body)
	tag := fmt.Sprintf(`"%d-%d-%d"`, len(text), offset, len(chosen))
	if s.tag != nil {
		tag = s.tag(s.calls.Add(1), tag)
	}
	w.Header().Set("ETag", tag)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text)
}

// TestFilms judges servers that keep nothing of several values but one, that search by patterns, whose tags turn, and that count where nothing is.
func TestFilms(t *testing.T) {
	doc, err := openapi.Parse("films.yaml", []byte(filmList))
	if err != nil {
		t.Fatal(err)
	}
	like := func(title, text string) bool {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(text), "%", ".*")
		return regexp.MustCompile("(?i)" + pattern).MatchString(title)
	}
	for _, tt := range []struct {
		name, check, keyword string // none: healthy
		server               *films
	}{
		{"healthy", "", "", &films{}},
		{"first value", "filter-honoured", "several", &films{genres: func(asked []string) []string { return asked[:min(len(asked), 1)] }}},
		{"last value in links", "filter-honoured", "link", &films{links: func(query url.Values) { query.Set("genre", query.Get("genre")) }}},
		{"patterns", "search-narrows", "literal", &films{found: like}},
		{"tags that turn", "entity-tag", "turns", &films{tag: func(n int64, tag string) string {
			if n%4 == 0 {
				return `"other` + tag[1:]
			}
			return tag
		}}},
		{"counts of nothing", "body-matches-schema", "required", &films{counts: func(cinema string, all map[string]int) {
			if cinema == "empty" {
				delete(all, "crime")
			}
		}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(tt.server)
			defer s.Close()
			target, err := contract.NewTarget(s.URL, contract.Param("cinema", "odeon"), contract.Empty("cinema", "empty"))
			if err != nil {
				t.Fatal(err)
			}
			report, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All())
			if err != nil {
				t.Fatal(err)
			}
			told := false
			for _, o := range report.Outcomes {
				for _, f := range o.Findings {
					told = told || o.Check == tt.check && f.Keyword == tt.keyword
					if tt.check == "" {
						t.Errorf("%s: %s %s: want %s, got %s", o.Case, f.Where, f.Keyword, f.Want, f.Got)
					}
				}
			}
			if tt.check != "" && !told {
				t.Errorf("%s does not tell %s\n%s", tt.check, tt.keyword, text(t, report))
			}
		})
	}
}
