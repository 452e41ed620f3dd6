package atlas

import (
	"fmt"
	"strings"
	"testing"

	"troth/openapi"
	"troth/openapi/schema"
)

func load(t *testing.T) *openapi.Document {
	t.Helper()
	d, err := Document()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDocumentIsClean(t *testing.T) {
	d := load(t)
	errs, unchecked := d.CompileAll()
	if len(errs)+len(unchecked) > 0 {
		t.Errorf("errors %v, unchecked %v", errs, unchecked)
	}
	if findings := d.Lint(); len(findings) > 0 {
		t.Errorf("lint: %v", findings)
	}
	if _, err := Conventions(d); err != nil {
		t.Error(err)
	}
}

func TestOperations(t *testing.T) {
	want := map[string]string{
		"listServerlessRestoreJobs":  "GET 200 400 401 403 404 406 429 500",
		"createServerlessRestoreJob": "POST 200 400 401 403 404 406 409 429 500",
		"getServerlessRestoreJob":    "GET 200 400 401 403 404 406 429 500",
	}
	for _, o := range load(t).Operations {
		op, err := o.Compile()
		if err != nil {
			t.Fatal(err)
		}
		got := o.Method
		for _, r := range op.Responses {
			got += " " + r.Code
			if r.Code != "200" {
				judgeError(t, o.ID, r)
			}
		}
		if got != want[o.ID] || !o.Deprecated || len(op.Security) != 2 {
			t.Errorf("%s: %s, want %s", o.ID, got, want[o.ID])
		}
		success := op.Response(200)
		if len(success.Headers) != 4 || success.Content[0].Type.String() != "application/vnd.atlas.2023-01-01+json" {
			t.Errorf("%s: success has headers %v, content %s", o.ID, success.Headers, success.Content[0].Type)
		}
	}
}

// judgeError wants the example of an error to be valid and to tell its own status.
func judgeError(t *testing.T, id string, r *openapi.Response) {
	t.Helper()
	content := r.JSON()
	if content == nil || len(content.Examples) != 1 || content.Type.String() != "application/json" {
		t.Errorf("%s %s: want one example of application/json", id, r.Code)
		return
	}
	example := content.Examples[0].Value
	if broken := content.Schema.Validate(example, schema.Response); len(broken) > 0 {
		t.Errorf("%s %s: example: %v", id, r.Code, broken)
	}
	if status := fmt.Sprint(example.(map[string]any)["error"]); status != r.Code {
		t.Errorf("%s %s: the example says %s", id, r.Code, status)
	}
}

func TestParameters(t *testing.T) {
	const id24 = "^([a-f0-9]{24})$"
	want := map[string]string{
		"path groupId": id24, "path clusterName": "^[a-zA-Z0-9][a-zA-Z0-9-]*$", "path restoreJobId": id24,
		"query envelope": "default false", "query pretty": "default false", "query includeCount": "default true",
		"query itemsPerPage": "1 to 500, default 100", "query pageNum": "1 to , default 1",
	}
	seen := map[string]bool{}
	for _, o := range load(t).Operations {
		op, err := o.Compile()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range op.Parameters {
			key := p.In + " " + p.Name
			seen[key] = true
			var got string
			switch {
			case p.Schema.Pattern != nil:
				got = p.Schema.Pattern.String()
			case p.Schema.Types == schema.TypeInteger:
				got = fmt.Sprintf("%s to %s, default %v", p.Schema.Minimum, p.Schema.Maximum, p.Schema.Default)
			default:
				got = fmt.Sprintf("default %v", p.Schema.Default)
			}
			if got != want[key] || p.Required != (p.In == "path") {
				t.Errorf("%s: %s %s, want %s", o.ID, key, got, want[key])
			}
			for _, e := range p.Examples {
				if !p.Schema.Valid(e.Value, schema.Request) {
					t.Errorf("%s: example %v is not valid", key, e.Value)
				}
			}
		}
	}
	if len(seen) != len(want) {
		t.Errorf("parameters %v", seen)
	}
}

func TestJobSchema(t *testing.T) {
	op, err := load(t).Operation("getServerlessRestoreJob").Compile()
	if err != nil {
		t.Fatal(err)
	}
	job := op.Response(200).JSON().Schema
	var readOnly []string
	for _, p := range job.Properties {
		if p.Schema.ReadOnly {
			readOnly = append(readOnly, p.Name)
		}
	}
	if got := strings.Join(readOnly, " "); got != "cancelled deliveryUrl desiredTimestamp expired expiresAt failed finishedAt id links timestamp" {
		t.Errorf("readOnly: %s", got)
	}
	if got := strings.Join(job.Required, " "); got != "deliveryType targetClusterName targetGroupId" {
		t.Errorf("required: %s", got)
	}
}
