package mock

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"troth/openapi/convention"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"

	"troth/openapi"
)

// clamping rewrites a page size outside the limits.
func clamping(s *Server, call *Call) error {
	p := s.conv.Pagination(call.Operation)
	if p == nil || p.Size == "" {
		return nil
	}
	query := call.Request.URL.Query()
	n, err := strconv.Atoi(query.Get(p.Size))
	if err != nil {
		return nil
	}
	size := max(n, p.Minimum, 1)
	if p.Maximum > 0 {
		size = min(size, p.Maximum)
	}
	if size == n {
		return nil
	}
	query.Set(p.Size, strconv.Itoa(size))
	r := call.Request.Clone(call.Request.Context())
	r.URL.RawQuery = query.Encode()
	r.RequestURI = r.URL.RequestURI()
	call.Request = r
	return nil
}

// limited refuses every 60th request.
func limited(retry func() string) func(*Server, *Call) error {
	var count atomic.Int64
	return func(_ *Server, call *Call) error {
		r := call.Operation.Response(http.StatusTooManyRequests)
		if r == nil || count.Add(1)%60 != 0 {
			return nil
		}
		when := retry()
		for _, h := range r.Headers {
			if strings.EqualFold(h.Name, "Retry-After") && len(h.Decode([]string{when})) > 0 {
				when = inSeconds()
			}
		}
		return &Fault{
			Status: http.StatusTooManyRequests, Detail: "too many requests", Header: http.Header{"Retry-After": {when}},
		}
	}
}

func inSeconds() string { return "1" }

func atTime() string { return time.Now().Add(time.Second).UTC().Format(http.TimeFormat) }

func headRefused(_ *Server, call *Call) error {
	if call.Request.Method != http.MethodHead || call.Operation.Method == http.MethodHead {
		return nil
	}
	allow := slices.DeleteFunc(slices.Clone(call.Match.Allow), func(method string) bool { return method == http.MethodHead })
	return &Fault{
		Status: http.StatusMethodNotAllowed, Situation: "unknown-method", Detail: "HEAD is not answered here",
		Header: http.Header{"Allow": {strings.Join(allow, ", ")}}, Parameters: []any{http.MethodHead},
	}
}

