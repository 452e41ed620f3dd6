package mock

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"troth/openapi"
	"troth/openapi/convention"
)

// Option changes how a server behaves.
type Option func(*options) error

type options struct {
	seed     uint64
	items    int
	conv     *convention.Conventions
	params   map[string][]string
	empty    map[string][]string // parents below which there is nothing
	open     bool
	authOff  bool
	creds    Credentials
	clock    func() time.Time
	handlers map[string]Handler
	defects  []Defect
	log      func(Entry)
	admin    bool
	explain  bool

	limits    Limits
	callbacks bool
	webhooks  string // URL, "" for none
	deliver   *deliverer

	disturbances   []Disturbance
	faultHeaderOff bool

	invalidRequests bool
	variations      []Variation
}

func newOptions(opts []Option) (*options, error) {
	o := &options{limits: defaultLimits, deliver: newDeliverer(nil, nil), seed: 1, items: 250, clock: time.Now, params: map[string][]string{}, empty: map[string][]string{}, handlers: map[string]Handler{}}
	for _, opt := range opts {
		if err := opt(o); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// WithSeed sets the seed that every generated value depends on; without it 1.
func WithSeed(seed uint64) Option {
	return func(o *options) error { o.seed = seed; return nil }
}

// WithItems sets how many items each virtual collection holds; without it 250. Lists without paging parameters hold at most 10.
func WithItems(n int) Option {
	return func(o *options) error {
		if n < 0 || n > 1_000_000 {
			return fmt.Errorf("items %d: want 0 to 1000000", n)
		}
		o.items = n
		return nil
	}
}

// WithConventions sets the API's conventions; without it those of the troth.yaml beside the document, else the inferred ones.
func WithConventions(c *convention.Conventions) Option {
	return func(o *options) error { o.conv = c; return nil }
}

// WithParam makes a value of a path parameter known, beside the document's examples: a parent that exists. It may be given
// several times.
func WithParam(name, value string) Option {
	return func(o *options) error { o.params[name] = append(o.params[name], value); return nil }
}

// WithEmpty makes a value of a path parameter known as WithParam does, below which lists hold nothing but what clients create.
func WithEmpty(name, value string) Option {
	return func(o *options) error {
		o.empty[name] = append(o.empty[name], value)
		return WithParam(name, value)(o)
	}
}

// WithOpenWorld makes every well-formed parent exist; without it only the known ones do, and others are answered 404.
func WithOpenWorld() Option {
	return func(o *options) error { o.open = true; return nil }
}

// WithoutAuth answers every request as if it were authenticated.
func WithoutAuth() Option {
	return func(o *options) error { o.authOff = true; return nil }
}

// WithCredentials sets what clients authenticate with; without it DefaultCredentials.
func WithCredentials(c Credentials) Option {
	return func(o *options) error { o.creds = c; return nil }
}

// WithClock sets the clock of nonces, tokens and rate limits; without it time.Now. Generated values do not depend on it.
func WithClock(now func() time.Time) Option {
	return func(o *options) error { o.clock = now; return nil }
}

// WithHandler answers one operation by h instead of by its resource, example or schema. The reply is validated like any
// other. New fails where the document has no such operation.
func WithHandler(operationID string, h Handler) Option {
	return func(o *options) error { o.handlers[operationID] = h; return nil }
}

// WithDefect breaks one promise on purpose: see Defects for the names. An unknown name is an error that lists them.
func WithDefect(name string) Option {
	return func(o *options) error {
		for _, d := range Defects() {
			if d.Name == name {
				o.defects = append(o.defects, d)
				return nil
			}
		}
		return fmt.Errorf("defect %q is unknown: want one of %v", name, defectNames())
	}
}

// WithExplain adds the header X-Troth-Explain to every answer: operation, response, content, what made the body, and the seed. Without it
// a request asks for it by X-Troth-Explain: true.
func WithExplain() Option {
	return func(o *options) error { o.explain = true; return nil }
}

// WithAdmin serves the server's own resources below AdminPrefix (see Server.Admin), without authentication.
func WithAdmin() Option {
	return func(o *options) error { o.admin = true; return nil }
}

// WithDisturbances makes answers slow, failing or broken on request. Where several ask for the same kind, those that name the operation
// win, then the later ones. What cannot be is an error of New.
func WithDisturbances(d ...Disturbance) Option {
	return func(o *options) error { o.disturbances = append(o.disturbances, d...); return nil }
}

// WithoutFaultHeader makes the server ignore FaultHeader in requests.
func WithoutFaultHeader() Option {
	return func(o *options) error { o.faultHeaderOff = true; return nil }
}

// WithInvalidRequests lets a test send requests that break the document: Start does not fail the test for them. They are in the log all
// the same, and answered as the document says.
func WithInvalidRequests() Option {
	return func(o *options) error { o.invalidRequests = true; return nil }
}

// WithLog calls f after each answered request, from the request's goroutine.
func WithLog(f func(Entry)) Option {
	return func(o *options) error { o.log = f; return nil }
}

// Entry tells what was answered and why.
type Entry struct {
	Time      time.Time
	Method    string
	URL       string
	Operation string // operationId, "" where none matched
	Status    int    // 0 where the connection was reset on request
	Bytes     int
	Duration  time.Duration
	Reason    string // the cause of a refusal, and what was broken on request
	Request   *http.Request

	ContentType string              // of the answer
	Violations  []openapi.Violation // what the request breaks of the document

	broken *BrokenReply // a handler's answer that was not sent
}

func (o *options) checkHandlers(known func(id string) bool) error {
	for _, id := range slices.Sorted(maps.Keys(o.handlers)) {
		if !known(id) {
			return fmt.Errorf("handler for operation %q: the document has no such operation", id)
		}
	}
	return nil
}
