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

type decoded struct {
	body []byte
	json func() (any, error)
}

// of is what a body holds.
func (b *bodies) of(body []byte) *decoded {
	sum := sha256.Sum256(body)
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.known[sum]
	if d == nil {
		d = &decoded{body, sync.OnceValues(func() (any, error) { return source.DecodeJSON(body) })}
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
