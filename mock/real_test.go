package mock

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/source"
)

// realDocument is the published Atlas document, 4 MB and 540 operations; it is not part of this repository.
const realDocument = "../../shared/data/atlas-admin-api-v2.yaml"

func loadReal(t testing.TB) *openapi.Document {
	t.Helper()
	if _, err := os.Stat(realDocument); err != nil {
		t.Skip("skipped: the real Atlas document is not beside this repository: ", err)
	}
	d, err := openapi.Load(realDocument)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// asker sends the ordinary request of an operation to a server in process.
type asker struct {
	t *testing.T
	s *Server
}

func (a *asker) ask(op *openapi.Compiled, query string) (*http.Request, *httptest.ResponseRecorder) {
	a.t.Helper()
	r, err := a.s.Ordinary(op.Operation)
	if err != nil {
		a.t.Fatalf("%s: %v", op.ID, err)
	}
	if query != "" {
		r.URL.RawQuery = strings.TrimPrefix(r.URL.RawQuery+"&"+query, "&")
	}
	w := httptest.NewRecorder()
	a.s.ServeHTTP(w, r)
	return r, w
}

// TestRealDocument answers all operations of the real document without a server error, an undeclared status or a wrong content
// type, and pages through every paginated list.
func TestRealDocument(t *testing.T) {
	d := loadReal(t)
	s, err := New(d, WithoutAuth(), WithItems(60))
	if err != nil {
		t.Fatal(err)
	}
	a := &asker{t, s}
	answered, lists := 0, 0
	for _, o := range deletesLast(d.Operations) {
		op, err := o.Compile()
		if err != nil {
			t.Fatal(err)
		}
		r, w := a.ask(op, "")
		answered++
		response := op.Response(w.Code)
		if w.Code >= 500 || response == nil || w.Code >= 300 && op.Method != "DELETE" {
			t.Errorf("%s %s: %d %.300s", r.Method, r.URL, w.Code, w.Body)
			continue
		}
		if contentType := w.Header().Get("Content-Type"); len(response.Content) > 0 && !declaredType(response, contentType) {
			t.Errorf("%s: content type %s", op.ID, contentType)
		}
		if p := s.conv.Pagination(op); p != nil && p.Style == "page" && p.Size != "" {
			lists++
			walk(a, op, p)
		}
	}
	if answered != 540 || lists < 50 {
		t.Errorf("%d operations answered, %d lists paged", answered, lists)
	}
	t.Logf("%d operations answered, %d lists paged through", answered, lists)
}

// deletesLast puts DELETE behind all else, items before what holds them, so that everything exists when it is asked for.
func deletesLast(operations []*openapi.Operation) []*openapi.Operation {
	sorted := slices.Clone(operations)
	slices.SortStableFunc(sorted, func(a, b *openapi.Operation) int {
		if x, y := a.Method == "DELETE", b.Method == "DELETE"; x != y || !x {
			return cmp.Compare(b2i(x), b2i(y))
		}
		return cmp.Compare(strings.Count(b.Path, "/"), strings.Count(a.Path, "/"))
	})
	return sorted
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func declaredType(r *openapi.Response, contentType string) bool {
	m, err := openapi.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	for _, c := range r.Content {
		if c.Type.Matches(m) {
			return true
		}
	}
	return false
}

// walk pages through a list and wants every item of it once.
func walk(a *asker, op *openapi.Compiled, p *convention.Pagination) {
	a.t.Helper()
	total, seen := -1, 0
	for page := p.First; page < p.First+20; page++ {
		_, w := a.ask(op, fmt.Sprintf("%s=%d&%s=%d", p.Page, page, p.Size, max(p.Minimum, 25)))
		body, err := source.DecodeJSON(w.Body.Bytes())
		if err != nil || w.Code != 200 {
			a.t.Errorf("%s: page %d: %d %v", op.ID, page, w.Code, err)
			return
		}
		items, _ := source.Get(body, p.Items)
		list, _ := items.([]any)
		if n, ok := source.Get(body, p.Total); ok && p.Total != "-" {
			text, _ := openapi.Text(n)
			total, _ = strconv.Atoi(text)
		}
		if len(list) == 0 {
			break
		}
		seen += len(list)
	}
	if total >= 0 && seen != total || seen == 0 {
		a.t.Errorf("%s: %d items seen, total %d", op.ID, seen, total)
	}
}
