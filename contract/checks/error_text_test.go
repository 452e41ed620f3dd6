package checks

import (
	"testing"

	"troth/contract"
)

// TestEchoed wants no path of the request to be taken for one of the server's files.
func TestEchoed(t *testing.T) {
	file := leaks()["a path of the server's files"]
	x := &contract.Exchange{}
	x.URL = "http://api.example/home/highlights?at=%2Fopt%2Fa"
	for body, want := range map[string]bool{
		`{"detail": "no PROBE /home/highlights"}`:        true,
		`{"detail": "nothing at '/home/highlights'"}`:    true,
		`{"detail": "at=/opt/a is no time"}`:             true,
		`{"detail": "open /home/app/highlights: wrong"}`: false,
	} {
		found := file.FindString(body)
		if got := echoed(x, found); found == "" || got != want {
			t.Errorf("%s: %q, %v, want %v", body, found, got, want)
		}
	}
}

// TestPatternIsNoFile wants no pattern that a refusal tells to be taken for a path of Windows.
func TestPatternIsNoFile(t *testing.T) {
	file := leaks()["a path of the server's files"]
	for body, want := range map[string]bool{
		`{"detail": "want \\d\\d:\\d\\d:\\d\\d, got 7"}`:   false,
		`{"detail": "open C:\\app\\data\\jobs.db: wrong"}`: true,
		`{"detail": "failed:\nC:\\app\\main.exe"}`:         true,
	} {
		if got := file.MatchString(body); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}
