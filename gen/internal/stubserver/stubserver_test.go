package stubserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"troth/gen/internal/stubserver"
)

const (
	jobsPath  = "/api/atlas/v2/groups/" + stubserver.GroupID + "/serverless/" + stubserver.ClusterName + "/backup/restoreJobs"
	mediaType = "application/vnd.atlas.2023-01-01+json"
	newJob    = `{"deliveryType":"automated","targetClusterName":"Target1","targetGroupId":"32b6e34b3d91647abb20e7b8"}`
)

// answer is a response as a test looks at it.
type answer struct {
	*http.Response
	text string
	body map[string]any
}

// call sends a request with the token; fields, "Name: value", come on top.
func call(t *testing.T, server *httptest.Server, method, target, body string, fields ...string) answer {
	t.Helper()
	if !strings.HasPrefix(target, "http") {
		target = server.URL + target
	}
	request, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+stubserver.Token)
	if body != "" {
		request.Header.Set("Content-Type", mediaType)
	}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		request.Header.Set(name, value)
	}
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{Response: response, text: string(data)}
	if len(data) > 0 {
		if err := json.Unmarshal(data, &a.body); err != nil {
			t.Fatalf("%s %s: %v in %s", method, target, err, data)
		}
	}
	return a
}

func start(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(stubserver.New())
	t.Cleanup(server.Close)
	return server
}

// ids lists the IDs of a page's jobs.
func (a answer) ids() []string {
	var list []string
	results, _ := a.body["results"].([]any)
	for _, r := range results {
		list = append(list, fmt.Sprint(r.(map[string]any)["id"]))
	}
	return list
}

// rel returns the link of that relation, "" where there is none.
func (a answer) rel(rel string) string {
	links, _ := a.body["links"].([]any)
	for _, l := range links {
		if l := l.(map[string]any); l["rel"] == rel {
			return fmt.Sprint(l["href"])
		}
	}
	return ""
}

func TestList(t *testing.T) {
	a := call(t, start(t), "GET", jobsPath, "")
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != mediaType || len(a.ids()) != stubserver.Jobs {
		t.Fatalf("got %d %s, %d jobs", a.StatusCode, a.Header.Get("Content-Type"), len(a.ids()))
	}
	if a.body["totalCount"] != float64(stubserver.Jobs) || a.rel("next") != "" || a.rel("previous") != "" {
		t.Errorf("totalCount %v, links %v", a.body["totalCount"], a.body["links"])
	}
	for _, name := range []string{"RateLimit-Limit", "RateLimit-Remaining", "Deprecation", "Sunset"} {
		if a.Header.Get(name) == "" {
			t.Errorf("no header %s", name)
		}
	}
}

// The links lead through all jobs and back, and keep the other parameters.
func TestListWalk(t *testing.T) {
	server := start(t)
	a := call(t, server, "GET", jobsPath+"?x=a%2Fb&itemsPerPage=5&includeCount=true", "")
	var all []string
	for pages := 1; ; pages++ {
		all = append(all, a.ids()...)
		next := a.rel("next")
		if next == "" {
			if pages != 3 {
				t.Errorf("%d pages, want 3", pages)
			}
			break
		}
		if !strings.HasPrefix(next, server.URL+jobsPath+"?") || !strings.Contains(next, "x=a%2Fb&includeCount=true&") {
			t.Fatalf("next is %s", next)
		}
		a = call(t, server, "GET", next, "")
	}
	seen := map[string]bool{}
	for _, id := range all {
		seen[id] = true
	}
	if len(all) != stubserver.Jobs || len(seen) != stubserver.Jobs {
		t.Errorf("%d jobs, %d different", len(all), len(seen))
	}
	back := call(t, server, "GET", a.rel("previous"), "")
	if len(back.ids()) != 5 || back.ids()[0] != all[5] {
		t.Errorf("previous of the last page begins with %v, want %s", back.ids(), all[5])
	}
}

func TestListPages(t *testing.T) {
	tests := []struct {
		query          string
		jobs           int
		next, previous bool
	}{
		{"itemsPerPage=12", 12, false, false},
		{"itemsPerPage=11", 11, true, false},
		{"itemsPerPage=6&pageNum=2", 6, false, true},
		{"pageNum=2", 0, false, true},
		{"pageNum=9223372036854775807&itemsPerPage=500", 0, false, true},
	}
	server := start(t)
	for _, test := range tests {
		a := call(t, server, "GET", jobsPath+"?"+test.query, "")
		if a.StatusCode != 200 || len(a.ids()) != test.jobs || (a.rel("next") != "") != test.next || (a.rel("previous") != "") != test.previous {
			t.Errorf("%s: %d, %d jobs, links %v", test.query, a.StatusCode, len(a.ids()), a.body["links"])
		}
		if !strings.Contains(a.text, `"results":[`) {
			t.Errorf("%s: results is no array", test.query)
		}
	}
}

