package convention

import (
	"encoding/json"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
)

// Selection is which query parameters of a list choose and order its items.
type Selection struct {
	Filters map[string]string `json:"filters"` // member of an item by optional parameter: items whose member equals the value are listed
	Ranges  map[string]Bound  `json:"ranges"`  // by optional parameter: items whose member is not beyond the value are listed
	Sort    string            `json:"sort"`    // parameter that names the member to sort by ("name", "-name", "name:desc"); "" where there is none
	Order   string            `json:"order"`   // parameter that says asc or desc; "" where there is none
}

// selectionNames are names of sorting parameters, lower case without separators.
var selectionNames = struct{ sort, order []string }{
	sort:  []string{"sort", "sortby", "orderby", "sortfield", "sortkey", "order"},
	order: []string{"direction", "sortdirection", "sortorder", "orderdirection", "sortdir", "dir", "order"},
}

// Selection returns how the items at a JSON pointer of the operation's list are chosen and ordered, nil where nothing is. Computed once
// per operation.
func (c *Conventions) Selection(op *openapi.Compiled, items string) *Selection {
	if s, ok := c.selections.Load(op.Operation); ok {
		return s.(*Selection)
	}
	s := inferSelection(op, items, c.Pagination(op))
	if text, given := c.selection[op.ID]; given {
		s = &Selection{}
		if string(text) == `"none"` || json.Unmarshal(text, s) != nil {
			s = nil
		}
	}
	c.selections.Store(op.Operation, s)
	return s
}

func inferSelection(op *openapi.Compiled, items string, p *Pagination) *Selection {
	response, _ := op.Success()
	content := response.JSON()
	if content == nil {
		return nil
	}
	item := ItemSchema(content.Schema, items)
	if item == nil {
		return nil
	}
	s := &Selection{Filters: map[string]string{}}
	s.Sort = queryNamed(op, selectionNames.sort, "")
	s.Order = queryNamed(op, selectionNames.order, s.Sort)
	members := propertyNames(item)
	taken := func(q *openapi.Parameter) bool {
		return q.Name == s.Sort || q.Name == s.Order || p != nil && slices.Contains([]string{p.Page, p.Size, p.TotalParam}, q.Name)
	}
	for _, q := range op.Parameters {
		if q.In != "query" || q.Required || taken(q) {
			continue
		}
		if i := slices.IndexFunc(members, func(name string) bool { return plain(name) == plain(q.Name) }); i >= 0 && mayEqual(q.Schema, item.Find(members[i])) {
			s.Filters[q.Name] = members[i]
		} else if member := elementOf(op, q, item, members); i < 0 && member != "" {
			s.Filters[q.Name] = member
		}
	}
	s.Ranges = inferRanges(op, item, func(q *openapi.Parameter) bool { return taken(q) || s.Filters[q.Name] != "" })
	if s.Sort == "" && len(s.Filters)+len(s.Ranges) == 0 {
		return nil
	}
	return s
}

func queryNamed(op *openapi.Compiled, names []string, but string) string {
	for _, want := range names {
		for _, q := range op.Parameters {
			if q.In == "query" && q.Name != but && plain(q.Name) == want && may(q.Schema, schema.TypeString) {
				return q.Name
			}
		}
	}
	return ""
}

// mayEqual tells whether a parameter's value, or one of its items, can equal a member's.
func mayEqual(param, member *schema.Schema) bool {
	if items := itemsOf(param); items != nil {
		param = items
	}
	if items := itemsOf(member); items != nil {
		member = items
	}
	for _, t := range []schema.Type{schema.TypeString, schema.TypeInteger, schema.TypeNumber, schema.TypeBoolean} {
		if may(param, t) && (may(member, t) || listsValues(member)) {
			return true
		}
	}
	return false
}

func listsValues(s *schema.Schema) bool {
	for part := range s.Parts(true) {
		if len(part.Enum) > 0 {
			return true
		}
	}
	return false
}

// Key is a member to sort by.
type Key struct {
	Member string
	Falls  bool // from the largest to the smallest
}

// Keys reads the value of the sort parameter and that of the order parameter ("" where absent) for items of a schema. What names no
// member is left out.
func (s *Selection) Keys(value, order string, item *schema.Schema) (keys []Key) {
	members := propertyNames(item)
	for _, field := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' }) {
		name, falls := direction(strings.TrimSpace(field))
		if i := slices.IndexFunc(members, func(member string) bool { return plain(member) == plain(name) }); i >= 0 {
			keys = append(keys, Key{members[i], falls != strings.HasPrefix(strings.ToLower(order), "desc")})
		}
	}
	return keys
}

// direction cuts the direction off a sort field: "-name", "name:desc", "name desc", "name.desc", "name_desc".
func direction(field string) (name string, falls bool) {
	if rest, ok := strings.CutPrefix(field, "-"); ok {
		return rest, true
	}
	field = strings.TrimPrefix(field, "+")
	lower := strings.ToLower(field)
	for _, separator := range []string{":", " ", ".", "_", "-"} {
		if rest, ok := strings.CutSuffix(lower, separator+"desc"); ok {
			return field[:len(rest)], true
		}
		if rest, ok := strings.CutSuffix(lower, separator+"asc"); ok {
			return field[:len(rest)], false
		}
	}
	return field, false
}
