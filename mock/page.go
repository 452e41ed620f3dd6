package mock

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/openapi/convention"
	"troth/openapi/refusal"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// window is the part of a list that a request asks for.
type window struct {
	start, size int
	asked       bool // the request names a size
	number      int  // of the page, for links; position in numbered styles
	counted     bool
	short       bool   // it holds half of what was asked for
	unlinked    bool   // it tells of no page behind it, by a defect
	after       string // ID of the item that it begins behind, "" where its position is known
}

// cut is the page of a list.
func (w window) cut(all []*record) []*record {
	start := min(max(w.start, 0), len(all))
	return all[start : start+min(max(w.step(), 0), len(all)-start)]
}

// step is how many items the page holds where there are more.
func (w window) step() int {
	if w.short {
		return (w.size + 1) / 2
	}
	return w.size
}

// defaultSize is the page size of lists whose document names none.
const defaultSize = 20

// window reads the paging parameters of a call.
func (s *Server) window(call *Call, p *convention.Pagination) (window, error) {
	if p == nil {
		return window{size: unpaged * 1000, counted: true}, nil
	}
	w := window{size: defaultSize, number: p.First, counted: true}
	if p.Maximum > 0 {
		w.size = min(w.size, p.Maximum)
	}
	w.size = max(w.size, p.Minimum)
	if p.Default > 0 {
		w.size = p.Default
	}
	if p.Size != "" {
		w.asked = call.Values.Has("query", p.Size)
		w.size = call.Values.Int("query", p.Size, w.size)
	}
	if p.TotalParam != "" && !s.tweaks.alwaysTotal {
		w.counted = call.Values.Bool("query", p.TotalParam, true)
	}
	if s.tweaks.lenient {
		if w.size < 0 {
			w.size = s.options.items
		}
	} else if err := bounded(call, p, w.size); err != nil {
		return w, err
	}
	w.short = s.variant.short && p.Style == "cursor"
	return w, s.position(call, p, &w)
}

// bounded refuses a page size outside the convention's bounds where the schema did not refuse it already.
func bounded(call *Call, p *convention.Pagination, size int) error {
	if size < max(p.Minimum, 0) || p.Maximum > 0 && size > p.Maximum {
		return &Fault{
			Status: refusal.BadRequest(call.Operation), Situation: "invalid-parameter", Parameters: []any{p.Size},
			Detail: fmt.Sprintf("query parameter %s is %d: want %d to %d", p.Size, size, p.Minimum, p.Maximum),
		}
	}
	return nil
}

func (s *Server) position(call *Call, p *convention.Pagination, w *window) error {
	switch {
	case p.Style == "link":
		return s.linkPosition(call, w)
	case p.Page == "":
	case p.Style == "cursor":
		return s.cursorPosition(call, p, w)
	case p.Style == "offset":
		w.start = min(max(call.Values.Int("query", p.Page, p.First)-p.First, 0), far)
		w.number = w.start + p.First
	default:
		w.number = call.Values.Int("query", p.Page, p.First)
		w.start = times(max(w.number, p.First)-p.First, w.size)
	}
	return nil
}

// far is behind the end of every list.
const far = math.MaxInt32 / 2

// times multiplies without overflow: a page far past the end is past the end.
func times(page, size int) int {
	if page < 0 {
		return 0
	}
	if page > far/max(size, 1) {
		return far
	}
	return page * size
}

func (s *Server) cursorPosition(call *Call, p *convention.Pagination, w *window) error {
	v, ok := call.Values.Get("query", p.Page)
	token := text(v)
	if !ok || token == "" {
		return nil
	}
	start, valid := s.openCursor(call, token)
	if !valid && p.Next == "-" && !s.tweaks.anyCursor {
		w.after = token
		return nil
	}
	if !valid && !s.tweaks.anyCursor {
		return forged(call, p.Page)
	}
	w.start, w.number = start, start
	return nil
}

// linkCursor is the query parameter by which the links of a list lead on where the document declares none: clients take links as they are
// (RFC 8288).
const linkCursor = "_cursor"

func (s *Server) linkPosition(call *Call, w *window) error {
	if !strings.Contains(call.Request.URL.RawQuery, linkCursor) {
		return nil
	}
	token := call.Request.URL.Query().Get(linkCursor)
	if token == "" {
		return nil
	}
	start, valid := s.openCursor(call, token)
	if !valid && !s.tweaks.anyCursor {
		return forged(call, linkCursor)
	}
	w.start, w.number = start, start
	return nil
}

func forged(call *Call, name string) error {
	return strange(call, name, "this cursor was not issued by this list")
}

func strange(call *Call, name, why string) error {
	return &Fault{
		Status: refusal.BadRequest(call.Operation), Situation: "invalid-parameter", Parameters: []any{name},
		Detail: fmt.Sprintf("query parameter %s: %s", name, why),
	}
}

