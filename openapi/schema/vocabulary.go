package schema

import (
	"bytes"
	"net/url"
	"strings"

	"troth/openapi/source"
)

// vocabularies are those that a dialect speaks (JSON Schema core §8.1.2), nil for all of 2020-12.
type vocabularies struct {
	uri    string
	spoken map[string]bool // by the last part of the URI: "validation"
}

// vocabularyBase is what the URIs of 2020-12's vocabularies begin with.
const vocabularyBase = "https://json-schema.org/draft/2020-12/vocab/"

// keywordsOf are the keywords of vocabularies that a dialect may leave out. Those of core are always read.
var keywordsOf = map[string][]string{
	"applicator": {
		"prefixItems", "items", "contains", "additionalProperties", "properties", "patternProperties", "dependentSchemas", "propertyNames",
		"if", "then", "else", "allOf", "anyOf", "oneOf", "not",
	},
	"unevaluated": {"unevaluatedItems", "unevaluatedProperties"},
	"validation": {
		"type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern",
		"maxItems", "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties", "required", "dependentRequired",
	},
	"content": {"contentEncoding", "contentMediaType", "contentSchema"},
	"format":  {"format"},
	"meta-data": {
		"title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples",
	},
}

// dialects are the values of $schema and jsonSchemaDialect whose keywords this compiler gives the meaning that they have there.
var dialects = map[string]bool{"https://json-schema.org/draft/2020-12/schema": true, "https://spec.openapis.org/oas/3.1/dialect/base": true}

// leaves tells whether a dialect leaves a keyword out.
func (v *vocabularies) leaves(keyword string) bool {
	for vocabulary, keywords := range keywordsOf {
		for _, k := range keywords {
			if k == keyword {
				return !v.spoken[vocabulary]
			}
		}
	}
	return false
}

// spoken is the place of a schema without the keywords that its dialect leaves out.
func (c *Compiler) spoken(p source.Place) (source.Place, error) {
	if c.dialect == OpenAPI30 || !dialectal(p.File.Data) {
		return p, nil
	}
	uri, at := dialectOf(p)
	if uri == "" || dialects[uri] {
		return p, nil
	}
	v, err := c.vocabularies(uri, at)
	if err != nil || v == nil {
		return p, err
	}
	p.Node = p.Node.Without(v.leaves)
	return p, nil
}

// dialectal tells whether a text may name a dialect: most do not, and are not searched.
func dialectal(text []byte) bool {
	return bytes.Contains(text, []byte("$schema")) || bytes.Contains(text, []byte("jsonSchemaDialect"))
}

// dialectOf is the dialect of a schema: by $schema in it or in what is around it, else by the document's jsonSchemaDialect (OpenAPI 3.1
// §4.8.1); "" where none is named. at is where it is named.
func dialectOf(p source.Place) (uri string, at source.Place) {
	place := source.Place{File: p.File, Node: p.File.Root}
	at = place.Child("jsonSchemaDialect")
	uri = at.Node.Text()
	look := func() {
		if found, ok := place.Node.Get("$schema").Str(); ok {
			uri, at = found, place.Child("$schema")
		}
	}
	look()
	for token := range source.Each(p.Pointer) {
		place = step(place, token)
		look()
	}
	return strings.TrimSuffix(uri, "#"), at
}

// step is the member or item of a token.
func step(p source.Place, token string) source.Place {
	if p.Node.Kind() == source.Array {
		return p.File.At(p.Pointer + "/" + token)
	}
	return p.Child(token)
}

// vocabularies reads a metaschema's $vocabulary, nil where all of 2020-12 is spoken. A metaschema that nobody gave is noted; a vocabulary that
// has to be understood and is not is an error (core §8.1.2).
func (c *Compiler) vocabularies(uri string, at source.Place) (*vocabularies, error) {
	if v, ok := c.speaks[uri]; ok {
		return v, nil
	}
	root := c.metaschema(uri, at)
	if root == nil {
		c.unchecked = append(c.unchecked, Unchecked{at, "$schema", "schemas of the dialect " + uri + " are read as JSON Schema 2020-12: give its metaschema with --resource URI=FILE"})
		c.speaks[uri] = nil
		return nil, nil
	}
	listed := root.Get("$vocabulary")
	if listed.Kind() != source.Object {
		c.speaks[uri] = nil
		return nil, nil
	}
	v := &vocabularies{uri: uri, spoken: map[string]bool{}}
	for vocabulary, required := range listed.Members() {
		name, known := strings.CutPrefix(vocabulary, vocabularyBase)
		switch {
		case known && (name == "format-annotation" || name == "format-assertion"):
			v.spoken["format"] = true
		case known && (name == "core" || keywordsOf[name] != nil):
			v.spoken[name] = true
		case vocabulary == "https://spec.openapis.org/oas/3.1/vocab/base": // read wherever it stands
		case required.True():
			return nil, at.Errorf("the dialect %s requires the vocabulary %s, which is not known: want those of JSON Schema 2020-12 and OpenAPI 3.1", uri, vocabulary)
		}
	}
	c.speaks[uri] = v
	return v, nil
}

// metaschema is the root of a dialect's metaschema: a schema of the document with that $id, or a file that was given for the URI.
func (c *Compiler) metaschema(uri string, at source.Place) *source.Node {
	c.resources.in(at.File)
	if u, err := url.Parse(uri); err == nil {
		if r := c.resources.byURI[key0(u)]; r != nil {
			return r.root.Node
		}
	}
	if f := at.File.Added(uri); f != nil {
		return f.Root
	}
	return nil
}
