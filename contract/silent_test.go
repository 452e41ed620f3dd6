package contract_test

import (
	"path/filepath"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

// TestSilentDocuments judges healthy mocks of small documents, each of a form in which the suite or the mock once was at fault, and of the documents of
// twelve invented companies, each of a style of its own.
func TestSilentDocuments(t *testing.T) {
	small, err := filepath.Glob("testdata/silent/*.yaml")
	if err != nil || len(small) == 0 {
		t.Fatal(small, err)
	}
	strangers, err := filepath.Glob("testdata/strangers/*.yaml")
	if err != nil || len(strangers) == 0 {
		t.Fatal(strangers, err)
	}
	paths := append(small, strangers...)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			t.Parallel()
			doc, err := openapi.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			r, err := judgeHealthy(t, doc)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range r.Outcomes {
				for _, f := range o.Findings {
					t.Errorf("%s: %s %s %s: want %s, got %s; %s", o.Case, f.Where, f.Pointer, f.Keyword, f.Want, f.Got, strings.Join(f.Curl, " ; "))
				}
				if o.Verdict == contract.Error {
					t.Errorf("%s: %s", o.Case, o.Reason)
				}
			}
		})
	}
}

// TestMessageFields judges a healthy mock over a connection, where clients write fields of their own.
func TestMessageFields(t *testing.T) {
	doc, err := openapi.Load("testdata/silent/message-fields.yaml")
	if err != nil {
		t.Fatal(err)
	}
	target, err := contract.NewTarget(mock.Start(t, doc, mock.WithInvalidRequests()).URL, contract.Write())
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, convention.Infer(doc), target, checks.All())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			t.Errorf("%s: %s %s: want %s, got %s; %s", o.Case, f.Where, f.Keyword, f.Want, f.Got, strings.Join(f.Curl, " ; "))
		}
	}
}
