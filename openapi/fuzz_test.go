package openapi

import (
	"os"
	"strings"
	"testing"
)

// FuzzDocument loads and compiles any text without a panic.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(routes))
	f.Add([]byte(`{"openapi":"3.1.0","paths":{"/a":{"get":{"responses":{"200":{"content":{"a/b":{"schema":{"$ref":"#"}}}}}}}}}`))
	f.Add([]byte("openapi: 3.0.0\npaths: {/a: &a {get: {parameters: [{name: x, in: query, schema: {$ref: '#/paths/~1a'}}]}}, /b: *a}"))
	f.Add([]byte(`{"openapi":"3.1.0","paths":{"/{a}{b}":{"get":{"security":[{"x":[]}],"parameters":[{"in":"path","name":"a","content":{"x":null}}]}}}}`))
	if text, err := os.ReadFile("atlas/restore-jobs.yaml"); err == nil {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text []byte) {
		d, err := Parse("fuzz", text)
		if err != nil {
			return
		}
		d.CompileAll()
		_, _ = d.SecuritySchemes()
	})
}

// FuzzNegotiate never chooses an offer that is refused by q=0, and takes any text.
func FuzzNegotiate(f *testing.F) {
	for _, seed := range []string{"*/*", "application/json;q=0, */*;q=0.1", "a/b;q=", ",,,;;;", `text/plain;x="a,b";q=1.000`} {
		f.Add(seed)
	}
	offers := []MediaType{{Type: "application", Subtype: "json"}, {Type: "text", Subtype: "plain"}}
	f.Fuzz(func(t *testing.T, accept string) {
		if i, ok := Negotiate([]string{accept}, offers); ok && (i < 0 || i >= len(offers)) {
			t.Errorf("%q: offer %d", accept, i)
		}
		i, ok := Negotiate([]string{accept, "application/json;q=0"}, offers)
		if ok && i == 0 && !strings.Contains(strings.ToLower(accept), "application/json") {
			t.Errorf("%q: an offer that is refused", accept)
		}
	})
}
