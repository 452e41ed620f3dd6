package contract_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// The documents that defects are planted in, beside the default one.
const (
	shop  = "../mock/testdata/shop.yaml"
	shelf = "testdata/shelf.yaml"
	memos = "testdata/memos.yaml" // what is written, with preconditions and secrets
)

// planted are the documents that defects are planted in.
func planted() []string { return []string{"", shop, shelf, memos} }

// run judges a mock of a document, in process, as a user with a token and digest credentials would.
func run(t *testing.T, path string, opts ...mock.Option) *contract.Report {
	t.Helper()
	return behind(t, path, nil, func(h http.Handler) http.Handler { return h }, opts...)
}

// behind judges a mock that something stands before.
func behind(t *testing.T, path string, how []contract.Option, before func(http.Handler) http.Handler, opts ...mock.Option) *contract.Report {
	t.Helper()
	doc, conv := loadDocument(t, path)
	s, err := mock.New(doc, append(append(parents(doc), mock.WithConventions(conv)), opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	target, err := contract.NewTarget("http://mock.example", append(asked(doc), contract.Handler(before(s)), contract.Bearer("token"), credentials(path), contract.Write())...)
	if err != nil {
		t.Fatal(err)
	}
	report, err := contract.Run(t.Context(), doc, conv, target, checks.All(), how...)
	if err != nil {
		t.Fatal(err)
	}
	valid(t, report)
	return report
}

// credentials are digest for the default document; the shop's operations have several schemes, of which each takes one field.
func credentials(path string) contract.TargetOption {
	if path == memos {
		return contract.Bearer("token")
	}
	if path == shop {
		return func(t *contract.Target) {
			contract.Header("X-Key", "key")(t)
			contract.Digest("public", "private")(t)
		}
	}
	return contract.Digest("public", "private")
}

func text(t *testing.T, r *contract.Report) string {
	var b bytes.Buffer
	if err := r.Text(&b, false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestHealthy wants silence on servers that keep every promise.
func TestHealthy(t *testing.T) {
	for name, opts := range map[string][]mock.Option{
		"default": nil, "few": {mock.WithItems(3)}, "one": {mock.WithItems(1)}, "none": {mock.WithItems(0)}, "seed": {mock.WithSeed(7)},
		"many": {mock.WithItems(700)},
	} {
		for _, path := range planted() {
			if r := run(t, path, opts...); r.ExitCode(contract.Advice) != contract.ExitKept {
				t.Errorf("%s %s: exit %d\n%s", name, path, r.ExitCode(contract.Advice), text(t, r))
			}
		}
	}
}

// some are all of a list, or with -short every twentieth: the race detector takes five times as long, and make test runs all without it.
func some[T any](list []T) (chosen []T) {
	for i, v := range list {
		if !testing.Short() || i%20 == 0 {
			chosen = append(chosen, v)
		}
	}
	return chosen
}

// TestMatrix wants every planted defect to be caught by its check, on every document that has what it breaks.
func TestMatrix(t *testing.T) {
	caughtByEach := map[string]bool{}
	for _, d := range mock.Defects() {
		caughtByEach[d.Breaks] = true
	}
	for _, d := range some(mock.Defects()) {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			items := 120 // two pages of the default size
			if d.Breaks == "items-steady" {
				items = 30 // one: that shows them all
			}
			judged := 0 // where a narrow defect is not caught, the document may have no room for it
			for _, path := range planted() {
				if !applies(t, path, d.Breaks) {
					continue
				}
				r := run(t, path, mock.WithItems(items), mock.WithDefect(d.Name))
				caught, judges := false, false
				for _, o := range r.Outcomes {
					judges = judges || o.Check == d.Breaks && o.Verdict != contract.Skipped
					caught = caught || o.Check == d.Breaks && o.Verdict == contract.Fail
				}
				judges = judges && (caught || !d.Narrow())
				if judges {
					judged++
				}
				if judges && (!caught || r.ExitCode(levelOf(d.Breaks)) != contract.ExitBroken) {
					t.Errorf("document %q: %s does not catch it\n%s", path, d.Breaks, text(t, r))
				}
			}
			if judged == 0 {
				t.Errorf("%s judges it on no document", d.Breaks)
			}
		})
	}
	for _, c := range checks.All() {
		if !caughtByEach[c.ID] {
			t.Errorf("check %s has no planted defect", c.ID)
		}
	}
}

// applies tells whether a check has a case on a document.
func applies(t *testing.T, path, check string) bool {
	doc, conv := loadDocument(t, path)
	plan, err := contract.Plan(doc, conv, checks.All(), contract.Only("*/"+check))
	if err != nil {
		t.Fatal(err)
	}
	return len(plan) > 0
}

func levelOf(check string) contract.Level {
	for _, c := range checks.All() {
		if c.ID == check {
			return min(c.Level, contract.Should)
		}
	}
	return contract.Should
}

// TestBudget keeps the number of requests for the default operation within design.md's 150.
func TestBudget(t *testing.T) {
	doc, conv := loadDocument(t, "")
	s, err := mock.New(doc, mock.WithConventions(conv))
	if err != nil {
		t.Fatal(err)
	}
	target, err := contract.NewTarget("http://mock.example", contract.Handler(s), credentials(""), contract.Bearer("token"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, conv, target, checks.All(), contract.Only("listServerlessRestoreJobs/*"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Requests > 150 || len(r.Outcomes) < 30 {
		t.Errorf("%d requests for %d cases", r.Requests, len(r.Outcomes))
	} else {
		t.Logf("%d requests for %d cases", r.Requests, len(r.Outcomes))
	}
}

// TestSameVerdicts judges with many workers: requests, verdicts and findings are the same each time.
func TestSameVerdicts(t *testing.T) {
	doc, conv := loadDocument(t, shop)
	var first string
	for i := range 20 {
		s, err := mock.New(doc, mock.WithConventions(conv), mock.WithDefect("stack-trace"))
		if err != nil {
			t.Fatal(err)
		}
		target, err := contract.NewTarget("http://mock.example", contract.Handler(s), credentials(shop))
		if err != nil {
			t.Fatal(err)
		}
		r, err := contract.Run(t.Context(), doc, conv, target, checks.All(), contract.Concurrency(1+i%8))
		if err != nil {
			t.Fatal(err)
		}
		r.Duration = 0
		var b bytes.Buffer
		if err := r.JSON(&b); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = b.String()
		} else if b.String() != first {
			t.Fatalf("run %d differs: %s", i, difference(first, b.String()))
		}
	}
}

// difference is the first line that differs, with some before it.
func difference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return strings.Join(x[max(i-12, 0):i+1], "\n") + "\n--- other:\n" + y[i]
		}
	}
	return "the lengths"
}
