package schema

import (
	"bytes"
	"maps"
	"net/url"
	"slices"
	"strings"

	"troth/openapi/source"
)

// resource is a schema resource (JSON Schema core §4.3.5): the whole of a file, or what a schema with $id holds.
type resource struct {
	uri     *url.URL
	root    source.Place
	anchors map[string]source.Place // $anchor and $dynamicAnchor
	dynamic map[string]source.Place // $dynamicAnchor only
	own     bool                    // named by $id, not by where its file lies
}

// resources are those of the files met so far. A file that names nothing has just the one of its own.
type resources struct {
	byURI map[string]*resource
	files map[*source.File][]*resource // inner ones before those around them
}

func (r *resources) of(p source.Place) *resource {
	list := r.in(p.File)
	for _, inner := range list {
		if within(p.Pointer, inner.root.Pointer) {
			return inner
		}
	}
	return list[len(list)-1]
}

// within tells whether a pointer leads to another or into it.
func within(pointer, outer string) bool {
	return strings.HasPrefix(pointer, outer) && (len(pointer) == len(outer) || pointer[len(outer)] == '/')
}

// in lists a file's resources, found when the file is first met.
func (r *resources) in(f *source.File) []*resource {
	if list, ok := r.files[f]; ok {
		return list
	}
	base, err := url.Parse(f.URI())
	if err != nil {
		base = &url.URL{Path: f.Name}
	}
	whole := &resource{uri: base, root: source.Place{File: f, Node: f.Root}}
	r.files[f] = []*resource{whole}
	r.byURI[key0(base)] = whole
	if names(f.Data) {
		s := &survey{resources: r, file: f, list: []*resource{whole}}
		s.any(whole.root, whole)
		slices.Reverse(s.list) // found from the outside in
		r.files[f] = s.list
	}
	return r.files[f]
}

// names tells whether a text may name resources or anchors: most do not, and are not searched.
func names(text []byte) bool {
	for _, keyword := range []string{"$id", "$anchor", "$dynamicAnchor"} {
		if bytes.Contains(text, []byte(keyword)) {
			return true
		}
	}
	return false
}

// key0 is a URI without its fragment.
func key0(u *url.URL) string {
	plain := *u
	plain.Fragment, plain.RawFragment = "", ""
	return plain.String()
}

// survey finds the schemas of a file and what they name. Only where a schema may stand is $id a name: an enum, an example or an
// unknown keyword may hold a member of that name that means nothing.
type survey struct {
	*resources
	file *source.File
	list []*resource
}

// The keywords that hold one schema, a list of them, and schemas by name.
var (
	holdsOne = []string{
		"not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems",
		"unevaluatedProperties", "contentSchema", "additionalItems", "schema", "itemSchema",
	}
	holdsList  = []string{"allOf", "anyOf", "oneOf", "prefixItems", "items"}
	holdsNamed = []string{"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas"}
)

// any searches a value: a schema where it looks like one, else an object of an OpenAPI document that may hold some.
func (s *survey) any(p source.Place, in *resource) {
	if p.Pointer == "" && p.Node.Get("openapi") == nil {
		s.schema(p, in)
		return
	}
	for i := range p.Node.Items() {
		s.any(p.Item(i), in)
	}
	for name := range p.Node.Members() {
		switch child := p.Child(name); {
		case name == "schema" || name == "itemSchema":
			s.schema(child, in)
		case name == "schemas":
			s.named(child, in)
		case name == "example" || name == "examples" || name == "default" || name == "enum" || strings.HasPrefix(name, "x-"):
		default:
			s.any(child, in)
		}
	}
}

func (s *survey) schema(p source.Place, in *resource) {
	if p.Node.Kind() != source.Object {
		return
	}
	in = s.name(p, in)
	for name := range p.Node.Members() {
		child := p.Child(name)
		switch {
		case slices.Contains(holdsList, name) && child.Node.Kind() == source.Array:
			for i := range child.Node.Items() {
				s.schema(child.Item(i), in)
			}
		case slices.Contains(holdsOne, name):
			s.schema(child, in)
		case slices.Contains(holdsNamed, name):
			s.named(child, in)
		case p.Pointer == "" && name == "components":
			s.any(child, in)
		}
	}
}

func (s *survey) named(p source.Place, in *resource) {
	for name := range p.Node.Members() {
		s.schema(p.Child(name), in)
	}
}

// name notes what a schema names and returns the resource that it belongs to.
func (s *survey) name(p source.Place, in *resource) *resource {
	if id, ok := p.Node.Get("$id").Str(); ok {
		if uri, err := in.uri.Parse(id); err == nil && key0(uri) != key0(in.uri) {
			in = &resource{uri: uri, root: p, own: true}
			s.list = append(s.list, in)
			s.byURI[key0(uri)] = in
		} else if err == nil && p.Pointer == in.root.Pointer {
			in.own = in.own || !strings.HasPrefix(id, "#")
		}
	}
	for _, keyword := range []string{"$anchor", "$dynamicAnchor"} {
		anchor, ok := p.Node.Get(keyword).Str()
		if !ok {
			continue
		}
		put(&in.anchors, anchor, p)
		if keyword == "$dynamicAnchor" {
			put(&in.dynamic, anchor, p)
		}
	}
	return in
}

