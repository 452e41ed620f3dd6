package contract

import (
	"net/http"
	"slices"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// body adds a small valid body where the operation takes one.
func (c *Case) body(r *Request) error {
	content, value, err := c.Small()
	if content == nil || err != nil {
		return err
	}
	text, contentType, err := content.Encode(value)
	if err != nil {
		return err
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header.Set("Content-Type", contentType)
	r.Body = string(text)
	return nil
}

// Small is a small valid body of the operation in plain JSON, an example of the document where it has one, and the content that it is of; nil
// where the operation takes none. The caller owns the value.
func (c *Case) Small() (*openapi.Content, any, error) {
	content := c.BodyContent()
	if content == nil {
		return nil, nil, nil
	}
	if content.Schema == nil || content.Type.IsRange() {
		return nil, nil, Skip("the request body is %s without a schema, which is not made", content.Type)
	}
	value, err := c.usualBody(content)
	c.session.mu.Lock()
	n := c.session.names.ordinary[c.Op.ID]
	c.session.mu.Unlock()
	if object, ok := value.(map[string]any); ok && n > 0 {
		spin(content, object, n)
	}
	return content, value, err
}

func (c *Case) usualBody(content *openapi.Content) (any, error) {
	for _, e := range content.Examples {
		if e.Value != nil && content.Schema.Valid(e.Value, schema.Request) {
			return source.Clone(e.Value), nil // what the document shows is likelier to refer to what exists
		}
	}
	value, err := sample.Value(content.Schema, c.session.seed, sample.For(schema.Request), sample.Minimal())
	if object, ok := value.(map[string]any); ok && len(object) == 0 && c.Op.Body.Required && !content.Type.IsJSON() {
		value, err = sample.Value(content.Schema, c.session.seed, sample.For(schema.Request)) // a form without fields is no body at all
	}
	if err != nil {
		return nil, Skip("no request body can be made: %s", err)
	}
	return value, nil
}

// BodyContent is the content that the operation's requests have, nil where it takes none.
func (s *Subject) BodyContent() *openapi.Content {
	if s.Op.Body == nil || len(s.Op.Body.Content) == 0 {
		return nil
	}
	return s.patched(preferred(s.Op.Body.Content))
}

// preferred is the content that requests are made of: the last JSON one, since dated media types stand in their order, else the last.
func preferred(list []*openapi.Content) *openapi.Content {
	for _, content := range slices.Backward(list) {
		if content.Type.IsJSON() && !content.Type.IsRange() && content.Schema != nil {
			return content
		}
	}
	return list[len(list)-1]
}
