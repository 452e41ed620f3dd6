package openapi

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func exchange(t testing.TB) *Exchange {
	r := httptest.NewRequest("POST", "/jobs/7?to=http%3A%2F%2Fa.example", nil)
	r.Header.Set("X-Call", "http://b.example")
	return &Exchange{
		Request: r, URL: "http://mock/jobs/7", Path: []PathValue{{Name: "jobId", Value: "7"}},
		Body: plainJSON(t, `{"url":"http://c.example","nested":{"a/b":[1,true]}}`), Status: 201,
		Header: http.Header{"Location": {"/jobs/7"}}, Response: plainJSON(t, `{"id":12345678901234567890}`),
	}
}

func TestExpressions(t *testing.T) {
	for text, want := range map[string]string{
		"$url": "http://mock/jobs/7", "$method": "POST", "$statusCode": "201", "$request.path.jobId": "7", "$request.query.to": "http://a.example",
		"$request.header.x-call": "http://b.example", "$request.body#/url": "http://c.example", "$request.body#/nested/a~1b/0": "1",
		"$request.body#/nested/a~1b/1": "true", "$response.body#/id": "12345678901234567890", "$response.header.Location": "/jobs/7",
		"{$request.body#/url}/done?job={$request.path.jobId}": "http://c.example/done?job=7", "plain": "plain", "": "",
		"$response.body": `{"id":12345678901234567890}`,
	} {
		if got, err := exchange(t).Expand(text); err != nil || got != want {
			t.Errorf("%s: %q %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"$request.body#/none", "$request.query.none", "$other", "{$url", "{$request.path.x}", "$response.bodyx", "$request"} {
		if got, err := exchange(t).Expand(text); err == nil || !strings.Contains(err.Error(), "runtime expression") {
			t.Errorf("%s: %q %v, want an error", text, got, err)
		}
	}
}

// FuzzExpression never fails on a text.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{"{$request.body#/a/0}", "$response.header.", "{{$url}}", "$request.body#/~2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := exchange(t).Expand(text); err == nil && !strings.ContainsAny(text, "{$") && got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}
