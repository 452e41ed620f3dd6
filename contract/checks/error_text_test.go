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
