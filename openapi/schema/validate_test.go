package schema

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	oracle "github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"troth/openapi/source"
)

func compileText(t testing.TB, d Dialect, text string) *Schema {
	t.Helper()
	set, err := source.Read("t.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewCompiler(d).Compile(set.Root())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decode(t testing.TB, text string) any {
	t.Helper()
	v, err := source.DecodeJSON([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// keywordTests are schemas of 2020-12 with values that they accept, and values that they refuse with the violation expected.
var keywordTests = []struct {
	schema string
	good   string // a JSON array of values
	bad    map[string]string
}{
	{`{"type":"integer"}`, `[1,1.0,1e3,-0,12345678901234567890]`, map[string]string{`1.5`: "type", `"1"`: "type", `null`: "type"}},
	{`{"type":["string","null"]}`, `["",null]`, map[string]string{`1`: "type"}},
	{`{"enum":[1,"a",{"x":[1]}]}`, `[1.0,"a",{"x":[1]}]`, map[string]string{`2`: "enum", `{"x":[2]}`: "enum"}},
	{`{"const":null}`, `[null]`, map[string]string{`0`: "const"}},
	{`{"minimum":1,"maximum":500}`, `[1,500,"x"]`, map[string]string{`0`: "minimum", `501`: "maximum", `500.5`: "maximum"}},
	{`{"exclusiveMinimum":0,"exclusiveMaximum":0.3}`, `[0.1]`, map[string]string{`0`: "exclusiveMinimum", `0.3`: "exclusiveMaximum"}},
	{`{"maximum":9007199254740992}`, `[9007199254740992]`, map[string]string{`9007199254740993`: "maximum"}},
	{`{"multipleOf":0.01}`, `[0.07,19.99,4]`, map[string]string{`0.075`: "multipleOf"}},
	{`{"minLength":2,"maxLength":3}`, `["ab","äöü","😀😀"]`, map[string]string{`"a"`: "minLength", `"abcd"`: "maxLength"}},
	{`{"pattern":"^[a-f0-9]{24}$"}`, `["32b6e34b3d91647abb20e7b8",1]`, map[string]string{`"x"`: "pattern"}},
	{`{"pattern":"^(?!$)a"}`, `["a"]`, map[string]string{`"b"`: "pattern"}},
	{`{"format":"date-time"}`, `["2025-05-04T09:42:00Z","1998-12-31T23:59:60Z"]`, map[string]string{`"2025-05-04"`: "format", `"2025-02-30T00:00:00Z"`: "format", `"2025-02-20T00:00:00-01:60"`: "format", `"2025-02-20T00:00:00+24:00"`: "format"}},
	{`{"format":"ipv4"}`, `["1.2.3.4"]`, map[string]string{`"1.2.3"`: "format"}},
	{`{"format":"uuid"}`, `["2eb8aa08-aa98-11ea-b4aa-73b441d16380"]`, map[string]string{`"2eb8aa08"`: "format"}},
	{`{"format":"duration"}`, `["P4DT12H30M5S","P1Y","PT36H","P4W"]`, map[string]string{`"P"`: "format", `"PT"`: "format", `"P1YT"`: "format"}},
	{`{"format":"uri"}`, `["http://a/b?c#d","urn:x:y"]`, map[string]string{`"//a"`: "format", `"http://a b"`: "format"}},
	{`{"format":"email"}`, `["joe@example.com"]`, map[string]string{`"joe"`: "format"}},
	{`{"format":"hostname"}`, `["a-b.example"]`, map[string]string{`"-a"`: "format", `"a_b"`: "format"}},
	{`{"format":"json-pointer"}`, `["/a~0b"]`, map[string]string{`"a"`: "format", `"/a~2"`: "format"}},
	{`{"items":{"type":"integer"},"minItems":1,"maxItems":2}`, `[[1],[1,2]]`, map[string]string{`[]`: "minItems", `[1,2,3]`: "maxItems", `["x"]`: "type"}},
	{`{"prefixItems":[{"type":"string"}],"items":false}`, `[["a"],[]]`, map[string]string{`["a",1]`: "false", `[1]`: "type"}},
	{`{"uniqueItems":true}`, `[[1,2,"1"]]`, map[string]string{`[1,1.0]`: "uniqueItems", `[{"a":1,"b":2},{"b":2,"a":1}]`: "uniqueItems"}},
	{`{"contains":{"const":1},"minContains":2,"maxContains":3}`, `[[1,1],[1,2,1,1]]`, map[string]string{`[1]`: "minContains", `[1,1,1,1]`: "maxContains"}},
	{`{"properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}`, `[{"a":""}]`, map[string]string{`{}`: "required", `{"a":1}`: "type", `{"a":"","b":1}`: "additionalProperties"}},
	{`{"patternProperties":{"^x-":{"type":"integer"}},"additionalProperties":{"type":"string"}}`, `[{"x-a":1,"b":""}]`, map[string]string{`{"x-a":""}`: "type", `{"b":1}`: "type"}},
	{`{"propertyNames":{"maxLength":2}}`, `[{"ab":1}]`, map[string]string{`{"abc":1}`: "propertyNames"}},
	{`{"minProperties":1,"maxProperties":1}`, `[{"a":1}]`, map[string]string{`{}`: "minProperties", `{"a":1,"b":1}`: "maxProperties"}},
	{`{"dependentRequired":{"a":["b"]}}`, `[{"b":1},{"a":1,"b":1}]`, map[string]string{`{"a":1}`: "dependentRequired"}},
	{`{"dependentSchemas":{"a":{"required":["b"]}}}`, `[{},{"a":1,"b":1}]`, map[string]string{`{"a":1}`: "required"}},
	{`{"allOf":[{"minimum":1},{"maximum":2}]}`, `[1,2]`, map[string]string{`0`: "minimum", `3`: "maximum"}},
	{`{"anyOf":[{"type":"string"},{"minimum":1}]}`, `["a",1]`, map[string]string{`0`: "anyOf"}},
	{`{"oneOf":[{"multipleOf":2},{"multipleOf":3}]}`, `[2,3]`, map[string]string{`6`: "oneOf", `1`: "oneOf"}},
	{`{"not":{"type":"null"}}`, `[1]`, map[string]string{`null`: "not"}},
	{`{"if":{"properties":{"k":{"const":"a"}},"required":["k"]},"then":{"required":["x"]},"else":{"required":["y"]}}`, `[{"k":"a","x":1},{"y":1}]`, map[string]string{`{"k":"a"}`: "required", `{}`: "required"}},
	{`{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}`, `[{"a":1}]`, map[string]string{`{"b":1}`: "unevaluatedProperties"}},
	{`{"prefixItems":[true],"unevaluatedItems":false}`, `[[1]]`, map[string]string{`[1,2]`: "false"}},
	{`{"$ref":"#/$defs/p","maximum":3,"$defs":{"p":{"minimum":1}}}`, `[1,3]`, map[string]string{`0`: "minimum", `4`: "maximum"}},
	{`{"type":"object","properties":{"next":{"$ref":"#"}}}`, `[{"next":{"next":{}}}]`, map[string]string{`{"next":{"next":1}}`: "type"}},
	{`{"allOf":[{"$ref":"#"}],"type":"string"}`, `["a"]`, map[string]string{`1`: "type"}},
	{`false`, `[]`, map[string]string{`1`: "false"}},
}

func TestKeywords(t *testing.T) {
	for _, test := range keywordTests {
		s := compileText(t, JSONSchema202012, test.schema)
		for _, v := range decode(t, test.good).([]any) {
			if found := s.Validate(v, Either); found != nil || !s.Valid(v, Either) {
				t.Errorf("%s refuses %v: %v", test.schema, v, found)
			}
		}
		for text, keyword := range test.bad {
			found := s.Validate(decode(t, text), Either)
			if len(found) == 0 || found[0].Keyword != keyword {
				t.Errorf("%s with %s: got %v, want a violation of %s", test.schema, text, found, keyword)
			}
		}
	}
}

// TestOracle judges the same schemas and random values with another implementation. References to the whole schema are left
// out: the other one reads them from another base.
func TestOracle(t *testing.T) {
	for _, test := range keywordTests {
		if strings.Contains(test.schema, `"#"`) {
			continue
		}
		t.Run(test.schema, func(t *testing.T) {
			theirs := compileOracle(t, test.schema)
			ours := compileText(t, JSONSchema202012, test.schema)
			values := decode(t, test.good).([]any)
			for text := range test.bad {
				values = append(values, decode(t, text))
			}
			rapid.Check(t, func(r *rapid.T) {
				v := mutated(r, values)
				if got, want := ours.Valid(v, Either), theirs.Validate(v) == nil; got != want {
					text, _ := json.Marshal(v)
					r.Fatalf("%s: got %v, the oracle says %v", text, got, want)
				}
			})
		})
	}
}

func compileOracle(t *testing.T, text string) *oracle.Schema {
	t.Helper()
	doc, err := oracle.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := oracle.NewCompiler()
	c.AssertFormat()
	c.UseRegexpEngine(func(s string) (oracle.Regexp, error) { return oraclePattern{NewPattern(s)}, nil })
	if err := c.AddResource("mem:///t.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mem:///t.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type oraclePattern struct{ *Pattern }

func (p oraclePattern) MatchString(s string) bool { ok, _ := p.Match(s); return ok }

// mutated draws one of the values, a part of one, or a value made of them.
func mutated(r *rapid.T, values []any) any {
	scalars := append([]any{nil, true, json.Number("0"), json.Number("2.0"), json.Number("-7"), json.Number("1e2"), "", "ab", "2025-05-04T09:42:00Z", "::"}, values...)
	v := rapid.SampledFrom(scalars).Draw(r, "value")
	switch rapid.IntRange(0, 3).Draw(r, "shape") {
	case 1:
		items := []any{v}
		for range rapid.IntRange(0, 3).Draw(r, "items") {
			items = append(items, rapid.SampledFrom(scalars).Draw(r, "item"))
		}
		return items
	case 2:
		members := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(r, "members") {
			members[rapid.SampledFrom([]string{"a", "b", "k", "x", "y", "x-a", "abc"}).Draw(r, "name")] = rapid.SampledFrom(scalars).Draw(r, "member")
		}
		return members
	}
	return v
}

// TestOracle30 judges OpenAPI 3.0 schemas with kin-openapi.
func TestOracle30(t *testing.T) {
	tests := []struct{ schema, values string }{
		{`{"type":"string","nullable":true}`, `[null,"a",1]`},
		{`{"type":"string"}`, `[null,"a"]`},
		{`{"type":"integer","minimum":0,"exclusiveMinimum":true}`, `[0,1,-1]`},
		{`{"type":"object","required":["a","r","w"],"properties":{"a":{"type":"integer"},"r":{"type":"integer","readOnly":true},"w":{"type":"integer","writeOnly":true}}}`, `[{"a":1,"r":1,"w":1},{"a":1}]`},
		{`{"type":"array","items":{"type":"string","enum":["x","y"]},"uniqueItems":true}`, `[["x"],["x","x"],["z"],[]]`},
		{`{"oneOf":[{"type":"string"},{"type":"integer"}]}`, `["a",1,true]`},
		{`{"allOf":[{"type":"object","properties":{"a":{"type":"string"}}},{"required":["a"]}]}`, `[{"a":"x"},{},{"a":1}]`},
		{`{"type":"integer","format":"int32"}`, `[2147483647,2147483648]`},
	}
	for _, test := range tests {
		var theirs openapi3.Schema
		if err := theirs.UnmarshalJSON([]byte(test.schema)); err != nil {
			t.Fatal(err)
		}
		ours := compileText(t, OpenAPI30, test.schema)
		for _, v := range decode(t, test.values).([]any) {
			var plain any
			text, _ := json.Marshal(v)
			if err := json.NewDecoder(bytes.NewReader(text)).Decode(&plain); err != nil {
				t.Fatal(err)
			}
			want := theirs.VisitJSON(plain) == nil
			if got := ours.Valid(v, Either); got != want {
				t.Errorf("%s with %s: got %v, kin-openapi says %v", test.schema, text, got, want)
			}
		}
	}
}

func TestDirections(t *testing.T) {
	s := compileText(t, OpenAPI30, `{"allOf":[{"properties":{"id":{"type":"string","readOnly":true},"secret":{"type":"string","writeOnly":true}}},{"required":["id","secret"]}]}`)
	tests := []struct {
		value string
		dir   Direction
		want  string // keyword of the violation, "" for none
	}{
		{`{"id":"a"}`, Response, ""},
		{`{"secret":"a"}`, Response, "writeOnly"},
		{`{"secret":"a"}`, Request, ""},
		{`{"id":7,"secret":"a"}`, Request, ""}, // a server ignores it
		{`{"id":"a"}`, Request, "required"},
		{`{"id":"a"}`, Either, "required"},
	}
	for _, test := range tests {
		found := s.Validate(decode(t, test.value), test.dir)
		got := ""
		if len(found) > 0 {
			got = found[0].Keyword
		}
		if got != test.want {
			t.Errorf("%s in direction %d: got %v, want %q", test.value, test.dir, found, test.want)
		}
	}
}

func TestViolation(t *testing.T) {
	s := compileText(t, OpenAPI30, "{\n\"properties\":{\"a/b\":{\"items\":{\n\"maximum\":5}}}}")
	found := s.Validate(decode(t, `{"a/b":[1,9]}`), Either)
	if len(found) != 1 {
		t.Fatalf("got %v", found)
	}
	if got, want := found[0].String(), "/a~1b/1: maximum: want at most 5, got 9"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := found[0].Schema.String(), "t.json:3 #/properties/a~1b/items/maximum"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCompileReports(t *testing.T) {
	set, err := source.Read("t.yaml", []byte("a: {type: strin, pattern: '(', minLength: -1}\nb: {$ref: '#/none'}\nc: 3\n"))
	if err != nil {
		t.Fatal(err)
	}
	c := NewCompiler(OpenAPI30)
	if _, err := c.Compile(set.Root().Child("a")); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range c.Unchecked() {
		got = append(got, u.Keyword)
	}
	if strings.Join(got, " ") != "minLength pattern type" {
		t.Errorf("got %v", c.Unchecked())
	}
	for name, want := range map[string]string{"b": "leads to nothing", "c": "found number, want a schema"} {
		if _, err := c.Compile(set.Root().Child(name)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one with %q", name, err, want)
		}
	}
}

func TestPatterns(t *testing.T) {
	tests := []struct{ pattern, yes, no string }{
		{`^\u0041\u{42}\x43$`, "ABC", "ABD"},
		{`^\u4e00$`, "一", "二"},
		{`^[\w-.]+$`, "a-.b", "a b"},
		{`^[^]$`, "\n", "ab"},
		{`^a.b$`, "axb", "a\nb"},
		{`^\s$`, "\u00a0", "x"},
		{`^\p{L}+$`, "äb", "1"},
		{`^\p{Script=Greek}$`, "α", "a"},
		{`^(?=.*\d)[a-z\d]+$`, "a1", "ab"},
		{`^(a)\1$`, "aa", "ab"},
		{`^.{0,1001}$`, strings.Repeat("x", 1001), strings.Repeat("x", 1002)},
		{`^https?:\/\/x\:y$`, "http://x:y", "x"},
		{`^a{,2}$`, "a{,2}", "aa"},
		{`^(?<y>\d{4})$`, "2026", "26"},
		{`^[[]x$`, "[x", "x"},
		{`^\cA$`, "\x01", "A"},
		{`^\p{ASCII}{0,8192}$`, "ab", "ä"},
		{`^[\p{ASCII}]{1,2000}$`, "ab", "ä"},
		{`^\p{L}{1,2000}$`, "äb", "1"},
		{`^\p{Script=Greek}(?!α)`, "αβ", "αα"},
	}
	for _, test := range tests {
		p := NewPattern(test.pattern)
		if err := p.Checkable(); err != nil {
			t.Errorf("%s: %v", test.pattern, err)
			continue
		}
		if ok, err := p.Match(test.yes); !ok || err != nil {
			t.Errorf("%s does not match %q: %v", test.pattern, test.yes, err)
		}
		if ok, err := p.Match(test.no); ok || err != nil {
			t.Errorf("%s matches %q: %v", test.pattern, test.no, err)
		}
	}
	if _, err := NewPattern(`^(?=a)(a+)+$`).Match(strings.Repeat("a", 40) + "!"); err == nil {
		t.Error("a match that backtracks without end was not stopped")
	}
}

func FuzzPattern(f *testing.F) {
	for _, test := range []string{`^[a-z]+$`, `^([A-Z]{2}-?)[0-9]+$`, `(?!x)`, `\u{`, `[`, `a{1001}`, `\`, `[\s\S-]`} {
		f.Add(test, "abc")
	}
	f.Fuzz(func(t *testing.T, pattern, s string) {
		p := NewPattern(pattern)
		if ok, err := p.Match(s); p.Checkable() != nil && (!ok || err != nil) {
			t.Error("a pattern that cannot be checked refuses a string")
		}
		compareRuns(t, p, s)
	})
}

func FuzzValidate(f *testing.F) {
	for _, test := range keywordTests {
		f.Add(test.schema, test.good)
	}
	f.Fuzz(func(t *testing.T, schema, value string) {
		set, err := source.Read("t.json", []byte(schema))
		if err != nil {
			return
		}
		s, err := NewCompiler(JSONSchema202012).Compile(set.Root())
		if err != nil {
			return
		}
		if v, err := source.DecodeJSON([]byte(value)); err == nil && s.Valid(v, Either) != (len(s.Validate(v, Either)) == 0) {
			t.Error("Valid and Validate disagree")
		}
	})
}

func BenchmarkValid(b *testing.B) {
	s := compileText(b, OpenAPI30, `{"type":"object","properties":{"results":{"type":"array","items":{"type":"object","required":["id"],"properties":{
		"id":{"type":"string","pattern":"^([a-f0-9]{24})$"},"at":{"type":"string","format":"date-time"},"kind":{"type":"string","enum":["a","b"]},
		"n":{"type":"integer","minimum":1,"maximum":500},"ok":{"type":"boolean"},"tags":{"type":"array","items":{"type":"string"}}}}}}}`)
	items := make([]any, 100)
	for i := range items {
		items[i] = decode(b, `{"id":"32b6e34b3d91647abb20e7b8","at":"2025-05-04T09:42:00Z","kind":"b","n":7,"ok":true,"tags":["x","y"]}`)
	}
	v := any(map[string]any{"results": items})
	b.ReportAllocs()
	for b.Loop() {
		if !s.Valid(v, Response) {
			b.Fatal("refused")
		}
	}
}
