package openapi

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"troth/openapi/source"
)

// Exchange is what runtime expressions look into (OpenAPI 3.1 §4.8.20.3): a request and the answer to it.
type Exchange struct {
	Request  *http.Request
	URL      string // of the request, absolute
	Path     []PathValue
	Body     any // of the request, in plain JSON
	Status   int
	Header   http.Header // of the answer
	Response any         // the answer's body, in plain JSON
}

// Expand replaces each {expression} in a text by its value; a text that begins with $ is one expression.
func (e *Exchange) Expand(text string) (string, error) {
	if strings.HasPrefix(text, "$") {
		return e.Evaluate(text)
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		expression, after, closed := strings.Cut(rest, "}")
		if !closed {
			return "", fmt.Errorf("runtime expression {%s: want a closing brace", rest)
		}
		value, err := e.Evaluate(expression)
		if err != nil {
			return "", err
		}
		b.WriteString(value)
		text = after
	}
}

// Evaluate is the value of one runtime expression as text. An error says what the expression looks for and does not find.
func (e *Exchange) Evaluate(expression string) (string, error) {
	switch expression {
	case "$url":
		return e.URL, nil
	case "$method":
		return e.Request.Method, nil
	case "$statusCode":
		return strconv.Itoa(e.Status), nil
	}
	part, rest, _ := strings.Cut(expression, ".")
	var value string
	var ok bool
	switch part {
	case "$request":
		value, ok = e.part(rest, e.Request.Header, e.Body)
	case "$response":
		value, ok = e.part(rest, e.Header, e.Response)
	default:
		return "", fmt.Errorf("runtime expression %q: want $url, $method, $statusCode, $request.… or $response.…", expression)
	}
	if !ok {
		return "", fmt.Errorf("runtime expression %q: there is no such value", expression)
	}
	return value, nil
}

// part is the value behind "$request." or "$response.".
func (e *Exchange) part(of string, header http.Header, body any) (string, bool) {
	if pointer, ok := strings.CutPrefix(of, "body"); ok {
		v, found := source.Get(body, strings.TrimPrefix(pointer, "#"))
		return textOf(v), found && v != nil && (pointer == "" || pointer[0] == '#')
	}
	place, name, _ := strings.Cut(of, ".")
	switch place {
	case "header":
		value := header.Get(name)
		return value, value != ""
	case "query":
		values := e.Request.URL.Query()[name]
		return strings.Join(values, ","), len(values) > 0
	case "path":
		for _, v := range e.Path {
			if v.Name == name {
				return v.Value, true
			}
		}
	}
	return "", false
}
