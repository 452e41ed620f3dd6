package mock

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"troth/openapi"
	"troth/openapi/source"
)

// judge validates bodies with another implementation than ours: santhosh-tekuri/jsonschema on the document's own text, patterns by
// regexp2. The text is brought into the 2020-12 dialect first; nothing of package schema takes part.
type judge struct {
	compiler *jsonschema.Compiler
	doc      any
	schemas  map[string]*jsonschema.Schema
	errors   map[string]error
}

const judged = "file:///document"

func newJudge(d *openapi.Document) (*judge, error) {
	t := &translator{old: strings.HasPrefix(d.OpenAPI, "3.0"), root: plainNode(d.Root.Node)}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(mustJSON(t.document(t.root))))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.RegisterFormat(&jsonschema.Format{Name: "uri-template", Validate: isTemplate})
	c.RegisterFormat(&jsonschema.Format{Name: "byte", Validate: isBase64})
	c.UseRegexpEngine(func(s string) (jsonschema.Regexp, error) { return backtracking(s) })
	if err := c.AddResource(judged, doc); err != nil {
		return nil, err
	}
	return &judge{c, doc, map[string]*jsonschema.Schema{}, map[string]error{}}, nil
}

// plainNode is a node's value without the limit that Node.Value has.
func plainNode(n *source.Node) any {
	switch n.Kind() {
	case source.Array:
		items := make([]any, 0, n.Len())
		for _, item := range n.Items() {
			items = append(items, plainNode(item))
		}
		return items
	case source.Object:
		members := make(map[string]any, n.Len())
		for name, member := range n.Members() {
			members[name] = plainNode(member)
		}
		return members
	}
	return n.Value()
}

func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// ecma is a pattern run by regexp2; one that it refuses, or that takes too long, finds everything.
type ecma struct{ re *regexp2.Regexp }

// java is classes that ECMA-262 does not know and that documents of Java services use.
var java = map[string]string{
	`\p{LD}`: `\p{L}\p{Nd}`, `\p{Alnum}`: "0-9A-Za-z", `\p{Alpha}`: "A-Za-z", `\p{XDigit}`: "0-9A-Fa-f", `\p{Digit}`: "0-9", `\p{ASCII}`: `\x00-\x7F`,
	`\p{Print}`: " -~", `\p{Graph}`: "!-~", `\p{Punct}`: "!-/:-@\\[-`{-~", `\p{Upper}`: "A-Z", `\p{Lower}`: "a-z", `\p{Space}`: `\s`, `\p{Blank}`: `\t `,
}

// standard writes those classes out, in brackets where they stand in none.
func standard(s string) string {
	for name, inside := range java {
		for {
			before, after, found := strings.Cut(s, name)
			if !found {
				break
			}
			if open, end := strings.LastIndexByte(before, '['), strings.LastIndexByte(before, ']'); open > end {
				s = before + inside + after
			} else {
				s = before + "[" + inside + "]" + after
			}
		}
	}
	return s
}

func backtracking(s string) (jsonschema.Regexp, error) {
	s = standard(s)
	for _, options := range []regexp2.RegexOptions{regexp2.ECMAScript | regexp2.Unicode, regexp2.ECMAScript, regexp2.None} {
		if re, err := regexp2.Compile(s, options); err == nil {
			re.MatchTimeout = time.Second
			return ecma{re}, nil
		}
	}
	return ecma{}, nil
}

func (e ecma) MatchString(s string) bool {
	if e.re == nil {
		return true
	}
	found, err := e.re.MatchString(s)
	return found || err != nil
}

func (e ecma) String() string {
	if e.re == nil {
		return ""
	}
	return e.re.String()
}

// broken tells what a JSON body breaks of the schema at a pointer of the document, "" where it breaks nothing; an error means that
// the judge does not understand the schema.
func (j *judge) broken(pointer string, body []byte) (string, error) {
	pointer = j.follow(pointer)
	s, known := j.schemas[pointer]
	if !known {
		s, j.errors[pointer] = j.compiler.Compile(judged + "#" + escapeFragment(pointer))
		j.schemas[pointer] = s
	}
	if err := j.errors[pointer]; err != nil {
		return "", err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return "no JSON: " + err.Error(), nil
	}
	if err := s.Validate(v); err != nil {
		return err.Error(), nil
	}
	return "", nil
}

// follow is where a schema stands that is nothing but a reference: a compiler copies all that it knows for each place that it has not seen, which for
// the 40,000 references of a large document took most of a sweep.
func (j *judge) follow(pointer string) string {
	for range 8 {
		v, _ := source.Get(j.doc, pointer)
		object, _ := v.(map[string]any)
		ref, _ := object["$ref"].(string)
		to, err := url.PathUnescape(strings.TrimPrefix(ref, "#"))
		if len(object) != 1 || !strings.HasPrefix(ref, "#/") || err != nil {
			break
		}
		pointer = to
	}
	return pointer
}

