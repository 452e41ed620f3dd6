package convention

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

//go:embed troth.schema.json
var formSchema []byte

// Schema is the JSON Schema of troth.yaml, for editors.
func Schema() []byte { return slices.Clone(formSchema) }

// FileName is the name of the conventions file that Beside looks for.
const FileName = "troth.yaml"

// file is the form of troth.yaml.
type file struct {
	Errors         Errors            `json:"errors"`
	Envelope       *Envelope         `json:"envelope"`
	Pretty         *Pretty           `json:"pretty"`
	Versions       *Versions         `json:"versions"`
	Authentication *Authentication   `json:"authentication"`
	Charset        string            `json:"charset"`
	Headers        map[string]string `json:"headers"`
	Rules          []Rule            `json:"rules"`
	Pagination     struct {
		Default    json.RawMessage            `json:"default"`
		Operations map[string]json.RawMessage `json:"operations"`
	} `json:"pagination"`
	Selection map[string]json.RawMessage `json:"selection"`
}

// paging is what troth.yaml says of lists, applied over what is inferred.
type paging struct {
	all json.RawMessage
	one map[string]json.RawMessage // by operationId
}

// Load infers and then applies the troth.yaml at path. Errors name file, line and pointer, what was found and what was expected.
func Load(doc *openapi.Document, path string) (*Conventions, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("conventions: %w", err)
	}
	return Parse(doc, path, data)
}

// Beside returns the conventions of the troth.yaml beside the document's first file, or the inferred ones where there is none.
func Beside(doc *openapi.Document) (*Conventions, error) {
	if doc.Path == "" {
		return Infer(doc), nil
	}
	c, err := Load(doc, filepath.Join(filepath.Dir(doc.Path), FileName))
	if errors.Is(err, fs.ErrNotExist) {
		return Infer(doc), nil
	}
	return c, err
}

// Parse infers and then applies the text of a troth.yaml; name is what errors show.
func Parse(doc *openapi.Document, name string, data []byte) (*Conventions, error) {
	set, err := source.Read(name, data)
	if err != nil {
		return nil, fmt.Errorf("conventions: %w", err)
	}
	root := set.Root()
	if err := schema.CheckForm(root, "troth.schema.json", formSchema); err != nil {
		return nil, fmt.Errorf("conventions: %w", err)
	}
	text, err := json.Marshal(root.Node.Value())
	if err != nil {
		return nil, fmt.Errorf("conventions %s: %w", name, err)
	}
	var f file
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if err := decoder.Decode(&f); err != nil {
		return nil, fmt.Errorf("conventions %s: %w", name, err)
	}
	if err := checkNames(doc, root, &f); err != nil {
		return nil, fmt.Errorf("conventions: %w", err)
	}
	c := Infer(doc)
	c.Source = root
	c.apply(&f)
	return c, nil
}

// checkNames tells operations and situations that do not exist.
func checkNames(doc *openapi.Document, root source.Place, f *file) error {
	for _, id := range slices.Sorted(maps.Keys(f.Pagination.Operations)) {
		if doc.Operation(id) == nil {
			return root.Child("pagination").Child("operations").Child(id).Errorf("operation %q: want an operationId of %s", id, doc.Name)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(f.Selection)) {
		if doc.Operation(id) == nil {
			return root.Child("selection").Child(id).Errorf("operation %q: want an operationId of %s", id, doc.Name)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(f.Errors.Situations)) {
		general, _, _ := strings.Cut(key, ":")
		if !slices.Contains(Situations(), general) && integer(key) < 400 {
			return root.Child("errors").Child("situations").Child(key).Errorf("situation %q: want a status or one of %s", key, strings.Join(Situations(), ", "))
		}
	}
	return nil
}

func (c *Conventions) apply(f *file) {
	c.errors, c.Charset, c.Headers, c.Rules = f.Errors, f.Charset, f.Headers, f.Rules
	c.paging, c.selection = paging{f.Pagination.Default, f.Pagination.Operations}, f.Selection
	if f.Envelope != nil {
		c.Envelope = f.Envelope
	}
	if f.Pretty != nil {
		c.Pretty = f.Pretty
	}
	if f.Versions != nil {
		c.Versions = f.Versions
		c.Versions.Promised = true
	}
	if a := f.Authentication; a != nil {
		if a.Realm == "" {
			a.Realm = c.Authentication.Realm
		}
		if a.Algorithms == nil {
			a.Algorithms = c.Authentication.Algorithms
		}
		c.Authentication = *a
	}
}

// override puts what the file says over what was inferred: for all lists, then for this one. "none" says that it is no paginated list.
func (p *paging) override(op *openapi.Compiled, inferred *Pagination) *Pagination {
	one := p.one[op.ID]
	if string(one) == `"none"` || inferred == nil && one == nil {
		return nil
	}
	out := Pagination{Total: "-", Next: "-", More: "-", TotalExact: true, First: 1}
	if inferred != nil {
		out = *inferred
		if inferred.Links != nil {
			links := *inferred.Links
			out.Links = &links
		}
	}
	for _, text := range []json.RawMessage{p.all, one} {
		if text == nil {
			continue
		}
		if err := json.Unmarshal(text, &out); err != nil {
			return inferred // the form was checked when the file was read
		}
	}
	return &out
}
