package mock

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"sync"

	"troth/openapi/convention"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// cursor is an opaque, tamper-evident position in one list: four bytes of position and eight of HMAC-SHA-256. In hexadecimal it is a text that
// schemas of tokens take, base64 (format byte) included, and there is one form of it only.
func (s *Server) cursor(call *Call, start int) string {
	signed := s.signedCursor(call, start)
	if f := call.cursors; f != nil && !f.takes(signed) {
		if made := f.at(call.listed, start); made != "" {
			return made
		}
	}
	return signed
}

func (s *Server) signedCursor(call *Call, start int) string {
	var b [12]byte
	binary.BigEndian.PutUint32(b[:4], uint32(start))
	copy(b[4:], s.sign(call, b[:4]))
	return hex.EncodeToString(b[:])
}

// openCursor is the position that a cursor stands for; ok is false where it is none of this list.
func (s *Server) openCursor(call *Call, token string) (start int, ok bool) {
	if start, ok = s.openSigned(call, token); ok || call.cursors == nil {
		return start, ok
	}
	return call.cursors.position(call.listed, token)
}

func (s *Server) openSigned(call *Call, token string) (start int, ok bool) {
	b, err := hex.DecodeString(token)
	if err != nil || len(b) != 12 || !hmac.Equal(b[4:], s.sign(call, b[:4])) || hex.EncodeToString(b) != token {
		return 0, false
	}
	return int(binary.BigEndian.Uint32(b[:4])), true
}

func (s *Server) sign(call *Call, position []byte) []byte {
	mac := hmac.New(sha256.New, binary.BigEndian.AppendUint64(nil, s.options.seed))
	mac.Write([]byte(call.Request.URL.Path + "?" + call.listed))
	mac.Write(position)
	return mac.Sum(nil)[:8]
}

// cursors are those of one form of a list whose document says what a cursor looks like: where it takes no signed one, that of a position is a
// sample. They depend on the seed and the list only, so that they outlive the process.
type cursors struct {
	told, asked *schema.Schema // of the member and of the parameter; nil: there is none
	seed        uint64
	furthest    int // position that a cursor nobody asked for yet may have

	mu     sync.Mutex
	tables map[string]*cursorTable // by selection of the list
}

// cursorTable has the cursor of each position, as far as one was needed.
type cursorTable struct {
	texts []string
	index map[string]int
}

const (
	keptCursors  = 16 // selections of a list
	cursorTrials = 20 // samples, until a cursor is one that no position before has
	beyondCursor = 50 // items that may be gone since a cursor was issued
	mostTried    = 5000
)

// cursorsOf are the cursors of a list in the form of a call's content, nil where signed ones always do.
func (c *collection) cursorsOf(call *Call, p *convention.Pagination, f *frame) *cursors {
	if p == nil || p.Style != "cursor" {
		return nil
	}
	f.once.Do(func() {
		made := &cursors{seed: sample.Hash(c.seed, "cursors"), furthest: min(c.resource.server.options.items+beyondCursor, mostTried), tables: map[string]*cursorTable{}}
		if p.Next != "-" {
			made.told = schemaAt(f.schema, p.Next)
		}
		if param := call.Operation.Parameter("query", p.Page); param != nil {
			made.asked = param.Schema
		}
		if !anyText(made.told) || !anyText(made.asked) {
			f.cursors = made
		}
	})
	return f.cursors
}

func anyText(s *schema.Schema) bool { return s == nil || s.AnyText() }

// takes tells whether the document accepts a cursor, both where it is told and where it is sent.
func (f *cursors) takes(cursor string) bool {
	return accepts(f.told, cursor) && accepts(f.asked, cursor)
}

// at is the cursor of a position, "" where there is none.
func (f *cursors) at(listed string, position int) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.table(listed)
	f.grow(t, listed, position)
	return t.texts[position]
}

// position is where a cursor leads to; ok is false where no position has it.
func (f *cursors) position(listed, cursor string) (position int, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.table(listed)
	if position, ok = t.index[cursor]; !ok {
		f.grow(t, listed, f.furthest)
		position, ok = t.index[cursor]
	}
	return position, ok
}

func (f *cursors) table(listed string) *cursorTable {
	t := f.tables[listed]
	if t == nil {
		if len(f.tables) >= keptCursors {
			clear(f.tables)
		}
		t = &cursorTable{index: map[string]int{}}
		f.tables[listed] = t
	}
	return t
}

// grow makes the cursors up to a position: each other than those before, so that it stands for one position only.
func (f *cursors) grow(t *cursorTable, listed string, position int) {
	for n := len(t.texts); n <= position; n++ {
		made := ""
		for try := 0; try < cursorTrials && made == ""; try++ {
			made = f.another(t, sample.Hash(f.seed, listed, itoa(n), itoa(try)))
		}
		if t.texts = append(t.texts, made); made != "" {
			t.index[made] = n
		}
	}
}

// another is a cursor that the table has not, "" where none is found: rather one with digits that nobody guesses behind it.
func (f *cursors) another(t *cursorTable, seed uint64) string {
	for _, s := range []*schema.Schema{f.told, f.asked} {
		if s == nil {
			continue
		}
		v, err := sample.Value(s, seed)
		if err != nil || text(v) == "" {
			continue
		}
		for _, cursor := range []string{text(v) + hex.EncodeToString(binary.BigEndian.AppendUint64(nil, seed)), text(v)} {
			if _, taken := t.index[cursor]; !taken && f.takes(cursor) {
				return cursor
			}
		}
	}
	return ""
}
