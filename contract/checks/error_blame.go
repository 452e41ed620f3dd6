package checks

import (
	"fmt"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// givesFields tells whether errors have members that name what is wrong.
func givesFields(e *convention.Errors) bool {
	return e.Fields != "" && e.FieldName != "" || e.Parameters != ""
}

// anyGivesFields tells whether errors of some status have members that name what is wrong.
func anyGivesFields(s *contract.Subject) bool {
	return slices.ContainsFunc(s.Op.Responses, func(r *openapi.Response) bool {
		content := r.JSON()
		return (r.Code[0] == '4' || r.Code == "default") && content != nil && content.Schema != nil && givesFields(s.Conv.ErrorsFor(content.Schema))
	})
}

// blamedIn finds a refusal that names another parameter or member of the operation's, and not the one that is wrong; pointed tells whether it names
// any. Names of neither are left alone: they may be the server's own for what it read.
func blamedIn(c *contract.Case, e *convention.Errors, x *contract.Exchange, body any) (findings []contract.Finding, pointed bool) {
	if content := contentOf(c.Op.Response(x.Status), x); content != nil && content.Schema != nil && content.Type.IsJSON() {
		e = c.Conv.ErrorsFor(content.Schema) // one status may say more than the others do
	}
	at, names := namesIn(e, body)
	wrong, declared, from := culprit(c, x)
	if wrong == "" || len(names) == 0 {
		return nil, false
	}
	other := ""
	for _, name := range names {
		if mentions(name, wrong) {
			return nil, true
		}
		if declared(strings.Trim(name, "/")) {
			other = name
		}
	}
	if other == "" || mentions(string(x.Body), wrong) {
		return nil, true
	}
	f := c.New(x, fmt.Sprintf("body of %d", x.Status), at, "field", quote(wrong)+", which is wrong", quote(other), from)
	return []contract.Finding{f}, true
}

// namesIn are what an error names as wrong, and where they stand.
func namesIn(e *convention.Errors, body any) (at string, names []string) {
	for _, list := range []struct{ pointer, member string }{{e.Fields, e.FieldName}, {e.Parameters, ""}} {
		value, _ := source.Get(body, list.pointer)
		fields, _ := value.([]any)
		for _, field := range fields {
			if object, ok := field.(map[string]any); ok && list.member != "" {
				field = object[list.member]
			}
			if name, ok := field.(string); ok && list.pointer != "" {
				at, names = list.pointer, append(names, name)
			}
		}
		if len(names) > 0 {
			return at, names
		}
	}
	return "", nil
}

// mentions tells whether a text has one of the names of a path to what is wrong.
func mentions(text, wrong string) bool {
	for name := range strings.SplitSeq(strings.Trim(wrong, "/"), "/") {
		if strings.Contains(strings.ToLower(text), strings.ToLower(name)) {
			return true
		}
	}
	return false
}

// culprit is the one parameter or member that a request has a wrong value of, "" where all is right or more than that is wrong; declared tells the names
// of its like.
func culprit(c *contract.Case, x *contract.Exchange) (wrong string, declared func(string) bool, from string) {
	if p := brokenParameter(x); p != nil {
		return p.Name, func(name string) bool {
			return slices.ContainsFunc(c.Op.Parameters, func(p *openapi.Parameter) bool { return p.Name == name })
		}, p.Place.FileLine()
	}
	content, sent := refusedBody(c, x)
	if content == nil {
		return "", nil, ""
	}
	broken := content.Schema.Validate(sent, schema.Request)
	if len(broken) != 1 {
		return "", nil, ""
	}
	return openapi.Violation{In: "body", Violation: broken[0]}.MemberPointer(), func(name string) bool { return content.Schema.Find(name) != nil }, broken[0].Schema.FileLine()
}

// refusedBody is the JSON that a request was refused for, as far as nothing else is known to be wrong with it.
func refusedBody(c *contract.Case, x *contract.Exchange) (*openapi.Content, any) {
	if c.Op.Body == nil || x.SentBody == "" || x.Method != c.Op.Method || !refusesValue(x.Status) || x.Situation().Kind != contract.NoSituation {
		return nil, nil
	}
	content := c.BodyContent()
	if content == nil || content.Schema == nil || !content.Type.IsJSON() {
		return nil, nil
	}
	sent, err := source.DecodeJSON([]byte(x.SentBody))
	if err != nil {
		return nil, nil
	}
	return content, sent
}
