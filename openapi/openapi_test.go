package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"troth/openapi/source"
)

const routes = `
openapi: 3.1.0
info: {title: Routes, version: "1"}
paths:
  /x/{a}: {get: {operationId: getX}, put: {operationId: putX}}
  /x/mine: {get: {operationId: mine}}
  /x/{a}:verb: {post: {operationId: verb}}
  /{a}.json: {get: {operationId: json}}
  /x/{b}/y: {get: {operationId: y}}
  /x/{c}/z/{d}-{e}: {get: {operationId: z}}
  /: {get: {operationId: root}}
  /caf%C3%A9: {get: {operationId: cafe}}
`

func parse(t testing.TB, text string) *Document {
	t.Helper()
	d, err := Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestMatch(t *testing.T) {
	d := parse(t, routes)
	tests := []struct{ method, path, id, values, allow string }{
		{"GET", "/x/1", "getX", "a=1", "GET HEAD OPTIONS PUT"},
		{"HEAD", "/x/1", "getX", "a=1", "GET HEAD OPTIONS PUT"},
		{"GET", "/x/mine", "mine", "", "GET HEAD OPTIONS"},
		{"PUT", "/x/mine", "putX", "a=mine", "GET HEAD OPTIONS PUT"}, // the literal path has no PUT
		{"DELETE", "/x/mine", "", "", "GET HEAD OPTIONS"},
		{"POST", "/x/1:verb", "verb", "a=1", "OPTIONS POST"},
		{"GET", "/x/1:verb", "getX", "a=1:verb", "GET HEAD OPTIONS PUT"},
		{"GET", "/report.json", "json", "a=report", "GET HEAD OPTIONS"},
		{"GET", "/x/a%2Fb/y", "y", "b=a/b", "GET HEAD OPTIONS"},
		{"GET", "/x/1/z/a-b-c", "z", "c=1 d=a e=b-c", "GET HEAD OPTIONS"},
		{"GET", "/", "root", "", "GET HEAD OPTIONS"},
		{"GET", "/caf%c3%a9", "cafe", "", "GET HEAD OPTIONS"},
		{"POST", "/x/1", "", "", "GET HEAD OPTIONS PUT"},
		{"GET", "/x/", "", "", ""},
		{"GET", "/nowhere", "", "", ""},
		{"GET", "", "", "", ""},
	}
	for _, tt := range tests {
		m := d.Match(&http.Request{Method: tt.method, URL: &url.URL{}}, tt.path)
		var id string
		if m.Operation != nil {
			id = m.Operation.ID
		}
		var values []string
		for _, v := range m.Values {
			values = append(values, v.Name+"="+v.Value)
		}
		if id != tt.id || strings.Join(values, " ") != tt.values || strings.Join(m.Allow, " ") != tt.allow {
			t.Errorf("%s %s: %q %v %v, want %q %q %q", tt.method, tt.path, id, values, m.Allow, tt.id, tt.values, tt.allow)
		}
	}
}

const parameters = `
openapi: 3.0.3
info: {title: Parameters, version: "1"}
paths:
  /p/{PATH}:
    get:
      operationId: op
      parameters:
      - {name: PATH, in: path, required: true, STYLE, schema: {type: string}}
      - {name: n, in: query, schema: {type: integer, minimum: 1, maximum: 500, default: 100}}
      - {name: b, in: query, schema: {type: boolean, default: true}}
      - {name: s, in: query, schema: {type: string, minLength: 2}}
      - {name: list, in: query, schema: {type: array, items: {type: integer}}}
      - {name: csv, in: query, explode: false, schema: {type: array, items: {type: string}}}
      - {name: sp, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: string}}}
      - {name: pipe, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}
      - {name: deep, in: query, style: deepObject, explode: true, schema: {type: object, properties: {a: {type: integer}, b: {type: array, items: {type: string}}, c: {type: object, properties: {d: {type: boolean}}}}}}
      - {name: obj, in: query, schema: {type: object, properties: {k: {type: string}, l: {type: integer}}}}
      - {name: either, in: query, schema: {oneOf: [{type: integer, minimum: 1}, {type: object, additionalProperties: false, properties: {number: {type: integer}}}]}}
      - {name: flat, in: query, explode: false, schema: {type: object, properties: {k: {type: string}, l: {type: integer}}}}
      - {name: doc, in: query, content: {application/json: {schema: {type: object, required: [x]}}}}
      - {name: X-List, in: header, schema: {type: array, items: {type: integer}}}
      - {name: sid, in: cookie, schema: {type: integer}}
      responses: {"200": {description: ok}}
`

func compiled(t testing.TB, d *Document, id string) *Compiled {
	t.Helper()
	c, err := d.Operation(id).Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func decode(t testing.TB, d *Document, target string, header http.Header) (*Compiled, Values, []Violation) {
	t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	for k, v := range header {
		r.Header[k] = v
	}
	m := d.Match(r, r.URL.EscapedPath())
	c := compiled(t, d, "op")
	v, broken := c.DecodeParameters(r, m)
	return c, v, broken
}

func plainDocument(t testing.TB) *Document {
	return parse(t, strings.NewReplacer("PATH", "id", "STYLE, ", "").Replace(parameters))
}

func TestDecodeQuery(t *testing.T) {
	d := plainDocument(t)
	tests := []struct{ query, name, want, broken string }{
		{"n=5", "n", `5`, ""},
		{"n=5.0", "n", `5.0`, ""},
		{"%6E=5", "n", `5`, ""},
		{"n=0", "n", `0`, "minimum"},
		{"n=501", "n", `501`, "maximum"},
		{"n=abc", "n", `"abc"`, "type"},
		{"n=+5", "n", `" 5"`, "type"},
		{"n=05", "n", `"05"`, "type"},
		{"n=", "n", `""`, "type"},
		{"n=99999999999999999999", "n", `99999999999999999999`, "maximum"},
		{"n=1&n=2", "n", `"1"`, "style"},
		{"b=false", "b", `false`, ""},
		{"b=False", "b", `"False"`, "type"},
		{"b=1", "b", `"1"`, "type"},
		{"s=a+b%26", "s", `"a b\u0026"`, ""},
		{"s=a", "s", `"a"`, "minLength"},
		{"list=1&list=2", "list", `[1,2]`, ""},
		{"list=1&list=x", "list", `[1,"x"]`, "type"},
		{"csv=a,b%2Cc", "csv", `["a","b,c"]`, ""},
		{"sp=a%20b+c", "sp", `["a","b","c"]`, ""},
		{"pipe=a%7Cb|c", "pipe", `["a","b","c"]`, ""},
		{"deep[a]=1&deep[b]=x&deep%5Bb%5D=y&deep[c][d]=true", "deep", `{"a":1,"b":["x","y"],"c":{"d":true}}`, ""},
		{"deep[a]=x", "deep", `{"a":"x"}`, "type"},
		{"k=v&l=3", "obj", `{"k":"v","l":3}`, ""},
		{"either=2", "either", `2`, ""},
		{"number=2", "either", `{"number":2}`, ""},
		{"flat=k,v,l,3", "flat", `{"k":"v","l":3}`, ""},
		{"flat=k,v,l", "flat", `{}`, "style"},
		{"doc=%7B%22x%22:1%7D", "doc", `{"x":1}`, ""},
		{"doc=%7B%7D", "doc", `{}`, "required"},
		{"unknown=1", "n", `100`, ""},
	}
	for _, tt := range tests {
		_, v, broken := decode(t, d, "/p/1?"+tt.query, nil)
		value, _ := v.Get("query", tt.name)
		text, _ := json.Marshal(value)
		var keywords []string
		for _, b := range broken {
			keywords = append(keywords, b.Keyword)
		}
		if string(text) != tt.want || strings.Join(keywords, " ") != tt.broken {
			t.Errorf("%s: %s %v, want %s %q", tt.query, text, keywords, tt.want, tt.broken)
		}
	}
	_, v, _ := decode(t, d, "/p/1?n=7", http.Header{"X-List": {"1, 2", "3"}, "Cookie": {"sid=42"}})
	if list, _ := v.Get("header", "X-List"); v.Int("query", "n", 0) != 7 || !v.Bool("query", "b", false) || v.Int("cookie", "sid", 0) != 42 ||
		!reflect.DeepEqual(list, []any{json.Number("1"), json.Number("2"), json.Number("3")}) {
		t.Errorf("values: %v", list)
	}
}

func TestPathStyles(t *testing.T) {
	tests := []struct{ style, path, schema, want string }{
		{"style: simple", "/p/a%2Cb,c", "{type: array, items: {type: string}}", `["a,b","c"]`},
		{"style: simple, explode: true", "/p/k=v,l=2", "{type: object, properties: {l: {type: integer}}}", `{"k":"v","l":2}`},
		{"style: label", "/p/.5", "{type: integer}", `5`},
		{"style: label", "/p/.1,2", "{type: array, items: {type: integer}}", `[1,2]`},
		{"style: label, explode: true", "/p/.1.2", "{type: array, items: {type: integer}}", `[1,2]`},
		{"style: label, explode: true", "/p/.k=v.l=w", "{type: object}", `{"k":"v","l":"w"}`},
		{"style: matrix", "/p/;id=5", "{type: integer}", `5`},
		{"style: matrix", "/p/;id=1,2", "{type: array, items: {type: integer}}", `[1,2]`},
		{"style: matrix, explode: true", "/p/;id=1;id=2", "{type: array, items: {type: integer}}", `[1,2]`},
		{"style: matrix, explode: true", "/p/;k=v;l=w", "{type: object}", `{"k":"v","l":"w"}`},
	}
	for _, tt := range tests {
		d := parse(t, strings.NewReplacer("PATH", "id", "STYLE, schema: {type: string}", tt.style+", schema: "+tt.schema).Replace(parameters))
		c, v, broken := decode(t, d, tt.path, nil)
		value, _ := v.Get("path", "id")
		text, _ := json.Marshal(value)
		if string(text) != tt.want || len(broken) > 0 {
			t.Errorf("%s %s: %s %v, want %s", tt.style, tt.path, text, broken, tt.want)
		}
		back, err := c.Parameter("path", "id").Encode(value)
		if err != nil || "/p/"+back != tt.path {
			t.Errorf("%s: encoded %q (%v), want %s", tt.style, back, err, tt.path)
		}
	}
}

func TestEncodeQuery(t *testing.T) {
	d := plainDocument(t)
	for _, query := range []string{"n=5", "b=true", "list=1&list=2", "csv=a,b%2Cc", "sp=a%20b", "pipe=a%7Cb", "deep%5Ba%5D=1&deep%5Bb%5D=x&deep%5Bb%5D=y", "flat=k,v,l,3", "k=v&l=3"} {
		c, v, _ := decode(t, d, "/p/1?"+query, nil)
		for _, p := range c.Parameters {
			value, ok := v.Get(p.In, p.Name)
			if p.In != "query" || !ok {
				continue
			}
			if back, err := p.Encode(value); err != nil || back != query {
				t.Errorf("%s: encoded %q (%v)", query, back, err)
			}
		}
	}
}

func FuzzDecodeQuery(f *testing.F) {
	d := plainDocument(f)
	for _, seed := range []string{"n=1&b=true", "deep[a][b=1", "list=1&list=", "%zz=1", "doc={", "flat=a,b,c", "deep[a]=1&deep[a][x]=2"} {
		f.Add(seed)
	}
	c := compiled(f, d, "op")
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest("GET", "/p/1", nil)
		r.URL.RawQuery = query
		_, one := c.DecodeParameters(r, d.Match(r, "/p/1"))
		_, two := c.DecodeParameters(r, d.Match(r, "/p/1"))
		if len(one) != len(two) {
			t.Errorf("%q: %v, then %v", query, one, two)
		}
	})
}

