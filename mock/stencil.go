package mock

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"troth/openapi/convention"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// stencil is the text of a list's pages of one kind. They differ in their items and in a few numbers and texts only, and where one schema
// alone judges each of these, and nothing judges how they go together, a page is valid if its parts are: the text around them was judged with
// the first page.
type stencil struct {
	around      []string // texts; a gap stands behind each but the last
	gaps        []*gap
	least, most int // items that the list may have; -1: no limit
}

// pageKind is what decides which members and links a page has.
type pageKind struct{ previous, more, counted bool }

func (w window) kind(total int) pageKind {
	return pageKind{w.start > 0, w.start+w.step() < total, w.counted}
}

// gap is what differs from page to page.
type gap struct {
	pointer string
	holds   gapKind
	what    string         // of a number that tells of the page (see window.tells)
	link    linkKind       // of a link
	schema  *schema.Schema // of a number or text
	free    bool           // each text is valid
	proven  atomic.Int64   // the number, plus 1, that was found valid last
}

// gapKind is what stands in a gap.
type gapKind int

const (
	pageItems  gapKind = iota
	pageTotal          // numbers
	pageNext           // the position of the next page
	pageTold           // what the page says of itself
	pageCursor         // texts
	pageLink
)

func (g *gap) isNumber() bool {
	return g.holds == pageTotal || g.holds == pageNext || g.holds == pageTold
}

// number is what stands in a gap for a number.
func (g *gap) number(u *pageURL) int {
	switch g.holds {
	case pageTotal:
		return u.total
	case pageNext:
		return u.server.following(u.window) + u.paging.First
	}
	return u.window.tells(g.what, u.paging, u.total)
}

// text is what stands in a gap for a text.
func (g *gap) text(b []byte, u *pageURL) []byte {
	if g.holds == pageCursor {
		return append(b, u.server.cursor(u.call, u.server.following(u.window))...)
	}
	return u.append(b, u.server.leads(g.link, u.window, u.total))
}

// stencils are those of a frame by kind; nil for a kind whose pages have none.
type stencils struct {
	mu   sync.RWMutex
	kept map[pageKind]*stencil
}

func (s *stencils) get(kind pageKind) (found *stencil, known bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	found, known = s.kept[kind]
	return found, known
}

func (s *stencils) put(kind pageKind, made *stencil) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[pageKind]*stencil{}
	}
	s.kept[kind] = made
}

// cut makes the stencil of a valid page's kind from its body; nil where the page does not fall into parts.
func (p *page) cut(body any, w window, total int) *stencil {
	shape := &p.frame.collection.resource.shape
	list := lone(p.frame.schema, shape.items)
	if list == nil || list.Items != p.frame.item || list.Lone("0") == nil {
		return nil
	}
	gaps, ok := p.gaps(body, w, total)
	if !ok {
		return nil
	}
	marked := source.Clone(body)
	for i, g := range gaps {
		source.Put(marked, g.pointer, raw(mark(i)))
	}
	cut := &stencil{least: list.MinItems, most: list.MaxItems, gaps: make([]*gap, 0, len(gaps))}
	text := string(appendJSON(nil, marked))
	for text != "" {
		before, rest, found := strings.Cut(text, "\x00")
		if cut.around = append(cut.around, before); !found {
			break
		}
		number, after, _ := strings.Cut(rest, "\x01")
		i, err := strconv.Atoi(number)
		if err != nil || i >= len(gaps) {
			return nil
		}
		cut.gaps, text = append(cut.gaps, gaps[i]), after
	}
	if len(cut.gaps) != len(gaps) || len(cut.around) != len(gaps)+1 {
		return nil
	}
	return cut
}

// mark is a text that no JSON has.
func mark(i int) string { return "\x00" + strconv.Itoa(i) + "\x01" }

// lone is the schema that alone judges what stands at a pointer into values of s, nil where others do too.
func lone(s *schema.Schema, pointer string) *schema.Schema {
	for token := range source.Each(pointer) {
		if s = s.Lone(token); s == nil {
			return nil
		}
	}
	return s
}

