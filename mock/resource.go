package mock

import (
	"cmp"
	"encoding/json"
	"iter"
	"slices"
	"strconv"
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
	paged   *openapi.Operation   // GET of a path that looks like an item's, which may be the list all the same
	posted  *openapi.Operation   // POST of such a path
	members []*openapi.Operation // all of the item
	idParam string               // variable of the item path, "" where there is none
	once    sync.Once
	shape   shape
	linked  sync.Once
	leads   []lead // by Link Objects of its operations, to other items
}

// shape is what the schemas of a resource's operations say, found when first needed.
type shape struct {
	page     *convention.Pagination // nil where the list is not paged
	items    string                 // JSON pointer of the item array in the list's body
	base     *schema.Schema         // of an item; nil: this is no resource
	idMember string                 // member of an item that is its ID, "" where none is found
	listedID *schema.Schema         // of idMember in the list's items, nil where it lists none
	pathName pathName               // how items without an idMember are named all the same
	idSchema *schema.Schema         // of the item path's variable, nil where there is none
	most     int                    // items there may be at first, 0: any number
	forced   []string               // IDs that must exist: given to the server, or the document's examples
	shown    bool                   // a list shows the IDs of its items
	tag      *schema.Schema         // of an item's ETag, nil where none is declared
}

func (r *resource) usable() bool {
	r.once.Do(r.examine)
	return r.shape.base != nil
}

// addressable tells whether a client can learn the IDs of items, so that any other ID is unknown.
func (r *resource) addressable() bool {
	return r.usable() && r.idParam != "" && (r.shape.idMember != "" || r.shape.pathName.member != "")
}

func (r *resource) examine() {
	var s shape
	if r.list == nil && r.server.lists(r.paged, r.idParam) {
		r.list, r.create = r.paged, cmp.Or(r.create, r.posted)
	}
	if list := r.server.prepare(r.list); list != nil {
		s.page, s.items, s.base = r.server.conv.Items(list.compiled)
		s.most = mostItems(s.page, list.newest())
	}
	if r.list != nil && s.base == nil {
		if r.read == nil || r.create == nil {
			return // GET of the path is a single thing, not a list
		}
		r.list = nil // there are items all the same, which are created and read one by one
	}
	listed := s.base
	if idMember(s.base, r.idParam) == "" {
		s.pathName = r.pathNamed(s.base)
	}
	s.shown = r.list != nil && (idMember(s.base, r.idParam) != "" || s.pathName.member != "")
	if read := r.server.prepare(r.read); read != nil && !r.server.isList(r.read) {
		if single := read.newest(); single != nil && !wraps(single, s.base, r.idParam) {
			s.base = single
			if r.list == nil {
				s.base = r.core(single)
			}
		}
	}
	s.idSchema, s.forced = r.ids(s.shown)
	s.tag = r.tagSchema()
	if s.base != nil {
		if _, err := sample.Value(s.base, r.server.options.seed); err != nil {
			return // no item can be made: the list stays empty
		}
	}
	if r.shape = s; s.shown {
		r.shape.listedID = listed.Find(idMember(listed, r.idParam))
	}
	if r.name(); r.shape.idMember == "" {
		r.shape.listedID = nil
		r.name()
	}
	if r.shape.idMember != "" && r.list != nil { // what an item cannot show is not listed
		member := s.base.Find(r.shape.idMember)
		r.shape.forced = slices.DeleteFunc(s.forced, func(id string) bool { return !accepts(member, id) })
	}
}

// name finds the member that is the items' ID.
func (r *resource) name() {
	for member := range idCandidates(r.shape.base, r.idParam) {
		if r.shape.idMember = member; r.id(r.server.options.seed) != "" {
			return
		}
		r.shape.idMember = "" // no text is an ID for both the path and the member
	}
}

// mostItems is how many items a list may have at first, where its total has a maximum: there is room for what clients create. 0 stands for any number.
func mostItems(p *convention.Pagination, body *schema.Schema) int {
	if p == nil || p.Total == "-" || body == nil {
		return 0
	}
	total := schemaAt(body, p.Total)
	if total == nil {
		return 0
	}
	most, err := strconv.Atoi(total.Maximum.String())
	if err != nil || most <= 0 {
		return 0
	}
	return max(most*3/4, 1)
}

// lists tells whether an operation whose path ends in a variable answers with a list all the same: a paged one, or an array whose items have
// a path of their own. param is that path's variable, "" where there is none.
func (s *Server) lists(op *openapi.Operation, param string) bool {
	p := s.prepare(op)
	if p == nil || s.conv.Pagination(p.compiled) != nil {
		return p != nil
	}
	_, pointer, item := s.conv.Items(p.compiled)
	if param == "" || item == nil || pointer == "" {
		return param != "" && item != nil
	}
	_, own, _ := itemPath(op.Route)
	return idMember(item, param) != "" && idMember(p.newest(), own) == "" // what has an ID is an item itself
}

// isList tells whether such an operation is the list of its path.
func (s *Server) isList(op *openapi.Operation) bool {
	r := s.world.resources[openapi.Unnamed(op.Route)]
	return r != nil && r.usable() && r.list == op
}

// ofList tells whether an operation whose path ends in a variable is one of a list all the same: it shows the list, or adds to it.
func (s *Server) ofList(op *openapi.Operation) bool {
	r := s.world.resources[openapi.Unnamed(op.Route)]
	return r != nil && r.usable() && r.list != nil && (r.list == op || r.posted == op)
}

