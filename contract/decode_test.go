package contract

import (
	"reflect"
	"testing"
)

// TestBodies: the same bytes are decoded once, others apart, and what was handed out stays after all is forgotten.
func TestBodies(t *testing.T) {
	var b bodies
	one, again, other, broken := b.of([]byte(`{"a":1}`)), b.of([]byte(`{"a":1}`)), b.of([]byte(`{"a":2}`)), b.of([]byte(`{"a"`))
	if one != again || one == other {
		t.Error("bodies are not told apart by their bytes")
	}
	if v, err := other.json(); err != nil || reflect.DeepEqual(v, mustJSON(t, one)) {
		t.Errorf("decoded as %v, %v", v, err)
	}
	if _, err := broken.json(); err == nil {
		t.Error("a broken body was decoded")
	}
	b.forget()
	if b.of([]byte(`{"a":1}`)) == one || mustJSON(t, one) == nil {
		t.Error("nothing was forgotten, or too much")
	}
}

func mustJSON(t *testing.T, d *decoded) any {
	t.Helper()
	v, err := d.json()
	if err != nil {
		t.Fatal(err)
	}
	return v
}
