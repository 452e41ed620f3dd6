package gen

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"troth/openapi"
)

// specCode embeds the document, one Go string a line, so that a change of one line is a difference of one line. The bytes
// are the document's own, which keeps comments, order and digest; oapi-codegen's own way is a compressed copy of what it
// made of the document. A document of several files is embedded as one, in JSON.
func specCode(doc *openapi.Document, pkg string, _ settings) (string, error) {
	data, note, err := embedded(doc)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\npackage %s\n\nimport \"strings\"\n\n", pkg)
	fmt.Fprintf(&b, "// OpenAPIDocument returns the OpenAPI document that this package was generated from%s.\n", note)
	b.WriteString("func OpenAPIDocument() []byte {\n\treturn []byte(strings.Join([]string{\n")
	for line := range strings.SplitSeq(string(data), "\n") {
		b.WriteString("\t\t" + strconv.Quote(line) + ",\n")
	}
	b.WriteString("\t}, \"\\n\"))\n}\n")
	return b.String(), nil
}

// embedded is the text to embed, and a remark on it.
func embedded(doc *openapi.Document) (data []byte, note string, err error) {
	if !severalFiles(doc) {
		return doc.Root.File.Data, ", byte for byte", nil
	}
	model, err := modelOf(doc)
	if err != nil {
		return nil, "", err
	}
	data, err = json.MarshalIndent(model, "", "  ")
	return data, ", its several files made into one", err
}