func TestListWithoutCount(t *testing.T) {
	a := call(t, start(t), "GET", jobsPath+"?includeCount=false&itemsPerPage=5", "")
	if _, ok := a.body["totalCount"]; ok || a.rel("next") == "" {
		t.Errorf("totalCount %v, next %q", a.body["totalCount"], a.rel("next"))
	}
}

func TestGetAndCreate(t *testing.T) {
	server := start(t)
	created := call(t, server, "POST", jobsPath, newJob)
	if created.StatusCode != 200 || created.Header.Get("Content-Type") != mediaType || created.body["targetClusterName"] != "Target1" {
		t.Fatalf("create: %d %s", created.StatusCode, created.text)
	}
	list := call(t, server, "GET", jobsPath, "")
	if list.ids()[0] != created.body["id"] || list.body["totalCount"] != float64(stubserver.Jobs+1) {
		t.Errorf("list begins with %s of %v, want %v", list.ids()[0], list.body["totalCount"], created.body["id"])
	}
	got := call(t, server, "GET", created.rel("self"), "")
	if got.StatusCode != 200 || got.text != created.text {
		t.Errorf("get: %d %s, want %s", got.StatusCode, got.text, created.text)
	}
}

// Read-only members of a request are ignored, whatever they are; unknown ones too.
func TestCreateIgnores(t *testing.T) {
	body := strings.Replace(newJob, "{", `{"id":7,"timestamp":"never","links":null,"failed":true,"x":[],`, 1)
	a := call(t, start(t), "POST", jobsPath, body)
	if a.StatusCode != 200 || a.body["failed"] != false || a.body["id"] == 7.0 {
		t.Errorf("%d %s", a.StatusCode, a.text)
	}
}

// The server has its own jobs: another one does not see what is created here.
func TestNewIsNew(t *testing.T) {
	call(t, start(t), "POST", jobsPath, newJob)
	if a := call(t, start(t), "GET", jobsPath, ""); len(a.ids()) != stubserver.Jobs {
		t.Errorf("%d jobs", len(a.ids()))
	}
}

func TestErrors(t *testing.T) {
	without := func(from, to string) string { return strings.Replace(newJob, from, to, 1) }
	tests := []struct {
		name, method, path, body, field string
		status                          int
		detail                          string
	}{
		{"no token", "GET", jobsPath, "", "Authorization: ", 401, "not authorized"},
		{"wrong token", "GET", jobsPath, "", "Authorization: Bearer x", 401, ""},
		{"wrong token comes before malformed", "GET", jobsPath + "?pageNum=x", "", "Authorization: Bearer x", 401, ""},
		{"other media type", "GET", jobsPath, "", "Accept: application/json", 406, "version"},
		{"older version", "GET", jobsPath, "", "Accept: application/vnd.atlas.2022-12-31+json", 406, ""},
		{"excluded version", "GET", jobsPath, "", "Accept: */*, " + mediaType + ";q=0", 406, ""},
		{"group malformed", "GET", strings.Replace(jobsPath, "32b", "32B", 1), "", "", 400, "groupId"},
		{"cluster malformed", "GET", strings.Replace(jobsPath, "Instance0", "a%2Fb", 1), "", "", 400, "clusterName"},
		{"job malformed", "GET", jobsPath + "/7", "", "", 400, "restoreJobId"},
		{"group unknown", "GET", strings.Replace(jobsPath, "32b", "32c", 1), "", "", 404, "No group"},
		{"cluster unknown", "GET", strings.Replace(jobsPath, "Instance0", "Instance1", 1), "", "", 404, "No serverless instance"},
		{"job unknown", "GET", jobsPath + "/000000000000000000000000", "", "", 404, "No restore job"},
		{"path unknown", "GET", "/nowhere", "", "", 404, "/nowhere"},
		{"page 0", "GET", jobsPath + "?pageNum=0", "", "", 400, "minimum is 1"},
		{"page -1", "GET", jobsPath + "?pageNum=-1", "", "", 400, "pageNum"},
		{"size 0", "GET", jobsPath + "?itemsPerPage=0", "", "", 400, "itemsPerPage"},
		{"size 501", "GET", jobsPath + "?itemsPerPage=501", "", "", 400, "maximum 500"},
		{"size abc", "GET", jobsPath + "?itemsPerPage=abc", "", "", 400, "integer"},
		{"size empty", "GET", jobsPath + "?itemsPerPage=", "", "", 400, "integer"},
		{"size with sign", "GET", jobsPath + "?itemsPerPage=%2B5", "", "", 400, "integer"},
		{"size twice", "GET", jobsPath + "?itemsPerPage=5&itemsPerPage=6", "", "", 400, "2 values"},
		{"boolean 1", "GET", jobsPath + "?includeCount=1", "", "", 400, "true or false"},
		{"pretty yes", "POST", jobsPath + "?pretty=yes", newJob, "", 400, "pretty"},
		{"method", "DELETE", jobsPath, "", "", 405, "DELETE"},
		{"no body", "POST", jobsPath, "", "", 400, "no body"},
		{"text", "POST", jobsPath, newJob, "Content-Type: text/plain", 400, "text/plain"},
		{"no JSON", "POST", jobsPath, "{", "", 400, ""},
		{"two values", "POST", jobsPath, newJob + "{}", "", 400, "goes on"},
		{"array", "POST", jobsPath, "[]", "", 400, "object"},
		{"member absent", "POST", jobsPath, without(`"deliveryType":"automated",`, ""), "", 400, "deliveryType: is required"},
		{"member in another case", "POST", jobsPath, without("deliveryType", "DeliveryType"), "", 400, "deliveryType"},
		{"not in enum", "POST", jobsPath, without("automated", "carried"), "", 400, "deliveryType"},
		{"wrong type", "POST", jobsPath, without(`"automated"`, "7"), "", 400, "string"},
		{"null", "POST", jobsPath, without(`{`, `{"snapshotId":null,`), "", 400, "snapshotId"},
		{"below the minimum", "POST", jobsPath, without(`{`, `{"oplogTs":1199145599,`), "", 400, "oplogTs"},
		{"above 32 bits", "POST", jobsPath, without(`{`, `{"oplogInc":2147483648,`), "", 400, "oplogInc"},
	}
	server := start(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var fields []string
			if test.field != "" {
				fields = append(fields, test.field)
			}
			a := call(t, server, test.method, test.path, test.body, fields...)
			if a.StatusCode != test.status || a.Header.Get("Content-Type") != "application/json" {
				t.Fatalf("%d %s %s", a.StatusCode, a.Header.Get("Content-Type"), a.text)
			}
			if a.body["error"] != float64(test.status) || a.body["reason"] != http.StatusText(test.status) || a.body["errorCode"] == "" {
				t.Errorf("%s", a.text)
			}
			if detail := fmt.Sprint(a.body["detail"]); !strings.Contains(detail, test.detail) {
				t.Errorf("detail %q does not tell %q", detail, test.detail)
			}
			if (a.StatusCode == 401) != (a.Header.Get("WWW-Authenticate") != "") {
				t.Errorf("WWW-Authenticate: %q", a.Header.Get("WWW-Authenticate"))
			}
			if allow := a.Header.Get("Allow"); a.StatusCode == 405 && (!strings.Contains(allow, "GET") || !strings.Contains(allow, "POST")) {
				t.Errorf("Allow: %q", allow)
			}
		})
	}
}

