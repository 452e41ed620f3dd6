package mock

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// list is one of the lists of testdata/teams.yaml: how to page through it and how to read a page.
type list struct {
	path   string
	first  string // query of the first page with a size
	next   func(body any, header http.Header, start, size int) string
	items  func(body any) []any
	total  func(body any) (float64, bool)
	filter string
}

func member(body any, names ...string) any {
	for _, name := range names {
		object, _ := body.(map[string]any)
		body = object[name]
	}
	return body
}

func lists() map[string]list {
	number := func(body any, names ...string) (float64, bool) {
		n, ok := member(body, names...).(float64)
		return n, ok
	}
	array := func(body any, names ...string) []any {
		items, _ := member(body, names...).([]any)
		return items
	}
	return map[string]list{
		"offset": {
			path: "/api/teams", first: "limit=%d",
			next: func(_ any, _ http.Header, start, size int) string {
				return fmt.Sprintf("offset=%d&limit=%d", start+size, size)
			},
			items:  func(body any) []any { return array(body, "items") },
			total:  func(body any) (float64, bool) { return number(body, "total") },
			filter: "colour=red",
		},
		"cursor": {
			path: "/api/teams/TEAM/members", first: "limit=%d",
			next: func(body any, _ http.Header, _, size int) string {
				cursor, _ := member(body, "meta", "nextCursor").(string)
				if cursor == "" {
					return ""
				}
				return "limit=" + fmt.Sprint(size) + "&after=" + url.QueryEscape(cursor)
			},
			items:  func(body any) []any { return array(body, "data") },
			total:  func(body any) (float64, bool) { return number(body, "meta", "count") },
			filter: "role=owner&role=editor",
		},
		"link": {
			path: "/api/events", first: "per_page=%d",
			next: func(_ any, header http.Header, _, _ int) string {
				for part := range strings.SplitSeq(header.Get("Link"), ", ") {
					if target, ok := strings.CutSuffix(part, `>; rel="next"`); ok {
						_, query, _ := strings.Cut(target, "?")
						return query
					}
				}
				return ""
			},
			items:  func(body any) []any { items, _ := body.([]any); return items },
			total:  func(any) (float64, bool) { return 0, false },
			filter: "order_by=at&direction=desc",
		},
	}
}

// walk pages through a list and returns its items as text, in order.
func (l list) walk(c client, path string, size int, more string) ([]string, error) {
	var seen []string
	total, counted := 0.0, false
	query := fmt.Sprintf(l.first, size) + more
	for start := 0; query != "" && start < 1000; start += size {
		code, header, body := c.do("GET", path+"?"+query, "")
		items := l.items(body)
		if code != 200 || len(items) > size {
			return nil, fmt.Errorf("%s: %d, %d items", query, code, len(items))
		}
		for _, item := range items {
			seen = append(seen, fmt.Sprint(item))
		}
		if n, ok := l.total(body); ok && counted && n != total {
			return nil, fmt.Errorf("%s: the total was %v and is %v", query, total, n)
		} else if ok {
			total, counted = n, true
		}
		if len(items) < size {
			break
		}
		if query = l.next(body, header, start, size); query != "" && !strings.Contains(query, strings.TrimPrefix(more, "&")) {
			query += more
		}
	}
	if counted && int(total) != len(seen) {
		return nil, fmt.Errorf("%d items, total %v", len(seen), total)
	}
	return seen, nil
}

// TestWalks pages through lists of every style with any page size, filtered, sorted and plain: each item once, in one order, the total
// right.
func TestWalks(t *testing.T) {
	s, err := New(teams(t), WithItems(53))
	if err != nil {
		t.Fatal(err)
	}
	c := client{s}
	team, _ := firstTeam(t, c)
	for name, l := range lists() {
		path := strings.Replace(l.path, "/api/teams/TEAM", team, 1)
		for _, more := range []string{"", "&" + l.filter} {
			whole, err := l.walk(c, path, 40, more)
			if err != nil || len(whole) == 0 || len(slices.Compact(slices.Sorted(slices.Values(whole)))) != len(whole) {
				t.Fatalf("%s%s: %d items, %v", name, more, len(whole), err)
			}
			if len(whole) == 53 != (more == "" || name == "link") {
				t.Errorf("%s%s: %d items", name, more, len(whole))
			}
			t.Run(name+more, rapid.MakeCheck(func(rt *rapid.T) {
				size := rapid.IntRange(1, 40).Draw(rt, "size")
				got, err := l.walk(c, path, size, more)
				if err != nil || !reflect.DeepEqual(got, whole) {
					rt.Fatalf("by %d: %v %v, want %v", size, err, got, whole)
				}
			}))
		}
	}
}

func TestSort(t *testing.T) {
	s, err := New(teams(t), WithItems(30))
	if err != nil {
		t.Fatal(err)
	}
	for query, key := range map[string]string{"sort=name": "name", "sort=-name": "name", "sort=size": "size", "sort=-size": "size"} {
		_, _, body := client{s}.do("GET", "/api/teams?limit=40&"+query, "")
		var values []string
		for _, item := range member(body, "items").([]any) {
			v := member(item, key)
			if n, ok := v.(float64); ok {
				v = fmt.Sprintf("%09.0f", n)
			}
			values = append(values, fmt.Sprint(v))
		}
		if strings.Contains(query, "-") {
			slices.Reverse(values)
		}
		if len(values) != 30 || !slices.IsSorted(values) {
			t.Errorf("%s: %v", query, values)
		}
	}
}

// TestForgedCursor refuses cursors that were not issued by this list, or for another selection of it.
func TestForgedCursor(t *testing.T) {
	s, err := New(teams(t), WithItems(30))
	if err != nil {
		t.Fatal(err)
	}
	c := client{s}
	team, _ := firstTeam(t, c)
	_, _, body := c.do("GET", team+"/members", "")
	cursor := member(body, "meta", "nextCursor").(string)
	for name, query := range map[string]string{
		"text": "after=hello", "altered": "after=1" + cursor[1:], "other case": "after=" + strings.ToUpper(cursor), "cut": "after=" + cursor[1:], "other selection": "role=owner&after=" + cursor,
	} {
		if code, _, body := c.do("GET", team+"/members?"+query, ""); code != 400 || !strings.Contains(fmt.Sprint(body), "after") {
			t.Errorf("%s: %d %v", name, code, body)
		}
	}
	_, _, all := c.do("GET", "/api/teams?limit=40", "")
	other := "/api/teams/" + member(member(all, "items").([]any)[5], "id").(string) + "/members?after=" + cursor
	if code, _, _ := c.do("GET", other, ""); code != 400 {
		t.Errorf("another list takes the cursor: %d", code)
	}
}
