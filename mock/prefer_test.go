package mock

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

const choices = `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: ok, content: {application/json: {schema: &s {type: object, required: [a], properties: {a: {type: integer}}}, examples: {one: {value: {a: 1}}, two: {value: {a: 2}}, wrong: {value: {a: x}}}}}}
        "202": {description: later}
        "404": {description: none, content: {application/problem+json: {schema: {type: object, required: [status], properties: {status: {type: integer}}}}}}
        4XX: {description: refused, content: {text/plain: {schema: {type: string}}}}
        default: {description: other, content: {application/json: {schema: {type: object, properties: {message: {type: string, minLength: 1}}, required: [message]}}}}
`

func TestPrefer(t *testing.T) {
	d := parsed(t, choices)
	s, err := New(d, WithOpenWorld())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		prefer, applied string
		status          int
		has             string
	}{
		{"", "", 200, `a=`},
		{"code=202", "code=202", 202, ``},
		{"code=404", "code=404", 404, `status=404`},
		{"code=503", "code=503", 503, `message=`},
		{"example=two", "example=two", 200, `a=2`},
		{`code=200; foo, example="two"`, "code=200, example=two", 200, `a=2`},
		{"example=wrong", "", 200, `a=`}, // it breaks its schema
		{"example=none", "", 200, `a=`},
		{"dynamic=false", "dynamic=false", 200, `a=1`},
		{"code=7, unknown, seed=x", "", 200, `a=`},
		{"handling=strict, example=none", "", 400, ``},
		{"respond-async, dynamic=true", "dynamic=true", 200, `a=`},
	}
	for _, tt := range tests {
		code, header, body := client{s}.do("GET", "/things/1", "", "Prefer", tt.prefer)
		name, value, _ := strings.Cut(tt.has, "=")
		got := string(appendJSON(nil, member(body, name)))
		if code != tt.status || header.Get("Preference-Applied") != tt.applied || !strings.Contains(got, value) {
			t.Errorf("%q: %d %q %v, want %d %q %s", tt.prefer, code, header.Get("Preference-Applied"), body, tt.status, tt.applied, tt.has)
		}
	}
}

// TestPreferSeed gives the same value for the same seed and others for others.
func TestPreferSeed(t *testing.T) {
	s, err := New(teams(t))
	if err != nil {
		t.Fatal(err)
	}
	url, team := firstTeam(t, client{s})
	ask := func(prefer string) string {
		_, _, v := client{s}.do("GET", url, "", "Prefer", prefer)
		return string(appendJSON(nil, v))
	}
	first := ask("seed=1")
	if again := ask("seed=1"); again != first || first == ask("seed=2") || ask("") != string(appendJSON(nil, team)) {
		t.Errorf("%s %s %s, want %v", first, ask("seed=2"), ask(""), team)
	}
}

