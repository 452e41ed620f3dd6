package openapi_test

import (
	"fmt"
	"net/http/httptest"

	"troth/openapi"
)

// A document is loaded once. It finds the operation of a request and tells what the request breaks.
func ExampleLoad() {
	doc, err := openapi.Load("atlas/restore-jobs.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, op := range doc.Operations {
		fmt.Println(op.Method, op.ID)
	}
	r := httptest.NewRequest("GET", "/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/serverless/Instance0/backup/restoreJobs?itemsPerPage=501", nil)
	m := doc.Match(r, r.URL.EscapedPath())
	op, err := m.Operation.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	_, violations := op.DecodeParameters(r, m)
	for _, v := range violations {
		fmt.Printf("%s parameter %s: %s\n", v.In, v.Name, v)
	}
	// Output:
	// GET listServerlessRestoreJobs
	// POST createServerlessRestoreJob
	// GET getServerlessRestoreJob
	// query parameter itemsPerPage: maximum: want at most 500, got 501
}
