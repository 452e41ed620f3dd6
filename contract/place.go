package contract

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// line is where the document speaks of what a finding is about: the parameter that where names ("query limit"), else the member that pointer
// leads to in the answer, else the operation.
func (c *Case) line(x *Exchange, where, pointer string) string {
	in, name, _ := strings.Cut(where, " ")
	if p := c.Op.Parameter(in, name); p != nil {
		return p.Place.FileLine()
	}
	if where == "links" && pointer == "" && c.Page != nil && c.Page.Links != nil {
		pointer = c.Page.Links.Pointer
	}
	if pointer != "" {
		if member := memberAt(c.session.answered(x), pointer); member != nil {
			return member.Place.FileLine()
		}
	}
	return c.Op.Place.FileLine()
}

// answered is the declared schema of an answer's body, nil where there is none.
func (s *session) answered(x *Exchange) *schema.Schema {
	u, err := url.Parse(x.URL)
	t, ok := x.MediaType()
	if err != nil || !ok {
		return nil
	}
	m := s.doc.Match(&http.Request{Method: x.Method, URL: u, Header: x.Sent, Host: u.Host}, strings.TrimPrefix(u.EscapedPath(), s.target.base.EscapedPath()))
	if m.Operation == nil {
		return nil
	}
	op, err := m.Operation.Compile()
	if err != nil {
		return nil
	}
	if response := op.Response(x.Status); response != nil {
		if content := response.ContentFor(t); content != nil {
			return content.Schema
		}
	}
	return nil
}

// memberAt is the schema of what a pointer into a value leads to, nil where none is declared.
func memberAt(s *schema.Schema, pointer string) *schema.Schema {
	for token := range source.Each(pointer) {
		if s == nil {
			return nil
		}
		if _, err := strconv.Atoi(token); err == nil && s.Items != nil {
			s = s.Items
			continue
		}
		s = s.Find(token)
	}
	return s
}