// wraps tells whether what an item's GET answers with is something around the item that the list shows: it lacks the ID that the item has.
func wraps(single, item *schema.Schema, param string) bool {
	return item != nil && param != "" && idMember(single, param) == "" && idMember(item, param) != ""
}

// aroundItems are the members in which bodies hold an item.
var aroundItems = []string{"data", "item", "result", "record", "resource", "entity", "object"}

// core is what an item's body is around: the object in it that has the ID which the body itself has not, in a member of a usual name or one that is called as
// the items are ({"data": {"id": …}}, {"Meeting": {"MeetingId": …}}).
func (r *resource) core(body *schema.Schema) *schema.Schema {
	if idMember(body, r.idParam) != "" {
		return body
	}
	for part := range body.Parts(false) {
		for _, p := range part.Properties {
			usual := slices.Contains(aroundItems, plain(p.Name)) || r.calls(p.Name)
			if usual && idMember(p.Schema, r.idParam) != "" {
				return p.Schema
			}
		}
	}
	return body
}

// ids returns the schema of the item path's variable as the first operation declares it, and the IDs that must exist: those given
// to the server and the examples of every operation. shown tells whether a list shows the IDs of its items.
func (r *resource) ids(shown bool) (first *schema.Schema, forced []string) {
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
	if !shown && len(r.server.options.params[r.idParam]) == 0 { // no client can learn an ID: the usual one exists
		forced = append(forced, r.usual(forced)...)
	}
	return first, forced
}

// usual are the usual IDs of the item path, as each of its operations has them that gives no example, beside those that exist already.
func (r *resource) usual(there []string) (ids []string) {
	for _, op := range r.members {
		_, id, _ := itemPath(op.Route)
		p := r.server.prepare(op)
		if p == nil || p.compiled.Parameter("path", id) == nil || len(exampleTexts(p.compiled.Parameter("path", id))) > 0 {
			continue
		}
		v, err := sample.Usual(p.compiled.Parameter("path", id).Schema, id)
		if t := text(v); err == nil && t != "" && !slices.Contains(ids, t) && !slices.Contains(there, t) {
			ids = append(ids, t)
		}
	}
	return ids
}

// newest is the schema of the content that an operation answers as JSON, of dated ones the newest: it has the members of the older ones and more. Nil where there
// is none.
func (p *prepared) newest() *schema.Schema {
	for _, c := range p.offers {
		if c.Schema != nil && concrete(c.Type, c.Schema).IsJSON() {
			return c.Schema
		}
	}
	return nil
}

// idMember finds the member that a path variable names: "restoreJobId" is restoreJobId, id or jobId; "clusterName" is clusterName or name.
func idMember(item *schema.Schema, param string) string {
	for member := range idCandidates(item, param) {
		return member
	}
	return ""
}

// idIn is the member of a schema that holds the ID of the resource's items.
func (r *resource) idIn(s *schema.Schema) string {
	if member := find(s, plain(r.shape.idMember)); r.shape.idMember != idMember(r.shape.base, r.idParam) && member != "" {
		return member
	}
	return idMember(s, r.idParam)
}

// idCandidates are the members that a path variable may name, likeliest first. A path names no object and no array.
func idCandidates(item *schema.Schema, param string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, name := range idNames(param) {
			if member := find(item, name); member != "" && isScalar(item.Find(member)) && !yield(member) {
				return
			}
		}
	}
}

// idNames are the names that the member of a variable may have, likeliest first: its own, "id" where it ends so, its ends, usual ones.
func idNames(param string) []string {
	words := split(param)
	var names []string
	for i := range words {
		names = append(names, strings.Join(words[i:], ""))
		if i == 0 && words[len(words)-1] == "id" {
			names = append(names, "id")
		}
	}
	names = append(names, "id", "uuid")
	if strings.HasSuffix(plain(param), "name") { // "accountname"
		names = append(names, "name")
	}
	return names
}

// isScalar tells whether a schema takes texts, numbers or booleans.
func isScalar(s *schema.Schema) bool {
	for part := range s.Parts(false) {
		if part.Types != schema.AnyType && part.Types&^(schema.TypeArray|schema.TypeObject|schema.TypeNull) == 0 {
			return false
		}
	}
	return true
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
func (r *resource) id(seed uint64) string { return r.newID(seed, func(string) bool { return false }) }

// newID is id but for those that are taken: what one schema has an example for another may have many values for.
func (r *resource) newID(seed uint64, taken func(string) bool) string {
	member := (*schema.Schema)(nil)
	if r.shape.idMember != "" {
		member = r.shape.base.Find(r.shape.idMember)
	}
	for _, s := range []*schema.Schema{r.shape.idSchema, member, r.shape.listedID} {
		if s == nil {
			continue
		}
		v, err := sample.Value(s, seed, sample.Named(r.shape.idMember))
		if err != nil {
			continue
		}
		if t := text(v); t != "" && accepts(r.shape.idSchema, t) && accepts(member, t) && accepts(r.shape.listedID, t) && !taken(t) {
			return t
		}
	}
	return ""
}

// accepts tells whether s accepts some reading of a text: as a string, else as a number. A nil schema accepts all.
func accepts(s *schema.Schema, t string) bool {
	if s == nil || s.OnlyText() {
		return s == nil || s.ValidText(t)
	}
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
