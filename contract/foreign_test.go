package contract_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

const depots = `
openapi: 3.1.0
info: {title: Depots, version: "1"}
paths:
  /depots:
    get: {operationId: depots, responses: {"200": {description: all, content: {application/json: {schema: {type: object, properties: {items: {type: array, items: &depot {type: object, required: [id], properties: {id: {type: string}}}}}}}}}}}
  /depots/{depotId}:
    get: {operationId: depot, parameters: [{name: depotId, in: path, required: true, schema: {type: string}}], responses: {"200": {description: one, content: {application/json: {schema: *depot}}}, "404": {description: none}}}
`

// TestForeignListed wants a list judged that shows the ID which was given as another tenant's.
func TestForeignListed(t *testing.T) {
	doc, err := openapi.Parse("depots.yaml", []byte(depots))
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{"theirs", "own2"} {
		server := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"items": [{"id": "own1"}, {"id": %q}]}`, shown)
		})
		report, err := contract.Run(t.Context(), doc, convention.Infer(doc),
			contract.InProcess(server, contract.Param("depotId", "own1"), contract.Param("depotId", "theirs")), checks.All(), contract.Only("depots/tenant-isolation"))
		if err != nil {
			t.Fatal(err)
		}
		if found := report.Outcomes[0].Verdict == contract.Fail; found != (shown == "theirs") {
			t.Errorf("%s is shown: %s %s", shown, report.Outcomes[0].Verdict, report.Outcomes[0].Reason)
		}
	}
}

// TestTheirsOfOneName gives another tenant's group and, below it, an instance of the same name as one's own.
func TestTheirsOfOneName(t *testing.T) {
	doc, conv := loadDocument(t, "")
	for _, defects := range [][]mock.Option{nil, {mock.WithDefect("tenants-shared")}} {
		s, err := mock.New(doc, append(defects, mock.WithConventions(conv), mock.WithParam("groupId", tenants[0]), mock.WithParam("clusterName", "Cluster0"))...)
		if err != nil {
			t.Fatal(err)
		}
		report, err := contract.Run(t.Context(), doc, conv, contract.InProcess(s, credentials(""),
			contract.Param("groupId", tenants[0]), contract.Param("clusterName", "Cluster0"), contract.Param("groupId", tenants[1]), contract.Param("clusterName", "Cluster0")),
			checks.All(), contract.Only("listServerlessRestoreJobs/tenant-isolation"))
		if err != nil {
			t.Fatal(err)
		}
		want := contract.Pass
		if defects != nil {
			want = contract.Fail
		}
		if got := report.Outcomes[0]; got.Verdict != want {
			t.Errorf("%d defects: %s %s %v", len(defects), got.Verdict, got.Reason, got.Findings)
		}
	}
}

// TestForeignEmpty wants another tenant's list that is answered without items reported where parents that do not exist are refused, and nowhere else.
func TestForeignEmpty(t *testing.T) {
	doc, conv := loadDocument(t, "")
	for name, c := range map[string]struct {
		empty func(path string) bool // what is answered with an empty list
		want  contract.Verdict
	}{
		"theirs": {func(path string) bool { return strings.Contains(path, tenants[1]) }, contract.Fail},
		"all but one's": {func(path string) bool {
			return !strings.Contains(path, tenants[0]) || !strings.Contains(path, "Cluster0")
		}, contract.Pass},
		"none": {func(string) bool { return false }, contract.Pass},
	} {
		s, err := mock.New(doc, mock.WithConventions(conv), mock.WithParam("groupId", tenants[0]), mock.WithParam("clusterName", "Cluster0"))
		if err != nil {
			t.Fatal(err)
		}
		server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "/restoreJobs") || !c.empty(r.URL.Path) {
				s.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/vnd.atlas.2023-01-01+json")
			fmt.Fprint(w, `{"results": [], "totalCount": 0, "links": []}`)
		})
		report, err := contract.Run(t.Context(), doc, conv, contract.InProcess(server, credentials(""),
			contract.Param("groupId", tenants[0]), contract.Param("clusterName", "Cluster0"), contract.Param("groupId", tenants[1])),
			checks.All(), contract.Only("listServerlessRestoreJobs/tenant-isolation"))
		if err != nil {
			t.Fatal(err)
		}
		if got := report.Outcomes[0]; got.Verdict != c.want || c.want == contract.Fail && got.Findings[0].Keyword != "empty" {
			t.Errorf("%s: %s %s %v", name, got.Verdict, got.Reason, got.Findings)
		}
	}
}
