package gen_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	forked "github.com/mongodb-forks/digest"
	"golang.org/x/oauth2/clientcredentials"

	"troth/gen/restorejobs"
	"troth/mock"
	"troth/openapi/atlas"
)

// The tests of this file are what docs/clients.md says of real clients: curl, the digest client of the Go SDK, the CLI and the Terraform
// provider with their queries and header fields, and net/http without a socket.

const jobsPath = "/api/atlas/v2/groups/" + group + "/serverless/" + cluster + "/backup/restoreJobs"

// sdkAccept is the only media type that the SDK asks for.
const sdkAccept = "application/vnd.atlas.2023-01-01+json"

func TestCurl(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("no curl")
	}
	api := restorejobs.NewMock(t)
	run := func(args ...string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), curl, append([]string{"-sS", "--fail-with-body", "--digest", "--user", "public:private"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return string(out)
	}
	var page restorejobs.PaginatedServerlessRestoreJobs
	if text := run(api.URL() + jobsPath + "?itemsPerPage=2&pageNum=2&pretty=true"); json.Unmarshal([]byte(text), &page) != nil || len(*page.Results) != 2 || !strings.Contains(text, "\n  ") {
		t.Errorf("list: %s", text)
	}
	body := `{"deliveryType":"automated","targetClusterName":"Mine","targetGroupId":"` + group + `"}`
	var made restorejobs.ServerlessRestoreJob
	if text := run("-H", "Content-Type: application/json", "--data-binary", body, api.URL()+jobsPath); json.Unmarshal([]byte(text), &made) != nil || made.ID == nil {
		t.Fatalf("create: %s", text)
	}
	if text := run(api.URL() + jobsPath + "/" + *made.ID); !strings.Contains(text, `"Mine"`) {
		t.Errorf("get: %s", text)
	}
	api.ExpectListServerlessRestoreJobs().Times(1) // the challenged requests are no calls
}

// as sends requests with the header fields of the SDK.
type as struct {
	agent string
	next  http.RoundTripper
}

func (a as) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", a.agent)
	r.Header.Set("Accept", sdkAccept)
	return a.next.RoundTrip(r)
}

// mediaTypes are those of bodies that the SDK decodes; any other is an "undefined response type".
var mediaTypes = regexp.MustCompile(`(?i)^(?:application|text)/(?:vnd\.[^;]+\+)?json`)

// TestSDKQueries sends what the SDK, the CLI and the Terraform provider send, by the digest client that all three use and as a service
// account.
func TestSDKQueries(t *testing.T) {
	api := restorejobs.NewMock(t, mock.WithItems(7))
	challenged, err := forked.NewTransport("public", "private").Client()
	if err != nil {
		t.Fatal(err)
	}
	account := clientcredentials.Config{ClientID: "client", ClientSecret: "secret", TokenURL: api.URL() + "/api/oauth/token"}
	for name, client := range map[string]*http.Client{"digest": challenged, "service account": account.Client(t.Context())} {
		t.Run(name, func(t *testing.T) {
			client.Transport = as{"go-atlas-sdk-admin/v20250312023.1.0 (linux;amd64)", client.Transport}
			sdkList(t, client, api.URL())
			allPages(t, client, api.URL())
			followLinks(t, client, api.URL())
			sdkError(t, client, api.URL())
		})
	}
}

func fetch(t *testing.T, client *http.Client, url string, into any) *http.Response {
	t.Helper()
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || !mediaTypes.MatchString(resp.Header.Get("Content-Type")) || json.Unmarshal(data, into) != nil {
		t.Fatalf("%s: %v %d %s %s", url, err, resp.StatusCode, resp.Header.Get("Content-Type"), data)
	}
	return resp
}

// sdkList is the SDK's request for a list, which always sends the defaults.
func sdkList(t *testing.T, client *http.Client, base string) {
	var page restorejobs.PaginatedServerlessRestoreJobs
	resp := fetch(t, client, base+jobsPath+"?includeCount=true&itemsPerPage=100&pageNum=1", &page)
	if resp.StatusCode != http.StatusOK || len(*page.Results) != 7 || *page.TotalCount != 7 || resp.Header.Get("Sunset") == "" {
		t.Errorf("%d, %d jobs", resp.StatusCode, len(*page.Results))
	}
}

// allPages is how the Terraform provider pages: until a page is empty or as many items are there as the first page told.
func allPages(t *testing.T, client *http.Client, base string) {
	seen := map[string]bool{}
	for number := 1; ; number++ {
		var page restorejobs.PaginatedServerlessRestoreJobs
		fetch(t, client, base+jobsPath+"?includeCount=true&itemsPerPage=3&pageNum="+string(rune('0'+number)), &page)
		for _, job := range *page.Results {
			seen[*job.ID] = true
		}
		if len(*page.Results) == 0 || len(seen) >= int(*page.TotalCount) {
			break
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d jobs by pages", len(seen))
	}
}

// followLinks pages as the old client does: by the link next.
func followLinks(t *testing.T, client *http.Client, base string) {
	n, pages := 0, 0
	for url := base + jobsPath + "?itemsPerPage=4"; url != ""; pages++ {
		var page restorejobs.PaginatedServerlessRestoreJobs
		fetch(t, client, url, &page)
		n, url = n+len(*page.Results), ""
		for _, l := range *page.Links {
			if *l.Rel == "next" {
				url = *l.Href
			}
		}
	}
	if n != 7 || pages != 2 {
		t.Errorf("%d jobs on %d pages by links", n, pages)
	}
}

// sdkError is what the SDK makes an error of: the members of an error body.
func sdkError(t *testing.T, client *http.Client, base string) {
	var e restorejobs.APIError
	resp := fetch(t, client, base+strings.Replace(jobsPath, cluster, "Nobody", 1), &e)
	if resp.StatusCode != http.StatusNotFound || *e.Error != 404 || *e.ErrorCode != "SERVERLESS_INSTANCE_NOT_FOUND" || *e.Reason != "Not Found" || e.Detail == nil || len(*e.Parameters) == 0 {
		t.Errorf("%+v", e)
	}
}

// The generated client works on a mock without a socket, too.
func TestClientWithoutSocket(t *testing.T) {
	doc, err := atlas.Document()
	if err != nil {
		t.Fatal(err)
	}
	conv, err := atlas.Conventions(doc)
	if err != nil {
		t.Fatal(err)
	}
	transport, err := mock.Transport(doc, mock.WithConventions(conv), mock.WithItems(45))
	if err != nil {
		t.Fatal(err)
	}
	challenged := forked.NewTransport("public", "private")
	challenged.Transport = transport
	drive(t, "https://cloud.mongodb.com", &http.Client{Transport: challenged})
}
