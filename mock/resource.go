package mock

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"unicode"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

const boolean = schema.TypeBoolean

// resource is a collection path and its item path ("/jobs" and "/jobs/{id}"), inferred from the document.
type resource struct {
	server  *Server
	path    string               // template of the collection
	key     string               // path with unnamed variables
	list    *openapi.Operation   // GET of the collection, nil where there is none
	create  *openapi.Operation   // POST of the collection
	read    *openapi.Operation   // GET of the item
	members []*openapi.Operation // all of the item
	idParam string               // variable of the item path, "" where there is none
	once    sync.Once
	shape   shape
}

// shape is what the schemas of a resource's operations say, found when first needed.
type shape struct {
	page     *convention.Pagination // nil where the list is not paged
	items    string                 // JSON pointer of the item array in the list's body
	base     *schema.Schema         // of an item; nil: this is no resource
	idMember string                 // member of an item that is its ID, "" where none is found
	idSchema *schema.Schema         // of the item path's variable, nil where there is none
	forced   []string               // IDs that must exist: given to the server, or the document's examples
}

func (r *resource) usable() bool {
	r.once.Do(r.examine)
	return r.shape.base != nil
}

// addressable tells whether a client can learn the IDs of items, so that any other ID is unknown.
func (r *resource) addressable() bool { return r.usable() && r.shape.idMember != "" && r.idParam != "" }

func (r *resource) examine() {
	var s shape
	if list := r.server.prepare(r.list); list != nil {
		s.page, s.items, s.base = r.server.conv.Items(list.compiled)
	}
	if r.list != nil && s.base == nil {
		return // GET of the path is a single thing, not a list
	}
	if read := r.server.prepare(r.read); read != nil {
		if single := jsonSchema(read.response); single != nil {
			s.base = single
		}
	}
	s.idSchema, s.forced = r.ids()
	if s.base != nil {
		if _, err := sample.Value(s.base, r.server.options.seed); err != nil {
			return // no item can be made: the list stays empty
		}
		s.idMember = idMember(s.base, r.idParam)
	}
	if r.shape = s; s.idMember != "" && r.id(r.server.options.seed) == "" {
		r.shape.idMember = "" // no text is an ID for both the path and the item
	}
}

// ids returns the schema of the item path's variable as the first operation declares it, and the IDs that must exist: those given
// to the server and the examples of every operation.
func (r *resource) ids() (first *schema.Schema, forced []string) {
	forced = slices.Clone(r.server.options.params[r.idParam])
	for _, op := range r.members {
		_, id, _ := itemPath(op.Route)
		if p := r.server.prepare(op); p != nil {
			if param := p.compiled.Parameter("path", id); param != nil {
				first = cmp.Or(first, param.Schema)
				forced = append(forced, exampleTexts(param)...)
			}
		}
	}
	return first, forced
}

// jsonSchema is the schema of a response's first JSON content, nil where there is none.
func jsonSchema(r *openapi.Response) *schema.Schema {
	if c := r.JSON(); c != nil {
		return c.Schema
	}
	return nil
}

// idMember finds the member that a path variable names: "restoreJobId" is restoreJobId, jobId or id; "clusterName" is clusterName
// or name.
func idMember(item *schema.Schema, param string) string {
	words := split(param)
	for i := range words {
		name := strings.Join(words[i:], "")
		if member := find(item, name); member != "" {
			return member
		}
	}
	for _, name := range []string{"id", "uuid"} {
		if member := find(item, name); member != "" {
			return member
		}
	}
	return ""
}

// find returns the property of s or of what it is composed of that has this name but for case, "_" and "-".
func find(s *schema.Schema, name string) string {
	for part := range s.Parts(true) {
		for _, p := range part.Properties {
			if plain(p.Name) == strings.ToLower(name) {
				return p.Name
			}
		}
	}
	return ""
}

var punctuation = strings.NewReplacer("_", "", "-", "", ".", "")

func plain(name string) string { return strings.ToLower(punctuation.Replace(name)) }

// split cuts a name into lower-case words at punctuation and capitals.
func split(name string) []string {
	var words []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			words = append(words, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	var before rune
	for _, r := range name {
		if r == '_' || r == '-' || r == '.' || unicode.IsUpper(r) && !unicode.IsUpper(before) {
			flush()
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			word.WriteRune(r)
		}
		before = r
	}
	flush()
	return words
}

// id makes an ID that both the item path and the item's schema accept; "" where there is none.
func (r *resource) id(seed uint64) string {
	member := (*schema.Schema)(nil)
	if r.shape.idMember != "" {
		member = r.shape.base.Find(r.shape.idMember)
	}
	for _, s := range []*schema.Schema{r.shape.idSchema, member} {
		if s == nil {
			continue
		}
		v, err := sample.Value(s, seed, sample.Named(r.shape.idMember))
		if err != nil {
			continue
		}
		if t := text(v); t != "" && accepts(r.shape.idSchema, t) && accepts(member, t) {
			return t
		}
	}
	return ""
}

// accepts tells whether s accepts some reading of a text: as a string, else as a number. A nil schema accepts all.
func accepts(s *schema.Schema, t string) bool {
	_, ok := reading(s, t)
	return ok
}

func reading(s *schema.Schema, t string) (any, bool) {
	if s == nil || s.Valid(t, schema.Response) {
		return t, true
	}
	if n := json.Number(t); isNumber(t) && s.Valid(n, schema.Response) {
		return n, true
	}
	return nil, false
}

func isNumber(t string) bool {
	_, err := json.Number(t).Float64()
	return err == nil && json.Valid([]byte(t))
}

// text is the text of a scalar as it stands in a path, "" for anything else.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}
