package gen

import (
	_ "embed"
	"strings"

	"troth/openapi"
)

// binderSource is this package's own Binder: the code written holds a copy, so that it needs nothing of troth.
//
//go:embed binder.go
var binderSource string

func binderCode(_ *openapi.Document, pkg string, _ settings) (string, error) {
	return "\n" + strings.Replace(binderSource, "package gen\n", "package "+pkg+"\n", 1), nil
}
