package contract_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"troth/contract"
)

// conflicting answers creations that are refused with 409 in a way of its own.
type conflicting struct {
	next  http.Handler
	fails bool // with 500; else the item is created without its reference
}

func (s conflicting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sent, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(sent))
	answer := httptest.NewRecorder()
	s.next.ServeHTTP(answer, r)
	if answer.Code == http.StatusConflict && r.Method == http.MethodPost {
		if s.fails {
			http.Error(w, "duplicate key", http.StatusInternalServerError)
			return
		}
		object := map[string]any{}
		_ = json.Unmarshal(sent, &object)
		delete(object, "ref")
		sent, _ = json.Marshal(object)
		again := r.Clone(r.Context())
		again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(sent)), int64(len(sent))
		s.next.ServeHTTP(httptest.NewRecorder(), again)
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// TestConflictOfOptional wants conflicts to be judged that only a member brings about which may be left out.
func TestConflictOfOptional(t *testing.T) {
	source, err := os.ReadFile(memos)
	if err != nil {
		t.Fatal(err)
	}
	stars := "stars: {type: integer, minimum: 0, maximum: 5}\n"
	doc := strings.ReplaceAll(string(source), stars, stars+"        ref: {type: string, pattern: '^[A-Z]{3}-[0-9]{1,6}$', description: Must be unique (otherwise 409).}\n")
	path := filepath.Join(t.TempDir(), "memos.yaml")
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		before func(http.Handler) http.Handler
		check  string
	}{
		"healthy": {func(h http.Handler) http.Handler { return h }, ""},
		"kept":    {func(h http.Handler) http.Handler { return conflicting{next: h} }, "conflict-unchanged"},
		"fails":   {func(h http.Handler) http.Handler { return conflicting{next: h, fails: true} }, "not-a-server-error"},
	} {
		r := behind(t, path, []contract.Option{contract.Only("createMemo/*")}, test.before)
		found := ""
		for _, o := range r.Outcomes {
			if len(o.Findings) > 0 && (found == "" || o.Check == test.check) {
				found = o.Check
			}
			if o.Check == "conflict-unchanged" && o.Verdict == contract.Skipped && !strings.HasPrefix(name, "fails") {
				t.Errorf("%s: %s", name, o.Reason)
			}
		}
		if found != test.check {
			t.Errorf("%s: found by %q, want %q\n%s", name, found, test.check, text(t, r))
		}
	}
}
