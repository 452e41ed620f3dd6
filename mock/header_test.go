package mock

import (
	"net/http/httptest"
	"regexp"
	"testing"
)

// TestDeclaredHeaders has required headers of every kind of schema sent, as their style or content says.
func TestDeclaredHeaders(t *testing.T) {
	const text = `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /h:
    get:
      responses:
        "200":
          description: ok
          headers:
            X-Integer: {required: true, schema: {type: integer, minimum: 5, maximum: 6}}
            X-Array-Example: {required: true, schema: {type: array, items: {type: integer}}, example: [1, 2]}
            X-Object: {required: true, schema: &o {type: object, required: [a, b], properties: {a: {type: integer}, b: {type: string, enum: [x]}}}}
            X-Exploded: {required: true, explode: true, schema: *o}
            X-Object-Example: {required: true, schema: *o, example: {a: 5, b: x}}
            X-Json: {required: true, content: {application/json: {schema: *o}}}
            X-Comma: {required: true, schema: {type: array, minItems: 1, maxItems: 1, items: {type: string, enum: ["a,b", c, "d,e"]}}}
            X-Mark: {required: true, schema: {type: string, enum: ["a` + "`" + `b"]}}
            X-Blank: {required: true, schema: {type: string, enum: [" x ", ok]}}
            X-Impossible: {schema: {type: array, minItems: 1, maxItems: 1, items: {type: string, enum: ["a,b"]}}}
`
	d := parsed(t, text)
	wants := map[string]string{
		"X-Integer": `[56]`, "X-Array-Example": `1,2`, "X-Object": `a,\d+,b,x`, "X-Exploded": `a=\d+,b=x`, "X-Object-Example": `a,5,b,x`,
		"X-Json": `\{"a":\d+,"b":"x"\}`, "X-Comma": `c`, "X-Mark": "a`b", "X-Blank": `ok`, "X-Impossible": ``,
	}
	for seed := range uint64(5) {
		s, err := New(d, WithSeed(seed))
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/h", nil))
		for name, want := range wants {
			if got := w.Header().Get(name); !regexp.MustCompile("^(" + want + ")$").MatchString(got) {
				t.Errorf("seed %d: %s: %q, want %s", seed, name, got, want)
			}
		}
	}
}

// TestHeaderContent reads a header whose content is JSON as JSON, and takes a bare scalar.
func TestHeaderContent(t *testing.T) {
	const text = `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /h:
    get:
      responses:
        "200":
          description: ok
          headers:
            X-Object: {content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: integer}}}}}}
            X-Text: {content: {application/json: {schema: {type: string, maxLength: 3}}}}
`
	d := parsed(t, text)
	op, err := d.Operations[0].Compile()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		header, field string
		valid         bool
	}{
		{"X-Object", `{"a": 1, "b": [2, 3]}`, true}, {"X-Object", `{"a": "x"}`, false}, {"X-Text", `"abc"`, true}, {"X-Text", `abc`, true}, {"X-Text", `abcd`, false},
	} {
		for _, h := range op.Response(200).Headers {
			if broken := h.Decode([]string{tt.field}); h.Name == tt.header && (len(broken) == 0) != tt.valid {
				t.Errorf("%s: %s: %v, want valid %v", tt.header, tt.field, broken, tt.valid)
			}
		}
	}
}
