package mock

import (
	"fmt"
	"sync"

	"troth/openapi/convention"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// frame is what all pages of a collection in one form have in common: the list's body around them.
type frame struct {
	collection *collection
	schema     *schema.Schema   // of the list's body
	item       *schema.Schema   // of its items, nil where it lists none
	least      sampled          // with as few members as it takes
	full       sampled          // with optional members: what tells of the page may need them around it
	whole      convention.Whole // of a list that is not paged
	stencils   stencils
	once       sync.Once
	cursors    *cursors // nil: signed ones
}

// sampled is a value that is made when it is first needed.
type sampled struct {
	once  sync.Once
	value any
	err   error
}

// frames are a collection's frames, by schema: as many as the list has contents.
type frames struct {
	mu   sync.Mutex
	list []*frame
}

func (c *collection) frame(s *schema.Schema) *frame {
	c.frames.mu.Lock()
	defer c.frames.mu.Unlock()
	for _, f := range c.frames.list {
		if f.schema == s {
			return f
		}
	}
	f := &frame{collection: c, schema: s, item: convention.ItemSchema(s, c.resource.shape.items)}
	if shape := &c.resource.shape; shape.page == nil && shape.items != "" {
		f.whole = convention.WholeOf(s)
	}
	c.frames.list = append(c.frames.list, f)
	return f
}

// body is a list's body that the caller may change.
func (f *frame) body(s *sampled, opts ...sample.Option) (any, error) {
	s.once.Do(func() {
		c := f.collection
		s.value, s.err = sample.Value(f.schema, sample.Hash(c.seed, "list"), append(opts, sample.Members(c.echoed()))...)
		if s.err != nil {
			s.err = fmt.Errorf("list body: %w", s.err)
		}
		source.Put(s.value, c.resource.shape.items, nil) // each page has its own
	})
	return source.Clone(s.value), s.err
}

// page is the part of a list that one answer shows: its items, and the text of each once they are loaded.
type page struct {
	call          *Call
	frame         *frame
	records       []*record
	values, texts []any
	items         any  // values, in the interface that bodies hold them by
	valid         bool // each item is
}

func (c *collection) page(call *Call, records []*record) page {
	return page{call: call, frame: c.frame(call.Content.Schema), records: records}
}

// load looks up the items.
func (p *page) load() error {
	n := len(p.records)
	both := make([]any, 2*n)
	p.values, p.texts, p.valid = both[:n:n], both[n:], true
	for i, r := range p.records {
		v, err := p.frame.collection.view(r, p.frame.item)
		if err != nil {
			return fmt.Errorf("list item: %w", err)
		}
		p.values[i], p.texts[i], p.valid = v.value, v.text, p.valid && v.valid
	}
	p.items = p.values
	return nil
}

// bare answers with the items alone.
func (p *page) bare(reply *Reply) error {
	if err := p.load(); err != nil {
		return err
	}
	if reply.Body = p.items; reply.Content.Type.IsJSON() {
		reply.Encoded = appendArray(make([]byte, 0, p.length()), p.texts)
	}
	reply.verified = p.valid && p.frame.schema.ValidAround(reply.Body, schema.Response, p.values, p.frame.item)
	return nil
}

// wrap answers with a list's body around the items, which are encoded already and judged already: by the stencil of this kind of page where
// nobody needs more than the text.
func (p *page) wrap(reply *Reply, w window, total int) error {
	if !p.textual(reply) {
		return p.build(reply, w, total)
	}
	kind := w.kind(total)
	cut, known := p.frame.stencils.get(kind)
	if cut != nil {
		if reply.Encoded, reply.verified = cut.print(p, w, total); reply.verified {
			return nil
		}
	}
	err := p.build(reply, w, total)
	if !known && reply.verified {
		p.frame.stencils.put(kind, p.cut(reply.Body, w, total))
	}
	return err
}

// textual tells whether the text of a page is enough: nothing changes its body or looks into it.
func (p *page) textual(reply *Reply) bool {
	s := p.frame.collection.resource.server
	return reply.Content.Type.IsJSON() && len(p.call.plan.callbacks) == 0 && len(s.options.defects) == 0 && !s.tweaks.whole
}

// build makes the body as a value, and its text.
func (p *page) build(reply *Reply, w window, total int) error {
	if err := p.load(); err != nil {
		return err
	}
	f := p.frame
	body, err := f.body(&f.least, sample.Minimal())
	if err != nil {
		return err
	}
	if reply.verified = p.fill(body, w, total); !reply.verified {
		if body, err = f.body(&f.full); err != nil {
			return err
		}
		reply.verified = p.fill(body, w, total)
	}
	if reply.Body = body; reply.Content.Type.IsJSON() {
		shape := &f.collection.resource.shape
		source.Put(body, shape.items, p.texts)
		reply.Encoded = appendJSON(make([]byte, 0, p.length()), body)
		source.Put(body, shape.items, p.items)
	}
	return nil
}

// fill puts the items and what tells of the page into a list's body; false where the body is then not valid.
func (p *page) fill(body any, w window, total int) bool {
	c := p.frame.collection
	shape := &c.resource.shape
	source.Put(body, shape.items, p.items)
	c.resource.server.complete(p.call, shape.page, body, w, total)
	if shape.page == nil {
		p.tellWhole(body, total)
	}
	if p.valid {
		return p.frame.schema.ValidAround(body, schema.Response, p.values, p.frame.item)
	}
	return p.frame.schema.Valid(body, schema.Response)
}

// tellWhole has the members that tell of a list that is not paged, where they are there, count its items and tell of no other page.
func (p *page) tellWhole(body any, total int) {
	whole := &p.frame.whole
	for _, pointer := range whole.Counts {
		if _, ok := source.Get(body, pointer); ok {
			echo(p.frame.schema, body.(map[string]any), pointer, total)
		}
	}
	if more, ok := source.Get(body, whole.More); ok && more == true && schemaAt(p.frame.schema, whole.More).Valid(false, schema.Response) {
		source.Put(body, whole.More, false)
	}
}

// length is about how long the page's text is.
func (p *page) length() int {
	n := 512
	for _, text := range p.texts {
		n += len(text.(raw)) + 1
	}
	return n
}
