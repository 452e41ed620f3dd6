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

// discard is a response writer that costs nothing; the header of the last answer is gone with the next.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// BenchmarkServe is one request in process. known: the very page was answered before. new: it was not, but its items were seen in other
// pages. cold: nobody asked for anything of this collection before, so that its IDs and items are made as well. read: one item, known.
func BenchmarkServe(b *testing.B) {
	for _, size := range []int{3, 50} {
		b.Run("known/"+strconv.Itoa(size), func(b *testing.B) { benchServe(b, pages(size, 1), false) })
		b.Run("new/"+strconv.Itoa(size), func(b *testing.B) { benchServe(b, pages(size, 250/size), true) })
		b.Run("cold/"+strconv.Itoa(size), func(b *testing.B) { benchCold(b, size) })
	}
}

// pages are requests for the first n pages of a list.
func pages(size, n int) []*http.Request {
	list := make([]*http.Request, n)
	for i := range list {
		list[i] = httptest.NewRequest("GET", "/v1/shops/shop1/orders?perPage="+strconv.Itoa(size)+"&page="+strconv.Itoa(i+1), nil)
	}
	return list
}

// benchServe sends requests in turn. fresh forgets the answers, not the items, whenever the last of them was answered.
func benchServe(b *testing.B, requests []*http.Request, fresh bool) {
	s, err := New(shop(b), WithoutAuth())
	if err != nil {
		b.Fatal(err)
	}
	w := &discard{http.Header{}}
	serve := func(i int) {
		if fresh && i == 0 {
			s.memo.clear()
		}
		clear(w.header)
		s.ServeHTTP(w, requests[i])
	}
	for i := range requests {
		serve(i)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		serve(i)
		i = (i + 1) % len(requests)
	}
}

// BenchmarkSmallReply is routing, validation and making of one page of 3 items of the default document: what is done for a reply that is not
// known, but for writing it. The items were seen in other pages.
func BenchmarkSmallReply(b *testing.B) {
	d, err := openapi.Load("../openapi/atlas/restore-jobs.yaml")
	if err != nil {
		b.Fatal(err)
	}
	s, err := New(d, WithoutAuth())
	if err != nil {
		b.Fatal(err)
	}
	requests := make([]*http.Request, 250/3)
	for i := range requests {
		requests[i] = httptest.NewRequest("GET", restoreJobs+"?itemsPerPage=3&pageNum="+strconv.Itoa(i+1), nil)
	}
	i := 0
	answer := func() {
		if i == 0 {
			s.memo.clear()
		}
		if _, err := s.route(&Call{Request: requests[i]}); err != nil {
			b.Fatal(err)
		}
		i = (i + 1) % len(requests)
	}
	for range requests {
		answer()
	}
	b.ReportAllocs()
	for b.Loop() {
		answer()
	}
}

// restoreJobs is the list of the default document.
const restoreJobs = "/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/serverless/Instance0/backup/restoreJobs"

func benchCold(b *testing.B, size int) {
	s, err := New(shop(b), WithoutAuth(), WithOpenWorld())
	if err != nil {
		b.Fatal(err)
	}
	w := &discard{http.Header{}}
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		clear(w.header)
		s.ServeHTTP(w, httptest.NewRequest("GET", "/v1/shops/shop"+strconv.Itoa(n)+"/orders?perPage="+strconv.Itoa(size), nil))
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
		target := restoreJobs + "?itemsPerPage=" + strconv.Itoa(size)
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
