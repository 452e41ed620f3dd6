package openapi

import (
	"fmt"
	"slices"
	"strings"
)

// CheckName returns an error where no operation of the document has a parameter of that name: it tells the name that was meant, where one is near,
// or the names that there are. What operations that cannot be compiled declare beside their path's variables is not known.
func (d *Document) CheckName(parameter string) error {
	var names []string
	for _, o := range d.Operations {
		if names = append(names, templateNames(o.Path)...); slices.Contains(names, parameter) {
			return nil
		}
	}
	for _, o := range d.Operations {
		c, err := o.Compile()
		if err != nil {
			continue
		}
		for _, p := range c.Parameters {
			if names = append(names, p.Name); p.Name == parameter {
				return nil
			}
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return fmt.Errorf("parameter %q: no operation of the document has it; %s", parameter, meant(parameter, names))
}

// meant says which name to use instead of one that is not among some.
func meant(name string, names []string) string {
	const most = 12
	if near := Nearest(name, slices.Values(names)); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	switch more := len(names) - most; {
	case len(names) == 0:
		return "none has a parameter"
	case more > 0:
		return fmt.Sprintf("want one of %s and %d others", strings.Join(names[:most], ", "), more)
	}
	return "want one of " + strings.Join(names, ", ")
}
