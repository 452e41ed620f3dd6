package stubserver_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"troth/openapi"
	"troth/openapi/atlas"
	"troth/openapi/schema"
)

// Every answer keeps the document: its status is declared, its media type too, its body and its headers fit their schemas.
func TestKeepsTheDocument(t *testing.T) {
	doc, err := atlas.Document()
	if err != nil {
		t.Fatal(err)
	}
	server := start(t)
	first := call(t, server, "GET", jobsPath, "").ids()[0]
	tests := []struct{ operation, method, path, body, field string }{
		{"listServerlessRestoreJobs", "GET", jobsPath, "", ""},
		{"listServerlessRestoreJobs", "GET", jobsPath + "?itemsPerPage=5&pageNum=2&pretty=true", "", ""},
		{"listServerlessRestoreJobs", "GET", jobsPath + "?envelope=true", "", ""},
		{"listServerlessRestoreJobs", "GET", jobsPath + "?itemsPerPage=0", "", ""},
		{"listServerlessRestoreJobs", "GET", jobsPath, "", "Authorization: Basic eDp5"},
		{"listServerlessRestoreJobs", "GET", jobsPath, "", "Accept: text/html"},
		{"listServerlessRestoreJobs", "GET", strings.Replace(jobsPath, "Instance0", "Instance1", 1), "", ""},
		{"getServerlessRestoreJob", "GET", jobsPath + "/" + first, "", ""},
		{"getServerlessRestoreJob", "GET", jobsPath + "/000000000000000000000000", "", ""},
		{"getServerlessRestoreJob", "GET", jobsPath + "/7", "", ""},
		{"createServerlessRestoreJob", "POST", jobsPath, newJob, ""},
		{"createServerlessRestoreJob", "POST", jobsPath, newJob, "Content-Type: text/plain"},
		{"createServerlessRestoreJob", "POST", jobsPath, "{}", ""},
	}
	for _, test := range tests {
		var fields []string
		if test.field != "" {
			fields = append(fields, test.field)
		}
		operation, err := doc.Operation(test.operation).Compile()
		if err != nil {
			t.Fatal(err)
		}
		a := call(t, server, test.method, test.path, test.body, fields...)
		for _, broken := range brokenPromises(operation, a) {
			t.Errorf("%s %s %s: %d: %s", test.method, test.path, test.field, a.StatusCode, broken)
		}
	}
}

// brokenPromises lists what an answer does that the operation does not declare.
func brokenPromises(operation *openapi.Compiled, a answer) []string {
	declared := operation.Response(a.StatusCode)
	if declared == nil {
		return []string{"the status is not declared"}
	}
	list := brokenHeaders(declared, a.Header)
	sent, err := openapi.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		return append(list, err.Error())
	}
	for _, content := range declared.Content {
		if !content.Type.Matches(sent) {
			continue
		}
		value, judged, malformed := openapi.DecodeBody(content, sent, []byte(a.text))
		if !judged || malformed != nil {
			return append(list, "the body is not the JSON that it is said to be")
		}
		for _, v := range content.Schema.Validate(value, schema.Response) {
			list = append(list, v.String())
		}
		return list
	}
	return append(list, "the media type "+sent.String()+" is not declared")
}

// brokenHeaders lists the headers that fail their schemas, or that a success lacks.
func brokenHeaders(declared *openapi.Response, sent http.Header) []string {
	var list []string
	for _, h := range declared.Headers {
		text := sent.Get(h.Name)
		if text == "" {
			list = append(list, "no header "+h.Name)
			continue
		}
		var value any = text
		if !h.Schema.Valid(value, schema.Response) {
			value = json.Number(text)
		}
		for _, v := range h.Schema.Validate(value, schema.Response) {
			list = append(list, h.Name+": "+v.String())
		}
	}
	return list
}
