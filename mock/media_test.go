package mock

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"net/http/httptest"
	"strings"
	"testing"

	"troth/openapi"
	"troth/openapi/schema"
)

func media(t testing.TB) *Server {
	t.Helper()
	d, err := openapi.Load("../openapi/testdata/media.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(d, WithItems(7))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestMediaTypes asks for every content and reads it back by its schema.
func TestMediaTypes(t *testing.T) {
	s := media(t)
	for _, c := range []struct{ target, accept, want, holds string }{
		{"/media/books", "application/xml", "application/xml", "<books><book id="},
		{"/media/books", "text/csv", "text/csv", "id,title,"},
		{"/media/books", "application/x-ndjson", "application/x-ndjson", "}\n{"},
		{"/media/books", "application/json-seq", "application/json-seq", "\x1e{"},
		{"/media/books", "application/yaml", "application/yaml", `"print run":`},
		{"/media/books", "", "application/json", `[{"authors":`},
		{"/media/events", "text/event-stream", "text/event-stream", "event: "},
		{"/media/log", "text/*", "text/plain", ""},
		{"/media/cover", "", "image/png", "\x89PNG"},
		{"/media/cover", "application/pdf", "application/pdf", "%PDF"},
		{"/media/mixed", "", "multipart/mixed", "Content-Disposition: attachment"},
		{"/media/any", "", "application/json", `[{"authors":`},
		{"/media/any", "text/html;q=0.2, application/xml", "application/xml", "<books>"},
	} {
		r := httptest.NewRequest("GET", c.target, nil)
		if c.accept != "" {
			r.Header.Set("Accept", c.accept)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		sent, err := openapi.ParseMediaType(w.Header().Get("Content-Type"))
		if w.Code != 200 || err != nil || sent.Type+"/"+sent.Subtype != c.want || !strings.Contains(w.Body.String(), c.holds) {
			t.Errorf("%s %s: %d %s %s", c.target, c.accept, w.Code, w.Header().Get("Content-Type"), w.Body)
			continue
		}
		declared, err := s.doc.Match(r, strings.TrimPrefix(c.target, "/media")).Operation.Compile()
		if err != nil {
			t.Fatal(err)
		}
		for _, content := range declared.Response(200).Content {
			if content.Schema == nil || !content.Type.Matches(sent) {
				continue
			}
			v, judged, violations := openapi.DecodeBody(content, sent, w.Body.Bytes())
			if !judged || len(violations) > 0 || !content.Schema.Valid(v, schema.Response) {
				t.Errorf("%s %s: %v %v", c.target, c.accept, judged, violations)
			}
		}
	}
}

func TestCoverIsAPicture(t *testing.T) {
	w := httptest.NewRecorder()
	media(t).ServeHTTP(w, httptest.NewRequest("GET", "/media/cover", nil))
	if _, err := png.Decode(bytes.NewReader(w.Body.Bytes())); err != nil {
		t.Error(err)
	}
}

// TestErrorMediaType writes refusals in the content that the client prefers.
func TestErrorMediaType(t *testing.T) {
	s := media(t)
	for accept, want := range map[string]string{"application/xml": "<message>", "text/plain": "query parameter limit", "application/json": `"message":`} {
		r := httptest.NewRequest("GET", "/media/books?limit=0", nil)
		r.Header.Set("Accept", accept+", text/csv;q=0.1")
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != 400 || w.Header().Get("Content-Type") != accept || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s %s", accept, w.Code, w.Header(), w.Body)
		}
	}
}

// TestCreateXML creates by XML, a form and multipart content, and refuses what breaks the schema in each.
func TestCreateXML(t *testing.T) {
	s := media(t)
	type book struct {
		ID    string `xml:"id,attr"`
		Title string `xml:"title"`
		Tags  []string
	}
	for _, c := range []struct {
		contentType, body string
		status            int
		holds             string
	}{
		{"application/xml", `<book id="b001"><title>T</title><pages>2</pages><tag>x</tag><size><width>1</width></size></book>`, 201, "T"},
		{"application/xml", `<book id="b001"><title>T</title><pages>0</pages><size><width>1</width></size></book>`, 400, "/pages"},
		{"application/x-www-form-urlencoded", "id=b002&title=T&pages=2&size[width]=1&tags=a,b", 201, "T"},
		{"application/x-www-form-urlencoded", "id=nope&title=T&pages=2&size[width]=1&tags=a,b", 400, "/id"},
		{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"cover\"; filename=\"c\"\r\n\r\nx\r\n--b--\r\n", 400, "/book"},
		{"application/x-yaml", "a: b", 415, "application/xml"},
	} {
		r := httptest.NewRequest("POST", "/media/books", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.contentType)
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != c.status || !strings.Contains(w.Body.String(), c.holds) {
			t.Errorf("%s: %d %s, want %d with %s", c.contentType, w.Code, w.Body, c.status, c.holds)
		}
		var b book
		if c.status == 201 && (xml.Unmarshal(w.Body.Bytes(), &b) != nil || !strings.HasPrefix(b.ID, "b00") || b.Title != "T") {
			t.Errorf("%s: %+v of %s", c.contentType, b, w.Body)
		}
	}
}

// TestOrdinaryMedia has the server accept its own ordinary requests of every operation.
func TestOrdinaryMedia(t *testing.T) {
	s := media(t)
	for _, op := range s.doc.Operations {
		r, err := s.Ordinary(op)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code >= 300 {
			t.Errorf("%s: %d %s", op.ID, w.Code, w.Body)
		}
	}
}
