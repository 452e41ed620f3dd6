package checks

import (
	"net/http"
	"testing"

	"troth/contract"
	"troth/openapi/convention"
)

// TestClean: an answer that nothing was found in is judged once; one with a finding, or with anything else that judgements look at, again.
func TestClean(t *testing.T) {
	c := &contract.Case{Subject: contract.Subject{Conv: &convention.Conventions{}}}
	judged := 0
	judge := func(findings ...contract.Finding) func(*contract.Exchange) []contract.Finding {
		return func(*contract.Exchange) []contract.Finding { judged++; return findings }
	}
	known := clean{}
	for i, step := range []struct {
		x        contract.Exchange
		findings []contract.Finding
		judged   int
	}{
		{contract.Exchange{Status: 200, Body: []byte("a")}, nil, 1},
		{contract.Exchange{Status: 200, Body: []byte("a")}, nil, 1},
		{contract.Exchange{Status: 201, Body: []byte("a")}, nil, 2},
		{contract.Exchange{Status: 200, Body: []byte("a"), Method: http.MethodHead}, nil, 3},
		{contract.Exchange{Status: 200, Body: []byte("a"), Header: http.Header{"Content-Type": {"text/plain"}}}, nil, 4},
		{contract.Exchange{Status: 200, Body: []byte("b")}, []contract.Finding{{}}, 5},
		{contract.Exchange{Status: 200, Body: []byte("b")}, []contract.Finding{{}}, 6},
	} {
		if found := known.judge(c, &step.x, judge(step.findings...)); judged != step.judged || len(found) != len(step.findings) {
			t.Errorf("step %d: %d judged, %d found", i, judged, len(found))
		}
	}
}
