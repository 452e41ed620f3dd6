package contract_test

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

var (
	silenceIn    = flag.String("silence", "", "`folder` of documents whose mocks are judged (make silence DOCUMENTS=…)")
	silenceCount = flag.Int("most", 100, "how many of the folder's documents are judged; 0: every one that loads")
	silenceSize  = flag.Int64("size", 150_000, "largest document, in `bytes`")
	silenceShow  = flag.Int("show", 4, "how many findings and errors of each document are printed")
	silenceSkip  = flag.Int("skip", 0, "leave out the first `N` documents of each kind: others are chosen")
)

// TestSilence judges healthy mocks of many documents, in process and with writes. It fails on any finding.
func TestSilence(t *testing.T) {
	if *silenceIn == "" {
		t.Skip("skipped: needs -silence FOLDER (make silence DOCUMENTS=FOLDER)")
	}
	chosen := choose(documentsIn(t, *silenceIn), *silenceCount)
	kinds, lists := map[string]int{}, map[string]int{}
	var total silence
	var mu sync.Mutex
	work := make(chan *candidate)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for d := range work {
				s := silenceOf(t, d)
				mu.Lock()
				total.add(s)
				for _, kind := range d.kinds {
					kinds[kind]++
					lists[kind] += d.lists[kind]
				}
				name, _ := filepath.Rel(*silenceIn, d.path)
				fmt.Printf("%-60s %-12s %s\n", name, strings.Join(d.kinds, " "), s.line())
				for _, note := range s.notes {
					fmt.Println("    " + note)
				}
				mu.Unlock()
			}
		})
	}
	for _, d := range chosen {
		work <- d
	}
	close(work)
	workers.Wait()
	fmt.Println()
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Printf("%-6s %d documents", kind, kinds[kind])
		if lists[kind] > 0 {
			fmt.Printf(", %d lists", lists[kind])
		}
		fmt.Println()
	}
	fmt.Printf("%d documents: %s\n", len(chosen), total.line())
	if total.findings > 0 || len(chosen) == 0 {
		t.Errorf("%d findings on healthy mocks of %d documents", total.findings, len(chosen))
	}
}

// candidate is a document that may be chosen, and what it is an example of: its version of OpenAPI and its styles of paging.
type candidate struct {
	path  string
	kinds []string
	lists map[string]int // how many operations page in each style
}

func documentsIn(t *testing.T, root string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains([]string{".json", ".yaml", ".yml"}, filepath.Ext(path)) {
			return err
		}
		if info, err := os.Stat(path); err == nil && info.Size() <= *silenceSize {
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// choose takes documents in turn from those of each kind, every n-th one in the folder's order, so that each kind is there and nobody picks.
func choose(paths []string, most int) (chosen []*candidate) {
	all := classified(paths)
	if most == 0 {
		return all
	}
	of := map[string][]*candidate{}
	for _, d := range all {
		for _, kind := range d.kinds {
			of[kind] = append(of[kind], d)
		}
	}
	taken := map[*candidate]bool{}
	for round := *silenceSkip; len(chosen) < most; round++ {
		before := len(chosen)
		for _, kind := range []string{"page", "offset", "cursor", "link", "3.1", "3.0"} {
			list := of[kind]
			if step := max(len(list)*6/most, 1); round*step < len(list) && !taken[list[round*step]] && len(chosen) < most {
				taken[list[round*step]] = true
				chosen = append(chosen, list[round*step])
			}
		}
		if len(chosen) == before && round > 6*most {
			break
		}
	}
	return chosen
}

func classified(paths []string) (all []*candidate) {
	found := make([]*candidate, len(paths))
	var workers sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				if kinds, lists := kindsOf(paths[i]); kinds != nil {
					found[i] = &candidate{paths[i], kinds, lists}
				}
			}
		})
	}
	for i := range paths {
		next <- i
	}
	close(next)
	workers.Wait()
	return slices.DeleteFunc(found, func(c *candidate) bool { return c == nil })
}

