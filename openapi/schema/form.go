package schema

import (
	"errors"

	"troth/openapi/source"
)

// CheckForm validates a file of settings against the JSON Schema of its form, called name in what goes wrong with the schema itself. Every
// violation is told, at its own line.
func CheckForm(root source.Place, name string, form []byte) error {
	set, err := source.Read(name, form)
	if err != nil {
		return err
	}
	s, err := NewCompiler(JSONSchema202012).Compile(set.Root())
	if err != nil {
		return err
	}
	var list []error
	for _, v := range s.Validate(root.Node.Value(), Either) {
		at := root.File.At(v.Pointer)
		if !at.Exists() {
			at = root
		}
		list = append(list, at.Errorf("%s: want %s, got %s", v.Keyword, v.Want, v.Got))
	}
	return errors.Join(list...)
}
