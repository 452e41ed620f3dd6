package scaffold

import (
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"troth/gen"
	"troth/mock"
	"troth/openapi"
)

// facts are what the templates show.
type facts struct {
	Module, Command, Subject, DocumentFile, BasePath string
	Mock                                             string // name of the typed mock's type
	ErrorType                                        string // content type of errors
	Example                                          example
	Request                                          request // one that the mock answers with success; zero where there is none
	Selection                                        gen.Selection
}

// example is one operation, in the names of the code.
type example struct{ ID, Go, Title, Response string }

// request is an ordinary request for the example.
type request struct {
	Method, Target, Body string
	Header               []field
}

type field struct{ Name, Value string }

// What is read from the generated code, which knows how oapi-codegen named things.
var (
	mockType    = regexp.MustCompile(`(?m)^func New(\w+)\(t mock\.TB`)
	contentType = regexp.MustCompile(`contentType: +"([^"]*)"`)
	unwritten   = regexp.MustCompile(`(?m)^func \(Unwritten\) (\w+)\(context\.Context, \w+\) \((\w+), error\) \{\n\treturn nil, unwritten\("([^"]*)"\)`)
)

func (p *Project) facts(code []gen.File) (*facts, error) {
	text := map[string]string{}
	for _, f := range code {
		text[f.Name] = string(f.Data)
	}
	names := mockType.FindStringSubmatch(text["mock/mock.gen.go"])
	types := contentType.FindAllStringSubmatch(text["server/refusal.gen.go"], -1)
	operations := unwritten.FindAllStringSubmatch(text["server/unwritten.gen.go"], -1)
	if names == nil || types == nil || operations == nil {
		return nil, errors.New("init: the generated code has no typed mock, no errors or no operation")
	}
	f := &facts{
		Module: p.Module, Command: p.Command, DocumentFile: p.documentFile(), BasePath: basePath(p.Document), Selection: p.Selection,
		Subject: strings.Join(strings.Fields(p.Document.Title+" "+p.Document.Version), " "),
		Mock:    names[1], ErrorType: types[len(types)-1][1],
	}
	if f.Subject == "" {
		f.Subject = "an API"
	}
	return f, p.choose(f, operations)
}

// choose takes as the example the first operation that a request without a body reads, else the first.
func (p *Project) choose(f *facts, operations [][]string) error {
	server, err := mock.New(p.Document, mock.WithConventions(p.Conventions), mock.WithoutAuth())
	if err != nil {
		return err
	}
	for _, o := range operations {
		op := p.Document.Operation(o[3])
		if op == nil {
			continue
		}
		e := example{ID: op.ID, Go: o[1], Title: op.Method + " " + op.Path, Response: o[2]}
		if f.Example.Go == "" {
			f.Example = e
		}
		if r, ok := ordinary(server, op); ok {
			f.Example, f.Request = e, r
			f.Request.Target = f.BasePath + strings.TrimPrefix(r.Target, f.BasePath)
			return nil
		}
	}
	return nil
}

// ordinary is a request that the mock answers with success; false for an operation that needs more than a client without
// types should send.
func ordinary(server *mock.Server, op *openapi.Operation) (request, bool) {
	if op.Method != "GET" {
		return request{}, false
	}
	r, err := server.Ordinary(op)
	if err != nil {
		return request{}, false
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || len(body) > 0 {
		return request{}, false
	}
	out := request{Method: op.Method, Target: r.URL.RequestURI()}
	for name, values := range r.Header {
		for _, v := range values {
			out.Header = append(out.Header, field{name, v})
		}
	}
	slices.SortFunc(out.Header, func(a, b field) int { return strings.Compare(a.Name+a.Value, b.Name+b.Value) })
	return out, true
}

func quote(s string) string { return strconv.Quote(s) }

// inYAML writes a value as JSON, which is YAML.
func inYAML(v any) (string, error) {
	data, err := json.Marshal(v)
	if string(data) == "null" {
		return "[]", err
	}
	return string(data), err
}
