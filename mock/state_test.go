package mock

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"troth/openapi"
)

func newTeams(t *testing.T, opts ...Option) client {
	t.Helper()
	s, err := New(teams(t), append([]Option{WithItems(5), WithAdmin()}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return client{s}
}

func firstTeam(t *testing.T, c client) (url string, team map[string]any) {
	t.Helper()
	_, _, v := c.do("GET", "/api/teams", "")
	team = v.(map[string]any)["items"].([]any)[0].(map[string]any)
	return "/api/teams/" + team["id"].(string), team
}

// TestUpdates tells the kinds of updates apart.
func TestUpdates(t *testing.T) {
	tests := []struct{ name, method, mediaType, body, want string }{
		{"PUT replaces", "PUT", "application/json", `{"name":"a","size":7}`, `{"name":"a","size":7}`},
		{"merge patch merges", "PATCH", "application/merge-patch+json", `{"name":"b","notes":{"x":"y","z":null},"size":null}`, `{"name":"b","colour":"red","notes":{"x":"y","k":"v"}}`},
		{"JSON Patch", "PATCH", "application/json-patch+json", `[{"op":"test","path":"/size","value":3},{"op":"replace","path":"/name","value":"c"},{"op":"remove","path":"/notes"}]`, `{"name":"c","colour":"red","size":3}`},
		{"read-only members stay", "PATCH", "application/json-patch+json", `[{"op":"replace","path":"/id","value":"aaaaaaaa"}]`, `{"name":"old","colour":"red","size":3,"notes":{"k":"v","z":"z"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newTeams(t)
			url, team := firstTeam(t, c)
			if code, _, v := c.do("PUT", url, `{"name":"old","colour":"red","size":3,"notes":{"k":"v","z":"z"}}`, "Content-Type", "application/json"); code != 200 {
				t.Fatal(code, v)
			}
			code, _, v := c.do(tt.method, url, tt.body, "Content-Type", tt.mediaType)
			object, _ := v.(map[string]any)
			if object["id"] != team["id"] || object["createdAt"] != team["createdAt"] {
				t.Errorf("%d %v, want the ID and the time of %v", code, v, team)
			}
			delete(object, "id")
			delete(object, "createdAt")
			if want := jsonOf(t, tt.want); code != 200 || !reflect.DeepEqual(object, want) {
				t.Errorf("%d %v, want %v", code, object, want)
			}
		})
	}
}

func jsonOf(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestUpdatesRefused(t *testing.T) {
	c := newTeams(t)
	url, before := firstTeam(t, c)
	tests := []struct {
		mediaType, body string
		status          int
		detail          string
	}{
		{"application/json-patch+json", `[{"op":"test","path":"/name","value":"no such"}]`, 409, "test"},
		{"application/json-patch+json", `[{"op":"remove","path":"/nowhere"}]`, 400, "nowhere"},
		{"application/json-patch+json", `[{"op":"replace","path":"/size","value":-1}]`, 400, "size"},
		{"application/json-patch+json", `[7]`, 400, "JSON Patch"},
		{"application/json-patch+json", `[{"op":"add","path":"name","value":"no pointer"}]`, 400, "pointer"},
		{"application/json-patch+json", `[{"op":"add","path":"/notes/a~2","value":"x"}]`, 400, "pointer"},
		{"application/json-patch+json", `[{"op":"move","from":"/notes","path":"/notes/x"}]`, 400, "itself"},
		{"application/json-patch+json", `[{"op":"add","path":"/name"}]`, 400, "value"},
		{"application/json-patch+json", `[{"op":"add","path":"/notes/list","value":[1]},{"op":"remove","path":"/notes/list/-1"}]`, 400, "-1"},
		{"application/json-patch+json", "[" + strings.Repeat(`{"op":"copy","from":"/notes","path":"/notes/a"},{"op":"copy","from":"/notes","path":"/notes/b"},`, 40) + `{"op":"test","path":"/name","value":"x"}]`, 400, "size"},
		{"application/json-patch+json", `[{"op":"replace","path":"","value":[]}]`, 400, "object"},
		{"application/merge-patch+json", `{"name":null}`, 400, "name"},
		{"application/merge-patch+json", `{"size":-1}`, 400, "size"},
		{"application/merge-patch+json", `{"colour":"red","name":7}`, 400, "name"},
	}
	for _, tt := range tests {
		code, _, v := c.do("PATCH", url, tt.body, "Content-Type", tt.mediaType)
		detail, _ := v.(map[string]any)["detail"].(string)
		if code != tt.status || !strings.Contains(detail, tt.detail) {
			t.Errorf("%s: %d %v, want %d %s", tt.body, code, v, tt.status, tt.detail)
		}
	}
	if _, after := firstTeam(t, c); !reflect.DeepEqual(after, before) {
		t.Errorf("changed to %v", after)
	}
}

func TestPreconditions(t *testing.T) {
	c := newTeams(t)
	url, _ := firstTeam(t, c)
	_, header, _ := c.do("GET", url, "")
	tag := header.Get("ETag")
	put := func(field, value string) int {
		code, _, _ := c.do("PUT", url, `{"name":"n"}`, "Content-Type", "application/json", field, value)
		return code
	}
	if tag == "" || put("If-Match", `"other"`) != 412 || put("If-None-Match", "*") != 412 || put("If-Match", tag) != 200 || put("If-Match", tag) != 412 {
		t.Errorf("preconditions of PUT do not hold for %s", tag)
	}
	_, header, _ = c.do("GET", url, "")
	if code, _, _ := c.do("GET", url, "", "If-None-Match", header.Get("ETag")); code != 304 || header.Get("ETag") == tag {
		t.Errorf("an unchanged item is answered %d", code)
	}
	if code, _, _ := c.do("DELETE", url, "", "If-Match", tag); code != 412 {
		t.Errorf("DELETE of a changed item is answered %d", code)
	}
}

// TestForms: what differs by Accept says so, has an entity tag of its own, and a write is guarded by any of them.
func TestForms(t *testing.T) {
	s, err := openapi.Load("testdata/forms.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	c := client{m}
	_, _, list := c.do("GET", "/things", "")
	url := "/things/" + list.([]any)[0].(map[string]any)["id"].(string)
	_, json, _ := c.do("GET", url, "", "Accept", "application/json")
	_, yaml, _ := c.do("GET", url, "", "Accept", "application/yaml")
	if json.Get("Vary") != "Accept" || yaml.Get("Vary") != "Accept" || json.Get("ETag") == yaml.Get("ETag") || json.Get("ETag") == "" {
		t.Errorf("%v\n%v", json, yaml)
	}
	w := httptest.NewRecorder()
	w.Header().Add("Vary", "Origin")
	if m.ServeHTTP(w, httptest.NewRequest("GET", url, nil)); strings.Join(w.Header()["Vary"], ",") != "Origin,Accept" {
		t.Errorf("Vary of what is around the mock is lost: %v", w.Header())
	}
	for _, h := range []http.Header{json, yaml} {
		for _, accept := range []string{"application/json", "application/yaml"} {
			want := 200
			if strings.HasPrefix(h.Get("Content-Type"), accept) {
				want = 304
			}
			if code, got, _ := c.do("GET", url, "", "Accept", accept, "If-None-Match", h.Get("ETag")); code != want || want == 200 && got.Get("ETag") == h.Get("ETag") {
				t.Errorf("%s for the tag of %s: %d, want %d", accept, h.Get("Content-Type"), code, want)
			}
		}
	}
	if code, _, _ := c.do("GET", url, "", "Accept", "application/json", "If-Match", `"none"`); code != 412 {
		t.Errorf("GET with a tag that does not hold: %d", code)
	}
	code, h, _ := c.do("PATCH", url, `{"size": 3}`, "Content-Type", "application/json")
	if code != 415 || h.Get("Accept-Patch") != "application/merge-patch+json" {
		t.Errorf("%d %v", code, h)
	}
	if code, h, v := c.do("POST", "/things", "x", "Content-Type", "text/plain"); code != 415 || h.Get("Accept") != "application/json" || member(v, "type") != "about:blank" {
		t.Errorf("%d %v %v", code, h, v)
	}
	if code, h, _ := c.do("OPTIONS", url, ""); code != 204 || h.Get("Accept-Patch") != "application/merge-patch+json" || h.Get("Allow") != "GET, HEAD, OPTIONS, PATCH" {
		t.Errorf("%d %v", code, h)
	}
	if code, _, _ = c.do("PATCH", url, `{"size": 3}`, "Content-Type", "application/merge-patch+json", "If-Match", yaml.Get("ETag")); code != 200 {
		t.Errorf("a write guarded by the tag of another form: %d", code)
	}
	if code, _, _ = c.do("PATCH", url, `{"size": 4}`, "Content-Type", "application/merge-patch+json", "If-Match", yaml.Get("ETag")); code != 412 {
		t.Errorf("a write guarded by an old tag: %d", code)
	}
}

func TestUpsert(t *testing.T) {
	c := newTeams(t)
	const url = "/api/teams/zzzzzzzz"
	if code, _, v := c.do("GET", url, ""); code != 404 {
		t.Fatal(code, v)
	}
	if code, _, v := c.do("PUT", url, `{"name":"n"}`, "Content-Type", "application/json", "If-None-Match", "*"); code != 201 {
		t.Errorf("PUT of a new item: %d %v", code, v)
	}
	if code, _, v := c.do("GET", url, ""); code != 200 || v.(map[string]any)["id"] != "zzzzzzzz" {
		t.Errorf("the new item: %d %v", code, v)
	}
	if _, _, v := c.do("GET", url+"/members", ""); len(v.(map[string]any)["data"].([]any)) != 0 {
		t.Errorf("a new team has members: %v", v)
	}
}

// TestState exports what was written, resets it, imports it and adopts it into another server.
func TestState(t *testing.T) {
	c := newTeams(t)
	url, _ := firstTeam(t, c)
	c.do("PUT", url, `{"name":"changed"}`, "Content-Type", "application/json")
	_, _, made := c.do("POST", "/api/teams", `{"name":"made"}`, "Content-Type", "application/json")
	child := "/api/teams/" + made.(map[string]any)["id"].(string) + "/members"
	c.do("POST", child, `{"role":"owner"}`, "Content-Type", "application/json")
	_, _, list := c.do("GET", "/api/teams", "")
	_, _, members := c.do("GET", child, "")
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, httptest.NewRequest("GET", "/_troth/state", nil))
	exported := w.Body.String()

	if code, _, _ := c.do("DELETE", "/_troth/state", ""); code != 204 {
		t.Fatal(code)
	}
	if _, _, v := c.do("GET", "/api/teams", ""); reflect.DeepEqual(v, list) {
		t.Error("the reset changed nothing")
	}
	if code, _, v := c.do("PUT", "/_troth/state", exported); code != 204 {
		t.Fatal(code, v)
	}
	other := newTeams(t)
	if dropped := other.h.(*Server).Adopt(c.h.(*Server)); len(dropped) > 0 {
		t.Error(dropped)
	}
	for _, c := range []client{c, other} {
		_, _, again := c.do("GET", "/api/teams", "")
		_, _, inside := c.do("GET", child, "")
		if !reflect.DeepEqual(again, list) || !reflect.DeepEqual(inside, members) {
			t.Errorf("imported: %v, want %v; members %v, want %v", again, list, inside, members)
		}
	}
}

func TestStateRefused(t *testing.T) {
	c := newTeams(t)
	for body, want := range map[string]string{
		`{`:            "state",
		`{"format":2}`: "#/format",
		`{"format":1,"collections":[{"path":"/nowhere","parents":[]}]}`:                                                "/nowhere",
		`{"format":1,"collections":[{"path":"/teams","parents":[],"created":[{"id":"aaaaaaaa","value":{"name":7}}]}]}`: "/name",
		`{"format":1,"collections":[{"path":7}]}`:                                                                      "#/collections/0/path",
	} {
		code, _, v := c.do("PUT", "/_troth/state", body)
		if detail, _ := v.(map[string]any)["detail"].(string); code != 400 || !strings.Contains(detail, want) {
			t.Errorf("%s: %d %v, want 400 about %s", body, code, v, want)
		}
	}
	if code, header, _ := c.do("POST", "/_troth/state", ""); code != 405 || header.Get("Allow") == "" {
		t.Errorf("POST is answered %d", code)
	}
	if code, _, v := c.do("GET", "/_troth/health", ""); code != 200 || v.(map[string]any)["document"] != "Teams" {
		t.Errorf("health: %d %v", code, v)
	}
}

// TestAdopt drops what an older document allowed and this one does not.
func TestAdopt(t *testing.T) {
	old := newTeams(t)
	old.do("POST", "/api/teams", `{"name":"a name of twenty-two c"}`, "Content-Type", "application/json")
	old.do("POST", "/api/teams", `{"name":"short"}`, "Content-Type", "application/json")
	text := strings.Replace(string(teams(t).Root.File.Data), "maxLength: 30", "maxLength: 10", 1)
	narrower := parsed(t, text)
	s, err := New(narrower, WithItems(5))
	if err != nil {
		t.Fatal(err)
	}
	dropped := s.Adopt(old.h.(*Server))
	if len(dropped) != 1 || !strings.Contains(dropped[0].Error(), "maxLength") {
		t.Errorf("dropped %v", dropped)
	}
	if _, team := firstTeam(t, client{s}); team["name"] != "short" {
		t.Errorf("first is %v", team)
	}
}

// TestContentCodings: a body is taken as it is meant; a coding that is not known is a 415 that names those that are, and a bomb is a 413.
func TestContentCodings(t *testing.T) {
	d, err := openapi.Load("testdata/forms.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(d, WithLimits(Limits{Body: 10_000}))
	if err != nil {
		t.Fatal(err)
	}
	zip := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(text))
		_ = w.Close()
		return b.String()
	}
	for _, c := range []struct {
		name, coding, body string
		status             int
	}{
		{"gzip", "gzip", zip(`{"id": "t123456", "size": 7}`), 201},
		{"gzip twice", "gzip, gzip", zip(zip(`{"id": "t123456", "size": 7}`)), 201},
		{"none", "identity", `{"id": "t123456", "size": 7}`, 201},
		{"unknown", "br", "x", 415},
		{"no gzip", "gzip", `{"size": 7}`, 400},
		{"bomb", "gzip", zip(strings.Repeat(" ", 20_000)), 413},
	} {
		code, h, v := client{s}.do("POST", "/things", c.body, "Content-Type", "application/json", "Content-Encoding", c.coding)
		if code != c.status || code == 415 && h.Get("Accept-Encoding") != "gzip, deflate" {
			t.Errorf("%s: %d %v %v, want %d", c.name, code, h, v, c.status)
		}
		if code == 201 && fmt.Sprint(member(v, "size")) != "7" {
			t.Errorf("%s: %v", c.name, v)
		}
	}
}
