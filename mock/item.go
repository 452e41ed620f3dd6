package mock

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// base stands for the scheme, host and server prefix in stored values; the request's own take its place when a reply is written. It is found
// by a letter that is rare in JSON.
const (
	base     = "http://zone.troth.invalid"
	rare     = 'z'
	rarePart = len("http://")
)

// indexBase is where the base first stands, -1 where it does not.
func indexBase(text []byte) int {
	for at := 0; ; at++ {
		next := bytes.IndexByte(text[at:], rare)
		if next < 0 {
			return -1
		}
		at += next
		if from := at - rarePart; from >= 0 && bytes.HasPrefix(text[from:], []byte(base)) {
			return from
		}
	}
}

// make computes an item's value in the form of the resource's base schema. given are members that a client wrote.
func (c *collection) make(id string, seed uint64, given map[string]any) (any, error) {
	s := c.resource.shape.base
	var best map[string]any
	fits := -1
	for try := range uint64(makings) { // what was sent may only fit another alternative of the schema
		value, err := sample.Value(s, seed+try, sample.Members(c.echoed()), sample.Like(given))
		if err != nil {
			return nil, err
		}
		object, ok := value.(map[string]any)
		if !ok {
			return value, nil
		}
		c.distinguish(object, seed)
		c.below(object)
		c.name(object, id)
		c.leadOn(object, id, seed)
		replaceAll(s, object, given)
		kept := 0
		for name, v := range given {
			if schema.Equal(object[name], v) {
				kept++
			}
		}
		if kept > fits {
			best, fits = object, kept
		}
		if kept == len(given) {
			break
		}
	}
	c.resource.server.cohere(s, best, c.itemPath(id))
	return best, nil
}

// makings is how many items are made until one takes all members that a client sent.
const makings = 8

// below writes the parents into the members that have the names of their variables, in any spelling: "shop_id" for {shopId}.
func (c *collection) below(object map[string]any) {
	names := templateNames(c.resource.path)
	for i, p := range c.parents {
		if i >= len(names) || slices.Contains(idMembers[:], strings.ToLower(names[i])) {
			continue
		}
		for member := range object {
			if member == c.resource.shape.idMember || member == c.resource.idParam || plain(member) != plain(names[i]) {
				continue
			}
			if s := c.resource.shape.base.Find(member); s != nil {
				if v, ok := reading(s, text(p.Value)); ok {
					replace(c.resource.shape.base, object, member, v)
				}
			}
		}
	}
}

// echoed are the path values, for members of the same name.
func (c *collection) echoed() map[string]any {
	names := templateNames(c.resource.path)
	echo := make(map[string]any, len(c.parents))
	for i, p := range c.parents {
		if i < len(names) && !slices.Contains(idMembers[:], strings.ToLower(names[i])) { // a parent's "id" is not the item's
			echo[names[i]] = p.Value
		}
	}
	return echo
}

func templateNames(path string) []string {
	var names []string
	for _, v := range variables(path) {
		names = append(names, v.name)
	}
	return names
}

// name writes the ID into its member and into a member of the variable's own name.
func (c *collection) name(object map[string]any, id string) {
	shape := &c.resource.shape
	for _, member := range []string{shape.idMember, c.resource.idParam} {
		if s := shape.base.Find(member); member != "" && id != "" && s != nil {
			if v, ok := reading(s, id); ok {
				replace(shape.base, object, member, v)
			}
		}
	}
	if shape.pathName.member != "" && id != "" {
		replace(shape.base, object, shape.pathName.member, shape.pathName.of(c.parents, c.resource.members[0].Route, id))
	}
}

// replace sets a member where the object still fits its schema, else what an object in it says within the old one, else it leaves the object as it was.
func replace(s *schema.Schema, object map[string]any, name string, v any) {
	old, had := object[name]
	object[name] = v
	if s.Valid(object, schema.Response) {
		return
	}
	if object[name] = merged(nil, old, v); isObject(old) && isObject(v) && s.Valid(object, schema.Response) {
		return
	}
	if had {
		object[name] = old
	} else {
		delete(object, name)
	}
}

func isObject(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

// idMembers are names of members that tell items apart, whatever the path picks them by.
var idMembers = [...]string{"id", "_id", "uuid"}

// distinguish gives an item whose ID is a number one that hardly another item has: sampled numbers are small, and repeat.
func (c *collection) distinguish(object map[string]any, seed uint64) {
	for _, name := range idMembers {
		if n, ok := object[name].(json.Number); ok && isInteger(n) && name != c.resource.shape.idMember {
			replace(c.resource.shape.base, object, name, json.Number(strconv.FormatUint(seed>>33, 10)))
		}
	}
}

func isInteger(n json.Number) bool { return !strings.ContainsAny(n.String(), ".eE") }

// replaceAll sets members together where the object then still fits its schema, since one may need another (which alternative it is of), else those
// that fit one by one.
func replaceAll(s *schema.Schema, object, given map[string]any) {
	before := maps.Clone(object)
	maps.Copy(object, given)
	if s.Valid(object, schema.Response) {
		return
	}
	clear(object)
	maps.Copy(object, before)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		replace(s, object, name, given[name])
	}
}

