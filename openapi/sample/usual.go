package sample

import (
	"strings"

	"troth/openapi/schema"
)

// Usual is a value of the parameter of a name that stands for something which exists, where the document gives no example: the one that a
// mock knows, and that a suite asks for. It depends on no seed, so that the two need not agree on one.
func Usual(s *schema.Schema, name string) (any, error) {
	var made any
	var err error
	for try := range 8 {
		made, err = Value(s, Hash(1, "usual", name, strings.Repeat("x", try)), For(schema.Request), Named(name))
		if err != nil || made != "" { // an empty text is no segment of a path
			break
		}
	}
	return made, err
}
