// Package openapi loads an OpenAPI 3.0, 3.1 or 3.2 document, or a Swagger 2.0 one, into a compiled form: operations, a router, parameters, media
// types, schemas, security requirements.
//
// A document is loaded once, immutable afterwards and safe for concurrent use. Loading reads and indexes; each operation
// is compiled when first asked for (Operation.Compile), so that a document of megabytes answers at once. The compiled form
// is troth's own, built straight from the text with its positions; kin-openapi's model is used for linting only (Lint).
//
// Limits: Swagger 2.0 is converted to 3.0 (kin-openapi's converter), so places are those of the converted text. Of 3.2
// $self, querystring parameters, prefixEncoding and itemEncoding are not honoured, and listed as unchecked or refused by name. Remote references are never fetched: WithResource gives what they lead to.
package openapi

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// Document is a loaded document.
type Document struct {
	Title, Version string       // info.title, info.version
	OpenAPI        string       // "3.0.3", "3.1.0"
	SHA256         string       // hex, of the first file's bytes
	Name           string       // path or name of the first file
	Path           string       // path of the first file, "" where it was read from memory
	Converted      bool         // from Swagger 2.0
	Servers        []string     // server URLs with variables replaced by their defaults; at least one ("/")
	Operations     []*Operation // document order: paths, then methods as written
	Root           source.Place

	set      *source.Set
	compiler *schema.Compiler
	byID     map[string]*Operation
	router   *router
	schemes  func() ([]*SecurityScheme, error)
	shared   shared
}

// Option changes how a document is loaded.
type Option func(*source.Set) error

// WithResource gives the file that references to an absolute URI mean: such references are never fetched.
func WithResource(uri, path string) Option {
	return func(set *source.Set) error {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return set.Add(uri, path, data)
	}
}

// Load reads the document at path, YAML or JSON; relative file references resolve beside it.
func Load(path string, opts ...Option) (*Document, error) {
	set, err := source.Open(path)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	d, err := open(set, opts)
	if err == nil {
		d.Path = path
	}
	return d, err
}

func open(set *source.Set, opts []Option) (*Document, error) {
	for _, opt := range opts {
		if err := opt(set); err != nil {
			return nil, fmt.Errorf("document: %w", err)
		}
	}
	sum := sha256.Sum256(set.Root().File.Data)
	swagger := set.Root().Node.Get("swagger").Text() == "2.0"
	if swagger {
		var err error
		if set, err = convert(set); err != nil {
			return nil, fmt.Errorf("document: %w", err)
		}
	}
	d, err := index(set)
	if err == nil {
		d.SHA256, d.Converted = hex.EncodeToString(sum[:]), swagger
	}
	return d, err
}

// Parse reads a document from memory; name is what errors show. References to other files are errors.
func Parse(name string, data []byte, opts ...Option) (*Document, error) {
	set, err := source.Read(name, data)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	return open(set, opts)
}

// Read reads a document from r, as Parse does.
func Read(name string, r io.Reader, opts ...Option) (*Document, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("document %s: %w", name, err)
	}
	return Parse(name, data, opts...)
}

func index(set *source.Set) (*Document, error) {
	root := set.Root()
	version, dialect, err := versionOf(root)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	d := &Document{
		Title: root.Node.Get("info").Get("title").Text(), Version: root.Node.Get("info").Get("version").Text(),
		OpenAPI: version, Name: root.File.Name, Root: root,
		set: set, compiler: schema.NewCompiler(dialect), byID: map[string]*Operation{}, router: &router{},
	}
	d.unread(root, "$self")
	d.Servers = servers(root.Child("servers"))
	d.schemes = sync.OnceValues(d.readSchemes)
	if err := d.readPaths(); err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	return d, nil
}

func versionOf(root source.Place) (string, schema.Dialect, error) {
	if root.Node.Kind() != source.Object {
		return "", 0, root.Errorf("found %s, want an OpenAPI document (an object with the member openapi)", root.Node.Kind())
	}
	if v := root.Node.Get("swagger"); v != nil {
		return "", 0, root.Child("swagger").Errorf("this is Swagger %s: want Swagger 2.0 or OpenAPI 3.0 to 3.2", v.Text())
	}
	version := root.Node.Get("openapi").Text()
	switch {
	case strings.HasPrefix(version, "3.0"):
		return version, schema.OpenAPI30, nil
	case strings.HasPrefix(version, "3.1"), strings.HasPrefix(version, "3.2"):
		return version, schema.JSONSchema202012, nil
	}
	return "", 0, root.Child("openapi").Errorf("openapi is %q: want 3.0.x, 3.1.x or 3.2.x", version)
}