func TestAccepted(t *testing.T) {
	server := start(t)
	for _, accept := range []string{
		mediaType, "*/*", "application/*", "application/vnd.atlas.2025-03-12+json", "text/html, " + mediaType + ";q=0.1", "Application/VND.Atlas.2023-01-01+JSON",
	} {
		if a := call(t, server, "GET", jobsPath, "", "Accept: "+accept); a.StatusCode != 200 || a.Header.Get("Content-Type") != mediaType {
			t.Errorf("%s: %d %s", accept, a.StatusCode, a.Header.Get("Content-Type"))
		}
	}
}

func TestEnvelope(t *testing.T) {
	server := start(t)
	list := call(t, server, "GET", jobsPath+"?envelope=true", "")
	if list.body["status"] != 200.0 || len(list.ids()) != stubserver.Jobs || list.Header.Get("Content-Type") != mediaType {
		t.Errorf("list: %.80s", list.text)
	}
	id := list.ids()[3]
	single := call(t, server, "GET", jobsPath+"/"+id+"?envelope=true", "")
	content, _ := single.body["content"].(map[string]any)
	if single.body["status"] != 200.0 || content["id"] != id || len(single.body) != 2 {
		t.Errorf("single: %s", single.text)
	}
	if plain := call(t, server, "GET", jobsPath+"?envelope=false", ""); plain.body["status"] != nil {
		t.Errorf("without envelope: %.80s", plain.text)
	}
}

func TestPretty(t *testing.T) {
	server := start(t)
	for _, path := range []string{jobsPath + "?pretty=true", jobsPath + "/000000000000000000000000?pretty=true"} {
		if a := call(t, server, "GET", path, ""); !strings.HasPrefix(a.text, "{\n  \"") {
			t.Errorf("%s: %.40q", path, a.text)
		}
	}
	if a := call(t, server, "GET", jobsPath, ""); strings.Contains(strings.TrimSpace(a.text), "\n") {
		t.Error("pretty without being asked")
	}
}

func TestHead(t *testing.T) {
	a := call(t, start(t), "HEAD", jobsPath, "")
	if a.StatusCode != 200 || a.text != "" || a.Header.Get("Content-Type") != mediaType {
		t.Errorf("%d %q", a.StatusCode, a.text)
	}
}
