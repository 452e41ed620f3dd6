package mock_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"troth/mock"
	"troth/openapi"
)

type book struct {
	ID      string
	Pages   *int
	Size    int
	Created time.Time `json:"createdAt"`
}

type bookPage struct {
	Items      []book
	Total      int
	NextCursor string
}

func ask(t *testing.T, s *mock.Server, target string) (p bookPage) {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	if err := json.Unmarshal(w.Body.Bytes(), &p); w.Code != 200 || err != nil {
		t.Fatalf("%s: %d %v %s", target, w.Code, err, w.Body)
	}
	return p
}

func shelf(t *testing.T) *mock.Server {
	t.Helper()
	doc, err := openapi.Load("../contract/testdata/shelf.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := mock.New(doc, mock.WithItems(70))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestBounds lists what is within bounds, which include their edge; totals and pages are of those.
func TestBounds(t *testing.T) {
	s := shelf(t)
	all := ask(t, s, "/books?limit=100").Items
	var numbers []int
	for _, b := range all {
		if b.Pages != nil {
			numbers = append(numbers, *b.Pages)
		}
	}
	slices.Sort(numbers)
	low, high := numbers[len(numbers)/4], numbers[len(numbers)/2]
	for query, lets := range map[string]func(pages int) bool{
		"minPages=" + strconv.Itoa(low):                                         func(n int) bool { return n >= low },
		"maxPages=" + strconv.Itoa(high):                                        func(n int) bool { return n <= high },
		"minPages=" + strconv.Itoa(low) + "&maxPages=" + strconv.Itoa(high):     func(n int) bool { return n >= low && n <= high },
		"minPages=" + strconv.Itoa(high+1) + "&maxPages=" + strconv.Itoa(low-1): func(int) bool { return false },
	} {
		var want, got []string
		for _, b := range all {
			if b.Pages != nil && lets(*b.Pages) {
				want = append(want, b.ID)
			}
		}
		for offset := 0; ; offset += 7 {
			p := ask(t, s, "/books?limit=7&offset="+strconv.Itoa(offset)+"&"+query)
			if p.Total != len(want) {
				t.Errorf("%s: a total of %d, want %d", query, p.Total, len(want))
			}
			for _, b := range p.Items {
				got = append(got, b.ID)
			}
			if len(p.Items) < 7 {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d items, want %d", query, len(got), len(want))
		}
	}
}

// TestBoundsOfTimes walks by cursor what was created after a time, which is left out; a cursor belongs to its bound.
func TestBoundsOfTimes(t *testing.T) {
	s := shelf(t)
	var times []time.Time
	for cursor := ""; ; {
		p := ask(t, s, "/boxes?limit=50&cursor="+url.QueryEscape(cursor))
		for _, b := range p.Items {
			if !b.Created.IsZero() {
				times = append(times, b.Created)
			}
		}
		if cursor = p.NextCursor; cursor == "" {
			break
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	after := times[len(times)/2]
	want := len(times) - 1 - slices.IndexFunc(times, after.Equal)
	bound, got := "created_after="+url.QueryEscape(after.Format(time.RFC3339Nano)), 0
	first := ask(t, s, "/boxes?limit=6&"+bound)
	for p := first; ; p = ask(t, s, "/boxes?limit=6&"+bound+"&cursor="+url.QueryEscape(p.NextCursor)) {
		for _, b := range p.Items {
			if got++; !b.Created.After(after) {
				t.Errorf("%v is not after %v", b.Created, after)
			}
		}
		if p.NextCursor == "" {
			break
		}
	}
	if got != want {
		t.Errorf("%d items, want %d", got, want)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/boxes?limit=6&cursor="+url.QueryEscape(first.NextCursor), nil))
	if w.Code != 400 {
		t.Errorf("a cursor of another selection: %d", w.Code)
	}
}