// behind finds where a window begins whose cursor is the ID of an item: so it is with lists that tell no cursor.
func (w *window) behind(call *Call, p *convention.Pagination, records []*record) error {
	if w.after == "" {
		return nil
	}
	i := slices.IndexFunc(records, func(r *record) bool { return r.id == w.after })
	if i < 0 {
		return strange(call, p.Page, "the list has no item "+w.after)
	}
	w.start, w.number = i+1, i+1
	return nil
}

// complete writes what the page says of itself into a list's body: total, cursor, links.
func (s *Server) complete(call *Call, p *convention.Pagination, body any, w window, total int) {
	object, ok := body.(map[string]any)
	if !ok || p == nil {
		return
	}
	more := w.start+w.step() < s.tweaks.linked(total) && !w.unlinked
	if p.Total != "-" {
		if w.counted {
			source.Put(object, p.Total, json.Number(itoa(total)))
		} else {
			source.Delete(object, p.Total)
		}
	}
	if p.More != "-" {
		source.Put(object, p.More, more)
	}
	if p.Next != "-" {
		s.putNext(call, p, object, w, more)
	}
	for pointer, what := range p.Echo {
		echo(call.Content.Schema, object, pointer, w.tells(what, p, total))
	}
	if p.Links != nil {
		s.putLinks(call, p, object, w, total)
	}
}

// tellNone has a sampled list that has no items, since none can be made, say so of itself, as far as its schema takes that.
func (s *Server) tellNone(call *Call, body map[string]any) (any, error) {
	p := s.conv.Pagination(call.Operation)
	if p == nil || p.Items == "" || call.Response != call.plan.response {
		return body, nil
	}
	if items, _ := source.Get(body, p.Items); !isEmpty(items) {
		return body, nil
	}
	w, err := s.window(call, p)
	if err != nil {
		return nil, err
	}
	none := source.Clone(body)
	if s.complete(call, p, none, w, 0); !call.Content.Schema.Valid(none, schema.Response) {
		return body, nil
	}
	return none, nil
}

// firstItem is the offset of a list's first item.
func firstItem(p *convention.Pagination) int {
	if p.Style == "offset" {
		return p.First
	}
	return 0
}

// tells is what a member of a list's body says of the page.
func (w window) tells(what string, p *convention.Pagination, total int) int {
	switch what {
	case "page":
		return w.number
	case "offset":
		return w.start + firstItem(p)
	case "pages":
		return (total + w.size - 1) / max(w.size, 1)
	case "count":
		return max(min(w.step(), total-w.start), 0)
	}
	return w.size
}

// echo sets a member that is there or whose parent is, where its schema takes the number.
func echo(s *schema.Schema, object map[string]any, pointer string, n int) {
	if parent, ok := source.Get(object, pointer[:strings.LastIndexByte(pointer, '/')]); !ok || parent == nil {
		return
	}
	if member := schemaAt(s, pointer); member != nil && member.Valid(json.Number(itoa(n)), schema.Response) {
		source.Put(object, pointer, json.Number(itoa(n)))
	}
}

func schemaAt(s *schema.Schema, pointer string) *schema.Schema {
	for token := range source.Each(pointer) {
		if s = s.Find(token); s == nil {
			return nil
		}
	}
	return s
}

// following is where the next page begins.
func (s *Server) following(w window) int {
	if s.tweaks.loop {
		return w.start
	}
	return w.start + w.step()
}

// relation is a link of a page: whether it is due, and where the page that it leads to begins.
type relation struct {
	kind linkKind
	rel  string
	due  bool
	from int
}

type linkKind int

const (
	linkSelf linkKind = iota
	linkPrevious
	linkNext
	linkFirst
	linkLast
)

// leadsOn tells whether a page links to one behind it.
func (s *Server) leadsOn(w window, total int) bool {
	return w.start+w.step() < s.tweaks.linked(total) && !w.unlinked || s.tweaks.linksOn && w.start+w.step() == total
}

// leads is where the page that a link of a page leads to begins.
func (s *Server) leads(kind linkKind, w window, total int) int {
	switch kind {
	case linkSelf:
		return w.start
	case linkPrevious:
		return s.before(w)
	case linkNext:
		return s.following(w)
	case linkLast:
		return s.lastPage(w, total)
	}
	return 0
}

// relations are self always, previous but on the first page, next but on the last, first and last always.
func (s *Server) relations(l *convention.Links, w window, total int) [5]relation {
	links := [...]relation{
		{kind: linkSelf, rel: l.Self, due: true}, {kind: linkPrevious, rel: l.Previous, due: w.start > 0},
		{kind: linkNext, rel: l.Next, due: s.leadsOn(w, total)}, {kind: linkFirst, rel: l.First, due: true}, {kind: linkLast, rel: l.Last, due: true},
	}
	for i := range links {
		links[i].from = s.leads(links[i].kind, w, total)
	}
	return links
}