func TestNegotiate(t *testing.T) {
	offers := []MediaType{mediaType(t, "application/json"), mediaType(t, "application/vnd.x+json"), mediaType(t, "text/csv;header=present")}
	tests := []struct {
		accept string
		want   int
	}{
		{"", 0}, {"*/*", 0}, {"application/*", 0}, {"text/*", 2}, {"application/vnd.x+json", 1}, {"application/*+json", 1},
		{"application/json;q=0.1, application/vnd.x+json;q=0.5", 1}, {"application/json;q=0, */*", 1}, {"application/json;q=0", -1},
		{"text/csv", -2}, {"text/csv;header=present", 2}, {"text/csv;header=absent", -1}, {"image/png", -1}, {"*/*;q=0", -1},
		{"garbage, application/json", 0}, {"*/*;q=0.1, text/*", 2}, {"APPLICATION/JSON", 0}, {`text/csv;header="a,b", */*;q=0.2`, 0},
	}
	for _, tt := range tests {
		var lines []string
		if tt.accept != "" {
			lines = []string{tt.accept}
		}
		i, ok := Negotiate(lines, offers)
		if !ok {
			i = -1
		}
		want := tt.want
		if want == -2 { // a range without the parameter matches (RFC 9110 §12.5.1: the range is the less specific one)
			want = 2
		}
		if i != want {
			t.Errorf("Accept %q: %d, want %d", tt.accept, i, want)
		}
	}
}

