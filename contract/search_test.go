package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"troth/contract"
	"troth/contract/checks"
	"troth/openapi"
	"troth/openapi/convention"
)

const articles = `
openapi: 3.1.0
info: {title: Articles, version: "1"}
paths:
  /articles:
    get:
      operationId: listArticles
      parameters:
      - {name: page, in: query, schema: {type: integer, minimum: 1, default: 1}}
      - {name: per_page, in: query, schema: {type: integer, minimum: 1, maximum: 50, default: 10}}
      - {name: topic, in: query, schema: {type: string, enum: [sea, sky, soil]}}
      - {name: q, in: query, schema: {type: string, minLength: 2}}
      - {name: written_from, in: query, description: Written on this day or later., schema: {type: string, format: date}}
      - {name: written_after, in: query, schema: {type: string, format: date-time}}
      - {name: written_to, in: query, description: Written on this day or earlier., schema: {type: string, format: date}}
      responses:
        "200":
          description: one page
          headers: {Link: {schema: {type: string}}, X-Total-Count: {schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {type: object, required: [id, title, topic, writtenAt], properties: {
            id: {type: string}, title: {type: string}, topic: {type: string, enum: [sea, sky, soil]}, writtenAt: {type: string, format: date-time}}}}}}
        "400": {description: bad}
`

type article struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Topic   string    `json:"topic"`
	Written time.Time `json:"writtenAt"`
}

// library is a simple server that lists articles; what is nil it does as it should.
type library struct {
	finds       func(title, q string) bool
	lets        func(topic, found, day bool, q url.Values) bool
	day         func(at time.Time) string // compared with days
	farther     bool
	cutsFirst   bool
	rawLinks    bool
	lowersLinks bool
	textTimes   bool // times are compared as texts
	losesTopic  bool // links lose what was chosen by, and are refused for it
}

func (l library) articles(searched bool) (list []article) {
	for i := range 24 {
		title := []string{"Tide tables", "Cloud atlas", "Peat & loam", "Tide pools"}[i%4] + fmt.Sprintf(" %d", i)
		list = append(list, article{fmt.Sprintf("a%02d", i), title, []string{"sky", "sea", "soil"}[i%3], time.Date(2026, 1, 1+i/3, 7*i%24, 30, 0, 0, time.UTC)})
	}
	if searched && l.farther {
		list = append(list, article{"b01", "Tide of others", "sea", list[0].Written})
	}
	return list
}

// listed tells whether an article is one of those that are asked for.
func (l library) listed(a article, q url.Values) bool {
	finds, day := l.finds, l.day
	if finds == nil {
		finds = func(title, q string) bool { return strings.Contains(strings.ToLower(title), strings.ToLower(q)) }
	}
	if day == nil {
		day = func(at time.Time) string { return at.Format(time.DateOnly) }
	}
	topic, found := !q.Has("topic") || a.Topic == q.Get("topic"), !q.Has("q") || finds(a.Title, q.Get("q"))
	within := (!q.Has("written_from") || day(a.Written) >= q.Get("written_from")) && (!q.Has("written_to") || day(a.Written) <= q.Get("written_to"))
	if after := q.Get("written_after"); after != "" {
		at, err := time.Parse(time.RFC3339, after)
		within = within && err == nil && a.Written.After(at) && !l.textTimes || l.textTimes && a.Written.Format(time.RFC3339) > after
	}
	if l.lets != nil {
		return l.lets(topic, found, within, q)
	}
	return topic && found && within
}

func (l library) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if l.losesTopic && q.Has("of") && !q.Has("topic") {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	list := slices.DeleteFunc(l.articles(q.Has("q")), func(a article) bool { return !l.cutsFirst && !l.listed(a, q) })
	total, size, number := len(list), 10, 1
	if n, err := strconv.Atoi(q.Get("per_page")); err == nil {
		size = n
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil {
		number = n
	}
	list = list[min((number-1)*size, total):min(number*size, total)]
	list = slices.DeleteFunc(list, func(a article) bool { return l.cutsFirst && !l.listed(a, q) })
	w.Header().Set("Link", l.links(q, number, size, total))
	w.Header().Set("X-Total-Count", strconv.Itoa(total))
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(append([]article{}, list...))
}

func (l library) links(q url.Values, number, size, total int) string {
	last := max((total+size-1)/size, 1)
	var links []string
	link := func(rel string, page int) {
		q.Set("page", strconv.Itoa(page))
		if l.losesTopic && q.Has("topic") {
			q.Set("of", "topic")
			q.Del("topic")
		}
		query := q.Encode()
		if l.rawLinks {
			query, _ = url.QueryUnescape(query)
		}
		if l.lowersLinks {
			query = strings.ToLower(query)
		}
		links = append(links, fmt.Sprintf(`</articles?%s>; rel="%s"`, query, rel))
	}
	link("first", 1)
	link("last", last)
	if number < last {
		link("next", number+1)
	}
	if number > 1 {
		link("prev", number-1)
	}
	return strings.Join(links, ", ")
}

// TestSearches is silent on servers that search in other ways, or count days in another zone, and finds what looks too far or loses something.
func TestSearches(t *testing.T) {
	doc, err := openapi.Parse("articles.yaml", []byte(articles))
	if err != nil {
		t.Fatal(err)
	}
	tokyo := time.FixedZone("JST", 9*60*60)
	for _, c := range []struct {
		name   string
		server library
		want   string // check and keyword of the finding
	}{
		{"healthy", library{}, ""},
		{"looks for beginnings", library{finds: strings.HasPrefix}, ""},
		{"looks for whole texts", library{finds: func(title, q string) bool { return title == q }}, ""},
		{"searches for nothing", library{finds: func(string, string) bool { return true }}, ""},
		{"days in another zone", library{day: func(at time.Time) string { return at.In(tokyo).Format(time.DateOnly) }}, ""},
		{"links in small letters", library{lowersLinks: true}, ""},
		{"finds what others have", library{farther: true}, "search-narrows others"},
		{"either is enough", library{lets: func(topic, found, within bool, q url.Values) bool {
			return (topic && q.Has("topic") || found && q.Has("q") || topic && found) && within
		}}, "filters-together searched"},
		{"cuts before it chooses", library{cutsFirst: true}, "filter-kept holes"},
		{"a day is its beginning", library{day: func(at time.Time) string { return at.Format(time.RFC3339) }}, "range-filters day"},
		{"times are compared as texts", library{textTimes: true}, "range-filters missing"},
		{"links lose the topic", library{losesTopic: true}, "filter-kept next"},
		{"links decoded", library{rawLinks: true}, "filter-special next characters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			target, err := contract.NewTarget("http://articles.example", contract.Handler(c.server))
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, check := range []string{"search-narrows", "filters-together", "filter-kept", "range-filters", "filter-special"} {
				r, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All(), contract.Only("listArticles/"+check))
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range r.Outcomes {
					if o.Verdict == contract.Skipped || o.Verdict == contract.Error {
						t.Errorf("%s: %s: %s", check, o.Verdict, o.Reason)
					}
					for _, f := range o.Findings {
						found = append(found, check+" "+f.Keyword)
					}
				}
			}
			if got := strings.Join(found, ", "); c.want == "" && got != "" || !slices.Contains(append(found, ""), c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}
