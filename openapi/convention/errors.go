package convention

import (
	"strconv"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// Errors are the members of an error body, as JSON pointers; "" where there is none.
type Errors struct {
	Status     string `json:"status"`
	Reason     string `json:"reason"` // the reason phrase of the status
	Code       string `json:"code"`
	Detail     string `json:"detail"`
	Parameters string `json:"parameters"`

	Fields    string `json:"fields"`    // array of field errors
	FieldName string `json:"fieldName"` // member of its items
	FieldText string `json:"fieldText"`

	Situations map[string]Saying `json:"situations"` // by situation (see Situations), else by status ("404")
}

// Saying is what an error says in a situation. Detail may hold {name} of a path parameter, and {value}; "" is the mock's own words.
type Saying struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Situations are the keys of Errors.Situations beside statuses. "unknown-parent" and "unknown-item" may be followed by a colon and the
// name of the path parameter.
func Situations() []string {
	return []string{
		"unknown-path", "unknown-method", "unknown-parent", "unknown-item", "not-acceptable", "unauthorized",
		"invalid-parameter", "invalid-body", "malformed-body", "conflict", "server-error",
	}
}

// Say returns the code and the detail for a situation, "" for what is not said: by the situation, by it without the parameter's
// name, by status.
func (e *Errors) Say(situation string, status int, values map[string]string) (code, detail string) {
	general, _, _ := strings.Cut(situation, ":")
	for _, key := range []string{situation, general, strconv.Itoa(status)} {
		if s, ok := e.Situations[key]; ok {
			return s.Code, fillIn(s.Detail, values)
		}
	}
	return "", ""
}

func fillIn(text string, values map[string]string) string {
	for name, value := range values {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// ErrorsFor returns the members of errors with a schema: those of troth.yaml where the schema has them, else the inferred ones.
func (c *Conventions) ErrorsFor(s *schema.Schema) *Errors {
	if e, ok := c.shapes.Load(s); ok {
		return e.(*Errors)
	}
	e := inferErrors(s)
	given := c.errors
	for _, m := range []struct {
		inferred *string
		given    string
	}{
		{&e.Status, given.Status}, {&e.Reason, given.Reason}, {&e.Code, given.Code}, {&e.Detail, given.Detail},
		{&e.Parameters, given.Parameters}, {&e.Fields, given.Fields},
	} {
		if m.given != "" && schemaAt(s, m.given) != nil {
			*m.inferred = m.given
		}
	}
	if given.FieldName != "" {
		e.FieldName, e.FieldText = given.FieldName, given.FieldText
	}
	e.Situations = given.Situations
	c.shapes.Store(s, e)
	return e
}

// schemaAt is the schema that a JSON pointer of an instance leads to, nil where none is declared.
func schemaAt(s *schema.Schema, pointer string) *schema.Schema {
	for token := range source.Each(pointer) {
		if s = s.Find(token); s == nil {
			return nil
		}
	}
	return s
}

// members are names, lower case without separators, that say what a member of an error body holds, the surest first.
var members = struct{ status, reason, code, detail, parameters, fields, name, text, wrappers, lists []string }{
	status:     []string{"status", "statuscode", "httpstatus", "httpstatuscode", "error", "code"},
	reason:     []string{"reason", "title", "error", "statustext", "reasonphrase"},
	code:       []string{"errorcode", "code", "errcode", "errortype", "key"},
	detail:     []string{"detail", "message", "errormessage", "description", "errordescription", "msg", "details"},
	parameters: []string{"parameters", "params", "args", "arguments"},
	fields:     []string{"fields", "errors", "violations", "fielderrors", "invalidparams", "details"},
	name:       []string{"field", "name", "path", "pointer", "property", "parameter"},
	text:       []string{"description", "message", "detail", "reason", "text", "error"},
	wrappers:   []string{"error", "fault", "badrequestdetail"},
	lists:      []string{"errors"},
}

// inferErrors reads the members of an error body by their names and types, in the body and in an object that wraps it.
func inferErrors(s *schema.Schema) *Errors {
	e := &Errors{}
	e.read(s, "")
	for _, name := range propertyNames(s) {
		if inner := s.Find(name); oneOf(name, members.wrappers) && may(inner, schema.TypeObject) {
			e.read(inner, "/"+source.Escape(name))
		}
	}
	if name := memberNamed(s, members.lists, schema.TypeArray); name != "" && e.Status == "" && e.Detail == "" {
		e.readItem(itemsOf(s.Find(name)), "/"+source.Escape(name)+"/0")
	}
	return e
}

// readItem reads the members of an error that stands in a list, as JSON:API has it: there the status is a text, and the title no reason phrase.
func (e *Errors) readItem(s *schema.Schema, at string) {
	pick := func(names []string, t schema.Type) string {
		if name := memberNamed(s, names, t); name != "" {
			return at + "/" + source.Escape(name)
		}
		return ""
	}
	if may(s, schema.TypeString) {
		e.Detail = at // a list of texts
		return
	}
	if e.Detail = pick(members.detail, schema.TypeString); e.Detail == "" {
		return
	}
	types := schema.TypeInteger
	if memberNamed(s, []string{"title"}, schema.TypeString) != "" || memberNamed(s, []string{"source"}, schema.TypeObject) != "" {
		types |= schema.TypeString // else a text may say anything ("invalid")
	}
	e.Status, e.Code = pick([]string{"status", "statuscode", "httpstatus"}, types), pick(members.code[:3], schema.TypeString)
}

func (e *Errors) read(s *schema.Schema, at string) {
	pick := func(to *string, names []string, t schema.Type) {
		if *to != "" {
			return
		}
		if name := memberNamed(s, names, t); name != "" {
			*to = at + "/" + source.Escape(name)
		}
	}
	pick(&e.Status, members.status, schema.TypeInteger)
	pick(&e.Reason, members.reason, schema.TypeString)
	pick(&e.Code, members.code, schema.TypeString)
	pick(&e.Detail, members.detail, schema.TypeString)
	pick(&e.Parameters, members.parameters, schema.TypeArray)
	pick(&e.Fields, members.fields, schema.TypeArray)
	if e.Fields == "" || e.FieldName != "" {
		return
	}
	if list := schemaAt(s, strings.TrimPrefix(e.Fields, at)); list != nil && list.Items != nil {
		e.FieldName, e.FieldText = memberNamed(list.Items, members.name, schema.TypeString), memberNamed(list.Items, members.text, schema.TypeString)
	}
	if e.FieldName == "" {
		e.Fields = ""
	}
}
