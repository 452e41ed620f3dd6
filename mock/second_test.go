package mock

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"troth/openapi"
	"troth/openapi/atlas"
)

// BenchmarkSecondMock is what one more mock of a loaded document costs: made, and made and asked for one page.
func BenchmarkSecondMock(b *testing.B) {
	doc, err := atlas.Document()
	if err != nil {
		b.Fatal(err)
	}
	conv, err := atlas.Conventions(doc)
	if err != nil {
		b.Fatal(err)
	}
	const list = "http://mock/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/serverless/Instance0/backup/restoreJobs?itemsPerPage=3"
	one := func(b *testing.B) *Server {
		s, err := New(doc, WithConventions(conv), WithoutAuth())
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	asked := func(b *testing.B) {
		resp, err := (&http.Client{Transport: one(b).Transport()}).Get(list)
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatal(err, resp)
		}
	}
	asked(b) // the first one compiles
	b.Run("New", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			one(b)
		}
	})
	b.Run("FirstPage", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			asked(b)
		}
	})
	b.Run("Start", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f := &cleaning{TB: b}
			Start(f, doc, WithConventions(conv))
			f.end()
		}
	})
	b.Run("540", func(b *testing.B) {
		secondOf(b, filepath.Join("..", "..", "shared", "data", "atlas-admin-api-v2.yaml"))
	})
}

// secondOf is New for a document that may not be there.
func secondOf(b *testing.B, path string) {
	if _, err := os.Stat(path); err != nil {
		b.Skip("no ", path)
	}
	doc, err := openapi.Load(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(doc); err != nil {
			b.Fatal(err)
		}
	}
}

// cleaning is a test that ends when it is told to.
type cleaning struct {
	TB
	list []func()
}

func (c *cleaning) Cleanup(f func()) { c.list = append(c.list, f) }

func (c *cleaning) end() {
	for i := len(c.list) - 1; i >= 0; i-- {
		c.list[i]()
	}
}