func escapeFragment(pointer string) string {
	var b strings.Builder
	for i := range len(pointer) {
		c := pointer[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~/!$&'()*+,;=:@", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// translator brings a document's schemas into JSON Schema 2020-12, as values of a response.
type translator struct {
	old    bool // OpenAPI 3.0's dialect
	root   any
	hidden map[string]bool // names of properties that are writeOnly somewhere
}

// document translates every schema of a document: whatever a member named schema holds, and the components.
func (t *translator) document(v any) any {
	t.hidden = map[string]bool{}
	t.findHidden(v, 0)
	return t.outside(v, "")
}

func (t *translator) findHidden(v any, depth int) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			t.findHidden(item, depth+1)
		}
	case map[string]any:
		if properties, ok := v["properties"].(map[string]any); ok {
			for name, p := range properties {
				if t.writeOnly(p, 0) {
					t.hidden[name] = true
				}
			}
		}
		for _, member := range v {
			t.findHidden(member, depth+1)
		}
	}
}

func (t *translator) outside(v any, under string) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = t.outside(item, "")
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			switch {
			case name == "schema" || under == "schemas":
				out[name] = t.schema(member)
			case strings.HasPrefix(name, "example"):
			default:
				out[name] = t.outside(member, name)
			}
		}
		return out
	}
	return v
}

