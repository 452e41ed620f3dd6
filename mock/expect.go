package mock

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
)

// Expectation is how often a test wants an operation to be called. It is judged when the test ends. A request that is refused for its
// credentials is no call: a digest client sends one before each call.
type Expectation struct {
	operation string
	at        string // file:line of the test
	mu        sync.Mutex
	min, max  int // max -1: any number
	want      func(*Exchange) (difference string)
}

// any number of calls but none.
func newExpectation(operation string) *Expectation {
	return &Expectation{operation: operation, at: caller(), min: 1, max: -1}
}

// caller is the line of the test: the first outside of this package and of generated code.
func caller() string {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		inside := strings.HasPrefix(f.Function, "troth/mock.") || strings.HasPrefix(f.Function, "troth/mock/typed.")
		if (!inside || strings.HasSuffix(f.File, "_test.go")) && !strings.HasSuffix(f.File, ".gen.go") {
			return fmt.Sprintf("%s:%d", f.File[strings.LastIndexByte(f.File, '/')+1:], f.Line)
		}
		if !more {
			return "unknown"
		}
	}
}

// Times wants exactly n calls.
func (e *Expectation) Times(n int) *Expectation { return e.between(n, n) }

// Never wants no call.
func (e *Expectation) Never() *Expectation { return e.between(0, 0) }

// AtLeast wants n calls or more; without Times, Never or AtLeast it is 1 or more.
func (e *Expectation) AtLeast(n int) *Expectation { return e.between(n, -1) }

func (e *Expectation) between(low, high int) *Expectation {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.min, e.max = low, high
	return e
}

// Matching counts only the calls that differ in nothing from what is wanted: difference returns "" for those, and for others what
// differs, for the failure's text.
func (e *Expectation) Matching(difference func(*Exchange) string) *Expectation {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.want = difference
	return e
}

// shown is how many calls a failure lists.
const shown = 10

// unmet is what a test has to know of an expectation that is not met, "" where it is.
func (e *Expectation) unmet(j *journal) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	calls, differences := j.calls([]string{e.operation}), []string{}
	n := j.count(e.operation)
	if e.want != nil {
		n = 0
		for _, call := range calls {
			difference := e.want(call)
			if difference == "" {
				n++
			}
			differences = append(differences, difference)
		}
	}
	if n >= e.min && (e.max < 0 || n <= e.max) {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: got %s, want %s", e.at, e.operation, e.counted(n), e.wanted())
	for i, call := range calls[:min(len(calls), shown)] {
		fmt.Fprintf(&b, "\n  %d. %s", i+1, call)
		if i < len(differences) && differences[i] != "" {
			b.WriteString("\n     differs:\n" + indented(differences[i]))
		}
	}
	if more := len(calls) - shown; more > 0 {
		fmt.Fprintf(&b, "\n  and %d more", more)
	}
	return b.String()
}

func (e *Expectation) counted(n int) string {
	text := fmt.Sprintf("%d calls", n)
	if n == 1 {
		text = "1 call"
	}
	if e.want != nil {
		text += " with this request"
	}
	return text
}

func (e *Expectation) wanted() string {
	switch {
	case e.max == 0:
		return "none"
	case e.max < 0:
		return fmt.Sprintf("%d or more", e.min)
	}
	return fmt.Sprint(e.min)
}

func indented(text string) string {
	return "       " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n       ")
}

// shownBody is how much of a body a line shows.
const shownBody = 200

// String is method, URL, body and status on one line.
func (e *Exchange) String() string {
	text := e.Method + " " + e.URL
	if body := strings.Join(strings.Fields(string(e.Body[:min(len(e.Body), shownBody)])), " "); body != "" {
		text += " " + strings.ToValidUTF8(body, "?")
		if len(e.Body) > shownBody {
			text += "…"
		}
	}
	return fmt.Sprintf("%s -> %d", text, e.Status)
}
