package openapi

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"troth/openapi/sample"
	"troth/openapi/schema"
)

var update = flag.Bool("update", false, "rewrite golden files")

// contentsOf yields every content of a document with a schema, by operation and media type.
func contentsOf(t testing.TB, d *Document) map[string]*Content {
	t.Helper()
	all := map[string]*Content{}
	for _, op := range d.Operations {
		c, err := op.Compile()
		if err != nil {
			t.Fatal(err)
		}
		add := func(part string, list []*Content) {
			for _, content := range list {
				if content.Schema != nil && !content.Type.hasWildcard() {
					all[op.ID+" "+part+" "+content.Type.String()] = content
				}
			}
		}
		for _, r := range c.Responses {
			add(r.Code, r.Content)
		}
		if c.Body != nil {
			add("body", c.Body.Content)
		}
	}
	return all
}

// TestCodecs writes values of every content and reads them back the same.
func TestCodecs(t *testing.T) {
	d, err := Load("testdata/media.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := contentsOf(t, d)
	if len(all) < 15 {
		t.Fatalf("%d contents", len(all))
	}
	for name, content := range all {
		for seed := range uint64(20) {
			v, err := sample.Value(content.Schema, seed, sample.For(schema.Either))
			if err != nil {
				t.Fatal(name, err)
			}
			data, contentType, err := content.Encode(v)
			if err != nil {
				t.Fatal(name, err)
			}
			sent, err := ParseMediaType(contentType)
			if err != nil {
				t.Fatal(name, err)
			}
			back, judged, violations := DecodeBody(content, sent, data)
			if !judged || len(violations) > 0 || !schema.Equal(v, back) {
				t.Fatalf("%s: judged %v %v\n%s\nwritten of %v\nread as    %v", name, judged, violations, data, v, back)
			}
		}
	}
}

// TestCodecGolden pins the bytes.
func TestCodecGolden(t *testing.T) {
	d, err := Load("testdata/media.yaml")
	if err != nil {
		t.Fatal(err)
	}
	book := `{"id":"b001","title":"A <b> & c","pages":3,"price":null,"tags":["x","y"],"authors":["P"],"size":{"width":2},"print run":true}`
	values := map[string]string{
		"addBook body application/xml": book, "addBook body application/x-www-form-urlencoded": book,
		"addBook body multipart/form-data": `{"book":` + book + `,"cover":"\u0000png","notes":["one","two"],"more":[{"id":1,"title":"t"}],"count":7}`,
		"listBooks 200 application/xml":    "[" + book + "]", "listBooks 200 application/x-ndjson": "[" + book + "," + book + "]",
		"listBooks 200 text/csv":      `[{"id":1,"title":"a, \"b\"","note":null},{"id":2,"title":"","ratio":0.5,"tags":["q"]}]`,
		"watch 200 text/event-stream": `[{"event":"added","id":"7","data":{"book":"b001"}},{"event":"removed","data":{"book":"two\nlines"}}]`,
		"readLog 200 text/plain":      `"plain"`,
	}
	var got strings.Builder
	all := contentsOf(t, d)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		data, contentType, err := all[name].Encode(plainJSON(t, values[name]))
		fmt.Fprintf(&got, "=== %s: %s %v\n%s\n", name, contentType, err, strings.ReplaceAll(string(data), "\r", "\\r"))
	}
	const file = "testdata/media.golden"
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, _ := os.ReadFile(file); string(want) != got.String() {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

// TestMalformed says what is wrong with content that its media type does not allow.
func TestMalformed(t *testing.T) {
	d, err := Load("testdata/media.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := contentsOf(t, d)
	for _, c := range []struct{ name, sent, data, want string }{
		{"addBook body application/xml", "application/xml", "<book>", "XML syntax error"},
		{"addBook body application/xml", "application/xml", "<a/><b/>", "no one root element"},
		{"addBook body application/xml", "application/xml", strings.Repeat("<a>", 600), "deep"},
		{"addBook body application/xml", "application/xml;charset=latin1", "<a/>", "charset"},
		{"addBook body multipart/form-data", "multipart/form-data", "x", "no boundary"},
		{"addBook body multipart/form-data", "multipart/form-data;boundary=b", "--b\r\n\r\nx", "EOF"},
		{"addBook body application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "a=%zz", "invalid URL escape"},
		{"listBooks 200 text/csv", "text/csv", "a,b\n\"", "quote"},
		{"listBooks 200 application/x-ndjson", "application/x-ndjson", "{}\n{", "line 2"},
		{"watch 200 text/event-stream", "text/event-stream", "data: \xff\n\n", "UTF-8"},
		{"listBooks 200 application/yaml", "application/yaml", "a: [", "line"},
	} {
		sent, err := ParseMediaType(c.sent)
		if err != nil {
			t.Fatal(err)
		}
		_, _, violations := DecodeBody(all[c.name], sent, []byte(c.data))
		if len(violations) != 1 || !strings.Contains(violations[0].String(), c.want) {
			t.Errorf("%s %q: %v, want %q", c.name, c.data, violations, c.want)
		}
	}
}

// TestBrackets reads the ways in which clients name what is nested in forms.
func TestBrackets(t *testing.T) {
	d, err := Load("testdata/media.yaml")
	if err != nil {
		t.Fatal(err)
	}
	content := contentsOf(t, d)["addBook body application/x-www-form-urlencoded"]
	for text, want := range map[string]string{
		"size[width]=3&size[unit]=mm&id=b001": `{"id":"b001","size":{"unit":"mm","width":3},"tags":[]}`,
		"authors[]=a&authors[]=b":             `{"authors":["a","b"],"tags":[]}`,
		"authors[0]=a&authors[1]=b":           `{"authors":["a","b"],"tags":[]}`,
		"tags=a,b":                            `{"tags":["a","b"]}`,
		`size=%7B%22width%22%3A3%7D&pages=4`:  `{"pages":4,"size":{"width":3},"tags":[]}`,
	} {
		v, _, violations := DecodeBody(content, content.Type, []byte(text))
		if len(violations) > 0 || string(jsonOf(v)) != want {
			t.Errorf("%s: %s %v, want %s", text, jsonOf(v), violations, want)
		}
	}
}

// FuzzBody reads any text as content of every media type.
func FuzzBody(f *testing.F) {
	d, err := Load("testdata/media.yaml")
	if err != nil {
		f.Fatal(err)
	}
	all := contentsOf(f, d)
	for _, seed := range []string{"<book id='b001'><tag/></book>", "a[b][c]=1&tags[0]=x", "--b\r\nContent-Disposition: form-data; name=\"book\"\r\n\r\n{}\r\n--b--", "data: {}\n\n", "a,b\n1,2", "{}\n{}", "\x1e{}", "a: &a [*a]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, content := range all {
			sent := content.Type
			if isMultipart(sent) {
				sent.Params = []Param{{"boundary", "b"}}
			}
			v, _, violations := DecodeBody(content, sent, []byte(text))
			if len(violations) == 0 && content.Schema.Valid(v, schema.Request) {
				if _, _, err := content.Encode(v); err != nil && !strings.Contains(err.Error(), "XML 1.0") {
					t.Errorf("%s: %v cannot be written: %v", name, v, err)
				}
			}
		}
	})
}