var (
	subschemas   = []string{"not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"}
	schemaLists  = []string{"allOf", "anyOf", "oneOf", "prefixItems"}
	schemaMaps   = []string{"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"}
	sizes        = []string{"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains"}
	numbers      = []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
	modern       = []string{"if", "then", "else", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "prefixItems", "patternProperties", "dependentSchemas", "$defs", "minContains", "maxContains"}
	typesOfJSON  = []string{"null", "boolean", "integer", "number", "string", "array", "object"}
	otherStrings = []string{"pattern", "format", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor"}
)

func (t *translator) schema(v any) any {
	in, ok := v.(map[string]any)
	if !ok {
		if b, isBool := v.(bool); isBool {
			return b
		}
		return map[string]any{}
	}
	if ref, ok := in["$ref"].(string); ok && t.old {
		return map[string]any{"$ref": ref}
	}
	out := map[string]any{}
	t.applicators(in, out)
	t.assertions(in, out)
	t.bounds(in, out)
	t.direction(in, out)
	t.discriminator(in, out)
	return out
}

func (t *translator) applicators(in, out map[string]any) {
	for _, name := range subschemas {
		if v, ok := in[name]; ok && t.knows(name) {
			out[name] = t.schema(v)
		}
	}
	for _, name := range schemaLists {
		if list, ok := in[name].([]any); ok && t.knows(name) && len(list) > 0 {
			parts := make([]any, len(list))
			for i, part := range list {
				if parts[i] = t.schema(part); name == "anyOf" || name == "oneOf" {
					parts[i] = t.branch(part, in)
				}
			}
			out[name] = parts
		}
	}
	for _, name := range schemaMaps {
		if members, ok := in[name].(map[string]any); ok && t.knows(name) {
			parts := make(map[string]any, len(members))
			for member, part := range members {
				parts[member] = t.schema(part)
			}
			out[name] = parts
		}
	}
}

// branch is an alternative of a choice without its way back to the schema that holds the choice: a value is judged by that one
// already, and santhosh-tekuri/jsonschema refuses a schema that applies itself to the same value.
func (t *translator) branch(part any, holder map[string]any) any {
	stripped, found := t.strip(part, holder, 6)
	if !found {
		return t.schema(part)
	}
	return t.schema(stripped)
}

func (t *translator) strip(part any, holder map[string]any, depth int) (any, bool) {
	s, ok := part.(map[string]any)
	if !ok || depth == 0 {
		return part, false
	}
	if ref, ok := s["$ref"].(string); ok {
		target, _ := source.Get(t.root, strings.TrimPrefix(ref, "#"))
		object, _ := target.(map[string]any)
		if reflect.ValueOf(object).Pointer() == reflect.ValueOf(holder).Pointer() {
			return map[string]any{}, true
		}
		stripped, found := t.strip(object, holder, depth-1)
		return stripped, found && object != nil
	}
	out, found := maps.Clone(s), false
	if list, _ := s["allOf"].([]any); list != nil {
		kept := slices.Clone(list)
		for i, inner := range kept {
			if stripped, has := t.strip(inner, holder, depth-1); has {
				kept[i], found = stripped, true
			}
		}
		out["allOf"] = kept
	}
	return out, found
}

func (t *translator) knows(name string) bool { return !t.old || !slices.Contains(modern, name) }

func (t *translator) assertions(in, out map[string]any) {
	var types []any
	for _, name := range listOf(in["type"]) {
		if s, _ := name.(string); slices.Contains(typesOfJSON, s) {
			types = append(types, name)
		}
	}
	if len(types) > 0 {
		if in["nullable"] == true && t.old {
			types = append(types, "null")
		}
		slices.SortFunc(types, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		out["type"] = slices.Compact(types)
	}
	if list, ok := in["enum"].([]any); ok {
		out["enum"] = list
	}
	if v, ok := in["const"]; ok && !t.old {
		out["const"] = v
	}
	if in["uniqueItems"] == true {
		out["uniqueItems"] = true
	}
	if needs, ok := in["dependentRequired"].(map[string]any); ok && !t.old {
		out["dependentRequired"] = needs
	}
	for _, name := range otherStrings {
		if s, ok := in[name].(string); ok {
			out[name] = s
		}
	}
}

func listOf(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

func (t *translator) bounds(in, out map[string]any) {
	for _, name := range sizes {
		if n, ok := in[name].(json.Number); ok && t.knows(name) {
			if f, err := n.Float64(); err == nil && f >= 0 && f == float64(int64(f)) {
				out[name] = n
			}
		}
	}
	for _, name := range numbers {
		if n, ok := in[name].(json.Number); ok {
			if f, err := n.Float64(); err == nil && (name != "multipleOf" || f > 0) {
				out[name] = n
			}
		}
	}
	for sharp, bound := range map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"} {
		if in[sharp] == true && out[bound] != nil {
			out[sharp] = out[bound]
			delete(out, bound)
		}
	}
}

// direction forbids writeOnly members and does not require them: the value is a response's.
func (t *translator) direction(in, out map[string]any) {
	properties, _ := in["properties"].(map[string]any)
	for name, p := range properties {
		if t.writeOnly(p, 0) {
			out["properties"].(map[string]any)[name] = false
		}
	}
	var required []any
	for _, name := range listOf(in["required"]) {
		s, ok := name.(string)
		p, declared := properties[s]
		if ok && !(declared && t.writeOnly(p, 0)) && (declared || !t.hidden[s]) && !slices.Contains(required, name) {
			required = append(required, name)
		}
	}
	if required != nil {
		out["required"] = required
	}
}

func (t *translator) writeOnly(v any, depth int) bool {
	s, ok := v.(map[string]any)
	if !ok || depth > 10 {
		return false
	}
	if ref, ok := s["$ref"].(string); ok {
		target, _ := source.Get(t.root, strings.TrimPrefix(ref, "#"))
		if t.writeOnly(target, depth+1) || t.old {
			return t.writeOnly(target, depth+1)
		}
	}
	for _, part := range listOf(s["allOf"]) {
		if t.writeOnly(part, depth+1) {
			return true
		}
	}
	return s["writeOnly"] == true
}

// discriminator makes the member that names the alternative decide, where it names one: what it does in practice (see schema's
// chosen). Without it the usual polymorphic documents accept nothing.
func (t *translator) discriminator(in, out map[string]any) {
	d, _ := in["discriminator"].(map[string]any)
	property, ok := d["propertyName"].(string)
	if !ok {
		return
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		parts, _ := out[keyword].([]any)
		if len(parts) == 0 {
			continue
		}
		names := t.mapping(d, listOf(in[keyword]))
		var rest any = map[string]any{keyword: parts}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			rest = map[string]any{
				"if":   map[string]any{"type": "object", "required": []any{property}, "properties": map[string]any{property: map[string]any{"const": name}}},
				"then": t.branch(map[string]any{"$ref": names[name]}, in),
				"else": rest,
			}
		}
		delete(out, keyword)
		all, _ := out["allOf"].([]any)
		out["allOf"] = append(slices.Clone(all), rest)
	}
}

func (t *translator) mapping(d map[string]any, parts []any) map[string]string {
	names := map[string]string{}
	for _, part := range parts {
		p, _ := part.(map[string]any)
		if ref, ok := p["$ref"].(string); ok {
			names[ref[strings.LastIndexByte(ref, '/')+1:]] = ref
		}
	}
	given, _ := d["mapping"].(map[string]any)
	for name, to := range given {
		ref, ok := to.(string)
		if !ok {
			continue
		}
		if !strings.ContainsAny(ref, "#/.") {
			ref = "#/components/schemas/" + ref
		}
		if _, found := source.Get(t.root, strings.TrimPrefix(ref, "#")); found {
			names[name] = ref
		}
	}
	return names
}

// template is RFC 6570's grammar; santhosh-tekuri/jsonschema splits a template at slashes first and refuses "{/id}".
var template = regexp.MustCompile(`^([^{}]|\{[+#./;?&=,!@|]?[A-Za-z0-9_%.]+(:\d{1,4}|\*)?(,[A-Za-z0-9_%.]+(:\d{1,4}|\*)?)*\})*$`)

func isTemplate(v any) error {
	if s, ok := v.(string); ok && !template.MatchString(s) {
		return errors.New("no uri-template")
	}
	return nil
}

// isBase64 asserts OpenAPI's format byte, which JSON Schema does not know.
func isBase64(v any) error {
	s, ok := v.(string)
	if !ok {
		return nil
	}
	_, err := base64.StdEncoding.DecodeString(s)
	return err
}
