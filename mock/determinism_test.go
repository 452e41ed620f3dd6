package mock

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"troth/openapi"
)

var update = flag.Bool("update", false, "rewrite golden files")

// asked are the requests whose answers are golden: pages, filters, single items, examples, made values, errors.
var targets = map[string][]string{
	"shop": {
		"/shops/shop1/orders?page=3", "/shops/shop1/orders?perPage=50", "/cursors", "/cursors?limit=3", "/offsets?limit=9", "/plain",
		"/shops/nowhere/orders", "/shops/shop1/orders?perPage=0", "/nowhere",
	},
	"teams": {"/api/teams", "/api/teams?limit=7&offset=20&sort=-size", "/api/teams?colour=blue", "/api/events?per_page=5&order_by=at", "/api/teams/unknown"},
	"atlas": {
		"/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/serverless/Instance0/backup/restoreJobs?itemsPerPage=10",
		"/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/serverless/Instance0/backup/restoreJobs?itemsPerPage=501",
	},
	"media": {"/media/books", "/media/events", "/media/cover", "/media/mixed", "/media/any"},
}

var homes = map[string]string{"shop": "testdata/shop.yaml", "teams": "testdata/teams.yaml", "atlas": "../openapi/atlas/restore-jobs.yaml", "media": "../openapi/testdata/media.yaml"}

func newServer(t *testing.T, name string, opts ...Option) *Server {
	t.Helper()
	d, err := openapi.Load(homes[name])
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(d, append([]Option{WithoutAuth()}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// digestOf is a hash of an answer's status and body.
func digestOf(s *Server, target string) string {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	return fmt.Sprintf("%d %x", w.Code, sha256.Sum256(w.Body.Bytes()))
}

// TestGolden compares answers with those of every other machine and architecture: go test ./mock -run Golden -update rewrites them.
func TestGolden(t *testing.T) {
	var b strings.Builder
	for _, name := range []string{"shop", "teams", "atlas", "media"} {
		for _, target := range targets[name] {
			fmt.Fprintln(&b, name, target, digestOf(newServer(t, name), target))
		}
	}
	const file = "testdata/golden.txt"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("answers differ from %s:\n%s", file, b.String())
	}
}

// TestDeterministic asks servers of their own, in shuffled order from 64 goroutines: one answer for one request, another one for another
// seed.
func TestDeterministic(t *testing.T) {
	for name, list := range targets {
		first, second, other := newServer(t, name), newServer(t, name), newServer(t, name, WithSeed(2))
		want := map[string]string{}
		for _, target := range list {
			want[target] = digestOf(first, target)
		}
		var wg sync.WaitGroup
		for g := range 64 {
			wg.Go(func() {
				dice := rand.New(rand.NewPCG(1, uint64(g)))
				for _, i := range dice.Perm(len(list)) {
					if got := digestOf(second, list[i]); got != want[list[i]] {
						t.Errorf("%s: %s, want %s", list[i], got, want[list[i]])
					}
				}
			})
		}
		wg.Wait()
		if digestOf(other, list[0]) == want[list[0]] {
			t.Errorf("%s: another seed gives the same answer", list[0])
		}
	}
}
