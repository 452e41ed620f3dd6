package convention

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// Codes are the codes of errors that a document shows with each status; those of a range of statuses, or of any, stand at 0.
type Codes map[int][]string

// CodesOf are the codes of an operation's errors: those of the examples of its responses, and those that the document's description puts behind
// a status ("409 `conflict`") and the schema of errors enumerates.
func (c *Conventions) CodesOf(op *openapi.Compiled) Codes {
	if op == nil {
		return nil
	}
	if codes, ok := c.shown.Load(op); ok {
		return codes.(Codes)
	}
	codes := c.codesOf(op)
	c.shown.Store(op, codes)
	return codes
}

func (c *Conventions) codesOf(op *openapi.Compiled) Codes {
	codes := Codes{}
	for _, r := range op.Responses {
		status, err := strconv.Atoi(r.Code)
		if content := r.JSON(); content != nil && (err != nil || status >= 400) {
			at := c.ErrorsFor(content.Schema).Code
			codes.shown(status, at, content.Examples)
			codes.told(c.codes, schemaAt(content.Schema, at), at)
		}
	}
	return codes
}

func (codes Codes) shown(status int, at string, examples []openapi.Example) {
	for _, example := range examples {
		if v, ok := source.Get(example.Value, at); ok && at != "" {
			codes.add(status, v)
		}
	}
}

func (codes Codes) told(all []toldCode, s *schema.Schema, at string) {
	if s == nil || at == "" {
		return
	}
	for _, told := range all {
		for part := range s.Parts(true) {
			if slices.Contains(part.Enum, any(told.code)) {
				codes.add(told.status, told.code)
			}
		}
	}
}

func (codes Codes) add(status int, v any) {
	if code, ok := openapi.Text(v); ok && !slices.Contains(codes[status], code) {
		codes[status] = append(codes[status], code)
	}
}

// Meant is a code that is shown with a status, and the status that the code is shown with which an error has instead: ok is false where the code
// is none of the two, or may be right.
func (codes Codes) Meant(status int, code string) (meant string, other int, ok bool) {
	if len(codes[status]) == 0 || slices.Contains(codes[status], code) || slices.Contains(codes[0], code) {
		return "", 0, false
	}
	for _, other := range slices.Sorted(maps.Keys(codes)) {
		if slices.Contains(codes[other], code) {
			return codes[status][0], other, true
		}
	}
	return "", 0, false
}

// toldCode is a status with the code that stands behind it in a text.
type toldCode struct {
	status int
	code   string
}

var codeBehindStatus = regexp.MustCompile("\\b([45][0-9][0-9])\\b[\\s:=(]+`([A-Za-z][\\w.-]*)`")

// codesIn are the statuses that a text puts a code behind; none where it does so with one status only, which may be by chance.
func codesIn(text string) (list []toldCode) {
	for _, m := range codeBehindStatus.FindAllStringSubmatch(text, -1) {
		status, _ := strconv.Atoi(m[1])
		list = append(list, toldCode{status: status, code: m[2]})
	}
	slices.SortStableFunc(list, func(a, b toldCode) int { return cmp.Compare(a.status, b.status) })
	if len(list) == 0 || list[0].status == list[len(list)-1].status {
		return nil
	}
	return list
}
