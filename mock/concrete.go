package mock

import (
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
)

// concrete is the media type that a range ("*/*") is answered with where the request asks for none: JSON for what is an object or array.
func concrete(m openapi.MediaType, s *schema.Schema) openapi.MediaType {
	if !m.IsRange() {
		return m
	}
	if suffix, ok := strings.CutPrefix(m.Subtype, "*+"); ok {
		m.Subtype = "x+" + suffix
		return m
	}
	known := map[string]string{"text": "plain", "image": "png", "audio": "mpeg", "video": "mp4", "font": "woff2", "multipart": "form-data"}[m.Type]
	switch {
	case known != "":
		return openapi.MediaType{Type: m.Type, Subtype: known}
	case (m.Type == "*" || m.Type == "application") && s != nil && !s.Valid("", schema.Either) && s.Types != schema.TypeString:
		return openapi.MediaType{Type: "application", Subtype: "json"}
	case m.Type == "*":
		return openapi.MediaType{Type: "application", Subtype: "octet-stream"}
	}
	return openapi.MediaType{Type: m.Type, Subtype: "octet-stream"}
}

type concreteKey struct {
	content *openapi.Content
	as      string
}

// concrete is content whose media type is a range as content of the type within it that Accept prefers.
func (p *prepared) concrete(accept []string, c *openapi.Content) *openapi.Content {
	if !c.Type.IsRange() {
		return c
	}
	offers := []openapi.MediaType{concrete(c.Type, c.Schema)}
	for _, line := range accept {
		for member := range openapi.Members(line) {
			if t, err := openapi.ParseMediaType(member); err == nil && !t.IsRange() && c.Type.Matches(t) {
				offers = append(offers, t)
			}
		}
	}
	i, _ := openapi.Negotiate(accept, offers)
	key := concreteKey{c, offers[i].String()}
	if made, ok := p.ranges.Load(key); ok {
		return made.(*openapi.Content)
	}
	made := *c
	made.Type = offers[i]
	p.ranges.Store(key, &made)
	return &made
}