func unknownParameters(s *Server, call *Call) error {
	if call.Operation.Response(http.StatusBadRequest) == nil {
		return nil
	}
	known := map[string]bool{linkCursor: true}
	for _, p := range call.Operation.Parameters {
		if p.Style == "deepObject" || p.Style == "form" && p.Explode && p.Schema.Types&schema.TypeObject != 0 {
			return nil // the names of its members are parameters
		}
		known[p.Name] = known[p.Name] || p.In == "query"
	}
	for _, requirement := range call.Operation.Security {
		for _, need := range requirement {
			known[need.Scheme.Key] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(call.Request.URL.Query())) {
		if !known[name] {
			return &Fault{
				Status: http.StatusBadRequest, Situation: "invalid-parameter", Parameters: []any{name},
				Detail: fmt.Sprintf("query parameter %s is unknown", name),
			}
		}
	}
	return nil
}

func methodAs404(_ *Call, f *Fault) {
	if f.Status == http.StatusMethodNotAllowed {
		f.Status, f.Situation, f.Header = http.StatusNotFound, "unknown-path", nil
	}
}

func malformedAs404(_ *Call, f *Fault) {
	for _, v := range f.Violations {
		if v.In == "path" && f.Status == http.StatusBadRequest {
			f.Status, f.Situation = http.StatusNotFound, "unknown-path"
			return
		}
	}
}

func wrongAs403(call *Call, f *Fault) {
	if f.Status != http.StatusUnauthorized || call.Operation == nil || call.Operation.Response(http.StatusForbidden) == nil {
		return
	}
	if given := call.Request.Header.Get("Authorization"); given == "" || strings.HasPrefix(given, "Digest") {
		return // a digest may be refused for its nonce only
	}
	f.Status, f.Situation = http.StatusForbidden, "forbidden"
	f.Header = nil
}

// refusedPast refuses a page behind the last one, where the operation declares how: in a variation, and where no page may be empty.
func (s *Server) refusedPast(call *Call, w window, items string, total int) error {
	if w.start == 0 || w.start < total || !s.variant.past && !neverEmpty(call.Content, items) {
		return nil
	}
	for _, status := range []int{http.StatusNotFound, http.StatusBadRequest} {
		if call.Operation.Response(status) != nil {
			return &Fault{Status: status, Situation: "invalid-parameter", Detail: "there is no such page"}
		}
	}
	return nil
}

// neverEmpty tells whether a list has to have items.
func neverEmpty(content *openapi.Content, items string) bool {
	if content == nil || content.Schema == nil {
		return false
	}
	list := schemaAt(content.Schema, items)
	return list != nil && list.WantsItems()
}

// changing shows, from request to request, more items in front of a list and fewer within it: they are inserted one by one, and deleted for
// good. What clients created stays.
func changing() func(*collection, []*record) []*record {
	var inserted, deleted atomic.Int64
	const most = 60
	return func(c *collection, all []*record) []*record {
		if n := deleted.Add(1); n%4 == 0 && inserted.Load() < most {
			inserted.Add(1)
		}
		made := 0
		for made < len(all) && all[made].id != "" && c.madeByClient(all[made].id) {
			made++
		}
		hidden := most - int(inserted.Load())
		if len(all)-made < 2*most {
			return all
		}
		shown := slices.Clone(all[:made])
		for i, r := range all[made:] {
			if i >= hidden && sample.Hash(c.seed, "deleted", strconv.Itoa(i))%2000 >= uint64(deleted.Load()) {
				shown = append(shown, r)
			}
		}
		return shown
	}
}

// createdLast moves what clients created behind all else, the newest last.
func createdLast(c *collection, all []*record) []*record {
	var first, last []*record
	for _, r := range all {
		if r.id != "" && c.madeByClient(r.id) {
			last = append(last, r)
		} else {
			first = append(first, r)
		}
	}
	slices.Reverse(last)
	return append(first, last...)
}

// relativeLinks writes what leads to the server itself without scheme and host, where the schema allows it.
func relativeLinks(_ *Server, call *Call, reply *Reply) {
	for name, lines := range reply.Header {
		if name == "Link" || name == "Location" {
			lines = slices.Clone(lines)
			for i := range lines {
				lines[i] = strings.ReplaceAll(lines[i], base, call.Prefix)
			}
			reply.Header[name] = lines
		}
	}
	altered(reply, func(body any) { shorten(body, call.Prefix) })
}

// timesInMilliseconds writes instants with milliseconds, where the schema takes that.
func timesInMilliseconds(_ *Server, _ *Call, reply *Reply) {
	if reply.Content == nil || reply.Content.Schema == nil {
		return
	}
	altered(reply, func(body any) {
		undo := withMilliseconds(body)
		if !reply.Content.Schema.Valid(body, schema.Response) {
			undo()
		}
	})
}

func withMilliseconds(v any) (undo func()) {
	var undone []func()
	write := func(text any, set func(any)) {
		if seconds, ok := text.(string); ok && strings.HasSuffix(seconds, "Z") && len(seconds) == len("2006-01-02T15:04:05Z") {
			if _, err := time.Parse(time.RFC3339, seconds); err == nil {
				set(strings.TrimSuffix(seconds, "Z") + ".000Z")
				undone = append(undone, func() { set(seconds) })
			}
			return
		}
		undone = append(undone, withMilliseconds(text))
	}
	switch v := v.(type) {
	case []any:
		for i := range v {
			write(v[i], func(now any) { v[i] = now })
		}
	case map[string]any:
		for name := range v {
			write(v[name], func(now any) { v[name] = now })
		}
	}
	return func() {
		for _, f := range undone {
			f()
		}
	}
}

func shorten(v any, prefix string) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			shorten(item, prefix)
		}
	case map[string]any:
		for name, member := range v {
			if text, ok := member.(string); ok && strings.HasPrefix(text, base+"/") {
				v[name] = prefix + strings.TrimPrefix(text, base)
			} else {
				shorten(member, prefix)
			}
		}
	}
}

// altered changes the body of a success where it then still fits its schema.
func altered(reply *Reply, change func(body any)) {
	if reply.Status >= http.StatusMultipleChoices || reply.Content == nil || reply.Content.Schema == nil || reply.Body == nil {
		return
	}
	body := source.Clone(reply.Body)
	if change(body); reply.Content.Schema.Valid(body, schema.Response) {
		reply.Body, reply.Encoded = body, nil
	}
}

// shownItems are the items of a list's body with their schema, else the body itself.
func (s *Server) shownItems(call *Call, reply *Reply, body any) (items []any, of *schema.Schema, listed bool) {
	if p := s.conv.Pagination(call.Operation); p != nil {
		found, _ := source.Get(body, p.Items)
		items, listed = found.([]any)
		return items, convention.ItemSchema(reply.Content.Schema, p.Items), listed
	}
	if items, listed = body.([]any); listed {
		return items, convention.ItemSchema(reply.Content.Schema, ""), true
	}
	return []any{body}, reply.Content.Schema, false
}

