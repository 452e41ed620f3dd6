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
	fits := isURL
	if p.Style == "page" || p.Style == "offset" { // else "next" may as well be a cursor
		fits = func(name string, s *schema.Schema) bool { return isURL(name, s) || toldURL(s) }
	}
	for i := 0; i < len(at) && p.Links == nil; i++ {
		p.Links = relations(at[i], schemaAt(s, at[i]), fits)
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
	href := ""
	named := func(names ...string) string {
		for _, name := range propertyNames(home) {
			switch s := home.Find(name); {
			case !oneOf(name, names):
			case may(s, schema.TypeString) && fits(name, s):
				return name
			case may(s, schema.TypeObject) && s.Find("href") != nil:
				href = "href"
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
	l.Href = href
	return l
}

func anyText(string, *schema.Schema) bool { return true }

// leadsTo tells whether the member at a pointer is the link to the next page.
func (l *Links) leadsTo(pointer string) bool {
	return l != nil && l.Object && l.Pointer+"/"+source.Escape(l.Next) == pointer
}

// urlWords are what URLs are called.
var urlWords = []string{"link", "url", "uri", "href"}

// toldURL tells whether a schema's description says that it is a URL.
func toldURL(s *schema.Schema) bool {
	return slices.ContainsFunc(urlWords, func(word string) bool { return strings.Contains(strings.ToLower(s.Description), word) })
}

// isURL tells whether a member holds a URL, by its name or format: "next" may as well be a number.
func isURL(name string, s *schema.Schema) bool {
	if slices.ContainsFunc(urlWords, func(word string) bool { return strings.HasSuffix(plain(name), word) }) {
		return true
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
