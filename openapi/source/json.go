package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth bounds the nesting of values.
const maxDepth = 1000

// jsonReader builds nodes from the tokens of strict JSON.
type jsonReader struct {
	dec   *jsontext.Decoder
	lines []int // offset of each line's first byte
	keys  map[string]string
	depth int
}

func parseJSON(name string, data []byte) (*Node, error) {
	r := &jsonReader{dec: jsontext.NewDecoder(bytes.NewReader(data)), lines: lineStarts(data), keys: map[string]string{}}
	root, err := r.value()
	if err == nil {
		_, err = r.dec.ReadToken()
		if err == io.EOF {
			return root, nil
		}
		if err == nil {
			err = errors.New("text behind the end of the JSON value")
		}
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	line, column := r.position(r.dec.InputOffset())
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		line, column = r.position(syntax.ByteOffset)
		err = syntax.Err
	}
	return nil, fault(name, line, column, "JSON: %v", err)
}

func lineStarts(data []byte) []int {
	starts := []int{0}
	for i, b := range data {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func (r *jsonReader) position(offset int64) (line, column int) {
	line = sort.SearchInts(r.lines, int(offset)+1)
	return line, int(offset) - r.lines[line-1] + 1
}

func (r *jsonReader) value() (*Node, error) {
	token, err := r.dec.ReadToken()
	if err != nil {
		return nil, err
	}
	n := &Node{}
	line, column := r.position(r.dec.InputOffset() - 1)
	n.line, n.column = int32(line), int32(column)
	switch token.Kind() {
	case 'n':
		n.kind = Null
	case 't', 'f':
		n.kind, n.text = Bool, token.String()
	case '0':
		n.kind, n.text = Number, token.String()
	case '"':
		n.kind, n.text = String, token.String()
	case '{':
		n.kind, n.sub = Object, &children{}
		return n, r.object(n.sub)
	case '[':
		n.kind, n.sub = Array, &children{}
		return n, r.array(n.sub)
	}
	return n, nil
}

func (r *jsonReader) enter() error {
	if r.depth++; r.depth > maxDepth {
		return fmt.Errorf("values are nested more than %d deep", maxDepth)
	}
	return nil
}

func (r *jsonReader) object(c *children) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer func() { r.depth-- }()
	for r.dec.PeekKind() != '}' {
		token, err := r.dec.ReadToken()
		if err != nil {
			return err
		}
		key := token.String()
		if kept, ok := r.keys[key]; ok {
			key = kept
		} else {
			r.keys[key] = key
		}
		n, err := r.value()
		if err != nil {
			return err
		}
		c.keys, c.nodes = append(c.keys, key), append(c.nodes, n)
	}
	_, err := r.dec.ReadToken()
	return err
}

func (r *jsonReader) array(c *children) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer func() { r.depth-- }()
	for r.dec.PeekKind() != ']' {
		n, err := r.value()
		if err != nil {
			return err
		}
		c.nodes = append(c.nodes, n)
	}
	_, err := r.dec.ReadToken()
	return err
}

// DecodeJSON reads one strict JSON text into plain form (nil, bool, json.Number, string, []any, map[string]any):
// UTF-8 only, no duplicate names, nothing behind the value, nesting of at most 1000. Errors tell the byte offset and JSON
// pointer.
func DecodeJSON(data []byte) (any, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data)) // a *bytes.Buffer is read in place
	v, err := decodeValue(dec, 0)
	if err == nil {
		if _, err = dec.ReadToken(); err == io.EOF {
			return v, nil
		}
		if err == nil {
			err = errors.New("there is text behind the JSON value")
		}
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	offset, pointer := dec.InputOffset(), string(dec.StackPointer())
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		offset, pointer, err = syntax.ByteOffset, string(syntax.JSONPointer), syntax.Err
	}
	return nil, fmt.Errorf("JSON at byte %d (%q): %w", offset, pointer, err)
}

func decodeValue(dec *jsontext.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("values are nested more than %d deep", maxDepth)
	}
	token, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case 't', 'f':
		return token.Bool(), nil
	case '0':
		return json.Number(token.String()), nil
	case '"':
		return token.String(), nil
	case '{':
		return decodeObject(dec, depth)
	case '[':
		return decodeArray(dec, depth)
	}
	return nil, nil
}

func decodeObject(dec *jsontext.Decoder, depth int) (any, error) {
	members := map[string]any{}
	for dec.PeekKind() != '}' {
		token, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		name := token.String()
		if members[name], err = decodeValue(dec, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := dec.ReadToken()
	return members, err
}

func decodeArray(dec *jsontext.Decoder, depth int) (any, error) {
	items := []any{}
	for dec.PeekKind() != ']' {
		item, err := decodeValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	_, err := dec.ReadToken()
	return items, err
}
