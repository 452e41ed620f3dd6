package mock

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"troth/openapi"
	"troth/openapi/source"
)

// A Disturbance makes answers slow, failing or broken on request (--fault), to try what a client does about it. Its members
// are independent of each other, and the zero value of each one changes nothing. Which answers are hit is a function of the
// server's seed, the operation and the ordinal of the request among those of the operation that are disturbed, so two servers
// with one seed hit the same ones.
//
// Requests that match no operation, and those for OAuth2 tokens, are not disturbed.
type Disturbance struct {
	Operations []string // operationIds; empty: all operations
	Latency    Latency  // wait before a request is looked at
	ErrorRate  float64  // share of requests, 0 to 1 or Never, that is refused with one of Errors instead of being carried out
	Errors     []int    // statuses 400 to 599; empty: the 5xx and the 429 that the operation declares, else 500
	RateLimit  RateLimit
	Reset      float64 // share of answers, 0 to 1 or Never, in whose place the connection is reset, after the request was carried out
	Truncate   float64 // share of answers, 0 to 1 or Never, whose body ends before its Content-Length
	SlowBody   int     // bytes a second that bodies are sent with; 0: at once

	place source.Place // in a file; zero elsewhere
}

// Never is a share of nothing that goes over what a more general disturbance asks for; a share of 0 says nothing. ParseDisturbance
// reads it from "0".
const Never = -1

// Check tells what is wrong with a disturbance of documents that are served side by side.
func (d *Disturbance) Check(docs ...*openapi.Document) error {
	for _, id := range d.Operations {
		if !declared(docs, id) {
			return d.errorf("operation %q: want one of %s", id, similar(docs, id))
		}
	}
	for _, share := range []struct {
		name  string
		value float64
	}{{"error", d.ErrorRate}, {"reset", d.Reset}, {"truncate", d.Truncate}} {
		if !(share.value >= 0 && share.value <= 1 || share.value == Never) {
			return d.errorf("%s %v: want a share from 0 to 1", share.name, share.value)
		}
	}
	for _, status := range d.Errors {
		if status < 400 || status > 599 {
			return d.errorf("status %d: want 400 to 599", status)
		}
	}
	if d.SlowBody < 0 {
		return d.errorf("slow %d: want bytes a second", d.SlowBody)
	}
	if err := d.Latency.check(); err != nil {
		return d.errorf("latency with %w", err)
	}
	if err := d.RateLimit.check(); err != nil {
		return d.errorf("%w", err)
	}
	return nil
}

// Of is what a disturbance of several documents asks for one of them; false where it names none of its operations.
func (d Disturbance) Of(doc *openapi.Document) (Disturbance, bool) {
	if len(d.Operations) == 0 {
		return d, true
	}
	d.Operations = slices.DeleteFunc(slices.Clone(d.Operations), func(id string) bool { return doc.Operation(id) == nil })
	return d, len(d.Operations) > 0
}

func declared(docs []*openapi.Document, id string) bool {
	return slices.ContainsFunc(docs, func(doc *openapi.Document) bool { return doc.Operation(id) != nil })
}

// errorf names the disturbance: by its place in a file, else as the flag has it.
func (d *Disturbance) errorf(format string, args ...any) error {
	if d.place.Exists() {
		return d.place.Errorf(format, args...)
	}
	return fmt.Errorf("fault %s: %w", d, fmt.Errorf(format, args...))
}

// listedIDs is how many operations an error lists.
const listedIDs = 20

// similar lists operations of documents, those that begin like id first.
func similar(docs []*openapi.Document, id string) string {
	var ids []string
	for _, doc := range docs {
		for _, op := range doc.Operations {
			ids = append(ids, op.ID)
		}
	}
	slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(shared(b, id), shared(a, id)) })
	if len(ids) <= listedIDs {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:listedIDs], ", "), len(ids)-listedIDs)
}

// shared is the length of the common beginning, without regard to case.
func shared(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// overlay puts what another disturbance asks for over what this one does.
func (d *Disturbance) overlay(o *Disturbance) {
	if o.Latency != nil {
		d.Latency = o.Latency
	}
	if o.ErrorRate != 0 {
		d.ErrorRate, d.Errors = o.ErrorRate, o.Errors
	}
	if o.RateLimit != (RateLimit{}) {
		d.RateLimit = o.RateLimit
	}
	d.Reset = cmp.Or(o.Reset, d.Reset)
	d.Truncate = cmp.Or(o.Truncate, d.Truncate)
	d.SlowBody = cmp.Or(o.SlowBody, d.SlowBody)
}

// String is the disturbance in the form that ParseDisturbance reads.
func (d Disturbance) String() string {
	var parts []string
	add := func(given bool, name, value string) {
		if given {
			parts = append(parts, name+"="+value)
		}
	}
	add(d.Latency != nil, "latency", d.Latency.String())
	add(d.ErrorRate != 0, "error", number(max(d.ErrorRate, 0)))
	add(len(d.Errors) > 0, "status", strings.Trim(strings.ReplaceAll(fmt.Sprint(d.Errors), " ", ","), "[]"))
	add(d.RateLimit != (RateLimit{}), "rate", d.RateLimit.String())
	add(d.Reset != 0, "reset", number(max(d.Reset, 0)))
	add(d.Truncate != 0, "truncate", number(max(d.Truncate, 0)))
	add(d.SlowBody > 0, "slow", strconv.Itoa(d.SlowBody)+"B/s")
	text := strings.Join(parts, ",")
	if len(d.Operations) > 0 {
		return strings.Join(d.Operations, ",") + ":" + text
	}
	return text
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// RateLimit is how many requests are answered in a window, which begins with the first request behind the one before. Further
// requests are refused with 429 and Retry-After (RFC 6585 §4) until the window ends. The zero value is no limit.
//
// A disturbance without operations has one budget for the whole document; each operation that is named has its own. All clients
// share it.
type RateLimit struct {
	Requests int
	Window   time.Duration
}

// String is the form "100/1m0s".
func (r RateLimit) String() string { return strconv.Itoa(r.Requests) + "/" + r.Window.String() }

func (r RateLimit) check() error {
	if r != (RateLimit{}) && (r.Requests < 1 || r.Window <= 0) {
		return errors.New("rate without requests or window: want both above 0")
	}
	return nil
}
