package mock

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// Ordinary returns a request for an operation that this server answers with success, given credentials: path values that exist,
// required parameters, a valid body. Its URL has a path and a query only.
func (s *Server) Ordinary(op *openapi.Operation) (*http.Request, error) {
	p := s.plans[op]
	if p == nil {
		return nil, fmt.Errorf("mock: operation %s is not of this document", op.ID)
	}
	if err := p.ready(); err != nil {
		return nil, fmt.Errorf("mock: %w", err)
	}
	path, err := s.ordinaryPath(p)
	if err != nil {
		return nil, fmt.Errorf("mock: %w", err)
	}
	body, contentType, err := s.ordinaryBody(p)
	if err != nil {
		return nil, fmt.Errorf("mock: operation %s: request body: %w", op.ID, err)
	}
	r, err := http.NewRequest(op.Method, "/", strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("mock: operation %s: %w", op.ID, err)
	}
	if r.URL.Path, err = url.PathUnescape(path); err != nil {
		return nil, fmt.Errorf("mock: operation %s: %w", op.ID, err)
	}
	r.URL.RawPath = path
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if err := s.ordinaryParameters(p, r); err != nil {
		return nil, err
	}
	if m := s.doc.Match(r, r.URL.EscapedPath()); m.Operation != nil && m.Operation != op {
		return nil, fmt.Errorf("mock: operation %s: a request for %s %s is one for operation %s: nothing tells them apart",
			op.ID, op.Method, r.URL.EscapedPath(), m.Operation.ID)
	}
	return r, nil
}

// knownValues are values of the path's variables that exist, as far as any are known.
func (s *Server) knownValues(p *prepared) (values []openapi.PathValue) {
	for _, v := range p.variables {
		known := s.world.known(p, v, values)
		if len(known) == 0 {
			break
		}
		values = append(values, openapi.PathValue{Name: v.name, Value: known[0]})
	}
	return values
}

// ordinaryPath fills the path with values that exist.
func (s *Server) ordinaryPath(p *prepared) (string, error) {
	texts := map[string]string{}
	known := s.knownValues(p)
	if len(known) < len(p.variables) {
		return "", s.unknown(p, p.variables[len(known)])
	}
	for _, v := range known {
		texts[v.Name] = strings.ReplaceAll(escapeSegment(v.Value), "%2C", ",") // a comma is a separator where the value is no scalar
		if param := p.compiled.Parameter("path", v.Name); param != nil {
			if value, ok := reading(param.Schema, v.Value); ok {
				text, err := param.Encode(value)
				if err != nil {
					return "", err
				}
				texts[v.Name] = text
			}
		}
	}
	return p.operation.Expand(texts)
}

// ordinaryParameters adds the required parameters outside the path.
func (s *Server) ordinaryParameters(p *prepared, r *http.Request) error {
	query := conditionQuery(p.operation)
	for _, param := range p.compiled.Parameters {
		held := param.In == "header" && strings.EqualFold(param.Name, "If-Match") && p.compiled.DemandsMatch()
		if param.In == "path" || !param.Required && !p.operation.Demands(param.Name) && !held {
			continue
		}
		value, err := s.parameterValue(param)
		if err != nil {
			return fmt.Errorf("mock: operation %s: parameter %s: %w", p.operation.ID, param.Name, err)
		}
		text, err := param.Encode(value)
		if err != nil {
			return fmt.Errorf("mock: operation %s: %w", p.operation.ID, err)
		}
		switch param.In {
		case "query":
			query = append(query, text)
		case "header":
			r.Header.Set(param.Name, text)
		case "cookie":
			r.AddCookie(&http.Cookie{Name: param.Name, Value: text})
		}
	}
	r.URL.RawQuery = strings.Join(query, "&")
	return nil
}

// unknown tells why there is no value for a variable of the path.
func (s *Server) unknown(p *prepared, v variable) error {
	if param := p.compiled.Parameter("path", v.name); param != nil {
		if _, err := s.parameterValue(param); err != nil {
			return fmt.Errorf("operation %s: path parameter %s: %w", p.operation.ID, v.name, err)
		}
	}
	return fmt.Errorf("operation %s: no value is known for %s; give one with -p %s=value", p.operation.ID, v.name, v.name)
}

// conditionQuery is the query that an operation's path asks for ("/templates#kind=html"), where no parameter is declared for it.
func conditionQuery(op *openapi.Operation) (query []string) {
	compiled, err := op.Compile()
	if err != nil {
		return nil
	}
	for name, value := range op.Conditions() {
		if compiled.Parameter("query", name) == nil && compiled.Parameter("header", name) == nil {
			query = append(query, url.QueryEscape(name)+"="+url.QueryEscape(value))
		}
	}
	return query
}

// holding are values of precondition fields that hold for whatever exists; the document's examples are tags of somebody else's items.
var holding = map[string]string{"If-Match": "*", "If-None-Match": `"none"`}

// parameterValue is a value that holds, a valid example, else a sampled value.
func (s *Server) parameterValue(p *openapi.Parameter) (any, error) {
	if v, ok := holding[http.CanonicalHeaderKey(p.Name)]; ok && p.In == "header" && p.Schema.Valid(v, schema.Request) {
		return v, nil
	}
	for _, e := range p.Examples {
		if p.Schema.Valid(e.Value, schema.Request) {
			return e.Value, nil
		}
	}
	return sample.Value(p.Schema, s.options.seed, sample.For(schema.Request), sample.Named(p.Name))
}

func (s *Server) ordinaryBody(p *prepared) (body, contentType string, err error) {
	declared := p.compiled.Body
	if declared == nil || len(declared.Content) == 0 {
		return "", "", nil
	}
	content := openapi.NewestFirst(declared.Content)[0]
	if content.Type.IsRange() {
		narrow := *content
		narrow.Type = concrete(content.Type, content.Schema)
		content = &narrow
	}
	if content.Schema == nil {
		return "x", content.Type.String(), nil
	}
	for try := range uint64(ordinaryTries) {
		opts := []sample.Option{sample.For(schema.Request), sample.Minimal()}
		if try > 0 {
			opts = opts[:1]
		}
		value, err := sample.Value(content.Schema, s.options.seed+try, opts...)
		if err != nil {
			return "", "", err
		}
		data, contentType, err := content.Encode(value)
		if err != nil || len(data) > 0 && !s.taken(p, value) {
			return string(data), contentType, err
		}
		body = string(data)
	}
	return body, content.Type.String(), nil
}

// ordinaryTries is how many bodies are tried until one is not empty and creates what does not exist yet.
const ordinaryTries = 20

// taken tells whether a body would create an item whose ID exists.
func (s *Server) taken(p *prepared, body any) bool {
	r := s.world.resources[openapi.Unnamed(p.operation.Route)]
	object, _ := body.(map[string]any)
	if r == nil || !r.usable() || r.create != p.operation || r.shape.idMember == "" {
		return false
	}
	id := text(object[r.shape.idMember])
	return id != "" && s.world.collection(r, s.knownValues(p)).lookup(id) == present
}
