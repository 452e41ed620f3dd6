package mock

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/source"
)

// LoadDisturbances reads a file of disturbances, YAML or JSON:
//
//	format: 1
//	faults:
//	- latency: 100ms-2s
//	- operations: [listOrders]
//	  error: 10%
//	  status: [503, 429]
//	  latency: {p50: 20ms, p95: 200ms, p99: 1s}
//
// The members are the kinds of DisturbanceHelp with the values that ParseDisturbance reads; operations are of any of the documents. Errors name
// file, line and JSON pointer.
func LoadDisturbances(path string, docs ...*openapi.Document) ([]Disturbance, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("faults: %w", err)
	}
	return ParseDisturbances(path, data, docs...)
}

// ParseDisturbances reads the text of a file as LoadDisturbances does; name is what errors show.
func ParseDisturbances(name string, data []byte, docs ...*openapi.Document) ([]Disturbance, error) {
	set, err := source.Read(name, data)
	if err != nil {
		return nil, fmt.Errorf("faults: %w", err)
	}
	root := set.Root()
	faults := root.Child("faults")
	errs := surplus(root, "format, faults", "format", "faults")
	if version, ok := root.Child("format").Node.Int(); !ok || version != 1 {
		errs = append(errs, root.Child("format").Errorf("format: want 1, the version of this form"))
	}
	if faults.Node.Kind() != source.Array {
		errs = append(errs, faults.Errorf("faults: want an array of objects, got %s", faults.Node.Kind()))
	}
	var list []Disturbance
	for i := range faults.Node.Items() {
		d, problems := readDisturbance(docs, faults.Item(i))
		if len(problems) == 0 {
			if err := d.Check(docs...); err != nil {
				problems = []error{err}
			}
		}
		list, errs = append(list, d), append(errs, problems...)
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("faults: %w", errors.Join(errs...))
	}
	return list, nil
}

// surplus tells the members that an object must not have.
func surplus(object source.Place, want string, known ...string) (errs []error) {
	if object.Node.Kind() != source.Object {
		return []error{object.Errorf("want an object with %s, got %s", want, object.Node.Kind())}
	}
	for name := range object.Node.Members() {
		if !slices.Contains(known, name) {
			errs = append(errs, object.Child(name).Errorf("member %q is unknown: want one of %s", name, want))
		}
	}
	return errs
}

func readDisturbance(docs []*openapi.Document, p source.Place) (Disturbance, []error) {
	d := Disturbance{place: p}
	known := "operations, " + kindNames()
	errs := surplus(p, known, strings.Split(known, ", ")...)
	if len(errs) > 0 {
		return d, errs
	}
	if p.Node.Len() == 0 || p.Node.Len() == 1 && p.Child("operations").Exists() {
		return d, []error{p.Errorf("nothing is asked for: want one of %s", kindNames())}
	}
	for name, n := range p.Node.Members() {
		at := p.Child(name)
		if name == "operations" {
			errs = append(errs, d.readOperations(docs, at)...)
			continue
		}
		value, err := flagForm(n)
		if err == nil {
			err = d.read(name, value)
		}
		if err != nil {
			errs = append(errs, at.Errorf("%w", err))
		}
	}
	d.settle(p.Child("error").Exists())
	return d, errs
}

func (d *Disturbance) readOperations(docs []*openapi.Document, p source.Place) (errs []error) {
	for i, n := range p.Node.Items() {
		id, ok := n.Str()
		switch {
		case !ok:
			errs = append(errs, p.Item(i).Errorf("operations: want operationIds, got %s", n.Kind()))
		case !declared(docs, id):
			errs = append(errs, p.Item(i).Errorf("operation %q: want one of %s", id, similar(docs, id)))
		}
		d.Operations = append(d.Operations, id)
	}
	if len(d.Operations) == 0 {
		errs = append(errs, p.Errorf("operations: want an array of operationIds; leave it out for all operations"))
	}
	return errs
}

// flagForm writes a value of a file as the flag has it: lists and objects with commas.
func flagForm(n *source.Node) (string, error) {
	var parts []string
	switch n.Kind() {
	case source.String, source.Number:
		return n.Text(), nil
	case source.Array:
		for _, item := range n.Items() {
			parts = append(parts, item.Text())
		}
	case source.Object:
		for name, value := range n.Members() {
			parts = append(parts, name+"="+value.Text())
		}
	default:
		return "", fmt.Errorf("want a string or a number, got %s", n.Kind())
	}
	return strings.Join(parts, ","), nil
}
