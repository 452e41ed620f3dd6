package mock

import (
	"regexp"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// pathName is a member of items that names them by a path, as Google's AIP-122 and Azure's resource IDs do: "projects/p/runtimes/r". Its last segment is
// the item's ID.
type pathName struct {
	member string // "" where items have none
	form   string // what it holds of the item's path: "projects/{project}/runtimes/{runtime}"
}

// of is the name of an item below its parents.
func (n pathName) of(parents []openapi.PathValue, route, id string) string {
	name, values := n.form, pathValues(parents, id)
	for i, v := range variables(route) {
		if i < len(values) {
			name = strings.Replace(name, "{"+v.name+"}", values[i], 1)
		}
	}
	return name
}

// pathValues are the values of the variables of an item's path, in their order.
func pathValues(parents []openapi.PathValue, id string) []string {
	var values []string
	for _, p := range parents {
		values = append(values, text(p.Value))
	}
	return append(values, id)
}

// pathNameMembers are the members that may name an item by a path.
var pathNameMembers = []string{"name", "resourcename", "id"}

// pathNamed finds the member that names the items by a path: its schema takes that path by a pattern, or the document shows one in its description or an example.
func (r *resource) pathNamed(item *schema.Schema) pathName {
	if len(r.members) == 0 {
		return pathName{}
	}
	for _, name := range pathNameMembers {
		member := find(item, name)
		s := item.Find(member)
		if s == nil || !s.OnlyText() {
			continue
		}
		for _, form := range pathForms(r.members[0].Route) {
			if r.takesPath(s, form) {
				return pathName{member, form}
			}
		}
	}
	return pathName{}
}

// pathForms are what a name may hold of an item's path, longest first: from each segment on that is no variable, with a slash in front or not.
func pathForms(route string) (forms []string) {
	segments := strings.Split(strings.TrimPrefix(route, "/"), "/")
	for i := 0; i+1 < len(segments); i++ {
		if !strings.HasPrefix(segments[i], "{") {
			form := strings.Join(segments[i:], "/")
			forms = append(forms, form, "/"+form)
		}
	}
	return forms
}

// takesPath tells whether a schema is for names of this form.
func (r *resource) takesPath(s *schema.Schema, form string) bool {
	if s.Pattern != nil {
		name, ok := r.usualPath(form)
		return ok && s.ValidText(name)
	}
	if slices.ContainsFunc(pathTemplate.FindAllString(s.Description, -1), func(told string) bool { return segmentsOf(told) == segmentsOf(form) }) {
		return true
	}
	return slices.ContainsFunc(s.Examples, func(e any) bool { return showsForm(text(e), form) })
}

// usualPath is a name of a form with usual values for the variables.
func (r *resource) usualPath(form string) (string, bool) {
	p := r.server.prepare(r.members[0])
	if p == nil {
		return "", false
	}
	for _, v := range variables(form) {
		param := p.compiled.Parameter("path", v.name)
		if param == nil {
			return "", false
		}
		value, err := sample.Usual(param.Schema, v.name)
		if err != nil {
			return "", false
		}
		form = strings.Replace(form, "{"+v.name+"}", text(value), 1)
	}
	return form, true
}

// pathTemplate is a path as descriptions write it: "projects/{project}/runtimes/{runtime}", "projects/*/runtimes/*".
var pathTemplate = regexp.MustCompile(`/?[A-Za-z][\w.-]*(/(\{\w+\}|\*|[A-Za-z][\w.-]*))+`)

// segmentsOf is a template without the names of its variables.
func segmentsOf(template string) string {
	return strings.ReplaceAll(openapi.Unnamed(template), "*", "{}")
}

// showsForm tells whether a text is a name of a form: the same segments but for the variables.
func showsForm(text, form string) bool {
	own, wanted := strings.Split(text, "/"), strings.Split(form, "/")
	if len(own) != len(wanted) {
		return false
	}
	for i, segment := range wanted {
		if own[i] != segment && (own[i] == "" || !strings.HasPrefix(segment, "{")) {
			return false
		}
	}
	return true
}

// askedID is the ID that a request to create an item whose name is a path gives in its query: "?runtimeId=r" for {runtime}.
func (c *collection) askedID(call *Call) string {
	query := call.Request.URL.Query()
	for _, p := range call.Operation.Parameters {
		if p.In != "query" || plain(p.Name) != plain(c.resource.idParam) && plain(p.Name) != plain(c.resource.idParam)+"id" {
			continue
		}
		if id := query.Get(p.Name); id != "" && accepts(c.resource.shape.idSchema, id) {
			return id
		}
	}
	return ""
}

// idShown is the ID that an item tells, "" where it tells none.
func (s *shape) idShown(object map[string]any) string {
	if s.pathName.member == "" {
		return text(object[s.idMember])
	}
	name := text(object[s.pathName.member])
	return name[strings.LastIndexByte(name, '/')+1:]
}
