package checks

import "testing"

func TestIsPhrase(t *testing.T) {
	for _, test := range []struct {
		text    string
		status  int
		is, any bool
	}{
		{"Not Found", 404, true, true},
		{"not found", 404, true, true},
		{"Content Too Large", 413, true, true},
		{"Request Entity Too Large", 413, true, true},
		{"Unprocessable Content", 422, true, true},
		{"Bad Request", 404, false, true},
		{"Nicht gefunden", 404, false, false},
	} {
		if is, any := isPhrase(test.text, test.status), ofAnother(test.text); is != test.is || any != test.any {
			t.Errorf("%q for %d: %v, of any status %v", test.text, test.status, is, any)
		}
	}
}
