package convention

import (
	"slices"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// Pagination is how one list operation is paged. Pointers lead into the list's body.
type Pagination struct {
	Style   string `json:"style"`   // "page" (page number and size), "offset" (offset and limit), "cursor", "link" (RFC 8288 only)
	Page    string `json:"page"`    // query parameter of the page number, offset or cursor; "" where there is none
	Size    string `json:"size"`    // query parameter of the page size; "" where there is none
	First   int    `json:"first"`   // number of the first page (1; 0 where Page's minimum or default is 0), or offset of the first item (0; 1 where Page's minimum or default is 1)
	Default int    `json:"default"` // page size without Size; 0: unknown
	Minimum int    `json:"minimum"` // smallest page size; 0: unknown
	Maximum int    `json:"maximum"` // largest page size; 0: unknown

	Items      string `json:"items"`      // JSON pointer of the item array in the body, "" where the body is the array
	Total      string `json:"total"`      // JSON pointer of the total, "-" where there is none
	TotalExact bool   `json:"totalExact"` // false: an estimate
	// TotalHeader is the response header with the total, where none is in the body: "X-Total-Count" with a number, or "Content-Range"
	// (RFC 9110 §14.4); "" where there is none.
	TotalHeader string `json:"totalHeader,omitempty"`

	TotalParam string `json:"totalParam"` // boolean query parameter that switches the total, "" where there is none; false omits it
	Next       string `json:"next"`       // cursor, offset: JSON pointer of the next cursor or offset, "-" where there is none
	More       string `json:"more"`       // JSON pointer of a "has more" boolean, "-" where there is none
	Links      *Links `json:"links"`      // nil: no links in the body
	LinkHeader bool   `json:"linkHeader"` // a Link header (RFC 8288) is declared

	// Echo is what other members of the body say of the page, by JSON pointer: "size", "page" (its number), "offset" (of its first
	// item), "pages" (how many there are) or "count" (of items on it).
	Echo map[string]string `json:"echo,omitempty"`
}

// Links are links in a list's body: an array of objects with a relation and a target, or an object whose members are the relations.
type Links struct {
	Pointer  string `json:"pointer"`
	Rel      string `json:"rel"`  // member of an array's objects with the relation
	Href     string `json:"href"` // member with the target; "" where a relation's member is the target itself
	Self     string `json:"self"` // the relations; "" where not used
	Next     string `json:"next"`
	Previous string `json:"previous"`
	First    string `json:"first,omitempty"`
	Last     string `json:"last,omitempty"`
	Object   bool   `json:"object"` // {"next": "…"} or, with Href, {"next": {"href": "…"}}
}

// parameterNames are names of paging parameters, lower case without separators.
var parameterNames = struct{ page, size, offset, cursor, total []string }{
	page:   []string{"pagenum", "page", "pagenumber", "pageno", "pageindex"},
	size:   []string{"itemsperpage", "perpage", "pagesize", "limit", "size", "maxresults", "maxitems", "count", "take", "top", "rows", "pagelimit"},
	offset: []string{"offset", "skip", "start", "startindex", "startat", "pageoffset"},
	cursor: []string{"cursor", "after", "pagetoken", "nexttoken", "startingafter", "afterid", "continuationtoken", "marker", "pagecursor", "continue", "skiptoken", "page"},
	total:  []string{"includecount", "includetotal", "withtotal", "includetotalcount", "withcount", "counttotal", "count"},
}

// memberNames are names of a list body's members, lower case without separators.
var memberNames = struct{ items, total, next, offset, more, wrappers []string }{
	items:    []string{"results", "items", "data", "entries", "values", "records", "content", "list", "elements", "objects"},
	total:    []string{"totalcount", "total", "totalitems", "totalresults", "totalelements", "totalrecords", "count", "@odatacount"},
	next:     []string{"nextcursor", "nextpagetoken", "nexttoken", "cursor", "endcursor", "continuationtoken", "next"},
	offset:   []string{"nextoffset", "nextskip", "nextstart", "nextstartindex"},
	more:     []string{"hasmore", "hasnext", "hasnextpage", "more"},
	wrappers: []string{"meta", "metadata", "pagination", "paging", "page", "pageinfo"},
}

// Pagination returns how the operation's list is paged, nil where it is no paginated list. Computed once per operation.
func (c *Conventions) Pagination(op *openapi.Compiled) *Pagination {
	if p, ok := c.pages.Load(op.Operation); ok {
		return p.(*Pagination)
	}
	p := c.paging.override(op, inferPagination(op))
	c.pages.Store(op.Operation, p)
	return p
}

func inferPagination(op *openapi.Compiled) *Pagination {
	response, _ := op.Success()
	content := response.JSON()
	if op.Method != "GET" || content == nil {
		return nil
	}
	p := &Pagination{Total: "-", Next: "-", More: "-", TotalExact: true}
	items, ok := itemsPointer(content.Schema, op.Route)
	if p.Items = items; !ok || !p.parameters(op) {
		return nil
	}
	p.LinkHeader = slices.ContainsFunc(response.Headers, func(h *openapi.Header) bool { return strings.EqualFold(h.Name, "Link") })
	if p.Items != "" {
		p.body(content.Schema)
	}
	if p.Total == "-" {
		p.totalHeader(response)
	}
	return p
}

// itemsPointer finds the array of items: the body itself, a member of a usual name or the path's last name, else the only array of objects.
func itemsPointer(body *schema.Schema, path string) (string, bool) {
	if may(body, schema.TypeArray) && !may(body, schema.TypeObject) {
		return "", true
	}
	if embedded := memberNamed(body, []string{"embedded"}, schema.TypeObject); embedded != "" { // HAL
		if home := body.Find(embedded); home != nil {
			inner, ok := itemsPointer(home, path)
			return "/" + source.Escape(embedded) + inner, ok && inner != ""
		}
	}
	last := plain(path[strings.LastIndexByte(path, '/')+1:])
	if name := memberNamed(body, append([]string{last}, memberNames.items...), schema.TypeArray); name != "" {
		return "/" + source.Escape(name), true
	}
	only, n := "", 0
	for _, name := range propertyNames(body) {
		if s := body.Find(name); may(s, schema.TypeArray) && may(itemsOf(s), schema.TypeObject) && itemsOf(s).Find("href") == nil {
			only, n = name, n+1
		}
	}
	return "/" + source.Escape(only), n == 1
}

// parameters reads the paging parameters; false where there are none.
func (p *Pagination) parameters(op *openapi.Compiled) bool {
	find := func(names []string, t schema.Type) string {
		for _, want := range names {
			for _, q := range op.Parameters {
				if q.In == "query" && plain(q.Name) == want && may(q.Schema, t) && !isTime(q.Schema) { // "after" may be a time
					return q.Name
				}
			}
		}
		return ""
	}
	p.TotalParam = find(parameterNames.total, schema.TypeBoolean)
	p.Size = find(parameterNames.size, schema.TypeInteger)
	if p.Page = find(parameterNames.page, schema.TypeInteger); p.Page != "" {
		p.Style, p.First = "page", firstPage(op.Parameter("query", p.Page).Schema)
	} else if p.Page = find(parameterNames.offset, schema.TypeInteger); p.Page != "" {
		p.Style, p.First = "offset", firstOffset(op.Parameter("query", p.Page).Schema)
	} else if p.Page = find(parameterNames.cursor, schema.TypeString); p.Page != "" {
		if p.Style = "cursor"; op.Parameter("query", p.Page).Required { // the first page has no cursor yet: this is a number in a string
			p.Style, p.First = "page", firstPage(op.Parameter("query", p.Page).Schema)
		} else if p.Size == "" {
			p.Size = find([]string{"first"}, schema.TypeInteger) // Relay's connections: the first n after a cursor
		}
	} else if p.Size != "" {
		p.Style = "link"
	}
	if p.Size != "" {
		s := op.Parameter("query", p.Size).Schema
		p.Minimum, p.Maximum = integer(s.Minimum.String()), integer(s.Maximum.String())
		if listed := Sizes(s); len(listed) > 0 {
			p.Minimum, p.Maximum = listed[0], listed[len(listed)-1]
		}
		if text, ok := openapi.Text(s.Default); ok && s.HasDefault {
			p.Default = integer(text)
		}
	}
	return p.Style != ""
}

func isTime(s *schema.Schema) bool {
	return s != nil && (s.Format == "date-time" || s.Format == "date" || s.Format == "time")
}

// Sizes are the page sizes that a parameter lists, sorted; none where it takes any.
func Sizes(parameter *schema.Schema) (listed []int) {
	for _, v := range parameter.Enum {
		if text, ok := openapi.Text(v); ok && integer(text) > 0 {
			listed = append(listed, integer(text))
		}
	}
	slices.Sort(listed)
	return listed
}

func firstPage(s *schema.Schema) int {
	if text, ok := openapi.Text(s.Default); ok && s.HasDefault {
		return integer(text)
	}
	if s.Minimum == "0" {
		return 0
	}
	return 1
}

// firstOffset is 0, or 1 where a document counts from 1 ("startIndex" of SCIM, RFC 7644 §3.4.2.4).
func firstOffset(s *schema.Schema) int {
	if text, ok := openapi.Text(s.Default); s.Minimum == "1" || ok && s.HasDefault && text == "1" {
		return 1
	}
	return 0
}

// Number is what Page is for the i-th page of a size, counted from 0: its number, or the offset of its first item.
func (p *Pagination) Number(i, size int) int {
	if p.Style == "offset" {
		return p.First + i*size
	}
	return p.First + i
}

func integer(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// body reads what a list says of itself, at the top and in a usual wrapper.
func (p *Pagination) body(s *schema.Schema) {
	at := []string{""}
	for _, name := range propertyNames(s) {
		home := s.Find(name)
		if !oneOf(name, memberNames.wrappers) || !may(home, schema.TypeObject) {
			continue
		}
		if cursors := memberNamed(home, []string{"cursors"}, schema.TypeObject); cursors != "" {
			if after := memberNamed(home.Find(cursors), []string{"after", "next"}, schema.TypeString); after != "" && p.Style == "cursor" {
				p.Next = "/" + source.Escape(name) + "/" + source.Escape(cursors) + "/" + source.Escape(after)
			}
		}
		at = append(at, "/"+source.Escape(name))
	}
	p.links(s, at)
	for _, pointer := range at {
		home := schemaAt(s, pointer)
		if name := p.totalIn(home); name != "" && p.Total == "-" {
			p.Total = pointer + "/" + source.Escape(name)
			p.TotalExact = !strings.Contains(strings.ToLower(home.Find(name).Description), "estimate")
		}
		if name := memberNamed(home, memberNames.next, schema.TypeString); name != "" && p.Next == "-" && p.Style == "cursor" && !p.Links.leadsTo(pointer+"/"+source.Escape(name)) {
			p.Next = pointer + "/" + source.Escape(name)
		}
		if name := memberNamed(home, memberNames.offset, schema.TypeInteger); name != "" && p.Next == "-" && p.Style == "offset" {
			p.Next = pointer + "/" + source.Escape(name)
		}
		if name := memberNamed(home, memberNames.more, schema.TypeBoolean); name != "" && p.More == "-" {
			p.More = pointer + "/" + source.Escape(name)
		}
	}
	for _, pointer := range at {
		p.echoes(pointer, schemaAt(s, pointer))
	}
}

// echoNames are names of integer members that repeat what was asked for, lower case without separators.
var echoNames = map[string][]string{
	"size":   {"itemsperpage", "perpage", "pagesize", "limit", "size", "pagelimit", "rows"},
	"page":   {"page", "pagenum", "pagenumber", "pageno", "pageindex", "currentpage", "number"},
	"offset": {"offset", "skip", "start", "startindex", "startat"},
	"pages":  {"pages", "totalpages", "pagecount", "numpages", "lastpage"},
	"count":  {"count", "numberofelements", "itemcount", "resultcount"},
}

func (p *Pagination) echoes(pointer string, home *schema.Schema) {
	for _, name := range propertyNames(home) {
		at := pointer + "/" + source.Escape(name)
		if at == p.Total || !may(home.Find(name), schema.TypeInteger) {
			continue
		}
		for what, names := range echoNames {
			if !oneOf(name, names) || what == "page" && p.Style != "page" {
				continue
			}
			if p.Echo == nil {
				p.Echo = map[string]string{}
			}
			p.Echo[at] = what
		}
	}
}
