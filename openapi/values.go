package openapi

import (
	"encoding/json"
	"math"
	"strconv"

	"troth/openapi/schema"
)

// Violation is a broken constraint of a request or response, with the part of the message it is in.
type Violation struct {
	In   string // "path", "query", "header", "cookie", "body", "status", "media-type"
	Name string // parameter or header name, "" for a body
	schema.Violation
}

// inline is how many parameters a request may have before Values allocate.
const inline = 8

// Values are the decoded parameters of one request, by place and name.
type Values struct {
	home  [inline]decoded
	list  []decoded // behind home
	n     int
	boxed []any // what decoded values of anyKind are
}

// decoded is one parameter. The usual integers and booleans stand in number and the usual strings in text, so that they need no allocation.
type decoded struct {
	param   *Parameter
	text    string
	number  int64 // in boxed where kind is anyKind
	kind    kind
	present bool
}

type kind uint8

const (
	anyKind kind = iota
	intKind
	boolKind
	textKind
)

func (v *Values) add(d decoded) {
	if v.n < inline {
		v.home[v.n] = d
	} else {
		v.list = append(v.list, d)
	}
	v.n++
}

func (v *Values) box(p *Parameter, value any) {
	v.add(decoded{param: p, number: int64(len(v.boxed)), present: true})
	v.boxed = append(v.boxed, value)
}

func (v *Values) find(in, name string) *decoded {
	for i := range min(v.n, inline) {
		if d := &v.home[i]; d.param.Name == name && d.param.In == in {
			return d
		}
	}
	for i := range v.list {
		if d := &v.list[i]; d.param.Name == name && d.param.In == in {
			return d
		}
	}
	return nil
}

// Get returns the decoded value; ok is false where the parameter was absent. The default of an absent parameter's schema is
// returned with ok false. A value that broke a constraint is returned as it was sent.
func (v *Values) Get(in, name string) (value any, ok bool) {
	d := v.find(in, name)
	if d == nil {
		return nil, false
	}
	if !d.present {
		return d.param.Schema.Default, false
	}
	switch d.kind {
	case intKind:
		return json.Number(strconv.FormatInt(d.number, 10)), true
	case boolKind:
		return d.number == 1, true
	case textKind:
		return d.text, true
	}
	return v.boxed[d.number], true
}

// Has tells whether a parameter was present.
func (v *Values) Has(in, name string) bool {
	d := v.find(in, name)
	return d != nil && d.present
}

// Int is Get for an integer parameter, fallback where it is absent without default or no integer. One that no int holds is the one that
// comes nearest.
func (v *Values) Int(in, name string, fallback int) int {
	if d := v.find(in, name); d != nil && d.present && d.kind == intKind {
		return int(d.number)
	}
	value, _ := v.Get(in, name)
	n, ok := value.(json.Number)
	if text, isText := value.(string); isText { // a number whose parameter is declared a string
		n, ok = json.Number(text), true
	}
	if !ok {
		return fallback
	}
	if i, err := strconv.Atoi(n.String()); err == nil {
		return i
	}
	f, err := n.Float64()
	switch {
	case err == nil && f == float64(int(f)):
		return int(f)
	case f >= math.MaxInt: // beyond every int, infinite too
		return math.MaxInt
	case f <= math.MinInt:
		return math.MinInt
	}
	return fallback
}

// Bool is Get for a boolean parameter.
func (v *Values) Bool(in, name string, fallback bool) bool {
	if d := v.find(in, name); d != nil && d.present && d.kind == boolKind {
		return d.number == 1
	}
	value, _ := v.Get(in, name)
	if b, ok := value.(bool); ok {
		return b
	}
	return fallback
}
