package openapi

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"troth/openapi/source"
)

// legible writes documents as kin-openapi can read them: without what is valid in them, loaded by troth, and unknown to kin. What is wrong with
// that, troth's own compiler tells.
type legible struct {
	file     *source.File // the document's first
	anchors  bool         // references may lead to $anchor or $id: OpenAPI 3.1 and later
	upgraded bool         // OpenAPI 3.2
}

func (d *Document) legible() *legible {
	return &legible{file: d.Root.File, anchors: !strings.HasPrefix(d.OpenAPI, "3.0"), upgraded: strings.HasPrefix(d.OpenAPI, "3.2")}
}

// toAnchor is what a text has that gives references another meaning, or has such references.
var toAnchor = regexp.MustCompile(`\$(id|anchor|dynamicAnchor)\b|\$ref["']?\s*:\s*["']?[^\s"'#]*#[^/\s"'}]`)

// read is what the loader reads: files, and what --resource gives. Nothing is fetched.
func (l *legible) read(loader *openapi3.Loader, location *url.URL) ([]byte, error) {
	if location.Host == "" && (location.Scheme == "" || location.Scheme == "file") {
		data, err := openapi3.ReadFromFile(loader, location)
		if err != nil {
			return nil, err
		}
		return l.text(location.Path, data), nil
	}
	if f := l.file.Added(location.String()); f != nil {
		return l.text(f.Name, f.Data), nil
	}
	return nil, fmt.Errorf("%s is not fetched: name a copy with --resource URI=FILE", location)
}

// text is a file's text for kin, as it is where kin can read it.
func (l *legible) text(name string, data []byte) []byte {
	if !l.upgraded && !(l.anchors && toAnchor.Match(data)) {
		return data
	}
	root, err := source.Parse(name, data)
	if err != nil {
		return data
	}
	value := root.Value()
	l.simplify(value, false, false)
	if object, ok := value.(map[string]any); ok && l.upgraded {
		downgrade(object)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return data
	}
	return text
}

// values are members whose value is no part of the document but data; named are those whose members have names of the document's own, which may
// be these.
var (
	values = []string{"example", "value", "default", "const", "enum", "dataValue"}
	named  = []string{
		"properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas", "responses", "parameters", "examples", "headers",
		"requestBodies", "callbacks", "links", "pathItems", "webhooks", "content", "encoding", "securitySchemes",
	}
)

// simplify leaves out references that lead by $anchor or $id, and what OpenAPI 3.2 added. within tells that an $id changes what references mean,
// free that the members' names are the document's own.
func (l *legible) simplify(v any, within, free bool) {
	if list, ok := v.([]any); ok {
		for _, item := range list {
			l.simplify(item, within, false)
		}
	}
	object, _ := v.(map[string]any)
	if id, ok := object["$id"].(string); ok && id != "" {
		within = true
	}
	if ref, ok := object["$ref"].(string); ok && l.anchors && l.strange(ref, within) {
		delete(object, "$ref")
	}
	for name, member := range object {
		if !free && slices.Contains(values, name) {
			continue
		}
		if !free && l.upgraded {
			downgradeMember(name, member)
		}
		l.simplify(member, within, !free && slices.Contains(named, name))
	}
}

// strange tells whether a reference means something that kin does not know.
func (l *legible) strange(ref string, within bool) bool {
	uri, fragment, _ := strings.Cut(ref, "#")
	return within || fragment != "" && fragment[0] != '/' || strings.Contains(uri, ":") && l.file.Added(uri) == nil
}

// downgrade leaves out what OpenAPI 3.2 added to the document's root, its components and tags.
func downgrade(root map[string]any) {
	delete(root, "$self")
	if components, ok := root["components"].(map[string]any); ok {
		delete(components, "mediaTypes")
	}
	tags, _ := root["tags"].([]any)
	for _, tag := range tags {
		without(tag, "summary", "parent", "kind")
	}
}

// downgradeMember leaves out what OpenAPI 3.2 added to objects that stand in a member of this name.
func downgradeMember(name string, member any) {
	list, _ := member.([]any)
	object, _ := member.(map[string]any)
	switch name {
	case "servers":
		for _, server := range list {
			without(server, "name")
		}
	case "flows":
		without(member, "deviceAuthorization")
	case "securitySchemes":
		for _, scheme := range object {
			without(scheme, "deprecated", "oauth2MetadataUrl")
		}
	case "responses":
		for _, response := range object {
			if without(response, "summary"); isResponse(response) {
				response.(map[string]any)["description"] = "" // required until OpenAPI 3.1
			}
		}
	case "content":
		for _, media := range object {
			without(media, "$ref") // to components.mediaTypes
		}
	case "examples":
		for name, example := range object {
			if !downgradeExample(example) {
				delete(object, name)
			}
		}
	}
}

func without(v any, names ...string) {
	object, _ := v.(map[string]any)
	for _, name := range names {
		delete(object, name)
	}
}

// isResponse tells whether an object can be a Response Object without a description.
func isResponse(v any) bool {
	object, ok := v.(map[string]any)
	_, described := object["description"]
	_, refers := object["$ref"]
	return ok && !described && !refers
}

// downgradeExample has the value of an example where older versions have it, false where there is only the text that stands for it.
func downgradeExample(v any) bool {
	example, _ := v.(map[string]any)
	value, has := example["dataValue"]
	if _, other := example["value"]; has && !other {
		example["value"] = value
	}
	_, text := example["serializedValue"]
	_, valued := example["value"]
	without(v, "dataValue", "serializedValue")
	return valued || !text
}
