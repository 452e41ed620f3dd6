package convention

import (
	"slices"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// links finds the links of a list's body: under a member "links", else as members of the body itself or of a usual wrapper.
func (p *Pagination) links(s *schema.Schema, at []string) {
	if p.Links = listedLinks(s); p.Links != nil {
		return
	}
	if name := memberNamed(s, []string{"links"}, schema.TypeObject); name != "" {
		if p.Links = relations("/"+source.Escape(name), s.Find(name), anyText); p.Links != nil {
			return
		}
	}
	for i := 0; i < len(at) && p.Links == nil && (p.Style == "page" || p.Style == "offset"); i++ {
		p.Links = relations(at[i], schemaAt(s, at[i]), isURL)
	}
}

// listedLinks are links in an array of objects with a relation and a target.
func listedLinks(s *schema.Schema) *Links {
	name := memberNamed(s, []string{"links"}, schema.TypeArray)
	if name == "" {
		return nil
	}
	item := itemsOf(s.Find(name))
	if item == nil || item.Find("href") == nil || item.Find("rel") == nil {
		return nil
	}
	return &Links{Pointer: "/" + source.Escape(name), Rel: "rel", Href: "href", Self: "self", Next: "next", Previous: previous(item.Find("rel"))}
}

// relations are links in an object's members, nil where none leads to the next page.
func relations(pointer string, home *schema.Schema, fits func(name string, s *schema.Schema) bool) *Links {
	named := func(names ...string) string {
		for _, name := range propertyNames(home) {
			if s := home.Find(name); oneOf(name, names) && may(s, schema.TypeString) && fits(name, s) {
				return name
			}
		}
		return ""
	}
	l := &Links{
		Pointer: pointer, Object: true, Self: named("self", "selflink", "selfurl"), Next: named("next", "nextlink", "nexturl", "nextpageurl", "@odatanextlink"),
		Previous: named("prev", "previous", "prevlink", "previouslink", "prevurl", "previousurl", "prevpageurl", "previouspageurl"),
		First:    named("first", "firstlink", "firsturl", "firstpageurl"), Last: named("last", "lastlink", "lasturl", "lastpageurl"),
	}
	if l.Next == "" {
		return nil
	}
	return l
}

func anyText(string, *schema.Schema) bool { return true }

// isURL tells whether a member holds a URL, by its name, format or description: "next" may as well be a token or a number.
func isURL(name string, s *schema.Schema) bool {
	for _, end := range []string{"link", "url", "uri", "href"} {
		if strings.HasSuffix(plain(name), end) || strings.Contains(strings.ToLower(s.Description), end) {
			return true
		}
	}
	for part := range s.Parts(true) {
		if slices.Contains([]string{"uri", "url", "uri-reference", "iri", "iri-reference"}, part.Format) {
			return true
		}
	}
	return false
}

// previous is the relation to the page before: as the schema lists it, else the registered one (RFC 8288, IANA link relations).
func previous(rel *schema.Schema) string {
	for _, v := range rel.Enum {
		if v == "previous" {
			return "previous"
		}
	}
	return "prev"
}