// servers lists server URLs, variables replaced by their defaults (OpenAPI 3.1 §4.8.5).
func servers(p source.Place) []string {
	var urls []string
	for _, server := range p.Node.Items() {
		url := server.Get("url").Text()
		for name, variable := range server.Get("variables").Members() {
			url = strings.ReplaceAll(url, "{"+name+"}", variable.Get("default").Text())
		}
		urls = append(urls, url)
	}
	if urls == nil {
		return []string{"/"}
	}
	return urls
}

// methods are the members of a Path Item Object that are operations, upper-cased.
var methods = []string{"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"}

func (d *Document) readPaths() error {
	paths := d.Root.Child("paths")
	if !paths.Exists() && strings.HasPrefix(d.OpenAPI, "3.0") {
		return d.Root.Errorf("the member paths is absent: want a Paths Object")
	}
	if paths.Exists() && paths.Node.Kind() != source.Object {
		return paths.Errorf("found %s, want an object of paths", paths.Node.Kind())
	}
	for path := range paths.Node.Members() {
		if strings.HasPrefix(path, "x-") {
			continue
		}
		if !strings.HasPrefix(path, "/") {
			return paths.Child(path).Errorf("path %q: want a path that begins with /", path)
		}
		item, err := paths.Child(path).Deref()
		if err != nil {
			return err
		}
		if item.Node.Kind() != source.Object {
			return item.Errorf("found %s, want a Path Item Object", item.Node.Kind())
		}
		d.readItem(path, item)
	}
	return nil
}

func (d *Document) readItem(path string, item source.Place) {
	add := func(method string, p source.Place) {
		d.add(&Operation{Method: method, Path: path, Route: routeOf(path), Place: p, Document: d, item: item})
	}
	for member := range item.Node.Members() {
		method := strings.ToUpper(member)
		if slices.Contains(methods, method) || method == "QUERY" && d.is32() {
			add(method, item.Child(member))
		}
	}
	if more := item.Child("additionalOperations"); d.is32() {
		for method := range more.Node.Members() { // as written: methods are case-sensitive
			add(method, more.Child(method))
		}
	}
}

func (d *Document) add(o *Operation) {
	n := o.Place.Node
	o.ID = d.uniqueID(o, n.Get("operationId").Text())
	o.Summary, o.Deprecated = n.Get("summary").Text(), n.Get("deprecated").True()
	for _, tag := range n.Get("tags").Items() {
		o.Tags = append(o.Tags, tag.Text())
	}
	o.compile = sync.OnceValues(o.doCompile)
	d.byID[o.ID] = o
	d.Operations = append(d.Operations, o)
	d.router.add(o)
}

// uniqueID is the operationId, or method and path where it is absent or taken.
func (d *Document) uniqueID(o *Operation, id string) string {
	if id != "" && d.byID[id] == nil {
		return id
	}
	id = strings.ToLower(o.Method)
	for _, word := range strings.FieldsFunc(o.Path, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9')
	}) {
		id += strings.ToUpper(word[:1]) + word[1:]
	}
	for unique, n := id, 2; ; n++ {
		if d.byID[unique] == nil {
			return unique
		}
		unique = fmt.Sprintf("%s%d", id, n)
	}
}

// Operation returns the operation of that ID, nil where there is none.
func (d *Document) Operation(id string) *Operation { return d.byID[id] }

// Compiler is the schema compiler of this document (to compile a schema at a place, or to ask what is unchecked).
func (d *Document) Compiler() *schema.Compiler { return d.compiler }

// Files lists the document's files read so far, the first one first.
func (d *Document) Files() []*source.File { return d.set.Files() }

// Fork returns the same document with nothing compiled: what is compiled of it is kept by it alone. It shares the text.
func (d *Document) Fork() (*Document, error) {
	fork, err := index(d.set)
	if err == nil {
		fork.Path, fork.SHA256, fork.Converted = d.Path, d.SHA256, d.Converted
	}
	return fork, err
}

// CompileAll compiles every operation and returns every error, and every constraint that cannot be checked.
func (d *Document) CompileAll() (errs []error, unchecked []schema.Unchecked) {
	for _, o := range d.Operations {
		if _, err := o.Compile(); err != nil {
			errs = append(errs, fmt.Errorf("operation %s: %w", o.ID, err))
		}
	}
	return errs, d.compiler.Unchecked()
}
