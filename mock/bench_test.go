package mock

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"troth/openapi"
)

// BenchmarkFirstAnswer is loading the real document and answering one request.
func BenchmarkFirstAnswer(b *testing.B) {
	for b.Loop() {
		d := loadReal(b)
		s, err := New(d, WithoutAuth())
		if err != nil {
			b.Fatal(err)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/api/atlas/v2/groups?itemsPerPage=3", nil))
		if w.Code != 200 {
			b.Fatal(w.Code, w.Body)
		}
	}
}

// discard is a response writer that costs nothing.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// BenchmarkServe is one request in process: known (answered before) and new (made for this request).
func BenchmarkServe(b *testing.B) {
	for _, size := range []int{3, 50} {
		b.Run("known/"+strconv.Itoa(size), func(b *testing.B) { benchServe(b, size, false) })
		b.Run("new/"+strconv.Itoa(size), func(b *testing.B) { benchServe(b, size, true) })
	}
}

func benchServe(b *testing.B, size int, fresh bool) {
	s, err := New(shop(b), WithoutAuth())
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/v1/shops/shop1/orders?perPage="+strconv.Itoa(size), nil)
	b.ReportAllocs()
	for b.Loop() {
		if fresh {
			s.memo.clear()
		}
		s.ServeHTTP(&discard{http.Header{}}, r)
	}
}

// BenchmarkHTTP compares the mock of the default document with a bare net/http handler that writes the same bytes, over loopback with
// keep-alive.
func BenchmarkHTTP(b *testing.B) {
	d, err := openapi.Load("../openapi/atlas/restore-jobs.yaml")
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []int{3, 100} {
		s, err := New(d, WithoutAuth())
		if err != nil {
			b.Fatal(err)
		}
		const list = "/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/serverless/Instance0/backup/restoreJobs?itemsPerPage="
		target := list + strconv.Itoa(size)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		body, header := w.Body.Bytes(), w.Header()
		bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range header {
				w.Header()[name] = values
			}
			_, _ = w.Write(body)
		})
		b.Run("mock/"+strconv.Itoa(size), func(b *testing.B) { benchHTTP(b, s, target) })
		b.Run("bare/"+strconv.Itoa(size), func(b *testing.B) { benchHTTP(b, bare, target) })
	}
}

func benchHTTP(b *testing.B, h http.Handler, target string) {
	server := httptest.NewServer(h)
	defer server.Close()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := server.Client().Get(server.URL + target)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}
