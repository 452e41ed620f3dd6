package mock

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"troth/openapi"
)

// TestStencils walks lists of every style and size by two servers, one of which builds each page as a value and judges the whole: both
// send the same bytes.
func TestStencils(t *testing.T) {
	atlas, err := openapi.Load("../openapi/atlas/restore-jobs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const jobs = "/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/serverless/Instance0/backup/restoreJobs"
	for _, c := range []struct {
		doc     *openapi.Document
		path    string
		printed bool // stencils are used
	}{
		{shop(t), "/v1/shops/shop1/orders?perPage=7&page=%d", true},
		{shop(t), "/v1/shops/shop1/orders?x=%%22%%26&perPage=50&page=%d&includeCount=false", true},
		{shop(t), "/cursors?limit=30&cursor=%d", false}, // refused cursors but the first page
		{shop(t), "/offsets?limit=10&offset=%d", false}, // a bare array
		{atlas, jobs + "?itemsPerPage=9&pageNum=%d", true},
		{atlas, jobs + "?itemsPerPage=500&pageNum=%d&includeCount=false&envelope=true&pretty=true", true},
	} {
		printing, building := server(t, c.doc), server(t, c.doc)
		building.tweaks.whole = true
		for n := range 40 {
			url := fmt.Sprintf(c.path, n)
			want, got := httptest.NewRecorder(), httptest.NewRecorder()
			building.ServeHTTP(want, httptest.NewRequest("GET", url, nil))
			printing.ServeHTTP(got, httptest.NewRequest("GET", url, nil))
			if got.Code != want.Code || got.Body.String() != want.Body.String() {
				t.Fatalf("%s: %d %s, want %d %s", url, got.Code, got.Body, want.Code, want.Body)
			}
		}
		if n := stencilsOf(printing); (n > 0) != c.printed {
			t.Errorf("%s: %d stencils", c.path, n)
		}
		if n := stencilsOf(building); n > 0 {
			t.Errorf("%s: %d stencils where pages are built", c.path, n)
		}
	}
}

func server(t *testing.T, doc *openapi.Document) *Server {
	s, err := New(doc, WithoutAuth())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func stencilsOf(s *Server) (n int) {
	for _, c := range s.world.kept {
		for _, f := range c.frames.list {
			for _, cut := range f.stencils.kept {
				if cut != nil {
					n++
				}
			}
		}
	}
	return n
}

// TestStencilsJudge: what a constraint of a number, a text or the array refuses on a later page is not printed.
func TestStencilsJudge(t *testing.T) {
	const document = `{openapi: 3.1.0, info: {title: t, version: "1"}, paths: {/things: {get: {operationId: list,
		parameters: [{name: page, in: query, schema: {type: integer, minimum: 1}}, {name: perPage, in: query, schema: {type: integer, maximum: 20}}],
		responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [items, page], properties: {
			items: {type: array, %s items: {type: object, required: [id], properties: {id: {type: string}}}}, total: {type: integer},
			page: {type: integer, %s}, links: {type: array, items: {type: object, properties: {rel: {type: string}, href: {type: string, %s}}}}}}}}}}}}}}`
	for name, constraints := range map[string][3]string{
		"number": {"", "maximum: 3", ""},
		"text":   {"", "minimum: 0", "maxLength: 50"},
		"array":  {"minItems: 20,", "minimum: 0", ""},
		"unique": {"uniqueItems: true,", "minimum: 0", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := openapi.Parse("things.yaml", fmt.Appendf(nil, document, constraints[0], constraints[1], constraints[2]))
			if err != nil {
				t.Fatal(err)
			}
			printing, building := server(t, d), server(t, d)
			building.tweaks.whole = true
			for n := range 15 {
				url := fmt.Sprintf("/things?perPage=20&page=%d", n+1)
				want, got := httptest.NewRecorder(), httptest.NewRecorder()
				building.ServeHTTP(want, httptest.NewRequest("GET", url, nil))
				printing.ServeHTTP(got, httptest.NewRequest("GET", url, nil))
				if got.Code != want.Code || got.Body.String() != want.Body.String() {
					t.Fatalf("%s: %d %s, want %d %s", url, got.Code, got.Body, want.Code, want.Body)
				}
			}
		})
	}
}
