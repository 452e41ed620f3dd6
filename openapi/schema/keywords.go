package schema

import (
	"encoding/json"
	"errors"
	"fmt"

	"troth/openapi/source"
)

// keywords reads the members of one schema object.
type keywords struct {
	c  *Compiler
	s  *Schema
	p  source.Place
	in *scope
}

func (k *keywords) read() error {
	k.types()
	k.values()
	k.numbers()
	k.strings()
	k.annotations()
	for _, read := range []func() error{k.content, k.arrays, k.objects, k.composition} {
		if err := read(); err != nil {
			return err
		}
	}
	k.historic()
	return nil
}

// historic lists keywords of other drafts, which 2020-12 ignores: whoever wrote them means something by them.
func (k *keywords) historic() {
	if k.c.dialect == OpenAPI30 {
		return
	}
	for _, keyword := range []struct{ name, instead string }{
		{"$recursiveRef", "$dynamicRef"}, {"dependencies", "dependentRequired and dependentSchemas"},
		{"additionalItems", "items beside prefixItems"}, {"divisibleBy", "multipleOf"},
	} {
		if k.p.Node.Get(keyword.name) != nil {
			k.c.skip(k.p, keyword.name, "a keyword of another draft of JSON Schema: 2020-12 has "+keyword.instead+" in its place")
		}
	}
}

func (k *keywords) wrong(name, want string) {
	k.c.skip(k.p, name, fmt.Sprintf("found %s %s, want %s", k.p.Node.Get(name).Kind(), k.p.Node.Get(name).Text(), want))
}

var typeNames = map[string]Type{
	"null": TypeNull, "boolean": TypeBoolean, "integer": TypeInteger, "number": TypeNumber,
	"string": TypeString, "array": TypeArray, "object": TypeObject,
}

func (k *keywords) types() {
	n := k.p.Node.Get("type")
	switch n.Kind() {
	case source.String:
		k.addType(n)
	case source.Array:
		for _, item := range n.Items() {
			k.addType(item)
		}
	case 0:
	default:
		k.wrong("type", "a type's name")
	}
	if k.c.dialect == OpenAPI30 && k.s.Types != AnyType && k.p.Node.Get("nullable").True() {
		k.s.Types |= TypeNull // 3.0.4 §4.7.24.1: nullable only widens a type that stands beside it
	}
}

func (k *keywords) addType(n *source.Node) {
	t, ok := typeNames[n.Text()]
	if !ok {
		k.c.skip(k.p, "type", fmt.Sprintf("found %q, want null, boolean, integer, number, string, array or object", n.Text()))
	}
	k.s.Types |= t
}

func (k *keywords) values() {
	if n := k.p.Node.Get("enum"); n.Kind() == source.Array {
		k.s.Enum = make([]any, 0, n.Len())
		for _, item := range n.Items() {
			k.s.Enum = append(k.s.Enum, item.Value())
		}
	} else if n != nil {
		k.wrong("enum", "an array")
	}
	if n := k.p.Node.Get("const"); n != nil && k.c.dialect != OpenAPI30 {
		k.s.Enum, k.s.IsConst = []any{n.Value()}, true
	}
}

func (k *keywords) number(name string) json.Number {
	n := k.p.Node.Get(name)
	if n.Kind() == source.Number {
		return json.Number(n.Text())
	}
	if n != nil {
		k.wrong(name, "a number")
	}
	return ""
}

func (k *keywords) numbers() {
	s := k.s
	s.Minimum, s.Maximum, s.MultipleOf = k.number("minimum"), k.number("maximum"), k.number("multipleOf")
	s.Minimum, s.ExclusiveMinimum = k.exclusive("exclusiveMinimum", s.Minimum)
	s.Maximum, s.ExclusiveMaximum = k.exclusive("exclusiveMaximum", s.Maximum)
	if s.MultipleOf != "" && parseNumber(s.MultipleOf).sign() <= 0 {
		k.wrong("multipleOf", "a number over 0")
		s.MultipleOf = ""
	}
}

// exclusive reads both forms: 3.0's boolean that sharpens the bound, 3.1's number of its own.
func (k *keywords) exclusive(name string, bound json.Number) (inclusive, exclusive json.Number) {
	n := k.p.Node.Get(name)
	if n.Kind() == source.Bool {
		if n.True() {
			return "", bound
		}
		return bound, ""
	}
	return bound, k.number(name)
}

// count reads a size limit, -1 where there is none.
func (k *keywords) count(name string) int {
	n := k.p.Node.Get(name)
	if n == nil {
		return -1
	}
	i, ok := n.Int()
	if !ok || i < 0 {
		if n.Kind() != source.Number || len(n.Text()) < 10 { // a bound beyond every length bounds nothing
			k.wrong(name, "an integer, 0 or more")
		}
		return -1
	}
	return i
}

