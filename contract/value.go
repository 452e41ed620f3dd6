package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// pathValue is what is known of a path variable.
type pathValue struct {
	text    string            // encoded
	guessed bool              // nothing says that it exists: an example of the document, or made
	own     bool              // of an item that the run created, as its list shows none
	below   map[string]string // path values of the list that showed it
}

// pathValue is the value of a path variable: given to the target, found in the list that it picks from, an example of the document, or the
// usual one. It is found once in a run.
func (s *session) pathValue(ctx context.Context, op *openapi.Compiled, p *openapi.Parameter) (pathValue, error) {
	if given := s.target.params[p.Name]; len(given) > 0 {
		return pathValue{text: url.PathEscape(given[0])}, nil
	}
	home, key := variable(op, p)
	s.mu.Lock()
	known, ok := s.values[key]
	s.mu.Unlock()
	if ok {
		return known, nil
	}
	found, err := s.findValue(ctx, op, p, strings.TrimSuffix(home, "/"))
	if _, skipped := skipReason(err); skipped || errors.Is(err, errEmpty) {
		return pathValue{}, err
	}
	if err != nil {
		return pathValue{}, fmt.Errorf("path variable %s: %w; give one with -p %s=value", p.Name, err, p.Name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[key] = found
	return found, nil
}

// variable is the path in front of a path variable, and what tells it from others.
func variable(op *openapi.Compiled, p *openapi.Parameter) (home, key string) {
	home, _, stands := strings.Cut(op.Route, "{"+p.Name+"}")
	if !stands || !strings.HasSuffix(home, "/") {
		home = "" // a parameter that the path does not have, or a part of a segment ("{name}.{format}"), picks from no list
	}
	return home, home + "\x00" + p.Name + "\x00" + p.Schema.Place.Pointer // operations differ in what they take
}

// errEmpty is why a list gives no value: an item can be made first where writing is allowed.
var errEmpty = errors.New("the list that it picks from shows no item")

func (s *session) findValue(ctx context.Context, op *openapi.Compiled, p *openapi.Parameter, listPath string) (pathValue, error) {
	if list := s.listAt(listPath); list != nil {
		id, below, empty, err := s.firstID(ctx, op, list, p)
		switch {
		case err != nil:
			return pathValue{}, err
		case id != nil:
			text, err := p.Encode(id)
			return pathValue{text: text, below: below}, err
		case empty && s.target.write:
			return pathValue{}, errEmpty
		case empty && len(parameterExamples(p)) == 0:
			return pathValue{}, Skip("%s shows no item to ask for; create some, or name one with -p %s=value", listPath, p.Name)
		}
	}
	value, err := usual(p)
	if err != nil {
		return pathValue{}, err
	}
	text, err := p.Encode(value)
	return pathValue{text: text, guessed: true}, err
}

// AnotherValue is the first of OtherValues, false where there is none.
func (c *Case) AnotherValue(ctx context.Context, x *Exchange, p *openapi.Parameter) (string, bool) {
	for _, text := range c.OtherValues(ctx, x, p) {
		return text, true
	}
	return "", false
}

// OtherValues are texts of a path variable beside the one that an exchange was asked with: of the other items of the list that it picks from, as far as
// the run did not make them.
func (c *Case) OtherValues(ctx context.Context, x *Exchange, p *openapi.Parameter) (others []string) {
	home, _, _ := strings.Cut(c.Op.Route, "{"+p.Name+"}")
	operation := c.session.listAt(strings.TrimSuffix(home, "/"))
	if operation == nil {
		return nil
	}
	list := c.Other(operation)
	if list == nil {
		return nil
	}
	page, pointer, item := c.Conv.Items(list.Op)
	if item == nil {
		return nil
	}
	list.Page = page
	answer, err := list.Ask(ctx, "ordinary request", Beside(x))
	if err != nil || !answer.OK() {
		return nil
	}
	body, _ := answer.JSON()
	items, _ := source.Get(body, pointer)
	listed, _ := items.([]any)
	for _, item := range listed {
		id := IDOf(item, p)
		if text, ok := openapi.Text(id); ok && id != nil && url.PathEscape(text) != x.path[p.Name] && !c.session.isMine(id) {
			others = append(others, text)
		}
	}
	return others
}

// usual is an example of a parameter, else the value that stands for what exists.
func usual(p *openapi.Parameter) (any, error) {
	if examples := parameterExamples(p); len(examples) > 0 {
		return examples[0], nil
	}
	return sample.Usual(p.Schema, p.Name)
}

// listAt is the GET of a collection path whose answer holds items.
func (s *session) listAt(path string) *openapi.Operation {
	for _, o := range s.doc.Operations {
		if o.Method == http.MethodGet && openapi.Unnamed(o.Route) == openapi.Unnamed(path) {
			return o
		}
	}
	return nil
}

// firstID asks a list for its first item and returns the member that a variable names, nil where there is none, and the path values that the list
// was asked with. empty tells that the list shows no item, or only such that the run made.
func (s *session) firstID(ctx context.Context, of *openapi.Compiled, list *openapi.Operation, p *openapi.Parameter) (id any, below map[string]string, empty bool, err error) {
	op, err := list.Compile()
	if err != nil {
		return nil, nil, false, err
	}
	page, pointer, item := s.conv.Items(op)
	c := &Case{Subject: Subject{Op: op, Conv: s.conv, Page: page}, session: s, parents: s.parentsAs(ctx, of, list.Route)}
	if item == nil || page == nil && pointer != "" && c.isItem() {
		return nil, nil, false, nil
	}
	x, err := c.Ask(ctx, "ordinary request")
	if err != nil || !x.OK() {
		return nil, nil, false, err
	}
	body, err := x.JSON()
	if err != nil {
		return nil, nil, false, nil // another check tells
	}
	items, _ := source.Get(body, pointer)
	listed, ok := items.([]any)
	for _, item := range listed {
		id := IDOf(item, p)
		if id != nil && !s.isMine(id) {
			return id, x.path, false, nil
		}
		ok = ok && (id != nil)
	}
	return nil, nil, ok, nil
}

// parentsAs are the path values of an operation's parents by the names that another path has for the same places: "/trials/{id}/records" beside
// "/trials/{trialId}/records/{id}".
func (s *session) parentsAs(ctx context.Context, op *openapi.Compiled, route string) map[string]string {
	values := map[string]string{}
	own := strings.Split(op.Route, "/")
	for i, segment := range strings.Split(route, "/") {
		if i >= len(own) || own[i] == segment || !isVariable(segment) || !isVariable(own[i]) {
			continue
		}
		p := op.Parameter("path", own[i][1:len(own[i])-1])
		if p == nil {
			continue
		}
		if v, err := s.pathValue(ctx, op, p); err == nil {
			values[segment[1:len(segment)-1]] = v.text
		}
	}
	return values
}

// Beside is a case of the same check for another operation, below the parents that this one's requests are sent below: operations have examples
// of their own. Nil where the other cannot be compiled.
func (c *Case) Beside(ctx context.Context, op *openapi.Operation) *Case {
	other := c.Other(op)
	if other == nil || c.parents != nil {
		return other
	}
	other.parents = c.session.parentsAs(ctx, c.Op, op.Route)
	for _, segment := range strings.Split(op.Route, "/") {
		p := c.Op.Parameter("path", strings.Trim(segment, "{}"))
		if !isVariable(segment) || p == nil || !strings.Contains(c.Op.Route, segment) {
			continue
		}
		if v, err := c.session.pathValue(ctx, c.Op, p); err == nil {
			other.parents[p.Name] = v.text
		}
	}
	return other
}

func isVariable(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.IndexByte(segment, '}') == len(segment)-1
}

// isItem tells whether what an operation answers with has an ID that its path's last variable picks it by: it is an item itself, and no list.
func (c *Case) isItem() bool {
	last := c.Last()
	response, _ := c.Op.Success()
	content := response.JSON()
	if last == nil || content == nil || content.Schema == nil {
		return false
	}
	for part := range content.Schema.Parts(true) {
		if slices.ContainsFunc(part.Properties, func(p schema.Property) bool { return Identifies(last.Name, p.Name) }) {
			return true
		}
	}
	return false
}

// IDOf is what a variable names of an item: "restoreJobId" is its restoreJobId, id or jobId, else the end of a name that is a path; nil where it has
// nothing of the kind that the variable takes.
func IDOf(item any, p *openapi.Parameter) any {
	object, ok := item.(map[string]any)
	if !ok {
		return nil
	}
	names := slices.Sorted(maps.Keys(object))
	plains := make([]string, len(names))
	for i, name := range names {
		plains[i] = plain(name)
	}
	for _, want := range idNames(p.Name) {
		for i, name := range names {
			if plains[i] == want {
				if v := reading(p.Schema, object[name]); v != nil {
					return v
				}
			}
		}
	}
	return pathNamed(object, p)
}

// Identifies tells whether a variable may pick an item by a member of this name: what a change must leave as it is.
func Identifies(variable, member string) bool {
	return slices.Contains(idNames(variable), plain(member))
}

func plain(name string) string {
	return strings.ToLower(strings.Trim(strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return -1
		}
		return r
	}, name), "."))
}