// itemPath is the path of an item behind the base, "" where items have none.
func (c *collection) itemPath(id string) string {
	if c.resource.read == nil || id == "" {
		return ""
	}
	path := c.resource.read.Route
	for i, v := range variables(path) {
		value := id
		if i < len(c.parents) {
			value = c.parents[i].Value
		}
		path = strings.Replace(path, "{"+v.name+"}", escapeSegment(value), 1)
	}
	return path
}

// as returns an item in the form of a schema, and its JSON text. Members that both forms have agree.
func (c *collection) as(r *record, s *schema.Schema) (any, raw, error) {
	v, err := c.view(r, s)
	if err != nil {
		return nil, nil, err
	}
	return v.value, v.text.(raw), nil
}

// view is an item in the form of a schema, made once.
func (c *collection) view(r *record, s *schema.Schema) (*view, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range r.views {
		if v.schema == s {
			return v, nil
		}
	}
	seed := sample.Hash(c.seed, "item", r.id, c.place(r))
	if r.value == nil {
		value, err := c.make(r.id, seed, nil)
		if err != nil {
			return nil, err
		}
		r.value = value
	}
	value, err := c.show(r, s, seed)
	if err != nil {
		return nil, err
	}
	v := &view{s, value, raw(appendJSON(nil, value)), s != nil && s.Valid(value, schema.Response)}
	r.views = append(r.views, v)
	return v, nil
}

// place tells items without IDs apart.
func (c *collection) place(r *record) string {
	if r.id != "" {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return itoa(slices.Index(c.virtual, r))
}

// show is an item in the form of a schema. Where that tells of something else than the item, the item stands within it.
func (c *collection) show(r *record, s *schema.Schema, seed uint64) (any, error) {
	if s == nil || s == c.resource.shape.base {
		return r.value, nil
	}
	shown := pruned([]*schema.Schema{s}, r.value)
	object, _ := shown.(map[string]any)
	if object != nil {
		shown = c.identified(s, object, r.id)
	}
	if s.Valid(shown, schema.Response) && !c.holds(s, object, r.value) {
		return shown, nil
	}
	if wrapped := c.wrapped(r, s, seed); wrapped != nil {
		return wrapped, nil
	}
	if s.Valid(shown, schema.Response) {
		return shown, nil
	}
	return c.resembling(r, s, seed)
}

// identified is an object with the item's ID by the name and of the type that a schema has for it: "id" for uuid, a number for a text.
func (c *collection) identified(s *schema.Schema, object map[string]any, id string) map[string]any {
	name := c.resource.idIn(s)
	if c.resource.shape.idMember == "" || c.resource.idParam == "" || name == "" {
		return object
	}
	v, ok := reading(s.Find(name), id)
	if !ok || schema.Equal(object[name], v) {
		return object
	}
	object = maps.Clone(object)
	object[name] = v
	return object
}

// resembling is a value of a schema that says what the item says as far as the schema takes that.
func (c *collection) resembling(r *record, s *schema.Schema, seed uint64) (any, error) {
	from, ok := r.value.(map[string]any)
	value, err := sample.Value(s, seed, sample.Members(c.echoed()), sample.Like(from))
	if err != nil {
		return nil, err
	}
	object, isObject := value.(map[string]any)
	if !ok || !isObject {
		return value, nil
	}
	for _, name := range slices.Sorted(maps.Keys(from)) {
		if _, has := object[name]; has {
			replace(s, object, name, pruned(declaredBy([]*schema.Schema{s}, name), from[name]))
		}
	}
	if named := c.identified(s, object, r.id); s.Valid(named, schema.Response) {
		object = named
	}
	c.resource.server.cohere(s, object, c.itemPath(r.id))
	return object, nil
}

// cohere makes the members of an object agree with each other and with where the object lives: the rules of troth.yaml and
// the links. What the schema forbids is left as it was.
func (s *Server) cohere(sch *schema.Schema, object map[string]any, path string) {
	before := source.Clone(object).(map[string]any)
	if !s.tweaks.unruled {
		s.conv.Apply(sch, object)
	}
	s.linkSelf(sch, object, path)
	if sch.Valid(object, schema.Response) {
		return
	}
	clear(object)
	maps.Copy(object, before)
}

func parentsOf(values []openapi.PathValue, item bool) []openapi.PathValue {
	if item && len(values) > 0 {
		return values[:len(values)-1]
	}
	return values
}