func TestExplain(t *testing.T) {
	s, err := New(teams(t))
	if err != nil {
		t.Fatal(err)
	}
	c := client{s}
	url, _ := firstTeam(t, c)
	for target, want := range map[string]string{
		url:                  "operation=getTeam; response=200; content=application/json; rule=collection; seed=1; at=testdata/teams.yaml:",
		"/api/teams/unknown": "operation=getTeam; response=404; content=application/problem+json; rule=refusal; seed=1;",
	} {
		_, header, _ := c.do("GET", target, "", "X-Troth-Explain", "true")
		if got := header.Get("X-Troth-Explain"); !strings.HasPrefix(got, want) && target == url {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
	if _, header, _ := c.do("GET", url, ""); header.Get("X-Troth-Explain") != "" {
		t.Error("explained without being asked")
	}
}

// TestExampleTellsStatus has examples of a response for many statuses tell the status that they are sent with.
func TestExampleTellsStatus(t *testing.T) {
	const text = `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /numbers: &errors
    get:
      responses:
        "200": {description: ok}
        default: {description: wrong, content: {application/json: {schema: {type: object, required: [status, message], properties: {status: {type: integer}, title: {type: string}, message: {type: string}}}, examples: {
          none: {value: {status: 404, title: Not Found, message: gone}}, own: {value: {status: 1404, message: of its own}}, busy: {value: {status: 503, title: Busy, message: come back}}}}}}
  /texts:
    get:
      responses:
        "200": {description: ok}
        default: {description: wrong, content: {application/json: {schema: {type: object, required: [errors], properties: {errors: {type: array, minItems: 1, items: {type: object, required: [status], properties: {status: {type: string}, title: {type: string}}}}}},
          example: {errors: [{status: "404", title: Not Found}]}}}}
  /phrases:
    get:
      responses:
        "200": {description: ok}
        "409": {description: clash, content: {application/json: {schema: {type: object}, example: {title: Not Found}}}}
        default: {description: wrong, content: {application/json: {schema: {type: object, required: [title], properties: {title: {type: string}, code: {type: string}}}, examples: {
          none: {value: {title: Not Found}}, snake: {value: {title: gone, code: NOT_FOUND}}, both: {value: {title: 404 Not Found}}, busy: {value: {title: Service Unavailable, code: "x"}}}}}}
  /fixed:
    get:
      responses:
        "200": {description: ok}
        default: {description: wrong, content: {application/json: {schema: {type: object, required: [code], properties: {code: {type: string, enum: [NOT_FOUND, UNKNOWN]}, message: {type: string}}}, example: {code: NOT_FOUND, message: none here}}}}
  /lists:
    get:
      responses:
        "200": {description: ok}
        default: {description: wrong, content: {application/json: {schema: {type: array, items: {type: object, required: [status], properties: {status: {type: integer}}}}, example: [{status: 404}]}}}
  /kinds:
    get:
      responses:
        "200": {description: ok}
        default: {description: wrong, content: {application/json: {schema: {type: object, required: [error], properties: {error: {type: object, required: [code], properties: {code: {type: string, enum: ["404", none]}}}}}, examples: {a: {value: {error: {code: "404"}}}}}}}
`
	d := parsed(t, text)
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ path, prefer, body string }{
		{"/numbers", "code=404", `{"message":"gone","status":404,"title":"Not Found"}`},
		{"/numbers", "code=503", `{"message":"of its own","status":1404}`},
		{"/numbers", "code=503, example=busy", `{"message":"come back","status":503,"title":"Busy"}`},
		{"/numbers", "code=410, example=none", `{"message":"gone","status":410,"title":"Gone"}`},
		{"/texts", "code=404", `{"errors":[{"status":"404","title":"Not Found"}]}`},
		{"/texts", "code=503, dynamic=false", `{"errors":[{"status":"503","title":"Service Unavailable"}]}`},
		{"/phrases", "code=503", `{"code":"x","title":"Service Unavailable"}`},
		{"/phrases", "code=404", `{"title":"Not Found"}`},
		{"/phrases", "code=409", `{"title":"Not Found"}`}, // what the document says of this very status
		{"/phrases", "code=503, example=none", `{"title":"Service Unavailable"}`},
		{"/phrases", "code=503, example=snake", `{"code":"SERVICE_UNAVAILABLE","title":"gone"}`},
		{"/phrases", "code=503, example=both", `{"title":"503 Service Unavailable"}`},
		{"/fixed", "code=404", `{"code":"NOT_FOUND","message":"none here"}`},
		{"/lists", "code=503, dynamic=false", `[{"status":503}]`},
		{"/kinds", "code=503, example=a", `{"error":{"code":"404"}}`}, // its schema has no other
	} {
		code, _, body := client{s}.do("GET", tt.path, "", "Prefer", tt.prefer)
		if got, _ := json.Marshal(body); string(got) != tt.body || !strings.HasPrefix(tt.prefer, "code="+strconv.Itoa(code)) {
			t.Errorf("%s %s: %d %s, want %s", tt.path, tt.prefer, code, got, tt.body)
		}
	}
}