func (k *keywords) strings() {
	s, n := k.s, k.p.Node
	s.MinLength, s.MaxLength = k.count("minLength"), k.count("maxLength")
	s.Format, s.ContentEncoding, s.ContentMediaType = n.Get("format").Text(), n.Get("contentEncoding").Text(), n.Get("contentMediaType").Text()
	if text, ok := n.Get("pattern").Str(); ok {
		s.Pattern = k.c.pattern(k.p, "pattern", text)
	} else if n.Get("pattern") != nil {
		k.wrong("pattern", "a string")
	}
}

func (k *keywords) annotations() {
	s, n := k.s, k.p.Node
	s.Title, s.Description = n.Get("title").Text(), n.Get("description").Text()
	s.ReadOnly, s.WriteOnly, s.Deprecated = n.Get("readOnly").True(), n.Get("writeOnly").True(), n.Get("deprecated").True()
	if d := n.Get("default"); d != nil {
		s.Default, s.HasDefault = d.Value(), true
	}
	if e := n.Get("example"); e != nil {
		s.Examples = append(s.Examples, e.Value())
	}
	if x := n.Get("xml"); x != nil {
		s.XML = &XML{
			Name: x.Get("name").Text(), Namespace: x.Get("namespace").Text(), Prefix: x.Get("prefix").Text(),
			Attribute: x.Get("attribute").True() || x.Get("nodeType").Text() == "attribute", Wrapped: x.Get("wrapped").True(), // nodeType since 3.2
		}
	}
	for _, e := range n.Get("examples").Items() {
		s.Examples = append(s.Examples, e.Value())
	}
}

// sub compiles the schema in a member, nil where there is none.
func (k *keywords) sub(name string) (*Schema, error) {
	p := k.p.Child(name)
	if !p.Exists() {
		return nil, nil
	}
	return k.c.compile(p, k.in)
}

