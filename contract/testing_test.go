package contract_test

import (
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// A handler is judged in process, in two lines: one subtest a case.
func TestInProcess(t *testing.T) {
	doc, conv := loadDocument(t, "")
	m, err := mock.New(doc, mock.WithConventions(conv))
	if err != nil {
		t.Fatal(err)
	}
	report := contract.Test(t, doc, contract.InProcess(m, contract.Bearer("token")), checks.All(), contract.Conventions(conv), contract.Only("getServerlessRestoreJob/*"), contract.FailOn(contract.Advice))
	if report.Summary.Passed < 10 || report.Summary.Failed > 0 {
		t.Errorf("%+v", report.Summary)
	}
}
