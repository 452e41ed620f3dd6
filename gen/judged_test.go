package gen_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/icholy/digest"
	"golang.org/x/oauth2/clientcredentials"

	"troth/contract"
	"troth/contract/checks"
	"troth/gen/internal/stubserver"
	"troth/gen/restorejobs"
	"troth/mock"
	"troth/openapi/atlas"
)

// TestStubServerKeepsTheContract judges the implementation on the generated stubs over HTTP: the second one beside the mock.
func TestStubServerKeepsTheContract(t *testing.T) {
	doc, err := atlas.Document()
	if err != nil {
		t.Fatal(err)
	}
	conv, err := atlas.Conventions(doc)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(stubserver.New())
	defer server.Close()
	target, err := contract.NewTarget(server.URL, contract.Bearer(stubserver.Token), contract.Write())
	if err != nil {
		t.Fatal(err)
	}
	report, err := contract.Run(t.Context(), doc, conv, target, checks.All())
	if err != nil {
		t.Fatal(err)
	}
	if report.ExitCode(contract.Advice) != contract.ExitKept || report.Summary.Passed < 80 {
		var b bytes.Buffer
		if err := report.Text(&b, false); err != nil {
			t.Fatal(err)
		}
		t.Errorf("exit %d\n%s", report.ExitCode(contract.Advice), &b)
	}
	for _, o := range report.Outcomes {
		if o.Verdict == contract.Skipped && !slices.Contains(nothingToShow, o.Check) {
			t.Errorf("%s is skipped: %s", o.Case, o.Reason)
		}
	}
}

// nothingToShow are the checks that the server gives nothing to judge by: it limits no rate, compresses nothing, sends no ETag, links no last page, sends no Link field,
// answers 200 without Location to creating, knows one tenant, and has items below each instance; below a list, every path is an item's.
var nothingToShow = []string{"retry-after", "link-last", "gzip-decodes", "entity-tag", "preconditions", "created-location", "tenant-isolation", "unknown-path", "credentials-accepted", "conflict-unchanged", "created-once", "write-tag", "empty-list", "link-field"}

// TestClientDrivesTheMock pages, reads and creates with the generated client, by digest and by OAuth2.
func TestClientDrivesTheMock(t *testing.T) {
	doc, err := atlas.Document()
	if err != nil {
		t.Fatal(err)
	}
	conv, err := atlas.Conventions(doc)
	if err != nil {
		t.Fatal(err)
	}
	m := mock.Start(t, doc, mock.WithConventions(conv), mock.WithItems(45))
	oauth := clientcredentials.Config{ClientID: "client", ClientSecret: "secret", TokenURL: m.URL + "/api/oauth/token"}
	for name, client := range map[string]*http.Client{
		"digest": {Transport: &digest.Transport{Username: "public", Password: "private"}},
		"oauth2": oauth.Client(t.Context()),
	} {
		t.Run(name, func(t *testing.T) { drive(t, m.URL, client) })
	}
}

const group, cluster = "32b6e34b3d91647abb20e7b8", "Instance0"

func drive(t *testing.T, url string, client *http.Client) {
	c, err := restorejobs.NewClientWithResponses(url, restorejobs.WithHTTPClient(client))
	if err != nil {
		t.Fatal(err)
	}
	made, err := c.CreateServerlessRestoreJobWithApplicationVndAtlas20230101PlusJSONBodyWithResponse(t.Context(), group, cluster, nil, restorejobs.ServerlessRestoreJob{
		DeliveryType: "automated", TargetClusterName: "Other", TargetGroupID: group,
	})
	if err != nil || made.ApplicationVndAtlas20230101JSON200 == nil {
		t.Fatalf("create: %v %s", err, made.Body)
	}
	id := *made.ApplicationVndAtlas20230101JSON200.ID
	seen, total := pages(t.Context(), t, c)
	if len(seen) != total || !seen[id] {
		t.Errorf("%d jobs seen, total %d, created one among them: %t", len(seen), total, seen[id])
	}
	one, err := c.GetServerlessRestoreJobWithResponse(t.Context(), group, cluster, id, nil)
	if err != nil || one.ApplicationVndAtlas20230101JSON200 == nil || one.ApplicationVndAtlas20230101JSON200.TargetClusterName != "Other" {
		t.Errorf("get: %v %s", err, one.Body)
	}
	none, err := c.GetServerlessRestoreJobWithResponse(t.Context(), "000000000000000000000000", cluster, id, nil)
	if err != nil || none.JSON404 == nil || none.JSON404.ErrorCode == nil || *none.JSON404.ErrorCode != "GROUP_NOT_FOUND" {
		t.Errorf("unknown group: %v %s", err, none.Body)
	}
}

// pages collects the IDs of all jobs.
func pages(ctx context.Context, t *testing.T, c *restorejobs.ClientWithResponses) (seen map[string]bool, total int) {
	t.Helper()
	seen = map[string]bool{}
	size := restorejobs.ItemsPerPage(20)
	for number := restorejobs.PageNum(1); ; number++ {
		p, err := c.ListServerlessRestoreJobsWithResponse(ctx, group, cluster, &restorejobs.ListServerlessRestoreJobsParams{ItemsPerPage: &size, PageNum: &number})
		if err != nil || p.ApplicationVndAtlas20230101JSON200 == nil {
			t.Fatalf("page %d: %v %s", number, err, p.Body)
		}
		body := p.ApplicationVndAtlas20230101JSON200
		if len(*body.Results) == 0 {
			return seen, total
		}
		for _, job := range *body.Results {
			seen[*job.ID] = true
		}
		total = int(*body.TotalCount)
	}
}
