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

// ordinaryPath fills the path with values that exist.
func (s *Server) ordinaryPath(p *prepared) (string, error) {
	texts := map[string]string{}
	var parents []openapi.PathValue
	for _, v := range p.variables {
		known := s.world.known(p, v, parents)
		if len(known) == 0 {
			return "", s.unknown(p, v)
		}
		parents = append(parents, openapi.PathValue{Name: v.name, Value: known[0]})
		texts[v.name] = strings.ReplaceAll(escapeSegment(known[0]), "%2C", ",") // a comma is a separator where the value is no scalar
		if param := p.compiled.Parameter("path", v.name); param != nil {
			if value, ok := reading(param.Schema, known[0]); ok {
				text, err := param.Encode(value)
				if err != nil {
					return "", err
				}
				texts[v.name] = text
			}
		}
	}
	return p.operation.Expand(texts)
}

// ordinaryParameters adds the required parameters outside the path.
func (s *Server) ordinaryParameters(p *prepared, r *http.Request) error {
	query := conditionQuery(p.operation)
	for _, param := range p.compiled.Parameters {
		if param.In == "path" || !param.Required && !p.operation.Demands(param.Name) {
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

// parameterValue is a valid example, else a sampled value.
func (s *Server) parameterValue(p *openapi.Parameter) (any, error) {
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
	content := newestFirst(declared.Content)[0]
	if !content.Type.IsJSON() || content.Schema == nil {
		return "x", concrete(content.Type).String(), nil
	}
	value, err := sample.Value(content.Schema, s.options.seed, sample.For(schema.Request), sample.Minimal())
	if err != nil {
		return "", "", err
	}
	return string(appendJSON(nil, value)), content.Type.String(), nil
}
