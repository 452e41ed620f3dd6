package mock

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"troth/openapi/source"
)

// stateFormat is the version of a state's JSON form.
const stateFormat = "1"

// plain is the JSON form of a state.
func (s State) plain() any {
	list := []any{}
	for _, c := range s.Collections {
		state := map[string]any{
			"path": c.Path, "parents": texts(c.Parents), "created": plainItems(c.Created), "changed": plainItems(c.Changed),
			"deleted": texts(c.Deleted), "writes": json.Number(strconv.Itoa(c.Writes)),
		}
		if c.Only {
			state["only"] = true
		}
		list = append(list, state)
	}
	issued := []any{}
	for _, i := range s.Issued {
		issued = append(issued, map[string]any{"path": i.Path, "parents": texts(i.Parents), "id": i.ID, "value": i.Value})
	}
	return map[string]any{"format": json.Number(stateFormat), "collections": list, "issued": issued}
}

func texts(list []string) []any {
	out := []any{}
	for _, s := range list {
		out = append(out, s)
	}
	return out
}

func plainItems(items []Item) []any {
	out := []any{}
	for _, item := range items {
		out = append(out, map[string]any{"id": item.ID, "value": item.Value})
	}
	return out
}

// stateOf reads the JSON form.
func stateOf(v any) (State, error) {
	r := &stateReader{root: v}
	if _, ok := v.(map[string]any); !ok {
		return State{}, errors.New("#: want an object, as GET answers it")
	}
	if format, _ := source.Get(v, "/format"); format != json.Number(stateFormat) {
		return State{}, fmt.Errorf("#/format: found %s, want %s", found(format), stateFormat)
	}
	var state State
	for i := range r.list("/collections") {
		at := "/collections/" + strconv.Itoa(i)
		state.Collections = append(state.Collections, CollectionState{
			Path: r.text(at + "/path"), Parents: r.texts(at + "/parents"), Created: r.items(at + "/created"), Changed: r.items(at + "/changed"),
			Deleted: r.texts(at + "/deleted"), Writes: r.count(at + "/writes"), Only: r.flag(at + "/only"),
		})
	}
	for i, item := range r.items("/issued") {
		at := "/issued/" + strconv.Itoa(i)
		state.Issued = append(state.Issued, IssuedItem{Path: r.text(at + "/path"), Parents: r.texts(at + "/parents"), Item: item})
	}
	return state, r.err
}

// stateReader reads members by their pointers and keeps the first error.
type stateReader struct {
	root any
	err  error
}

func (r *stateReader) fail(pointer string, v any, want string) {
	if r.err == nil {
		r.err = fmt.Errorf("#%s: found %s, want %s", pointer, found(v), want)
	}
}

// found is a value as an error shows it.
func found(v any) string {
	if v == nil {
		return "nothing"
	}
	return string(appendJSON(nil, v))
}

func (r *stateReader) list(pointer string) []any {
	v, found := source.Get(r.root, pointer)
	list, ok := v.([]any)
	if found && !ok {
		r.fail(pointer, v, "an array")
	}
	return list
}

func (r *stateReader) text(pointer string) string {
	v, _ := source.Get(r.root, pointer)
	s, ok := v.(string)
	if !ok {
		r.fail(pointer, v, "a string")
	}
	return s
}

func (r *stateReader) texts(pointer string) (list []string) {
	for i := range r.list(pointer) {
		list = append(list, r.text(pointer+"/"+strconv.Itoa(i)))
	}
	return list
}

func (r *stateReader) items(pointer string) (list []Item) {
	for i := range r.list(pointer) {
		at := pointer + "/" + strconv.Itoa(i)
		value, found := source.Get(r.root, at+"/value")
		if !found {
			r.fail(at+"/value", nil, "a value")
		}
		list = append(list, Item{r.text(at + "/id"), value})
	}
	return list
}

func (r *stateReader) count(pointer string) int {
	v, found := source.Get(r.root, pointer)
	n, _ := v.(json.Number)
	i, err := strconv.Atoi(n.String())
	if found && (err != nil || i < 0) {
		r.fail(pointer, v, "an integer, 0 or more")
	}
	return max(i, 0)
}

func (r *stateReader) flag(pointer string) bool {
	v, found := source.Get(r.root, pointer)
	flag, ok := v.(bool)
	if found && !ok {
		r.fail(pointer, v, "a boolean")
	}
	return flag
}