// idNames are the names that the member of a variable may have, likeliest first: its own, "id" where it ends so, its ends, usual ones.
func idNames(variable string) []string {
	words := words(variable)
	var names []string
	for i := range words {
		names = append(names, strings.Join(words[i:], ""))
		if i == 0 && words[len(words)-1] == "id" {
			names = append(names, "id")
		}
	}
	names = append(names, "id", "uuid")
	if strings.HasSuffix(strings.ToLower(variable), "name") { // "accountname"
		names = append(names, "name")
	}
	return names
}

// reading is a value, or its text, as a schema accepts it; nil where it does not.
func reading(s *schema.Schema, v any) any {
	if s.Valid(v, schema.Request) && v != nil {
		return v
	}
	text, ok := openapi.Text(v)
	switch {
	case !ok || v == nil || text == "":
		return nil
	case s.Valid(text, schema.Request):
		return text
	case json.Valid([]byte(text)) && s.Valid(json.Number(text), schema.Request):
		return json.Number(text)
	}
	return nil
}

// words cuts a name into lower-case words at capitals and punctuation.
func words(name string) []string {
	var list []string
	start := 0
	for i := range len(name) {
		if c := name[i]; i > start && (c >= 'A' && c <= 'Z' || c == '_' || c == '-') {
			list, start = append(list, strings.ToLower(strings.Trim(name[start:i], "_-"))), i
		}
	}
	return append(list, strings.ToLower(strings.Trim(name[start:], "_-")))
}