// gaps are the places of a page's body that differ from page to page; ok is false where one of them does not hold what it should, or is not
// judged on its own.
func (p *page) gaps(body any, w window, total int) (gaps []*gap, ok bool) {
	shape := &p.frame.collection.resource.shape
	s := p.frame.collection.resource.server
	gaps = []*gap{{pointer: shape.items}}
	if shape.page == nil {
		return gaps, len(p.frame.whole.Counts) == 0
	}
	if s.leadsOff(shape.page, body, w, total) {
		return nil, false
	}
	url := s.newPageURL(p.call, shape.page, w, nil)
	url.total = total
	for _, g := range s.differing(shape.page, w, total) {
		held, has := source.Get(body, g.pointer)
		if !has && g.isNumber() {
			continue // a number that this form of the list does not tell
		}
		if g.schema = lone(p.frame.schema, g.pointer); g.schema == nil || !has {
			return nil, false
		}
		want := g.append(nil, &url)
		if !bytes.Equal(appendJSON(nil, held), want) {
			return nil, false
		}
		g.free = g.schema.AnyText()
		gaps = append(gaps, g)
	}
	return gaps, true
}

// differing are the numbers and texts that complete writes into pages of a window's kind.
func (s *Server) differing(p *convention.Pagination, w window, total int) (gaps []*gap) {
	if p.Total != "-" && w.counted {
		gaps = append(gaps, &gap{pointer: p.Total, holds: pageTotal})
	}
	if p.Next != "-" && w.kind(total).more {
		g := &gap{pointer: p.Next, holds: pageCursor}
		if p.Style == "offset" {
			g.holds = pageNext
		}
		gaps = append(gaps, g)
	}
	for _, pointer := range slices.Sorted(maps.Keys(p.Echo)) {
		gaps = append(gaps, &gap{pointer: pointer, holds: pageTold, what: p.Echo[pointer]})
	}
	if p.Links == nil {
		return gaps
	}
	n := 0
	for _, r := range s.relations(p.Links, w, total) {
		if r.rel == "" || !r.due {
			continue
		}
		g := &gap{pointer: p.Links.Pointer + "/" + source.Escape(r.rel), holds: pageLink, link: r.kind}
		if p.Links.Object && p.Links.Href != "" {
			g.pointer += "/" + source.Escape(p.Links.Href)
		}
		if !p.Links.Object {
			g.pointer = p.Links.Pointer + "/" + itoa(n) + "/" + source.Escape(p.Links.Href)
		}
		gaps = append(gaps, g)
		n++
	}
	return gaps
}

// print writes a page by its stencil; ok is false where a part is not valid, or cannot be made.
func (s *stencil) print(p *page, w window, total int) (text []byte, ok bool) {
	if n := len(p.records); n < s.least || s.most >= 0 && n > s.most {
		return nil, false
	}
	room := bodies.Get().(*[]byte)
	defer bodies.Put(room)
	if *room, ok = s.append((*room)[:0], p, w, total); !ok {
		return nil, false
	}
	return bytes.Clone(*room), true
}

func (s *stencil) append(b []byte, p *page, w window, total int) (text []byte, ok bool) {
	c := p.frame.collection
	var room [256]byte
	var url pageURL
	if paging := c.resource.shape.page; paging != nil {
		url = c.resource.server.newPageURL(p.call, paging, w, room[:0])
	}
	url.total = total
	for i, g := range s.gaps {
		b = append(b, s.around[i]...)
		if g.holds == pageItems {
			if b, ok = p.append(b); !ok {
				return b, false
			}
			continue
		}
		from := len(b)
		if b = g.append(b, &url); !g.accepts(b[from:], &url) {
			return b, false
		}
	}
	return append(b, s.around[len(s.gaps)]...), true
}

// append writes the items; ok is false where one is not valid, or cannot be made.
func (p *page) append(b []byte) (text []byte, ok bool) {
	b = append(b, '[')
	for i, r := range p.records {
		v, err := p.frame.collection.view(r, p.frame.item)
		if err != nil || !v.valid {
			return b, false
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, v.text.(raw)...)
	}
	return append(b, ']'), true
}

func (g *gap) append(b []byte, u *pageURL) []byte {
	if g.isNumber() {
		return strconv.AppendInt(b, int64(g.number(u)), 10)
	}
	if u.plain {
		return append(g.text(append(b, '"'), u), '"')
	}
	var room [256]byte
	return appendQuoted(b, g.text(room[:0], u))
}

// accepts tells whether what was written is valid.
func (g *gap) accepts(text []byte, u *pageURL) bool {
	if !g.isNumber() {
		if g.free {
			return true
		}
		var v string
		return json.Unmarshal(text, &v) == nil && g.schema.Valid(v, schema.Response)
	}
	n := int64(g.number(u))
	if g.proven.Load() == n+1 {
		return true
	}
	if !g.schema.Valid(json.Number(text), schema.Response) {
		return false
	}
	g.proven.Store(n + 1)
	return true
}
