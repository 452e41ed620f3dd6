package mock

import (
	"fmt"
	"net/http"
)

// Variation is a way in which servers differ and every promise is kept: to see what a client, or a contract suite, makes of a server that is
// right and not like the others.
type Variation struct {
	Name string // kebab-case
	Text string // what the server does
	vary func(*variant)
}

// variant are the places where variations take hold; the zero value changes nothing.
type variant struct {
	around    []func(next http.Handler) http.Handler      // between the network and the server
	admit     []func(s *Server, call *Call) error         // before anything is judged: refuses
	refuse    []func(call *Call) error                    // valid requests
	fault     []func(call *Call, f *Fault)                // before a refusal is written
	list      []func(*collection, []*record) []*record    // what a list shows
	reply     []func(s *Server, call *Call, reply *Reply) // after the reply was verified
	items     int                                         // in each list; -1: as many as the option says
	past      bool                                        // a page behind the last one is refused
	short     bool                                        // pages that a cursor leads on from hold half of what was asked for
	nonceOnce bool                                        // each nonce of a digest is good for one request
}

// Variations lists every variation that WithVariation knows.
func Variations() []Variation {
	return []Variation{
		{"clamping", "reads a page size outside the limits as the nearest one within", onAdmit(clamping)},
		{"optional-missing", "leaves out the optional members of items", onAnswer(optionalMissing)},
		{"optional-sparse", "leaves out every other optional member of items", onAnswer(optionalSparse)},
		{"extra-members", "adds members that the document does not name, where it allows them", onAnswer(extraMembers)},
		{"members-restless", "adds members that the document does not name, with another value in each answer", func(v *variant) { v.reply = append(v.reply, restlessMembers()) }},
		{"members-reversed", "writes the members of objects in another order", around(jsonBodies(reversed))},
		{"always-pretty", "indents every JSON body", around(jsonBodies(pretty))},
		{"escaped", "writes / and what is no ASCII in JSON as escapes", around(jsonBodies(escaped))},
		{"newline", "ends JSON bodies with a line break", around(jsonBodies(newline))},
		{"charset-upper", "writes charset=UTF-8 behind a blank", around(charset("; charset=UTF-8"))},
		{"charset-quoted", "writes charset=\"utf-8\"", around(charset(`;charset="utf-8"`))},
		{"charset-absent", "writes no charset", around(charset(""))},
		{"gzip", "compresses what the client takes compressed", around(zipped)},
		{"chunked", "sends bodies in chunks, without Content-Length", around(chunked)},
		{"connection-close", "closes the connection behind each answer", around(fields("Connection", "close"))},
		{"headers-lower-case", "writes the names of header fields in lower case", around(lowerCase)},
		{"headers-more", "adds header fields that the document does not name", around(fields("Server", "other/1.0", "X-Request-Id", "7f3a", "Cache-Control", "no-cache, private"))},
		{"weak-etags", "adds weak ETags to answers to GET", around(weakETags)},
		{"few-items", "holds 3 items in each list", withItems(3)},
		{"one-item", "holds one item in each list", withItems(1)},
		{"no-items", "holds no items", withItems(0)},
		{"many-items", "holds 1,000 items in each list", withItems(1000)},
		{"times-in-milliseconds", "writes times with milliseconds", onAnswer(timesInMilliseconds)},
		{"nonces-once", "takes each nonce of a digest for one request", func(v *variant) { v.nonceOnce = true }},
		{"slow", "takes 30 ms for each answer", around(slow)},
		{"rate-limited", "answers every 60th request 429 where that is declared, to come again in a second", limiting(inSeconds)},
		{"rate-limited-date", "answers every 60th request 429 where that is declared, to come again at a time if that may be declared so", limiting(atTime)},
		{"changing", "inserts and deletes items of lists while they are walked", func(v *variant) { v.list = append(v.list, changing()) }},
		{"names-once", "takes each text of a member called name once, and answers 409 to the next, where that is declared", func(v *variant) {
			v.refuse = append(v.refuse, namesOnce(http.MethodPost, http.MethodPut, http.MethodPatch))
		}},
		{"created-last", "shows what is created at the end of lists", onList(createdLast)},
		{"links-relative", "writes links without scheme and host", onAnswer(relativeLinks)},
		{"method-404", "answers 404 to a method that a path does not have", onFault(methodAs404)},
		{"malformed-404", "answers 404 to a malformed value in a path", onFault(malformedAs404)},
		{"wrong-credentials-403", "answers 403 to credentials that are wrong, where that is declared", onFault(wrongAs403)},
		{"head-refused", "answers 405 to HEAD", onAdmit(headRefused)},
		{"unknown-parameters-refused", "answers 400 to query parameters that the document does not name, where 400 is declared", onAdmit(unknownParameters)},
		{"short-pages", "shows half of what was asked for on pages that a cursor leads on from", func(v *variant) { v.short = true }},
		{"past-the-end-refused", "answers 404 or 400 behind the last page, where that is declared", func(v *variant) { v.past = true }},
	}
}

func variationNames() (names []string) {
	for _, v := range Variations() {
		names = append(names, v.Name)
	}
	return names
}

// WithVariation makes the server differ in a way that keeps every promise: see Variations for the names. Several may be given. An unknown name
// is an error that lists them.
func WithVariation(name string) Option {
	return func(o *options) error {
		for _, v := range Variations() {
			if v.Name == name {
				o.variations = append(o.variations, v)
				return nil
			}
		}
		return fmt.Errorf("variation %q is unknown: want one of %v", name, variationNames())
	}
}

func around(f func(http.Handler) http.Handler) func(*variant) {
	return func(v *variant) { v.around = append(v.around, f) }
}

func onAdmit(f func(*Server, *Call) error) func(*variant) {
	return func(v *variant) { v.admit = append(v.admit, f) }
}

// limiting refuses some requests; each server counts for itself.
func limiting(retry func() string) func(*variant) {
	return func(v *variant) { v.admit = append(v.admit, limited(retry)) }
}

func onFault(f func(*Call, *Fault)) func(*variant) {
	return func(v *variant) { v.fault = append(v.fault, f) }
}

func onList(f func(*collection, []*record) []*record) func(*variant) {
	return func(v *variant) { v.list = append(v.list, f) }
}

func onAnswer(f func(*Server, *Call, *Reply)) func(*variant) {
	return func(v *variant) { v.reply = append(v.reply, f) }
}

func withItems(n int) func(*variant) { return func(v *variant) { v.items = n } }

// vary puts the server behind its variations.
func (s *Server) vary() {
	s.variant.items = -1
	for _, v := range s.options.variations {
		v.vary(&s.variant)
	}
	for _, refuse := range s.variant.refuse {
		onRequest(refuse)(&s.tweaks)
	}
	if s.variant.items >= 0 {
		s.options.items = s.variant.items
	}
	s.tweaks.whole = s.tweaks.whole || len(s.variant.reply) > 0
	s.tweaks.noMemo = s.tweaks.noMemo || len(s.variant.list) > 0
	if len(s.variant.around) == 0 {
		return
	}
	s.front = http.HandlerFunc(s.serve)
	for _, f := range s.variant.around {
		s.front = f(s.front)
	}
}

// admitted tells why a variation refuses a request, nil where none does.
func (s *Server) admitted(call *Call) error {
	for _, admit := range s.variant.admit {
		if err := admit(s, call); err != nil {
			return err
		}
	}
	return nil
}
