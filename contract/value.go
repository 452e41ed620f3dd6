package contract

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// pathValue is the encoded value of a path variable: given to the target, found in the list that it picks from, an example of the
// document, or sampled. It is found once in a run.
func (s *session) pathValue(ctx context.Context, op *openapi.Compiled, p *openapi.Parameter) (string, error) {
	if given := s.target.params[p.Name]; len(given) > 0 {
		return url.PathEscape(given[0]), nil
	}
	home, _, _ := strings.Cut(op.Route, "{"+p.Name+"}")
	key := home + "\x00" + p.Name + "\x00" + p.Schema.Place.Pointer // operations differ in what they take
	s.mu.Lock()
	known, ok := s.values[key]
	s.mu.Unlock()
	if ok {
		return known, nil
	}
	text, err := s.findValue(ctx, op, p, strings.TrimSuffix(home, "/"))
	if err != nil {
		return "", fmt.Errorf("path variable %s: %w; give one with -p %s=value", p.Name, err, p.Name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[key] = text
	return text, nil
}

// errEmpty is why a list gives no value: an item can be made first where writing is allowed.
var errEmpty = errors.New("the list that it picks from shows no item")

func (s *session) findValue(ctx context.Context, op *openapi.Compiled, p *openapi.Parameter, listPath string) (string, error) {
	if list := s.listAt(listPath); list != nil {
		id, err := s.firstID(ctx, list, p)
		if err != nil {
			return "", err
		}
		if id != nil {
			return p.Encode(id)
		}
		if s.target.write && len(parameterExamples(p)) == 0 {
			return "", errEmpty
		}
	}
	value, err := s.parameterValue(p)
	if err != nil {
		return "", err
	}
	return p.Encode(value)
}

// listAt is the GET of a collection path whose answer holds items.
func (s *session) listAt(path string) *openapi.Operation {
	for _, o := range s.doc.Operations {
		if o.Method == http.MethodGet && unnamed(o.Route) == unnamed(path) {
			return o
		}
	}
	return nil
}

// unnamed replaces the variables of a template by "{}".
func unnamed(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = "{}"
		}
	}
	return strings.Join(segments, "/")
}

// firstID asks a list for its first item and returns the member that a variable names, nil where there is none.
func (s *session) firstID(ctx context.Context, list *openapi.Operation, p *openapi.Parameter) (any, error) {
	op, err := list.Compile()
	if err != nil {
		return nil, err
	}
	page := s.conv.Pagination(op)
	if page == nil {
		return nil, nil
	}
	c := &Case{Subject: Subject{Op: op, Conv: s.conv, Page: page}, session: s}
	x, err := c.Ask(ctx, "ordinary request")
	if err != nil || !x.OK() {
		return nil, err
	}
	body, err := x.JSON()
	if err != nil {
		return nil, nil // another check tells
	}
	items, _ := source.Get(body, page.Items)
	listed, _ := items.([]any)
	for _, item := range listed {
		if member, ok := item.(map[string]any); ok {
			if id := IDOf(member, p); id != nil && !s.isMine(id) {
				return id, nil
			}
		}
	}
	return nil, nil
}

// IDOf is the member that a variable names: "restoreJobId" is restoreJobId, jobId or id.
func IDOf(item map[string]any, p *openapi.Parameter) any {
	words := words(p.Name)
	names := make([]string, 0, len(words)+3)
	for i := range words {
		names = append(names, strings.Join(words[i:], ""))
	}
	for _, want := range append(names, "id", "uuid", "name") {
		for _, name := range slices.Sorted(maps.Keys(item)) {
			if plain := strings.ToLower(strings.Trim(strings.NewReplacer("_", "", "-", "").Replace(name), ".")); plain == want {
				if v := item[name]; p.Schema.Valid(v, schema.Request) {
					return v
				}
			}
		}
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