// putLinks writes the links of a page.
func (s *Server) putLinks(call *Call, p *convention.Pagination, object map[string]any, w window, total int) {
	if p.Links.Object {
		s.putLinkObject(call, p, object, w, total)
		return
	}
	relations := s.relations(p.Links, w, total)
	array := make([]any, 0, len(relations))
	url := s.newPageURL(call, p, w, nil)
	for _, r := range relations {
		if r.rel != "" && r.due {
			array = append(array, map[string]any{p.Links.Rel: r.rel, p.Links.Href: url.from(r.from)})
		}
	}
	source.Put(object, p.Links.Pointer, array)
}

// lastPage is where the last page begins.
func (s *Server) lastPage(w window, total int) int {
	if s.tweaks.lastBeyond {
		return total / max(w.size, 1) * w.size
	}
	return max(total-1, 0) / max(w.size, 1) * w.size
}

// before is where the page before begins.
func (s *Server) before(w window) int {
	if s.tweaks.beforeFirst {
		return w.start - w.size
	}
	return max(w.start-w.size, 0)
}

// pageURL makes the URLs of a list's pages; all parameters but those of the page are kept as they were sent.
type pageURL struct {
	server *Server
	call   *Call
	paging *convention.Pagination
	window window
	path   []byte // with the query that is kept
	plain  bool   // JSON needs no escapes for it
	total  int    // items of the list
}

// newPageURL has the path in room, where that is large enough.
func (s *Server) newPageURL(call *Call, p *convention.Pagination, w window, room []byte) pageURL {
	path := append(append(append(room, s.tweaks.home()...), strings.TrimPrefix(call.path(), call.Prefix)...), '?')
	kept := len(path)
	if !s.tweaks.bareLinks {
		path = appendWithout(path, s.keptQuery(call, p), p.Size, cmp.Or(p.Page, linkCursor))
	}
	return pageURL{server: s, call: call, paging: p, window: w, path: path, plain: plainText(path[kept:])}
}

// keptQuery is the query that links have, but for where a page is.
func (s *Server) keptQuery(call *Call, p *convention.Pagination) string {
	query := s.tweaks.spelt(call.Request.URL.RawQuery)
	if !s.tweaks.unsortedLinks {
		return query
	}
	if selection := s.conv.Selection(call.Operation, p.Items); selection != nil {
		return string(appendWithout(nil, query, selection.Sort, selection.Order))
	}
	return query
}

// from is the URL of the page that begins at an item.
func (u *pageURL) from(start int) string {
	var room [256]byte
	return string(u.append(room[:0], start))
}

func (u *pageURL) append(b []byte, start int) []byte {
	p := u.paging
	b = append(b, u.path...)
	if p.Style == "link" && start > 0 {
		b = append(appendName(b, linkCursor), u.server.cursor(u.call, start)...)
	}
	if p.Page != "" {
		switch {
		case p.Style == "cursor" && start > 0:
			b = append(appendName(b, p.Page), u.server.cursor(u.call, start)...)
		case p.Style == "offset":
			b = strconv.AppendInt(appendName(b, p.Page), int64(start+p.First), 10)
		case p.Style != "cursor":
			b = strconv.AppendInt(appendName(b, p.Page), int64(u.window.numberAt(start, p.First)), 10)
		}
	}
	if p.Size != "" {
		b = strconv.AppendInt(appendName(b, p.Size), int64(u.window.size), 10)
	}
	return b
}

// appendName writes the name of one more parameter.
func appendName(b []byte, name string) []byte {
	if b[len(b)-1] != '?' {
		b = append(b, '&')
	}
	for i := range len(name) {
		if c := name[i]; (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
			return append(append(b, url.QueryEscape(name)...), '=')
		}
	}
	return append(append(b, name...), '=')
}

// numberAt is the number of the page that begins at an item.
func (w window) numberAt(start, first int) int {
	if start == w.start {
		return w.number // as asked for: far past the end start is cut
	}
	return start/max(w.size, 1) + first
}

// linkHeader is the Link header field (RFC 8288) of a page.
func (s *Server) linkHeader(call *Call, p *convention.Pagination, w window, total int) string {
	var links []string
	url := s.newPageURL(call, p, w, nil)
	add := func(rel string, due bool, start int) {
		if spoil := s.tweaks.beside; spoil != nil && p.Style == "cursor" {
			due, start = spoil(rel, w, due, start)
		}
		if due {
			links = append(links, "<"+url.from(start)+">; rel=\""+rel+"\"")
		}
	}
	add("first", true, 0)
	add("prev", w.start > 0, s.before(w))
	add("next", s.leadsOn(w, total), s.following(w))
	add("last", true, s.lastPage(w, total))
	return strings.Join(links, ", ")
}
