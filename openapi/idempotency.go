package openapi

import (
	"net/http"
	"strings"
)

// IdempotencyKey is the header parameter that tells a request that is sent again from a new one (draft-ietf-httpapi-idempotency-key-header):
// Idempotency-Key, or a name that ends so ("X-Idempotency-Key"), of POST and PATCH, which are not idempotent by themselves. Nil where none is declared.
func (c *Compiled) IdempotencyKey() *Parameter {
	if c.Method != http.MethodPost && c.Method != http.MethodPatch {
		return nil
	}
	for _, p := range c.Parameters {
		if p.In == "header" && strings.HasSuffix(strings.ToLower(p.Name), "idempotency-key") {
			return p
		}
	}
	return nil
}
