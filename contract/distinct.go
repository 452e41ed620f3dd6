package contract

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// names are what is known of names that a server takes only once.
type names struct {
	once     map[string]bool // operations that take them only once
	ordinary map[string]int  // by operation: the number in the names of its ordinary request
	last     int             // number that was given
}

// tries is how often a request is sent under other names, or to another item, where what there is forbids it.
const tries = 3

// Taken notes that a body was refused because of what there is (409), and tells whether that is so: other names may be tried.
func (c *Case) Taken(x *Exchange) bool {
	if x.Status != http.StatusConflict || c.BodyContent() == nil {
		return false
	}
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	c.session.names.once[c.Op.ID] = true
	return true
}

// elsewise prepares another ordinary request where what there is forbids the one that was sent: with other names, or to delete another item, since
// things may stand below the first by now. plain tells that nothing else was wrong with the request: then a server that declares no 409 may say by
// another status that a name is taken.
func (c *Case) elsewise(x *Exchange, plain bool) bool {
	if c.Taken(x) || plain && c.mayBeTaken(x) {
		c.session.mu.Lock()
		defer c.session.mu.Unlock()
		c.session.names.last++
		c.session.names.ordinary[c.Op.ID] = c.session.names.last
		return true
	}
	p := c.Last()
	if x.Status != http.StatusConflict || x.Method != http.MethodDelete || p == nil {
		return false
	}
	list, _, _ := strings.Cut(c.Op.Route, "/{"+p.Name+"}")
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	_, had := c.session.created[list]
	delete(c.session.created, list)
	return had
}

// mayBeTaken tells whether an answer may refuse what is created for its name: by the status of a wrong request, or by one that is the document's own.
func (c *Case) mayBeTaken(x *Exchange) bool {
	refused := x.Status == http.StatusBadRequest || x.Status == http.StatusUnprocessableEntity || x.Status >= 460 && x.Status < 500
	return refused && x.Method == http.MethodPost && c.Op.Response(http.StatusConflict) == nil && c.BodyContent() != nil
}

// Distinct gives the names in a body that was made for an operation other texts than any before it has, but for some members, where the server is known
// to take each name only once (it answered 409); else nothing is changed, and false returned. Names are texts of any form that refer to nothing else.
func (c *Case) Distinct(object map[string]any, but ...string) bool {
	c.session.mu.Lock()
	known := c.session.names.once[c.Op.ID]
	if known {
		c.session.names.last++
	}
	n := c.session.names.last
	c.session.mu.Unlock()
	if known {
		spin(c.BodyContent(), object, n, but...)
	}
	return known
}

// spin changes names so that the body stays valid; one that is not valid is broken in the same place as before.
func spin(content *openapi.Content, object map[string]any, n int, but ...string) {
	whole := content.Schema.Valid(object, schema.Request)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		old, isText := object[name].(string)
		member := content.Schema.Find(name)
		if !isText || member == nil || slices.Contains(but, name) || member.Enum != nil || member.Format != "" && !identifies(member.Format) || refers(name) {
			continue
		}
		texts := []string{otherText(member, n)}
		if member.Format == "" {
			texts = []string{old + " " + strconv.Itoa(n), old + strconv.Itoa(n), cut(old, 8) + strconv.Itoa(n), texts[0]}
		}
		for _, text := range texts {
			if object[name] = text; text != "" && (!whole && member.Valid(text, schema.Request) || whole && content.Schema.Valid(object, schema.Request)) {
				break
			}
			object[name] = old
		}
	}
}

// identifies tells whether texts of a format name somebody or something, unlike dates and bytes.
func identifies(format string) bool {
	return slices.Contains([]string{"email", "idn-email", "hostname", "idn-hostname", "uri", "url", "iri", "uuid"}, format)
}

func cut(s string, most int) string {
	characters := []rune(s)
	return string(characters[:min(len(characters), most)])
}

func otherText(member *schema.Schema, n int) string {
	v, err := sample.Value(member, sample.Hash(uint64(n), "distinct"), sample.For(schema.Request))
	text, _ := v.(string)
	if err != nil {
		return ""
	}
	return text
}

// refers tells whether a member's name says that it is another item's ID.
func refers(name string) bool {
	lower := strings.ToLower(name)
	return lower == "id" || strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID") || strings.HasSuffix(lower, "_id") || strings.HasSuffix(lower, "uuid")
}
