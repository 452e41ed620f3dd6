package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"troth/contract"
)

// TestShards judges a plan in three parts and joins their reports: the whole is what one run reports.
func TestShards(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	if code, out, errs := troth(t, "test", shopDocument, "--report", "json="+file("whole.json")); code != 0 {
		t.Fatal(code, out, errs)
	}
	merge := []string{"report", "merge", "--report", "json=" + file("merged.json")}
	for k := 3; k >= 1; k-- {
		name := file(fmt.Sprintf("%d.json", k))
		if code, out, errs := troth(t, "test", shopDocument, "--shard", fmt.Sprintf("%d/3", k), "--report", "json="+name); code != 0 {
			t.Fatal(k, code, out, errs)
		}
		merge = append(merge, name)
	}
	if code, out, errs := troth(t, merge...); code != 0 {
		t.Fatal(code, out, errs)
	}
	whole, merged := verdicts(t, file("whole.json")), verdicts(t, file("merged.json"))
	if len(whole) < 150 || strings.Join(whole, "\n") != strings.Join(merged, "\n") {
		t.Errorf("%d cases, merged %d", len(whole), len(merged))
	}
	if a, b := covered(t, file("whole.json")), covered(t, file("merged.json")); a != b {
		t.Errorf("coverage differs:\n%s\n%s", a, b)
	}
	if code, _, errs := troth(t, "report", "merge", file("1.json"), file("3.json")); code != 2 || !strings.Contains(errs, "part 2/3 is missing") {
		t.Errorf("%d %s", code, errs)
	}
	if code, out, errs := troth(t, "test", "--only", "listServerlessRestoreJobs/*", "--shard", "4/9"); code != 0 || !strings.Contains(out, "0 cases") {
		t.Errorf("a part without operations: %d %s %s", code, out, errs)
	}
	if code, _, errs := troth(t, "report", "merge", file("1.json"), file("1.json")); code != 2 || !strings.Contains(errs, "two of the reports have the case") {
		t.Errorf("%d %s", code, errs)
	}
	for _, shard := range []string{"0/2", "3/2", "x"} {
		if code, _, errs := troth(t, "test", "--shard", shard); code != 2 || !strings.Contains(errs, "want K/N") {
			t.Errorf("%s: %d %s", shard, code, errs)
		}
	}
	if err := os.WriteFile(file("other.json"), []byte(`{"format":2,"tool":"troth"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := troth(t, "report", "merge", file("other.json")); code != 2 || !strings.Contains(errs, "want format 1") {
		t.Errorf("%d %s", code, errs)
	}
}

// verdicts are the cases of a JSON report with their verdicts, in its order.
func verdicts(t *testing.T, name string) (list []string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Outcomes []struct{ Case, Verdict string }
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	for _, o := range r.Outcomes {
		list = append(list, o.Case+" "+o.Verdict)
	}
	return list
}

// covered is what a report says of coverage, without the numbers of requests, which depend on what else a mock was asked.
func covered(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var r contract.Report
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	list := fmt.Sprint(r.Coverage)
	for _, o := range r.Operations {
		list += fmt.Sprintf("\n%s", o.ID)
		for _, s := range o.Statuses {
			list += fmt.Sprintf(" %s %v", s.Code, s.Seen > 0)
		}
	}
	return list
}

// TestReportSchema prints the schema of the JSON report.
func TestReportSchema(t *testing.T) {
	code, out, errs := troth(t, "report", "schema")
	if code != 0 || out != contract.ReportSchema() || !json.Valid([]byte(out)) {
		t.Errorf("%d %s", code, errs)
	}
}

// TestForms writes a broken run as SARIF, as annotations and as a summary.
func TestForms(t *testing.T) {
	dir := t.TempDir()
	sarif, summary := filepath.Join(dir, "a.sarif"), filepath.Join(dir, "summary.md")
	t.Setenv("GITHUB_STEP_SUMMARY", summary)
	m := start(t, "--defect", "page-overlap")
	code, out, errs := troth(t, "test", "--target", m.url, "--digest", "public:private", "--report", "github", "--report", "sarif="+sarif)
	if code != 1 || !strings.Contains(out, "::error file=restore-jobs.yaml,line=") || !strings.Contains(out, "title=listServerlessRestoreJobs/page-disjoint::") || strings.Contains(out, "private") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	text, err := os.ReadFile(sarif)
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID, Level string
				Locations     []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(text, &log); err != nil || log.Version != "2.1.0" || len(log.Runs) != 1 || len(log.Runs[0].Results) == 0 {
		t.Fatalf("%v %s", err, text)
	}
	first := log.Runs[0].Results[0]
	if first.Level != "error" || len(first.Locations) != 1 || first.Locations[0].PhysicalLocation.Region.StartLine < 2 || log.Runs[0].Tool.Driver.Rules[0].ID != first.RuleID {
		t.Errorf("%+v", first)
	}
	page, err := os.ReadFile(summary)
	if err != nil || !strings.Contains(string(page), "| must | listServerlessRestoreJobs/page-disjoint |") {
		t.Errorf("%v %s", err, page)
	}
}

// TestSelftest shows the matrix.
func TestSelftest(t *testing.T) {
	if testing.Short() {
		t.Skip("it plants every defect: make test runs it without the race detector")
	}
	code, out, errs := troth(t, "selftest")
	if code != 0 || !strings.Contains(out, "page-overlap             caught") || !strings.Contains(out, "(healthy)                silent") || strings.Contains(out, "SURVIVED") {
		t.Errorf("%d %s %s", code, out, errs)
	}
}
