package openapi

import "sync"

// sharedEntries is how many values a document keeps for its users.
const sharedEntries = 64

// shared is what the users of one document compute of it, and need not compute again.
type shared struct {
	mu     sync.Mutex
	values map[any]func() any
}

// Shared returns what make computes, once for all users of the document that ask with the same key; all get the same value, so nobody may
// change it. A document keeps 64 values; for further keys make is called each time.
func (d *Document) Shared(key any, make func() any) any {
	d.shared.mu.Lock()
	once := d.shared.values[key]
	if once == nil && len(d.shared.values) < sharedEntries {
		if d.shared.values == nil {
			d.shared.values = map[any]func() any{}
		}
		once = sync.OnceValue(make)
		d.shared.values[key] = once
	}
	d.shared.mu.Unlock()
	if once == nil {
		return make()
	}
	return once()
}