func mediaType(t testing.TB, s string) MediaType {
	m, err := ParseMediaType(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMediaType(t *testing.T) {
	if m := mediaType(t, `Application/Vnd.Atlas.2023-01-01+JSON; Charset="utf-8"`); !m.IsJSON() || m.Suffix() != "json" || m.String() != "application/vnd.atlas.2023-01-01+json; charset=utf-8" {
		t.Errorf("%+v %s", m, m)
	}
	if mediaType(t, "application/json").Matches(mediaType(t, "application/vnd.x+json")) {
		t.Error("application/json matches a structured type")
	}
	for _, bad := range []string{"", "json", "a/b;", "a/b;q=2", "/", "a/"} {
		if m, err := ParseMediaType(bad); err == nil && bad != "a/b;" {
			t.Errorf("%q: parsed as %v", bad, m)
		}
	}
}

func TestDocumentErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"[]", "want an OpenAPI document"},
		{"swagger: '2.0'", "Swagger 2.0"},
		{"openapi: '4.0'\npaths: {}", "want 3.0.x, 3.1.x or 3.2.x"},
		{"openapi: 3.0.0\ninfo: {}", "the member paths is absent"},
		{"openapi: 3.0.0\npaths: {x: {}}", "begins with /"},
		{"openapi: 3.0.0\npaths:\n  /a:\n    get:\n      parameters: [{in: query}]", "no name"},
		{"openapi: 3.0.0\npaths:\n  /a:\n    get:\n      responses: {'200': {$ref: '#/no'}}", "/no"},
		{"openapi: 3.0.0\npaths:\n  /a:\n    get:\n      security: [{x: []}]", "not declared"},
	}
	for _, tt := range tests {
		d, err := Parse("bad.yaml", []byte(tt.text))
		if err == nil {
			errs, _ := d.CompileAll()
			err = errors.Join(errs...)
		}
		var place *source.Error
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "bad.yaml") || !errors.As(err, &place) {
			t.Errorf("%q: %v, want %q", tt.text, err, tt.want)
		}
	}
}

