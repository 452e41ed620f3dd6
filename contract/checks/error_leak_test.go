package checks

import (
	"strings"
	"testing"

	"troth/contract"
)

// TestEchoed wants no path of the request to be taken for one of the server's files.
func TestEchoed(t *testing.T) {
	x := &contract.Exchange{}
	x.URL = "http://api.example/home/highlights?at=%2Fopt%2Fa"
	for body, want := range map[string]bool{
		`{"detail": "no PROBE /home/highlights"}`:        true,
		`{"detail": "nothing at '/home/highlights'"}`:    true,
		`{"detail": "at=/opt/a is no time"}`:             true,
		`{"detail": "open /home/app/highlights: wrong"}`: false,
	} {
		found := leaked(t, "a path of the server's files", body)
		if got := echoed(x, found); found == "" || got != want {
			t.Errorf("%s: %q, %v, want %v", body, found, got, want)
		}
	}
}

// TestPatternIsNoFile wants no pattern that a refusal tells to be taken for a path of Windows.
func TestPatternIsNoFile(t *testing.T) {
	for body, want := range map[string]bool{
		`{"detail": "want \\d\\d:\\d\\d:\\d\\d, got 7"}`:   false,
		`{"detail": "open C:\\app\\data\\jobs.db: wrong"}`: true,
		`{"detail": "failed:\nC:\\app\\main.exe"}`:         true,
	} {
		if got := leaked(t, "a path of the server's files", body) != ""; got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

// TestLeaks has a text for each thing that tells of the server's inside: the signs that are looked for first hide none.
func TestLeaks(t *testing.T) {
	for what, texts := range map[string][]string{
		"a stack trace": {"goroutine 17 [running]:", "jobs.go:42", "  at Jobs.list (x)\n at Jobs.find(Jobs.java:7)", "Traceback (most recent call last)", `File "jobs.py", line 3`,
			`Exception in thread "main"`, "Jobs.java:17", "panic: nil map", "node_modules/express", "jobs.py:1", "jobs.rb:1", "jobs.js:1", "jobs.ts:1", "jobs.php:1", "Jobs.cs:1"},
		"a path of the server's files": {"open /home/app", "/usr/lib", "(/var/log/a)", "=/opt/a", "/etc/passwd", "/root/x", "/srv/x", "/app/src/x", ":/tmp/x", `C:\\app\\x`, `D:\app\x`},
		"a secret":                     {"postgres://app:geheim@db/jobs", "Password=geheim;", "passwd=geheim;", "PWD=geheim;", "-----BEGIN RSA PRIVATE KEY-----", "AKIAABCDEFGHIJKLMNOP"},
		"a broken format":              {"no job %!s(MISSING)", "%!d(string=a) jobs", "%!(EXTRA int=3)", "100%!(NOVERB)", "want [object Object]"},
		"SQL": {"SQLSTATE 42P01", "syntax error at or near", "ORA-00942", "SELECT id FROM jobs WHERE id = 1", "insert into jobs", "You have an error in your SQL syntax",
			"Unclosed quotation mark"},
	} {
		for _, text := range texts {
			if leaked(t, what, text) == "" {
				t.Errorf("%s is not found in %s", what, text)
			}
		}
		if found := leaked(t, what, `{"detail": "the format of \"at\" is wrong (want a time): see https://api.example/docs at 7 o'clock"}`); found != "" {
			t.Errorf("%s: found %q", what, found)
		}
	}
}

// leaked is what of one kind a text tells.
func leaked(t *testing.T, what, text string) string {
	t.Helper()
	for _, l := range leaks() {
		if l.what == what {
			return l.in(text, strings.ToLower(text))
		}
	}
	t.Fatalf("no such leak: %s", what)
	return ""
}
