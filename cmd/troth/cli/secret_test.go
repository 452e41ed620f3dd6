package cli

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// issued is the token that the talkative server gives for client credentials.
const issued = "issued-token-0815-4711"

// talkative is a server that tells everybody what they sent: the worst place for a secret.
func talkative(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":3600}`, issued)
			return
		}
		if r.Header.Get("Authorization") == "" {
			w.Header().Add("WWW-Authenticate", `Digest realm="r", nonce="n", qop="auth", algorithm=MD5`)
			w.Header().Add("WWW-Authenticate", `Basic realm="r"`)
		}
		echo := fmt.Sprint(r.Header, " ", r.URL.String())
		if user, password, ok := r.BasicAuth(); ok {
			echo += " " + user + ":" + password
		}
		body, _ := json.Marshal(map[string]any{"detail": echo, "results": []any{map[string]any{"id": echo}}, "error": echo, "links": []any{map[string]any{"rel": "next", "href": "http://" + r.Host + "/" + r.URL.RequestURI() + "&echo=" + r.Header.Get("Authorization")}}})
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Echo", strings.ReplaceAll(echo, "\n", " "))
		if r.Header.Get("Authorization") == "" {
			w.WriteHeader(http.StatusUnauthorized)
		} else {
			w.WriteHeader(http.StatusTeapot - len(r.URL.RawQuery)%2*218) // 418, 200
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(s.Close)
	return s
}

const keyed = `
openapi: 3.1.0
info: {title: Keyed, version: "1"}
security: [{K: []}, {Q: []}, {C: []}, {B: []}, {D: []}, {O: []}]
paths:
  /things/{thingId}:
    get:
      operationId: getThing
      parameters: [{name: thingId, in: path, required: true, example: t1, schema: {type: string}}, {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 9}}]
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: string, maxLength: 3}, detail: {type: integer}}}}}}
        "401": {description: no, content: {application/json: {schema: {type: object, properties: {detail: {type: integer}}}}}}
components:
  securitySchemes:
    K: {type: apiKey, in: header, name: X-Key}
    Q: {type: apiKey, in: query, name: key}
    C: {type: apiKey, in: cookie, name: session}
    B: {type: http, scheme: basic}
    D: {type: http, scheme: digest}
    O: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://example.com/token", scopes: {}}}}
`

// TestSecretsStayHidden gives every kind of secret to a server that repeats all of it, and looks for it in every form of the report.
func TestSecretsStayHidden(t *testing.T) {
	const secret, other = "s3cr3t-Value-4711", "other-S3cret-0815"
	dir := t.TempDir()
	document := filepath.Join(dir, "keyed.yaml")
	if err := os.WriteFile(document, []byte(keyed), 0o600); err != nil {
		t.Fatal(err)
	}
	server := talkative(t)
	tests := map[string]struct {
		args []string
		env  string
		url  string
	}{
		"bearer":          {args: []string{"--bearer", secret}},
		"bearer in env":   {env: "TROTH_BEARER=" + secret},
		"digest":          {args: []string{"--digest", "user:" + secret}},
		"digest in env":   {env: "TROTH_DIGEST=user:" + secret},
		"basic":           {args: []string{"--basic", "user:" + secret}},
		"basic in env":    {env: "TROTH_BASIC=user:" + secret},
		"user in the URL": {url: strings.Replace(server.URL, "http://", "http://user:"+secret+"@", 1)},
		"oauth":           {args: []string{"--oauth", "id:" + secret}},
		"key in header":   {args: []string{"--api-key", "X-Key=" + secret}},
		"key in query":    {args: []string{"--api-key", "key=" + secret}},
		"key in cookie":   {args: []string{"--api-key", "session=" + secret}},
		"key in env":      {env: "TROTH_API_KEY=key=" + secret},
		"header":          {args: []string{"-H", "Authorization: Bearer " + secret}},
		"undeclared":      {args: []string{"-H", "X-Other-Token: " + secret, "--bearer", other}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			summary := filepath.Join(dir, "summary.md")
			t.Setenv("GITHUB_STEP_SUMMARY", summary)
			if name, value, ok := strings.Cut(tt.env, "="); ok {
				t.Setenv(name, value)
			}
			url := server.URL
			if tt.url != "" {
				url = tt.url
			}
			args := append([]string{"test", document, "--target", url, "--write", "--report", "text", "--report", "github"}, tt.args...)
			for _, form := range []string{"json", "junit", "sarif", "html", "markdown", "coverage"} {
				args = append(args, "--report", form+"="+filepath.Join(dir, form))
			}
			code, out, errs := troth(t, args...)
			known := filepath.Join(dir, "known")
			_, more, moreErrs := troth(t, append(args, "--known", known, "--known-update")...)
			_, plan, planErrs := troth(t, append(args, "--plan")...)
			_, _, wrong := troth(t, append(args, "--target", strings.Replace(url, "http://", "ftp://", 1))...)
			if code != 1 || !strings.Contains(out, "want ") {
				t.Fatalf("exit %d: nothing is found, so that nothing is shown\n%s%s", code, out, errs)
			}
			shown := map[string]string{"output": out + errs + more + moreErrs, "plan": plan + planErrs, "error": wrong}
			files, err := filepath.Glob(filepath.Join(dir, "*"))
			if err != nil || len(files) != 8 {
				t.Fatal(files, err)
			}
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				shown[filepath.Base(file)] = string(text)
			}
			for form, text := range shown {
				for _, hidden := range []string{secret, other, issued, base64.StdEncoding.EncodeToString([]byte("user:" + secret)), base64.StdEncoding.EncodeToString([]byte("id:" + secret))} {
					if i := strings.Index(text, hidden); i >= 0 {
						t.Errorf("%s shows %s: …%s", form, hidden, text[max(i-200, 0):i+len(hidden)])
					}
				}
			}
		})
	}
}
