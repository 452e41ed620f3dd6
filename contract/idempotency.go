package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"strconv"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// NewKey is a value of the operation's idempotency key that no request had before, of this run or of another: a server may keep keys for days.
// Skip where none can be made.
func (c *Case) NewKey() (string, error) {
	p := c.Op.IdempotencyKey()
	if p == nil {
		return "", Skip("no idempotency key is declared")
	}
	if text := c.session.newKey(p); text != "" {
		return text, nil
	}
	return "", Skip("no new values of %s can be made", p.Name)
}

// newKey is the first of some usual forms of a new key that the parameter's schema takes, "" where it takes none.
func (s *session) newKey(p *openapi.Parameter) string {
	s.mu.Lock()
	s.lastKey++
	n := s.lastKey
	s.mu.Unlock()
	sum := sha256.Sum256([]byte(s.nonce + strconv.Itoa(n)))
	digits := hex.EncodeToString(sum[:])
	uuid := digits[:8] + "-" + digits[8:12] + "-4" + digits[13:16] + "-8" + digits[17:20] + "-" + digits[20:32]
	for _, text := range []string{uuid, `"` + uuid + `"`, digits[:32], digits, digits[:20], digits[:12], digits[:8]} {
		if p.Schema == nil || p.Schema.Valid(text, schema.Request) {
			return text
		}
	}
	for try := range 20 {
		v, err := sample.Value(p.Schema, sample.Hash(uint64(try), digits), sample.For(schema.Request), sample.Named(p.Name))
		if text, scalar := openapi.Text(v); err == nil && scalar && text != "" && !s.hadKey(text) {
			return text
		}
	}
	return ""
}

// hadKey tells whether newKey made a key before, and notes it.
func (s *session) hadKey(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	had := s.keys[text]
	if s.keys == nil {
		s.keys = map[string]bool{}
	}
	s.keys[text] = true
	return had
}

// keyed notes that a request carries an idempotency key only because it has to: then each has its own when it is sent.
func (c *Case) keyed(r *Request, usual string) {
	p := c.Op.IdempotencyKey()
	if p != nil && usual != "" && r.Header.Get(p.Name) == usual && r.Method == c.Op.Method && len(c.Given(p.Name)) == 0 {
		r.key = p
	}
}

// usualKey is the idempotency key that the ordinary request is made with, "" for none.
func (c *Case) usualKey(r *Request) string {
	if p := c.Op.IdempotencyKey(); p != nil {
		return r.Header.Get(p.Name)
	}
	return ""
}

// underKey is the request with an idempotency key of its own, where it has to carry one.
func (s *session) underKey(r Request) Request {
	if r.key == nil {
		return r
	}
	if text := s.newKey(r.key); text != "" {
		r.Header = maps.Clone(r.Header)
		r.Header[http.CanonicalHeaderKey(r.key.Name)] = []string{text}
	}
	return r
}
