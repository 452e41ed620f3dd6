package gen_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"troth/gen"
	"troth/gen/restorejobs"
	"troth/openapi/atlas"
)

// The committed code is what the default document gives.
func TestRestoreJobsUpToDate(t *testing.T) {
	doc, err := atlas.Document()
	if err != nil {
		t.Fatal(err)
	}
	conv, err := atlas.Conventions(doc)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	names, err := gen.Write(doc, dir, "restorejobs", gen.WithConventions(conv))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		want, committed := read(t, filepath.Join(dir, name)), read(t, filepath.Join("restorejobs", name))
		if want != committed {
			t.Errorf("restorejobs/%s is not what openapi/atlas/restore-jobs.yaml gives: run make generate", name)
		}
	}
	stale, err := filepath.Glob("restorejobs/*.gen.go")
	if err != nil || len(stale) != len(names) {
		t.Errorf("restorejobs holds %v, want %v", stale, names)
	}
}

// The document that the code carries is the one that it was generated from, byte for byte.
func TestRestoreJobsDocument(t *testing.T) {
	want, err := os.ReadFile("../openapi/atlas/restore-jobs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(restorejobs.OpenAPIDocument(), want) {
		t.Error("the embedded document differs from openapi/atlas/restore-jobs.yaml")
	}
}