// kindsOf are the version and the styles of paging of a document, nil where it does not load.
func kindsOf(path string) (kinds []string, lists map[string]int) {
	doc, err := openapi.Load(path)
	if err != nil || len(doc.Operations) == 0 {
		return nil, nil
	}
	conv, err := convention.Beside(doc)
	if err != nil {
		return nil, nil
	}
	lists = map[string]int{}
	kinds = []string{doc.OpenAPI[:3]}
	for _, o := range doc.Operations {
		op, err := o.Compile()
		if err != nil {
			return nil, nil
		}
		if p := conv.Pagination(op); p != nil {
			if lists[p.Style]++; lists[p.Style] == 1 {
				kinds = append(kinds, p.Style)
			}
		}
	}
	return kinds, lists
}

// silence counts what judging came to.
type silence struct {
	operations, cases, passed, findings, skipped, errors, refused, requests int
	took                                                                    time.Duration
	notes                                                                   []string
}

func (s *silence) add(o *silence) {
	s.operations += o.operations
	s.cases += o.cases
	s.passed += o.passed
	s.findings += o.findings
	s.skipped += o.skipped
	s.errors += o.errors
	s.refused += o.refused
	s.requests += o.requests
	s.took += o.took
}

func (s *silence) line() string {
	return fmt.Sprintf("%d operations, %d cases, %d passed, %d findings, %d skipped, %d not judged, %d of operations that no server can serve, %d requests, %v",
		s.operations, s.cases, s.passed, s.findings, s.skipped, s.errors, s.refused, s.requests, s.took.Round(time.Millisecond))
}

func silenceOf(t *testing.T, d *candidate) *silence {
	doc, err := openapi.Load(d.path)
	if err != nil {
		t.Errorf("%s: %v", d.path, err)
		return &silence{}
	}
	began := time.Now()
	r, err := judgeHealthy(t, doc)
	if err != nil {
		t.Errorf("%s: %v", d.path, err)
		return &silence{}
	}
	s := &silence{
		operations: len(doc.Operations), cases: r.Summary.Cases, passed: r.Summary.Passed, skipped: r.Summary.Skips, errors: r.Summary.Errors,
		findings: r.Summary.Must + r.Summary.Should + r.Summary.Advice, requests: r.Requests, took: time.Since(began),
	}
	told, refused := map[string]bool{}, refusedBy(doc)
	for _, o := range r.Outcomes {
		if refused[o.Operation] {
			s.leave(o)
			continue
		}
		for _, f := range o.Findings {
			s.note("%s: %s %s %s: want %s, got %s; %s", o.Case, f.Where, f.Pointer, f.Keyword, f.Want, f.Got, strings.Join(f.Curl, " ; "))
		}
		if o.Verdict == contract.Error && !told[o.Reason] {
			told[o.Reason] = true
			s.note("%s: %s", o.Case, o.Reason)
		}
	}
	return s
}

// refusedBy are the operations that no server can answer as the document says, as the mock tells when it starts.
func refusedBy(doc *openapi.Document) map[string]bool {
	refused := map[string]bool{}
	for op, err := range mock.Refusals(doc) {
		if err != nil {
			refused[op.ID] = true
		}
	}
	return refused
}

// leave takes a case out of the counts: it is told as one of a refused operation.
func (s *silence) leave(o contract.Outcome) {
	s.cases, s.refused = s.cases-1, s.refused+1
	s.findings -= len(o.Findings)
	switch o.Verdict {
	case contract.Pass:
		s.passed--
	case contract.Skipped:
		s.skipped--
	case contract.Error:
		s.errors--
	}
}

func (s *silence) note(format string, args ...any) {
	if text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " "); len(s.notes) < *silenceShow {
		s.notes = append(s.notes, text[:min(len(text), 7000)])
	}
}

// judgeHealthy judges a mock of a document in process.
func judgeHealthy(t *testing.T, doc *openapi.Document, opts ...mock.Option) (*contract.Report, error) {
	conv, err := convention.Beside(doc)
	if err != nil {
		return nil, err
	}
	var server http.Handler
	if server, err = mock.New(doc, append([]mock.Option{mock.WithConventions(conv), mock.WithItems(60)}, opts...)...); err != nil {
		return nil, err
	}
	credentials, err := contract.ForSchemes(doc, "public", "private", "token", "key")
	if err != nil {
		return nil, err
	}
	target, err := contract.NewTarget("http://mock.example", append(credentials, contract.Handler(server), contract.Write())...)
	if err != nil {
		return nil, err
	}
	return contract.Run(t.Context(), doc, conv, target, checks.All())
}