func put(m *map[string]source.Place, name string, p source.Place) {
	if *m == nil {
		*m = map[string]source.Place{}
	}
	(*m)[name] = p
}

// lookup resolves a reference from a schema: by the URIs that $id gives, by anchors, else beside the file.
func (c *Compiler) lookup(p source.Place, ref string) (source.Place, error) {
	if c.dialect == OpenAPI30 {
		return p.Lookup(ref)
	}
	if list := c.resources.in(p.File); len(list) == 1 && !list[0].own && strings.HasPrefix(ref, "#/") { // the usual one
		return p.Lookup(ref)
	}
	in := c.resources.of(p)
	uri, err := in.uri.Parse(ref)
	if err != nil {
		return source.Place{}, p.Child("$ref").Errorf("$ref %q: %w", ref, err)
	}
	fragment := uri.Fragment
	target := c.resources.byURI[key0(uri)]
	if target == nil {
		if f := p.File.Added(key0(uri)); f != nil {
			target = c.whole(f)
		}
	}
	if target == nil { // a file beside this one
		name, _, _ := strings.Cut(ref, "#")
		root, err := p.Lookup(name)
		if err != nil {
			return source.Place{}, err
		}
		target = c.whole(root.File)
	}
	return c.fragment(p, ref, target, fragment)
}

// whole is the resource of a file's root.
func (c *Compiler) whole(f *source.File) *resource {
	return c.resources.of(source.Place{File: f, Node: f.Root})
}

// fragment is the place in a resource that the fragment of a reference names.
func (c *Compiler) fragment(p source.Place, ref string, in *resource, fragment string) (source.Place, error) {
	if fragment != "" && fragment[0] != '/' {
		if target, ok := in.anchors[fragment]; ok {
			return target, nil
		}
		return source.Place{}, p.Child("$ref").Errorf("$ref %q: %s has no schema with $anchor %q", ref, in.root.File.Name, fragment)
	}
	target := in.root.File.At(in.root.Pointer + fragment)
	if target.Exists() {
		return target, nil
	}
	if in.own { // documents give schemas an $id and go on referring to the file
		if target = in.root.File.At(fragment); target.Exists() {
			c.skip(p, "$ref", "leads to nothing in "+in.uri.String()+", which $id begins: read as if there were no $id")
			return target, nil
		}
	}
	return source.Place{}, p.Child("$ref").Errorf("$ref %q leads to nothing in %s", ref, in.root.File.Name)
}

// scope is the dynamic scope (core §7.1) of a schema as far as it decides anything: for each $dynamicAnchor on the way from where
// validation begins, the first resource that has it. Because it only depends on that way, a schema is compiled once per scope, and
// $dynamicRef costs nothing later.
type scope struct {
	anchors map[string]source.Place
}

// enter is the scope within the resource of p.
func (c *Compiler) enter(outer *scope, p source.Place) *scope {
	if c.dialect == OpenAPI30 {
		return nil
	}
	in := c.resources.of(p)
	inner := map[string]source.Place{}
	for name, place := range in.dynamic {
		if outer == nil || !outer.anchors[name].Exists() {
			inner[name] = place
		}
	}
	if len(inner) == 0 {
		return outer
	}
	if outer != nil {
		maps.Copy(inner, outer.anchors)
	}
	return c.intern(inner)
}

// intern returns the same scope for the same anchors.
func (c *Compiler) intern(anchors map[string]source.Place) *scope {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(anchors)) {
		p := anchors[name]
		text.WriteString(name + " " + p.File.URI() + "#" + p.Pointer + "\n")
	}
	known := c.scopes[text.String()]
	if known == nil {
		known = &scope{anchors}
		c.scopes[text.String()] = known
	}
	return known
}

// dynamic resolves $dynamicRef (core §8.2.3.2): where it leads to a $dynamicAnchor, the first schema of the scope with that anchor
// takes its place.
func (c *Compiler) dynamic(p source.Place, ref string, in *scope) (source.Place, error) {
	target, err := c.lookup(p, ref)
	if err != nil {
		return target, err
	}
	_, fragment, _ := strings.Cut(ref, "#")
	own, ok := c.resources.of(target).dynamic[fragment]
	if !ok || own.File != target.File || own.Pointer != target.Pointer || in == nil {
		return target, nil
	}
	if first := in.anchors[fragment]; first.Exists() {
		return first, nil
	}
	return target, nil
}
