package contract_test

import (
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// TestEmpty judges the list of a parent that was given as one without items.
func TestEmpty(t *testing.T) {
	doc, conv := loadDocument(t, "")
	for _, tt := range []struct {
		name string
		mock []mock.Option
		want contract.Verdict
	}{
		{"healthy", []mock.Option{mock.WithEmpty("clusterName", "Empty0")}, contract.Pass},
		{"counts one", []mock.Option{mock.WithEmpty("clusterName", "Empty0"), mock.WithDefect("empty-total")}, contract.Fail},
		{"not found", nil, contract.Fail},
		{"has items", []mock.Option{mock.WithParam("clusterName", "Empty0")}, contract.Skipped},
		{"has the items of another", []mock.Option{mock.WithDefect("tenants-shared")}, contract.Fail},
	} {
		s, err := mock.New(doc, append(tt.mock, mock.WithConventions(conv))...)
		if err != nil {
			t.Fatal(err)
		}
		report, err := contract.Run(t.Context(), doc, conv, contract.InProcess(s, credentials(""), contract.Empty("clusterName", "Empty0")),
			checks.All(), contract.Only("listServerlessRestoreJobs/empty-list"))
		if err != nil {
			t.Fatal(err)
		}
		if got := report.Outcomes[0]; got.Verdict != tt.want {
			t.Errorf("%s: %s %s %v, want %s", tt.name, got.Verdict, got.Reason, got.Findings, tt.want)
		}
	}
}
