package gen

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"troth/openapi"
)

// generating admits one run at a time: oapi-codegen keeps its options, its names and the document in package variables.
var generating sync.Mutex

func typesCode(doc *openapi.Document, pkg string, s settings) (string, error) {
	return run(doc, pkg, s, codegen.GenerateOptions{Models: true})
}

func serverCode(doc *openapi.Document, pkg string, s settings) (string, error) {
	return run(doc, pkg, s, codegen.GenerateOptions{EchoServer: true, Strict: true})
}

func clientCode(doc *openapi.Document, pkg string, s settings) (string, error) {
	return run(doc, pkg, s, codegen.GenerateOptions{Client: true})
}

// run is one run of oapi-codegen over a model of its own.
func run(doc *openapi.Document, pkg string, s settings, what codegen.GenerateOptions) (code string, err error) {
	err = generate(doc, pkg, s, what, func(text string, operations []codegen.OperationDefinition) error {
		switch code = text; {
		case what.Client:
			code, err = askForDeclared(compareMediaTypes(text), operations)
		case what.EchoServer:
			if s.defined != nil {
				*s.defined = operations
			}
			code, err = reroute(text, doc, s, operations)
		}
		return err
	})
	return code, err
}

// generate runs oapi-codegen and hands its code and its operations, named as in the code, to use.
func generate(doc *openapi.Document, pkg string, s settings, what codegen.GenerateOptions, use func(string, []codegen.OperationDefinition) error) (err error) {
	model, err := modelOf(doc)
	if err != nil {
		return err
	}
	keepOperations(model, doc, s.operations)
	normalize(model, doc)
	config := configuration(pkg)
	config.Generate = what
	generating.Lock()
	defer generating.Unlock()
	defer func() {
		if r := recover(); r != nil { // oapi-codegen's template helpers panic with their errors
			err = fmt.Errorf("oapi-codegen gave up: %v", r)
		}
	}()
	code, err := codegen.Generate(model, config)
	if err != nil {
		return fmt.Errorf("oapi-codegen: %w; change the document there, or generate only operations that do not reach it", err)
	}
	operations, err := codegen.OperationDefinitions(model) // under the same lock: it names them as Generate did
	if err != nil {
		return fmt.Errorf("oapi-codegen: %w", err)
	}
	return use(code, operations)
}

// configuration is what every run has in common, so that the files fit one another.
func configuration(pkg string) codegen.Configuration {
	return codegen.Configuration{
		PackageName:         pkg,
		AllowRemoteRefsFrom: []string{},
		Compatibility:       codegen.CompatibilityOptions{AlwaysPrefixEnumValues: true},
		OutputOptions: codegen.OutputOptions{
			ResponseTypeSuffix:               "Response",
			NameNormalizer:                   string(codegen.NameNormalizerFunctionToCamelCaseWithInitialisms),
			ResolveTypeNameCollisions:        true,
			GenerateTypesForAnonymousSchemas: true, // an anonymous struct cannot be built by who uses the code
		},
	}
}

// compareMediaTypes lets the client compare media types without their parameters (RFC 9110 §8.3.1). Where a response has
// several JSON media types, oapi-codegen compares the whole field value, so that a "; charset=utf-8" would leave every
// typed body nil.
func compareMediaTypes(code string) string {
	const exact, essence = `rsp.Header.Get("Content-Type") == `, `mediaTypeOf(rsp.Header) == `
	if !strings.Contains(code, exact) {
		return code
	}
	return strings.ReplaceAll(code, exact, essence) + `
// mediaTypeOf returns the media type of a response, without parameters.
func mediaTypeOf(header http.Header) string {
	mediaType, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(mediaType))
}
`
}

// errNoPackage says that the code of a generator has no package clause.
var errNoPackage = errors.New("the code has no package clause")
