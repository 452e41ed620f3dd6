package contract

import (
	"context"
	"errors"
	"fmt"

	"troth/openapi"
	"troth/openapi/convention"
)

// Level is how firmly a promise stands.
type Level int

// The levels, weakest first.
const (
	Advice Level = iota // a hint; never fails a run by default
	Should              // what every careful API does
	Must                // the document, troth.yaml or an RFC's MUST says so
)

var levelNames = []string{"advice", "should", "must"}

func (l Level) String() string { return levelNames[l] }

// MarshalText writes the level's name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// ParseLevel reads a level's name.
func ParseLevel(name string) (Level, error) {
	for i, known := range levelNames {
		if name == known {
			return Level(i), nil
		}
	}
	return 0, fmt.Errorf("level %q: want must, should or advice", name)
}

// Check is one promise of an API, and how it is judged for one operation.
type Check struct {
	ID      string // kebab-case, never reused
	Promise string // one sentence
	Why     string // what it costs somebody when the promise is broken: one sentence
	Source  string // the clause that makes it a promise
	Level   Level
	Needs   []Need                                                // unmet: the case is skipped, and says so
	Last    bool                                                  // judges what the operation's other checks saw: runs behind them
	Asks    bool                                                  // of those behind the others: sends requests of its own, so that it runs alone
	Once    bool                                                  // what it finds counts at once: else it has to show it twice (see atRest)
	Applies func(*Subject) bool                                   // without sending anything
	Run     func(ctx context.Context, c *Case) ([]Finding, error) // an error: it could not be judged; Skip: there was nothing to judge
}

// Need is what a check needs beyond an operation that it applies to.
type Need struct {
	Name string
	// Unmet tells why the need is not met, "" where it is.
	Unmet func(ctx context.Context, c *Case) (reason string, err error)
}

// Subject is one operation with its conventions.
type Subject struct {
	Op   *openapi.Compiled
	Conv *convention.Conventions
	Page *convention.Pagination // nil where the operation is no paginated list
}

// Finding is one broken promise.
type Finding struct {
	Level     Level              `json:"level"` // of the check, unless it says another
	Where     string             `json:"where"` // what of the exchange: "status", "body", "header Retry-After", "query itemsPerPage"
	Pointer   string             `json:"pointer"`
	Keyword   string             `json:"keyword"`
	Want      string             `json:"want"`
	Got       string             `json:"got"`
	Source    string             `json:"source"`            // file:line of the document, or the clause
	Curl      []string           `json:"curl"`              // commands that show it
	Smaller   string             `json:"smaller,omitempty"` // how the request was made smaller
	Exchanges []ReportedExchange `json:"exchanges"`

	leveled bool
	seen    []*Exchange // what it was found in
	shrink  *shrinking  // how its request may be made smaller, nil where it may not
}

// At gives a finding another level than its check has.
func (f Finding) At(l Level) Finding {
	f.Level, f.leveled = l, true
	return f
}

// skip is the error of a case in which there was nothing to judge.
type skip struct{ reason string }

func (s skip) Error() string { return "skipped: " + s.reason }

// Skip ends a check without a verdict and says why.
func Skip(format string, args ...any) error { return skip{fmt.Sprintf(format, args...)} }

// WasSkipped tells whether an error is that of Skip, or that a request was not sent because it would change something.
func WasSkipped(err error) bool {
	_, ok := skipReason(err)
	return ok || errors.Is(err, errReadOnly)
}

func skipReason(err error) (string, bool) {
	var s skip
	ok := errors.As(err, &s)
	return s.reason, ok
}
