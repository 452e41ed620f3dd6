package contract_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"troth/contract"
	"troth/mock"
)

// reportSchema is the schema of reports, by a validator that is not ours.
var reportSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	text, err := jsonschema.UnmarshalJSON(strings.NewReader(contract.ReportSchema()))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.json", text); err != nil {
		return nil, err
	}
	return c.Compile("report.json")
})

// valid wants a report to be what its schema says. Every report that this package's tests make is given to it.
func valid(t *testing.T, r *contract.Report) {
	t.Helper()
	s, err := reportSchema()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r.JSON(&b); err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("the report breaks its schema: %v", err)
	}
}

// TestReportSchema wants reports of muted findings and merged ones to be what the schema says.
func TestReportSchema(t *testing.T) {
	for _, defect := range []string{"body-unchecked", "created-lost", "server-error", "page-overlap"} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			r := run(t, shop, mock.WithDefect(defect))
			valid(t, r)
			var b bytes.Buffer
			var known *contract.Known
			if err := known.Update(&b, r, "2026-11-24"); err != nil {
				t.Fatal(err)
			}
			known, err := contract.ReadKnown("known.txt", strings.NewReader(b.String()+"# gone\nno/case body\n"))
			if err != nil {
				t.Fatal(err)
			}
			r.Mute(known, "2026-11-24")
			valid(t, r)
			merged, err := contract.Merge([]*contract.Report{r})
			if err != nil {
				t.Fatal(err)
			}
			valid(t, merged)
		})
	}
	if s, err := reportSchema(); err != nil || s.Validate(map[string]any{"format": 1}) == nil {
		t.Error("the schema takes a report without outcomes")
	}
}
