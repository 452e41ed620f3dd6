package atlas

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"troth/openapi"
	"troth/openapi/schema"
)

const jobs = "/api/atlas/v2/groups/{groupId}/serverless/{clusterName}/backup/restoreJobs"

func TestMessages(t *testing.T) {
	for _, want := range []struct{ id, method, path, request, statuses string }{
		{"listServerlessRestoreJobs", "GET", jobs, "", "200 400 401 403 404 406 429 500"},
		{"createServerlessRestoreJob", "POST", jobs, version1, "200 400 401 403 404 406 409 429 500"},
		{"getServerlessRestoreJob", "GET", jobs + "/{restoreJobId}", "", "200 400 401 403 404 406 429 500"},
	} {
		t.Run(want.id, func(t *testing.T) {
			c := compiled(t, want.id)
			if c.Method != want.method || c.Path != want.path || !c.Deprecated || !slices.Equal(c.Tags, []string{"Cloud Backups"}) {
				t.Errorf("got %s %s deprecated=%v tags %q", c.Method, c.Path, c.Deprecated, c.Tags)
			}
			if got := request(c); got != want.request {
				t.Errorf("got the request type %q, want %q", got, want.request)
			}
			var statuses []string
			for _, r := range c.Responses {
				statuses = append(statuses, r.Code)
				judgeMessage(t, r)
			}
			if got := strings.Join(statuses, " "); got != want.statuses {
				t.Errorf("got statuses %s, want %s", got, want.statuses)
			}
		})
	}
}

// request is the media type of a required body, "" where there is no body.
func request(c *openapi.Compiled) string {
	switch {
	case c.Body == nil:
		return ""
	case !c.Body.Required || len(c.Body.Content) != 1:
		return "an optional body, or one of several types"
	}
	return c.Body.Content[0].Type.String()
}

// judgeMessage compares a response's media type and headers with the table of its status.
func judgeMessage(t *testing.T, r *openapi.Response) {
	t.Helper()
	media, headers := "application/json", map[string]string{}
	switch r.Code {
	case "200":
		media = version1
		headers = map[string]string{"RateLimit-Limit": "integer", "RateLimit-Remaining": "integer", "Deprecation": "string", "Sunset": "string"}
	case "401":
		headers = map[string]string{"WWW-Authenticate": "string"}
	case "429":
		headers = map[string]string{"RateLimit-Limit": "integer", "RateLimit-Remaining": "integer", "Retry-After": "integer"}
	}
	if len(r.Content) != 1 || r.Content[0].Type.String() != media {
		t.Errorf("%s: got content %v, want %s alone", r.Code, r.Content, media)
	}
	if sunset := r.Content[0].Place.Node.Get("x-sunset").Text(); r.Code == "200" && sunset != "2026-01-22" {
		t.Errorf("%s: got x-sunset %q, want 2026-01-22", r.Code, sunset)
	}
	for _, h := range r.Headers {
		if got := constraints(h.Schema); got != headers[h.Name] || h.Required {
			t.Errorf("%s: header %s: got %q required=%v, want %q", r.Code, h.Name, got, h.Required, headers[h.Name])
		}
	}
	if len(r.Headers) != len(headers) {
		t.Errorf("%s: got %d headers, want %d", r.Code, len(r.Headers), len(headers))
	}
}

func TestSecurity(t *testing.T) {
	for _, id := range []string{"listServerlessRestoreJobs", "createServerlessRestoreJob", "getServerlessRestoreJob"} {
		c := compiled(t, id)
		if len(c.Security) != 2 || len(c.Security[0]) != 1 || len(c.Security[1]) != 1 {
			t.Fatalf("%s: got %d alternatives, want two of one scheme each", id, len(c.Security))
		}
		account, key := c.Security[0][0].Scheme, c.Security[1][0].Scheme
		if key.Name != "DigestAuth" || key.Type != "http" || key.Scheme != "digest" {
			t.Errorf("%s: got %s: %s %s, want DigestAuth: http digest", id, key.Name, key.Type, key.Scheme)
		}
		if account.Name != "ServiceAccounts" || account.Type != "oauth2" || len(account.Flows) != 1 {
			t.Fatalf("%s: got %s: %s with %d flows", id, account.Name, account.Type, len(account.Flows))
		}
		flow := account.Flows[0]
		if flow.Kind != "clientCredentials" || flow.TokenURL != "https://cloud.mongodb.com/api/oauth/token" || len(flow.Scopes) != 0 {
			t.Errorf("%s: got the flow %+v", id, flow)
		}
	}
}

