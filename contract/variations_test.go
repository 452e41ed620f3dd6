package contract_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

// testDocuments are the documents that the suite is judged on: the default one and those of the mock's own tests, which have every style of
// paging.
func testDocuments() []string {
	return []string{"", shop, "../mock/testdata/jobs.yaml", "../mock/testdata/teams.yaml", memos}
}

// TestVariations wants silence on servers that differ from the mock in ways that the documents allow, over loopback.
func TestVariations(t *testing.T) {
	for _, v := range some(mock.Variations()) {
		for _, path := range testDocuments() {
			t.Run(v.Name+" "+path[strings.LastIndexByte(path, '/')+1:], func(t *testing.T) {
				t.Parallel()
				doc, conv := loadAlone(t, path)
				s, err := mock.New(doc, append(parents(doc), mock.WithConventions(conv), mock.WithVariation(v.Name))...)
				if err != nil {
					t.Fatal(err)
				}
				server := httptest.NewServer(s)
				defer server.Close()
				wantSilence(t, server.URL, doc, conv, path)
			})
		}
	}
}

// loadAlone loads a document; the troth.yaml beside those of the mock is the shop's.
func loadAlone(t *testing.T, path string) (*openapi.Document, *convention.Conventions) {
	t.Helper()
	doc, conv := loadDocument(t, path)
	if path != "" && path != shop {
		conv = convention.Infer(doc)
	}
	return doc, conv
}

// wantSilence judges a server with writes.
func wantSilence(t *testing.T, url string, doc *openapi.Document, conv *convention.Conventions, path string) {
	t.Helper()
	opts := append(asked(doc), contract.Write())
	if path == "" {
		opts = append(opts, contract.Bearer("token")) // digest is asked twice for each request
	} else {
		opts = append(opts, credentials(path))
	}
	target, err := contract.NewTarget(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	report, err := contract.Run(t.Context(), doc, conv, target, checks.All())
	if err != nil {
		t.Fatal(err)
	}
	if report.ExitCode(contract.Advice) != contract.ExitKept {
		t.Errorf("exit %d\n%s", report.ExitCode(contract.Advice), text(t, report))
	}
}

// TestVariationsTogether wants silence where several variations meet.
func TestVariationsTogether(t *testing.T) {
	doc, conv := loadDocument(t, "")
	var opts []mock.Option
	for _, name := range []string{"clamping", "optional-sparse", "extra-members", "gzip", "charset-quoted", "members-reversed", "links-relative", "wrong-credentials-403", "changing"} {
		opts = append(opts, mock.WithVariation(name))
	}
	s, err := mock.New(doc, append(append(parents(doc), mock.WithConventions(conv)), opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.Handler(s))
	defer server.Close()
	wantSilence(t, server.URL, doc, conv, "")
}
