package openapi

import (
	"bytes"
	"encoding/csv"
	"maps"
	"slices"
	"strings"

	"troth/openapi/schema"
)

func isCSV(t MediaType) bool {
	return t.Type == "text" && t.Subtype == "csv" || t.Subtype == "vnd.ms-csv"
}

// encodeCSV writes an array of objects as records behind a header (RFC 4180), an array of arrays or scalars as records; one object as
// one record; a string is the raw text. An absent member and null are empty fields; what is within a field is JSON.
func encodeCSV(c *Content, v any) ([]byte, string, error) {
	list, ok := items(v)
	if object, isObject := v.(map[string]any); isObject {
		list, ok = []any{object}, true
	}
	if !ok {
		return []byte(textOf(v)), "", nil
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	names := columns(rowOf(c.Schema), list)
	if len(names) > 0 {
		_ = w.Write(names) // a bytes.Buffer takes all
	}
	for _, item := range list {
		_ = w.Write(record(names, item))
	}
	w.Flush()
	return b.Bytes(), "", w.Error()
}

// columns are the members of the items: the declared ones in the schema's order, then others by name; none where items are no objects.
func columns(item *schema.Schema, list []any) (names []string) {
	if item != nil {
		for part := range item.Parts(true) {
			for _, p := range part.Properties {
				if !slices.Contains(names, p.Name) && (len(list) == 0 || anyHas(list, p.Name)) {
					names = append(names, p.Name)
				}
			}
		}
	}
	others := map[string]bool{}
	for _, item := range list {
		object, _ := item.(map[string]any)
		for name := range object {
			if !slices.Contains(names, name) {
				others[name] = true
			}
		}
	}
	return append(names, slices.Sorted(maps.Keys(others))...)
}

// rowOf is the schema of a record.
func rowOf(s *schema.Schema) *schema.Schema {
	if item := itemOf(s, 0, 8); item != nil || s == nil || typesOf(s, 8)&schema.TypeArray != 0 {
		return item
	}
	return s
}

func anyHas(list []any, name string) bool {
	return slices.ContainsFunc(list, func(item any) bool {
		object, _ := item.(map[string]any)
		_, has := object[name]
		return has
	})
}

func record(names []string, item any) []string {
	switch item := item.(type) {
	case map[string]any:
		fields := make([]string, len(names))
		for i, name := range names {
			if v := item[name]; v != nil {
				fields[i] = textOf(v)
			}
		}
		return fields
	case []any:
		fields := make([]string, len(item))
		for i, v := range item {
			fields[i] = textOf(v)
		}
		return fields
	}
	return []string{textOf(item)}
}

func decodeCSV(c *Content, _ MediaType, data []byte) (any, error) {
	if c.Schema == nil || c.wantsText() {
		return string(data), nil
	}
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, err
	}
	item := rowOf(c.Schema)
	types := typesOf(item, 8)
	list := []any{}
	switch {
	case len(records) == 0:
	case item == nil || types&schema.TypeObject != 0 || types == schema.AnyType:
		for _, fields := range records[1:] {
			list = append(list, rowObject(item, records[0], fields))
		}
	case types&schema.TypeArray != 0:
		for _, fields := range records {
			list = append(list, rowArray(item, fields))
		}
	default:
		for _, fields := range records {
			list = append(list, read(strings.Join(fields, ","), item))
		}
	}
	if item == c.Schema && len(list) == 1 {
		return list[0], nil
	}
	return list, nil
}

// rowObject is an object of a record. An empty field is null where only that fits, "" where a string is due, else absent.
func rowObject(item *schema.Schema, names, fields []string) any {
	object := map[string]any{}
	for i, name := range names {
		member := memberOf(item, name)
		switch types := typesOf(member, 8); {
		case fields[i] != "" || types == schema.TypeString && due(item, name):
			object[name] = read(fields[i], member)
		case types&schema.TypeNull != 0:
			object[name] = nil
		}
	}
	return object
}

// due tells whether a schema requires a member.
func due(s *schema.Schema, name string) bool {
	for part := range s.Parts(true) {
		if slices.Contains(part.Required, name) {
			return true
		}
	}
	return false
}

// memberOf is the schema of a member: the declared one, else that of additional ones, nil where there is none.
func memberOf(s *schema.Schema, name string) *schema.Schema {
	if s == nil {
		return nil
	}
	if p := s.Find(name); p != nil {
		return p
	}
	for part := range s.Parts(true) {
		if a := part.AdditionalProperties; a != nil && a.Bool == nil {
			return a
		}
	}
	return nil
}

func rowArray(item *schema.Schema, fields []string) any {
	row := make([]any, len(fields))
	for i, field := range fields {
		row[i] = read(field, itemOf(item, i, 8))
	}
	return row
}