// TestErrorExamples holds the code that each status shows, and that status and phrase are those of the response.
func TestErrorExamples(t *testing.T) {
	codes := map[int]string{
		400: "VALIDATION_ERROR", 401: "NOT_ORG_GROUP_CREATOR", 403: "CANNOT_CHANGE_GROUP_NAME", 404: "RESOURCE_NOT_FOUND",
		406: "INVALID_VERSION_DATE", 409: "CANNOT_DELETE_ORG_ACTIVE_LIVE_MIGRATION_ATLAS_ORG_LINK", 429: "RATE_LIMITED",
		500: "UNEXPECTED_ERROR",
	}
	c := compiled(t, "createServerlessRestoreJob")
	for status, code := range codes {
		content := c.Response(status).JSON()
		if content == nil || len(content.Examples) != 1 {
			t.Errorf("%d: want one JSON example", status)
			continue
		}
		example, _ := content.Examples[0].Value.(map[string]any)
		number, _ := example["error"].(json.Number)
		if got, _ := number.Int64(); int(got) != status || example["reason"] != http.StatusText(status) || example["errorCode"] != code {
			t.Errorf("%d: got %v", status, example)
		}
		if detail, _ := example["detail"].(string); detail == "" || strings.Contains(detail, "just an example") {
			t.Errorf("%d: got detail %q, want a sentence of our own", status, detail)
		}
	}
}

// TestEveryExampleIsValid walks to all examples: of parameters, headers, bodies and schemas.
func TestEveryExampleIsValid(t *testing.T) {
	judged := 0
	judge := func(s *schema.Schema, dir schema.Direction, examples []openapi.Example) {
		for _, e := range examples {
			judged++
			if broken := s.Validate(e.Value, dir); len(broken) > 0 {
				t.Errorf("%s: %v", e.Place, broken)
			}
		}
	}
	for _, id := range []string{"listServerlessRestoreJobs", "createServerlessRestoreJob", "getServerlessRestoreJob"} {
		c := compiled(t, id)
		for _, p := range c.Parameters {
			judge(p.Schema, schema.Request, p.Examples)
		}
		if c.Body != nil {
			judge(c.Body.Content[0].Schema, schema.Request, c.Body.Content[0].Examples)
		}
		for _, r := range c.Responses {
			judge(r.Content[0].Schema, schema.Response, r.Content[0].Examples)
			judgeSchemaExamples(t, r.Content[0].Schema, map[*schema.Schema]bool{})
			for _, h := range r.Headers {
				judge(h.Schema, schema.Response, h.Examples)
			}
		}
	}
	const parameters, bodies, failures = 3 * 2, 1, 7 + 8 + 7
	if judged != parameters+bodies+failures {
		t.Errorf("judged %d examples, want %d", judged, parameters+bodies+failures)
	}
}

func judgeSchemaExamples(t *testing.T, s *schema.Schema, seen map[*schema.Schema]bool) {
	t.Helper()
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	for _, e := range s.Examples {
		if broken := s.Validate(e, schema.Either); len(broken) > 0 {
			t.Errorf("%s: %v", s.Place, broken)
		}
	}
	judgeSchemaExamples(t, s.Items, seen)
	for _, p := range s.Properties {
		judgeSchemaExamples(t, p.Schema, seen)
	}
}

func TestTextIsACopy(t *testing.T) {
	first := Text()
	clear(first)
	if second := Text(); !bytes.HasPrefix(second, []byte("# The default document")) {
		t.Errorf("got %.30q after the caller changed an earlier copy", second)
	}
}
