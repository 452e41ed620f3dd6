package source

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"yaml", "a: 1\nb: [x, true, null]\n", `{"a":1,"b":["x",true,null]}`},
		{"json", `{"a":1,"b":["x",true,null]}`, `{"a":1,"b":["x",true,null]}`},
		{"flow style", "{a: 1}", `{"a":1}`},
		{"numbers", "[0x10, 1_000, 0o7, +5, .5, 1e3, 9007199254740993]", `[16,1000,7,5,0.5,1e3,9007199254740993]`},
		{"dates are strings", "d: 2026-01-02", `{"d":"2026-01-02"}`},
		{"number keys", "200: ok", `{"200":"ok"}`},
		{"anchor", "a: &x {k: 1}\nb: *x", `{"a":{"k":1},"b":{"k":1}}`},
		{"merge", "a: &x {k: 1, l: 2}\nb: {<<: *x, l: 3}", `{"a":{"k":1,"l":2},"b":{"k":1,"l":3}}`},
		{"byte order mark", "\xef\xbb\xbfa: 1", `{"a":1}`},
		{"surrogate pair", `{"a":"\ud83d\ude00"}`, `{"a":"😀"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, err := Parse("t", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			var want any
			dec := json.NewDecoder(strings.NewReader(test.want))
			dec.UseNumber()
			if err := dec.Decode(&want); err != nil {
				t.Fatal(err)
			}
			if got := n.Value(); !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", " \n", "t:1: the text is empty"},
		{"duplicate key", "a: 1\na: 2", "t:2"},
		{"duplicate JSON name", "{\n\"a\":1,\n\"a\":2}", "t:3: JSON: duplicate"},
		{"two documents", "a: 1\n---\nb: 2", "more than one document"},
		{"alias cycle", "a: &x [*x]", "inside its own anchor"},
		{"no number", "a: .nan", "no form in JSON"},
		{"trailing text", "{\"a\":1} x: [", "t:1"},
		{"broken", "a: [1", "t:1: YAML"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse("t", []byte(test.text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	set, err := Read("t.yaml", []byte("a:\n  b/c:\n    - 1\n    - $ref: '#/x'\nx:\n  $ref: '#/y~0'\ny~: 3\nl: {$ref: '#/l'}\nn: {$ref: '#/none'}\nr: {$ref: 'https://x/y.yaml'}\n"))
	if err != nil {
		t.Fatal(err)
	}
	p := set.Root().Child("a").Child("b/c").Item(1)
	if got, want := p.String(), "t.yaml:4 #/a/b~1c/1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	to, err := p.Deref()
	if err != nil || to.Pointer != "/y~0" || to.Node.Text() != "3" {
		t.Errorf("got %v, %v", to, err)
	}
	for name, want := range map[string]string{"l": "references only", "n": "leads to nothing", "r": "remote"} {
		if _, err := set.Root().Child(name).Deref(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one with %q", name, err, want)
		}
	}
	if line := set.Root().Child("a").Child("missing").Line(); line != 2 {
		t.Errorf("line of an absent member: got %d, want that of its parent, 2", line)
	}
}

func TestFileReference(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(dir+"/"+name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a.yaml", "x: {$ref: 'b.json#/k'}\n")
	write("b.json", `{"k": {"$ref": "a.yaml#/z"}}`)
	set, err := Open(dir + "/a.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := set.Root().Child("x").Deref(); err == nil || !strings.Contains(err.Error(), "leads to nothing") {
		t.Errorf("got %v", err)
	}
	if n := len(set.Files()); n != 2 {
		t.Errorf("got %d files, want 2", n)
	}
}

func TestDecodeJSON(t *testing.T) {
	v, err := DecodeJSON([]byte(` {"a":[1.50,null,true,"x"]} `))
	want := map[string]any{"a": []any{json.Number("1.50"), nil, true, "x"}}
	if err != nil || !reflect.DeepEqual(v, want) {
		t.Errorf("got %v, %v", v, err)
	}
	for _, bad := range []string{"", "{", `{"a":1,"a":2}`, "1 2", "\"\xff\"", "[1,]", "nul", strings.Repeat("[", 2000)} {
		if _, err := DecodeJSON([]byte(bad)); err == nil {
			t.Errorf("%.20q was accepted", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a: 1", `{"a":[1]}`, "a: &x [*x]", "<<: 1", "? [a]\n: b", "a: !!binary x"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := Parse("t", data)
		if (n == nil) == (err == nil) {
			t.Errorf("node %v, error %v", n, err)
		}
		n.Value()
	})
}

func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, `[1,"x",null]`, `1e400`, "{", `"\ud800"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := DecodeJSON(data); err == nil && !json.Valid(data) {
			t.Errorf("%q is no JSON but was accepted", data)
		}
	})
}

func BenchmarkParseAtlas(b *testing.B) {
	data, err := os.ReadFile("../../../shared/data/atlas-admin-api-v2.yaml")
	if err != nil {
		b.Skip("the Atlas document is absent: ", err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Parse("atlas", data); err != nil {
			b.Fatal(err)
		}
	}
}
