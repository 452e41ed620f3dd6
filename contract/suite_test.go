package contract_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/atlas"
	"troth/openapi/convention"
)

// params collects -param name=value, which may be given several times.
type params []string

func (p *params) String() string { return strings.Join(*p, ",") }

func (p *params) Set(v string) error {
	if !strings.Contains(v, "=") {
		return fmt.Errorf("%q: want name=value", v)
	}
	*p = append(*p, v)
	return nil
}

// The flags of go test ./contract; each has an environment variable for CI.
var (
	target    = flag.String("target", os.Getenv("TROTH_TARGET"), "URL of the implementation to judge; the built-in mock without it (TROTH_TARGET)")
	document  = flag.String("document", os.Getenv("TROTH_DOCUMENT"), "path of the OpenAPI document; the default document without it (TROTH_DOCUMENT)")
	bearer    = flag.String("bearer", os.Getenv("TROTH_BEARER"), "bearer token (TROTH_BEARER)")
	digest    = flag.String("digest", os.Getenv("TROTH_DIGEST"), "user:password for digest (TROTH_DIGEST)")
	write     = flag.Bool("write", os.Getenv("TROTH_WRITE") != "", "send requests that change something, too (TROTH_WRITE)")
	knownFile = flag.String("known", os.Getenv("TROTH_KNOWN"), "file of known findings (TROTH_KNOWN)")
	given     params
)

func TestMain(m *testing.M) {
	flag.Var(&given, "param", "name=value of a path or query parameter that exists, may be given several times (TROTH_PARAM, separated by commas)")
	flag.Parse()
	if env := os.Getenv("TROTH_PARAM"); env != "" && len(given) == 0 {
		for v := range strings.SplitSeq(env, ",") {
			if err := given.Set(v); err != nil {
				fmt.Fprintln(os.Stderr, "TROTH_PARAM:", err)
				os.Exit(2)
			}
		}
	}
	if err := onlyTarget(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}

// onlyTarget leaves out the tests of the suite itself where a target is judged, unless -run chooses.
func onlyTarget() error {
	if run := flag.Lookup("test.run"); *target != "" && run.Value.String() == "" {
		return run.Value.Set("^TestContract$")
	}
	return nil
}

// TestContract judges -target, else the built-in mock: one subtest operationId/check-id for each case.
func TestContract(t *testing.T) {
	doc, conv := loadDocument(t, *document)
	var opts []contract.TargetOption
	url := *target
	if url == "" {
		m := mock.Start(t, doc, mock.WithConventions(conv), mock.WithInvalidRequests())
		builtin, err := contract.ForSchemes(doc, "public", "private", "token", "key")
		if err != nil {
			t.Fatal(err)
		}
		url, opts = m.URL, append(builtin, contract.Write())
	}
	for _, p := range given {
		name, value, _ := strings.Cut(p, "=")
		opts = append(opts, contract.Param(name, value))
	}
	if *bearer != "" {
		opts = append(opts, contract.Bearer(*bearer))
	}
	if user, password, ok := strings.Cut(*digest, ":"); ok {
		opts = append(opts, contract.Digest(user, password))
	}
	if *write {
		opts = append(opts, contract.Write())
	}
	to, err := contract.NewTarget(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	contract.Test(t, doc, to, checks.All(), contract.Conventions(conv), contract.Muted(readKnown(t, *knownFile)))
}

func loadDocument(t testing.TB, path string) (*openapi.Document, *convention.Conventions) {
	t.Helper()
	var doc *openapi.Document
	var conv *convention.Conventions
	var err error
	if path == "" {
		if doc, err = atlas.Document(); err == nil {
			conv, err = atlas.Conventions(doc)
		}
	} else if doc, err = openapi.Load(fromRoot(path)); err == nil {
		conv, err = convention.Beside(doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	return doc, conv
}

// fromRoot finds a file that the user names from the directory of go.mod: go test runs in the package's own.
func fromRoot(path string) string {
	if _, err := os.Stat(path); err != nil && !filepath.IsAbs(path) {
		return filepath.Join("..", path)
	}
	return path
}

func readKnown(t *testing.T, path string) *contract.Known {
	t.Helper()
	if path == "" {
		return nil
	}
	f, err := os.Open(fromRoot(path))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	known, err := contract.ReadKnown(path, f)
	if err != nil {
		t.Fatal(err)
	}
	return known
}
