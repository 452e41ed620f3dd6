package contract_test

import (
	"bytes"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

const shop = "../mock/testdata/shop.yaml"

// run judges a mock of a document, in process, as a user with digest credentials would.
func run(t *testing.T, path string, opts ...mock.Option) *contract.Report {
	t.Helper()
	doc, conv := loadDocument(t, path)
	s, err := mock.New(doc, append([]mock.Option{mock.WithConventions(conv)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	target, err := contract.NewTarget("http://mock.example", contract.Handler(s), credentials(path), contract.Write())
	if err != nil {
		t.Fatal(err)
	}
	report, err := contract.Run(t.Context(), doc, conv, target, checks.All())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// credentials are digest for the default document; the shop's operations have several schemes, of which each takes one field.
func credentials(path string) contract.TargetOption {
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
		"default": nil, "few": {mock.WithItems(3)}, "one": {mock.WithItems(1)}, "none": {mock.WithItems(0), mock.WithOpenWorld()}, "seed": {mock.WithSeed(7)},
		"many": {mock.WithItems(700)},
	} {
		for _, path := range []string{"", shop} {
			if r := run(t, path, opts...); r.ExitCode(contract.Advice) != contract.ExitKept {
				t.Errorf("%s %s: exit %d\n%s", name, path, r.ExitCode(contract.Advice), text(t, r))
			}
		}
	}
}

// TestMatrix wants every planted defect to be caught by its check, on both documents where the document has what it breaks.
func TestMatrix(t *testing.T) {
	caughtByEach := map[string]bool{}
	for _, d := range mock.Defects() {
		t.Run(d.Name, func(t *testing.T) {
			for _, path := range []string{"", shop} {
				r := run(t, path, mock.WithDefect(d.Name))
				caught := false
				for _, o := range r.Outcomes {
					caught = caught || o.Check == d.Breaks && o.Verdict == contract.Fail
				}
				if !caught || r.ExitCode(contract.Should) != contract.ExitBroken {
					t.Errorf("document %q: %s does not catch it\n%s", path, d.Breaks, text(t, r))
				}
			}
		})
		caughtByEach[d.Breaks] = true
	}
	for _, c := range checks.All() {
		if !caughtByEach[c.ID] {
			t.Errorf("check %s has no planted defect", c.ID)
		}
	}
}

// TestBudget keeps the number of requests for the default document's list within design.md's 150.
func TestBudget(t *testing.T) {
	if r := run(t, ""); r.Requests > 150 || len(r.Outcomes) < 30 {
		t.Errorf("%d requests for %d cases", r.Requests, len(r.Outcomes))
	} else {
		t.Logf("%d requests for %d cases", r.Requests, len(r.Outcomes))
	}
}