func optionalMissing(s *Server, call *Call, reply *Reply) {
	s.leaveOut(call, reply, func(string) bool { return true })
}

func optionalSparse(s *Server, call *Call, reply *Reply) {
	s.leaveOut(call, reply, func(name string) bool { return sample.Hash(1, name)%2 == 0 })
}

// leaveOut drops members of items that the schema does not require, but for their IDs; of what is no list only scalars, since an object may
// be the item itself.
func (s *Server) leaveOut(call *Call, reply *Reply, wants func(name string) bool) {
	if reply.Content == nil || reply.Content.Schema == nil || reply.Status >= http.StatusMultipleChoices {
		return
	}
	keep := ""
	if r := call.plan.resource; r != nil && r.usable() {
		keep = r.shape.idMember
	}
	altered(reply, func(body any) {
		items, of, listed := s.shownItems(call, reply, body)
		for _, item := range items {
			object, _ := item.(map[string]any)
			if of == nil {
				return
			}
			for _, name := range slices.Sorted(maps.Keys(object)) {
				old := object[name]
				_, isObject := old.(map[string]any)
				_, isArray := old.([]any)
				if name == keep || name == "id" || !wants(name) || !listed && (isObject || isArray) {
					continue
				}
				if delete(object, name); !of.Valid(object, schema.Response) {
					object[name] = old
				}
			}
		}
	})
}

// extraMembers adds members that say nothing of what the document names, though their names may say so.
func extraMembers(s *Server, call *Call, reply *Reply) {
	s.addMembers(call, reply, map[string]any{
		"xExtra": map[string]any{"a": []any{json.Number("1")}}, "zNothing": nil, "_links": map[string]any{"self": "/x-elsewhere"},
	})
}

// restlessMembers adds members that say something else in each answer.
func restlessMembers() func(s *Server, call *Call, reply *Reply) {
	var answers atomic.Int64
	return func(s *Server, call *Call, reply *Reply) {
		n := answers.Add(1)
		s.addMembers(call, reply, map[string]any{"xServed": json.Number(strconv.FormatInt(n, 10)), "xAwake": n%2 == 0, "createdBy": "worker " + strconv.FormatInt(n, 10)})
		if n%3 == 0 {
			s.addMembers(call, reply, map[string]any{"xAtTimes": true, "total": json.Number("7"), "links": []any{map[string]any{"rel": "self", "href": "/x-elsewhere"}}})
		}
	}
}

// addMembers adds members to what is shown and to the items in it, as far as their schemas take them and do not name them.
func (s *Server) addMembers(call *Call, reply *Reply, add map[string]any) {
	altered(reply, func(body any) {
		items, of, _ := s.shownItems(call, reply, body)
		for _, item := range items {
			if object, ok := item.(map[string]any); ok && of != nil {
				addTo(object, add, of)
			}
		}
		if object, ok := body.(map[string]any); ok && reply.Content.Schema.Valid(body, schema.Response) {
			addTo(object, add, reply.Content.Schema)
		}
	})
}

func addTo(object, add map[string]any, s *schema.Schema) {
	var added []string
	for name, v := range add {
		if _, has := object[name]; !has && s.Find(name) == nil && s.Find(strings.TrimLeft(name, "_")) == nil {
			object[name], added = v, append(added, name)
		}
	}
	for name, v := range object {
		if inner, isObject := v.(map[string]any); isObject && len(inner) > 0 && len(added) > 0 && s.Find(name) != nil && len(s.Find(name).Properties) > 0 {
			addTo(inner, add, s.Find(name))
		}
	}
	if !s.Valid(object, schema.Response) {
		for _, name := range added {
			delete(object, name)
		}
	}
}

// namedOnce is the name that a request creates an item of, with a key that names it below its path; "" where it creates none, or may not be refused 409.
func namedOnce(call *Call) (key, name string) {
	object, _ := call.Body.(map[string]any)
	name, ok := object["name"].(string)
	if r := call.Operation.Response(http.StatusConflict); !ok || call.Request.Method != http.MethodPost || r == nil || r.Code != "409" {
		return "", ""
	}
	return call.Request.URL.Path + " " + name, name
}

func nameTaken(name string) error {
	return &Fault{Status: http.StatusConflict, Situation: "conflict", Parameters: []any{name}, Detail: fmt.Sprintf("the name %s is taken", name)}
}