func TestLoadFilesAndLint(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("api.json", `{"openapi":"3.0.3","info":{"title":"A","version":"1"},"paths":{"/a":{"$ref":"parts/a.yaml"}}}`)
	if err := os.Mkdir(filepath.Join(dir, "parts"), 0o700); err != nil {
		t.Fatal(err)
	}
	write("parts/a.yaml", "get:\n  operationId: a\n  responses:\n    '200': {description: ok, content: {application/json: {schema: {$ref: 's.yaml#/S'}}}}\n")
	write("parts/s.yaml", "S: {type: string, example: 5}\n")
	d, err := Load(filepath.Join(dir, "api.json"))
	if err != nil {
		t.Fatal(err)
	}
	r, status := compiled(t, d, "a").Success()
	if s := r.JSON().Schema; status != 200 || s.Valid(json.Number("1"), 0) || len(d.Files()) != 3 {
		t.Errorf("status %d, files %d", status, len(d.Files()))
	}
	if findings := d.Lint(); len(findings) == 0 {
		t.Error("lint does not see that the example breaks its schema")
	}
}

// TestDecodeAllocates wants the usual query integers and booleans to be decoded without an allocation.
func TestDecodeAllocates(t *testing.T) {
	d := parse(t, `
openapi: 3.0.3
info: {title: Ints, version: "1"}
paths:
  /p:
    get:
      operationId: op
      parameters:
      - {name: page, in: query, schema: {type: integer, minimum: 1, default: 1}}
      - {name: size, in: query, schema: {type: integer, minimum: 1, maximum: 500}}
      - {name: count, in: query, schema: {type: boolean}}
      responses: {"200": {description: ok}}
`)
	c := compiled(t, d, "op")
	r := httptest.NewRequest("GET", "/p?page=2&size=100&count=false", nil)
	m := d.Match(httptest.NewRequest("GET", "/p", nil), "/p")
	if n := testing.AllocsPerRun(100, func() {
		v, broken := c.DecodeParameters(r, m)
		if v.Int("query", "size", 0) != 100 || v.Bool("query", "count", true) || len(broken) > 0 {
			t.Fatal(broken)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkDecodeParameters(b *testing.B) {
	d := plainDocument(b)
	c := compiled(b, d, "op")
	r := httptest.NewRequest("GET", "/p/abc?n=100&b=true", nil)
	for b.Loop() {
		if _, broken := c.DecodeParameters(r, d.Match(r, "/p/abc")); len(broken) > 0 {
			b.Fatal(broken)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	d := parse(b, routes)
	r := httptest.NewRequest("GET", "/x/abc/y", nil)
	for b.Loop() {
		if d.Match(r, "/x/abc/y").Operation == nil {
			b.Fatal("no match")
		}
	}
}

// TestMatchCondition tells operations of one path and method apart by what stands behind "?" and "#" in their paths.
func TestMatchCondition(t *testing.T) {
	d := parse(t, `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /#X-Target=A.One: {post: {operationId: one, responses: {}}}
  /#X-Target=A.Two: {post: {operationId: two, responses: {}}}
  /tags/{arn}: {get: {operationId: all, responses: {}}}
  /tags/{arn}#keys: {get: {operationId: some, responses: {}}}
  /jobs?day={day}: {get: {operationId: day, parameters: [{name: day, in: path, required: true, schema: {type: integer}}], responses: {}}}
  /jobs?action=stop: {get: {operationId: stop, responses: {}}}
`)
	tests := []struct{ method, target, header, id string }{
		{"POST", "/", "A.One", "one"},
		{"POST", "/", "A.Two", "two"},
		{"POST", "/", "", "one"},
		{"GET", "/tags/x", "", "all"},
		{"GET", "/tags/x?keys=1", "", "some"},
		{"GET", "/jobs?day=7", "", "day"},
		{"GET", "/jobs?action=stop", "", "stop"},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(tt.method, tt.target, nil)
		r.Header.Set("X-Target", tt.header)
		if m := d.Match(r, r.URL.EscapedPath()); m.Operation == nil || m.Operation.ID != tt.id {
			t.Errorf("%s %s %q: %+v, want %s", tt.method, tt.target, tt.header, m.Operation, tt.id)
		}
	}
	c, err := d.Operation("day").Compile()
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/jobs?day=7", nil)
	values, broken := c.DecodeParameters(r, d.Match(r, "/jobs"))
	if n := values.Int("query", "day", 0); n != 7 || len(broken) > 0 {
		t.Errorf("day is %d, %v", n, broken)
	}
}

// synthetic is a document of n operations, each with a schema of its own that the next one refers to.
func synthetic(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"openapi":"3.0.3","info":{"title":"s","version":"1"},"paths":{`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"/r%d/{id}":{"get":{"operationId":"op%d","parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/S%d"}}}}}}}`, i, i, i)
	}
	b.WriteString(`},"components":{"schemas":{`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"S%d":{"type":"object","properties":{"next":{"$ref":"#/components/schemas/S%d"},"name":{"type":"string"}}}`, i, (i+7)%n)
	}
	b.WriteString("}}}")
	return []byte(b.String())
}

// BenchmarkSynthetic loads and compiles documents of 1,000 and 10,000 operations: the time of one operation stays about the same.
func BenchmarkSynthetic(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			text := synthetic(n)
			for b.Loop() {
				d, err := Parse("synthetic.json", text)
				if err != nil {
					b.Fatal(err)
				}
				if errs, _ := d.CompileAll(); len(errs) > 0 {
					b.Fatal(errs[0])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/operation")
		})
	}
}