// list compiles the schemas in an array.
func (k *keywords) list(name string) ([]*Schema, error) {
	p := k.p.Child(name)
	if p.Node.Kind() != source.Array {
		if p.Exists() {
			k.wrong(name, "an array of schemas")
		}
		return nil, nil
	}
	var list []*Schema
	for i := range p.Node.Items() {
		s, err := k.c.compile(p.Item(i), k.in)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// each compiles the schemas in an object.
func (k *keywords) each(name string, add func(name string, s *Schema)) error {
	p := k.p.Child(name)
	if p.Node.Kind() != source.Object {
		if p.Exists() {
			k.wrong(name, "an object of schemas")
		}
		return nil
	}
	for member := range p.Node.Members() {
		s, err := k.c.compile(p.Child(member), k.in)
		if err != nil {
			return err
		}
		add(member, s)
	}
	return nil
}

// content reads what a string holds.
func (k *keywords) content() (err error) {
	if k.c.dialect != OpenAPI30 {
		k.s.ContentSchema, err = k.sub("contentSchema")
	}
	return err
}

func (k *keywords) arrays() (err error) {
	s, n := k.s, k.p.Node
	s.MinItems, s.MaxItems, s.UniqueItems = k.count("minItems"), k.count("maxItems"), n.Get("uniqueItems").True()
	if n.Get("items").Kind() == source.Array { // drafts before 2020-12
		s.PrefixItems, err = k.list("items")
	} else if s.Items, err = k.sub("items"); err != nil {
		return err
	}
	if k.c.dialect == OpenAPI30 || err != nil {
		return err
	}
	if s.PrefixItems == nil {
		if s.PrefixItems, err = k.list("prefixItems"); err != nil {
			return err
		}
	}
	s.MinContains, s.MaxContains = k.count("minContains"), k.count("maxContains")
	if s.Contains, err = k.sub("contains"); err != nil {
		return err
	}
	s.UnevaluatedItems, err = k.sub("unevaluatedItems")
	return err
}

func (k *keywords) objects() (err error) {
	s := k.s
	s.MinProperties, s.MaxProperties = k.count("minProperties"), k.count("maxProperties")
	s.Required = k.names("required")
	required := map[string]bool{}
	for _, name := range s.Required {
		required[name] = true
	}
	err = k.each("properties", func(name string, p *Schema) {
		s.Properties = append(s.Properties, Property{name, p, required[name]})
	})
	if err != nil {
		return err
	}
	if k.p.Child("additionalProperties").Exists() {
		if s.AdditionalProperties, err = k.sub("additionalProperties"); err != nil {
			return err
		}
	}
	if k.c.dialect == OpenAPI30 {
		return nil
	}
	return k.objects31()
}

// names reads an array of strings.
func (k *keywords) names(name string) []string {
	n := k.p.Node.Get(name)
	if n != nil && n.Kind() != source.Array {
		k.wrong(name, "an array of names")
	}
	var names []string
	for _, item := range n.Items() {
		names = append(names, item.Text())
	}
	return names
}

func (k *keywords) objects31() (err error) {
	s := k.s
	err = k.each("patternProperties", func(pattern string, p *Schema) {
		s.PatternProperties = append(s.PatternProperties, PatternProperty{k.c.pattern(k.p, "patternProperties", pattern), p})
	})
	if err != nil {
		return err
	}
	if s.PropertyNames, err = k.sub("propertyNames"); err != nil {
		return err
	}
	s.DependentRequired = k.dependentRequired()
	s.DependentSchemas = map[string]*Schema{}
	if err = k.each("dependentSchemas", func(name string, p *Schema) { s.DependentSchemas[name] = p }); err != nil {
		return err
	}
	s.UnevaluatedProperties, err = k.sub("unevaluatedProperties")
	return err
}

func (k *keywords) dependentRequired() map[string][]string {
	n := k.p.Node.Get("dependentRequired")
	if n.Kind() != source.Object {
		return nil
	}
	needs := map[string][]string{}
	for name, list := range n.Members() {
		for _, item := range list.Items() {
			needs[name] = append(needs[name], item.Text())
		}
	}
	return needs
}

func (k *keywords) composition() (err error) {
	s := k.s
	for _, part := range []struct {
		name string
		to   *[]*Schema
	}{{"allOf", &s.AllOf}, {"anyOf", &s.AnyOf}, {"oneOf", &s.OneOf}} {
		if *part.to, err = k.list(part.name); err != nil {
			return err
		}
	}
	subs := []struct {
		name string
		to   **Schema
	}{{"not", &s.Not}}
	if k.c.dialect != OpenAPI30 {
		subs = append(subs, []struct {
			name string
			to   **Schema
		}{{"if", &s.If}, {"then", &s.Then}, {"else", &s.Else}}...)
		if err := errors.Join(k.reference(), k.dynamicReference()); err != nil {
			return err
		}
	}
	for _, part := range subs {
		if *part.to, err = k.sub(part.name); err != nil {
			return err
		}
	}
	return k.discriminator()
}

// reference is 3.1's $ref beside other keywords.
func (k *keywords) reference() error {
	ref, ok := k.p.Node.Get("$ref").Str()
	if !ok {
		return nil
	}
	target, err := k.c.lookup(k.p, ref)
	if err != nil {
		return err
	}
	k.s.Ref, err = k.c.compile(target, k.in)
	return err
}

// dynamicReference is $dynamicRef, one more reference once its scope is known.
func (k *keywords) dynamicReference() error {
	ref, ok := k.p.Node.Get("$dynamicRef").Str()
	if !ok {
		return nil
	}
	target, err := k.c.dynamic(k.p, ref, k.in)
	if err != nil {
		return err
	}
	s, err := k.c.compile(target, k.in)
	if k.s.Ref == nil {
		k.s.Ref = s
	} else {
		k.s.AllOf = append(k.s.AllOf, s)
	}
	return err
}

// discriminator resolves the mapping: explicit entries first, then the names of the alternatives.
func (k *keywords) discriminator() error {
	n := k.p.Node.Get("discriminator")
	property, ok := n.Get("propertyName").Str()
	if !ok {
		return nil
	}
	d := &Discriminator{Property: property, Mapping: map[string]*Schema{}}
	for _, alternative := range append(append([]*Schema{}, k.s.OneOf...), k.s.AnyOf...) {
		if alternative.Name != "" {
			d.Mapping[alternative.Name] = alternative
		}
	}
	for value, to := range n.Get("mapping").Members() {
		target, err := k.mapped(to.Text())
		if err != nil {
			k.c.skip(k.p, "discriminator", fmt.Sprintf("mapping %q: %v", value, err))
			continue
		}
		d.Mapping[value] = target
	}
	if to, ok := n.Get("defaultMapping").Str(); ok { // since 3.2
		var err error
		if d.Default, err = k.mapped(to); err != nil {
			k.c.skip(k.p, "discriminator", fmt.Sprintf("defaultMapping: %v", err))
		}
	}
	k.s.Discriminator = d
	return nil
}

// mapped compiles what a discriminator's mapping names: a reference, or the name of a schema.
func (k *keywords) mapped(ref string) (*Schema, error) {
	if !isReference(ref) {
		ref = "#/components/schemas/" + source.Escape(ref)
	}
	target, err := k.c.lookup(k.p, ref)
	if err != nil {
		return nil, err
	}
	return k.c.compile(target, k.in)
}

func isReference(s string) bool {
	for _, c := range s {
		if c == '#' || c == '/' || c == '.' {
			return true
		}
	}
	return false
}
