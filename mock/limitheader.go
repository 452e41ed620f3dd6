package mock

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"troth/openapi"
	"troth/openapi/schema"
)

// rateHeader is one header that tells clients about a rate limit, as draft-ietf-httpapi-ratelimit-headers-06 names it.
type rateHeader struct {
	name    string
	aliases []string // lower case, without separators and X-
	value   func(b budget, h *openapi.Header) string
}

func rateHeaders() []rateHeader {
	return []rateHeader{
		{"RateLimit-Limit", []string{"ratelimitlimit", "ratelimit"}, func(b budget, _ *openapi.Header) string { return strconv.Itoa(b.limit) }},
		{"RateLimit-Remaining", []string{"ratelimitremaining"}, func(b budget, _ *openapi.Header) string { return strconv.Itoa(b.remaining) }},
		{"RateLimit-Reset", []string{"ratelimitreset", "ratelimitresetafter"}, resetValue},
	}
}

// announce tells the budget in headers: those that the response declares, else those that another response of the operation does, else
// under the draft's names.
func (b budget) announce(header http.Header, op *openapi.Compiled, status int) {
	if b.limit == 0 || op == nil {
		return
	}
	for _, r := range rateHeaders() {
		h := r.declared(op, status)
		if h == nil {
			header.Set(r.name, r.value(b, nil))
			continue
		}
		// What the declared schema refuses is not sent: the answer keeps the document.
		if text := r.value(b, h); fits(h, text) {
			header.Set(h.Name, text)
		}
	}
}

func (r *rateHeader) declared(op *openapi.Compiled, status int) *openapi.Header {
	if response := op.Response(status); response != nil {
		if h := r.in(response); h != nil {
			return h
		}
	}
	for _, response := range op.Responses {
		if h := r.in(response); h != nil {
			return h
		}
	}
	return nil
}

func (r *rateHeader) in(response *openapi.Response) *openapi.Header {
	for _, alias := range r.aliases {
		for _, h := range response.Headers {
			if plainName(h.Name) == alias && (alias != "ratelimit" || h.Schema.Types == schema.TypeInteger) {
				return h
			}
		}
	}
	return nil
}

var separators = strings.NewReplacer("-", "", "_", "")

func plainName(header string) string {
	return strings.TrimPrefix(separators.Replace(strings.ToLower(header)), "x")
}

// fits tells whether a header's schema accepts a text, read as a number or as it is.
func fits(h *openapi.Header, text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil && h.Schema.Valid(json.Number(text), schema.Response) || h.Schema.Valid(text, schema.Response)
}

// resetValue is when the window ends: seconds from now, or a point in time where the document says so by format, description or
// example.
func resetValue(b budget, h *openapi.Header) string {
	switch {
	case h == nil:
	case h.Schema.Format == "date-time":
		return b.end.UTC().Add(time.Second - 1).Truncate(time.Second).Format(time.RFC3339)
	case isEpoch(h):
		return strconv.FormatInt(b.end.Add(time.Second-1).Unix(), 10)
	}
	return b.seconds()
}

// isEpoch tells whether a header counts seconds since 1970.
func isEpoch(h *openapi.Header) bool {
	text := strings.ToLower(h.Place.Node.Get("description").Text() + " " + h.Schema.Description)
	if strings.Contains(text, "epoch") || strings.Contains(text, "unix") || strings.Contains(text, "timestamp") {
		return true
	}
	examples := h.Schema.Examples
	for _, e := range h.Examples {
		examples = append(examples[:len(examples):len(examples)], e.Value)
	}
	for _, e := range examples {
		n, ok := e.(json.Number)
		if i, err := n.Int64(); ok && err == nil && i > 1_000_000_000 {
			return true
		}
	}
	return false
}
