package contract_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

var changingRuns = flag.Int("changing-runs", 6, "how many runs over a collection that others write to; 100 for the whole proof")

// others create and delete jobs of a mock while it is judged, as other clients would: before some of the requests, by its own operations.
type others struct {
	next    http.Handler
	path    string
	mu      sync.Mutex
	dice    *rand.Rand
	created int
}

func (o *others) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	if o.dice.IntN(3) == 0 {
		o.create()
	}
	o.mu.Unlock()
	o.next.ServeHTTP(w, r)
}

func (o *others) create() {
	o.created++
	body := fmt.Sprintf(`{"deliveryType":"automated","targetClusterName":"Other%d","targetGroupId":%q}`, o.created, tenants[0])
	r := httptest.NewRequest(http.MethodPost, o.path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/vnd.atlas.2023-01-01+json")
	r.Header.Set("Authorization", "Bearer token")
	w := httptest.NewRecorder()
	o.next.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		panic(fmt.Sprintf("creating was answered %d %s", w.Code, w.Body))
	}
}

// judgeAmidWrites judges a mock that others write to.
func judgeAmidWrites(t *testing.T, seed uint64, opts ...mock.Option) *contract.Report {
	t.Helper()
	doc, conv := loadDocument(t, "")
	s, err := mock.New(doc, append([]mock.Option{mock.WithConventions(conv), mock.WithItems(120)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	path := "/api/atlas/v2/groups/" + tenants[0] + "/serverless/Instance0/backup/restoreJobs"
	amid := &others{next: s, path: path, dice: rand.New(rand.NewPCG(seed, 1))}
	target, err := contract.NewTarget("http://mock.example", contract.Handler(amid), contract.Bearer("token"), contract.Write())
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, conv, target, checks.All())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestInsertedWhileWalked wants silence however others write to a list while it is walked, and a defect to be caught on a list at rest.
func TestInsertedWhileWalked(t *testing.T) {
	for seed := range uint64(*changingRuns) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			if r := judgeAmidWrites(t, seed); r.Summary.Must+r.Summary.Should+r.Summary.Advice > 0 {
				var b bytes.Buffer
				if err := r.Text(io.Writer(&b), false); err != nil {
					t.Fatal(err)
				}
				t.Error(b.String())
			}
		})
	}
	t.Run("a defect is found all the same", func(t *testing.T) {
		r := judgeAmidWrites(t, 1, mock.WithDefect("member-mistyped"))
		if r.ExitCode(contract.Must) != contract.ExitBroken {
			t.Error("a member of the wrong type is not found while others write")
		}
	})
}
