package contract

import (
	"crypto/sha256"
	"sync"

	"troth/openapi/source"
)

// bodies decodes each body once, however many answers have it: seven of ten answers of a run repeat one that was had before. It is safe for
// concurrent use.
type bodies struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]*decoded
}

// decoded is what a body holds, decoded when first asked for, and anew where that was dropped.
type decoded struct {
	body []byte

	mu    sync.Mutex
	value any
	err   error
	known bool
}

func (d *decoded) json() (any, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.known {
		d.value, d.err = source.DecodeJSON(d.body)
		d.known = true
	}
	return d.value, d.err
}

// drop lets go of what was decoded: answers are kept for the whole run, and what they hold takes four times the room of their bytes.
func (d *decoded) drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.value, d.err, d.known = nil, nil, false
}

// of is what a body holds.
func (b *bodies) of(body []byte) *decoded {
	sum := sha256.Sum256(body)
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.known[sum]
	if d == nil {
		d = &decoded{body: body}
		if b.known == nil {
			b.known = map[[sha256.Size]byte]*decoded{}
		}
		b.known[sum] = d
	}
	return d
}

// forget lets go of all: exchanges keep what they have.
func (b *bodies) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.known)
}
