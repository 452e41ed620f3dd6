package mock

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// faultKind is one thing that a disturbance can ask for.
type faultKind struct {
	name string
	form string // what its value looks like
	text string
	read func(d *Disturbance, value string) error
}

func faultKinds() []faultKind {
	return []faultKind{
		{"latency", "200ms, 100ms-2s or p50=20ms,p95=200ms,p99=1s", "wait before each answer: always the same, evenly spread, or by percentiles", readLatency},
		{"error", "10% or 0.1", "share of requests that is refused with an error", readShare(func(d *Disturbance) *float64 { return &d.ErrorRate })},
		{"status", "503 or 503,429", "the statuses of error (default what the operation declares of 5xx and 429, else 500); alone: every request", readStatuses},
		{"rate", "100/1m", "requests in a window; more are refused with 429 and Retry-After", readRate},
		{"reset", "5%", "share of answers in whose place the connection is reset", readShare(func(d *Disturbance) *float64 { return &d.Reset })},
		{"truncate", "5%", "share of answers whose body ends before its Content-Length", readShare(func(d *Disturbance) *float64 { return &d.Truncate })},
		{"slow", "500B/s, 1KB/s or 2MB/s", "speed that bodies are sent with", readSpeed},
	}
}

// DisturbanceHelp explains the form that ParseDisturbance reads, a line for each kind.
func DisturbanceHelp() string {
	var b strings.Builder
	for _, k := range faultKinds() {
		fmt.Fprintf(&b, "  %-8s  %s\n            %s\n", k.name, k.form, k.text)
	}
	return b.String()
}

func kindNames() string {
	var names []string
	for _, k := range faultKinds() {
		names = append(names, k.name)
	}
	return strings.Join(names, ", ")
}

// ParseDisturbance reads the form of the flag --fault: [operationId[,operationId…]:]kind=value[,kind=value…], with the kinds of
// DisturbanceHelp, each at most once. A comma also separates the percentiles of a latency and the statuses of errors. Whether the
// operations exist is told by New.
func ParseDisturbance(text string) (Disturbance, error) {
	var d Disturbance
	head, _, _ := strings.Cut(text, "=")
	if i := strings.LastIndexByte(head, ':'); i >= 0 {
		for id := range strings.SplitSeq(text[:i], ",") {
			if id = strings.TrimSpace(id); id == "" {
				return Disturbance{}, errors.New("an empty operationId before \":\"; leave the colon out for all operations")
			}
			d.Operations = append(d.Operations, id)
		}
		text = text[i+1:]
	}
	return d, d.parse(text)
}

// parse reads kind=value[,kind=value…].
func (d *Disturbance) parse(text string) error {
	parts, err := splitKinds(text)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err := d.read(p.kind, p.value); err != nil {
			return err
		}
	}
	d.settle(given(parts, "error"))
	return nil
}

// settle makes statuses alone mean every request.
func (d *Disturbance) settle(rateGiven bool) {
	if len(d.Errors) > 0 && !rateGiven {
		d.ErrorRate = 1
	}
}

// read sets the kind of that name.
func (d *Disturbance) read(name, value string) error {
	for _, k := range faultKinds() {
		if k.name != name {
			continue
		}
		if err := k.read(d, value); err != nil {
			return fmt.Errorf("%s %q: %w: want %s", name, value, err, k.form)
		}
		return nil
	}
	return fmt.Errorf("kind %q is unknown: want one of %s", name, kindNames())
}

type assignment struct{ kind, value string }

func given(parts []assignment, kind string) bool {
	for _, p := range parts {
		if p.kind == kind {
			return true
		}
	}
	return false
}

// splitKinds cuts at the commas between kinds: what continues a list belongs to the kind before.
func splitKinds(text string) ([]assignment, error) {
	var parts []assignment
	for token := range strings.SplitSeq(text, ",") {
		token = strings.TrimSpace(token)
		name, value, isKind := strings.Cut(token, "=")
		if n := len(parts); n > 0 && continues(parts[n-1].kind, name, isKind) {
			parts[n-1].value += "," + token
			continue
		}
		if !isKind {
			return nil, fmt.Errorf("%q: want kind=value, with a kind of %s", token, kindNames())
		}
		if given(parts, name) {
			return nil, fmt.Errorf("kind %q is given twice", name)
		}
		parts = append(parts, assignment{name, value})
	}
	return parts, nil
}

func continues(kind, name string, isKind bool) bool {
	switch kind {
	case "latency":
		return isKind && len(name) > 1 && name[0] == 'p' && name[1] >= '0' && name[1] <= '9'
	case "status":
		return !isKind
	}
	return false
}

func readLatency(d *Disturbance, value string) (err error) {
	least, most, isRange := strings.Cut(value, "-")
	switch {
	case strings.HasPrefix(value, "p"):
		d.Latency, err = readPercentiles(value)
	case isRange:
		var waits [2]time.Duration
		waits[0], err = time.ParseDuration(least)
		if err == nil {
			waits[1], err = time.ParseDuration(most)
		}
		d.Latency = UniformLatency(waits[0], waits[1])
	default:
		var fixed time.Duration
		fixed, err = time.ParseDuration(value)
		d.Latency = FixedLatency(fixed)
	}
	if err != nil {
		return err
	}
	return d.Latency.check()
}

func readPercentiles(value string) (l Latency, err error) {
	for token := range strings.SplitSeq(value, ",") {
		name, text, _ := strings.Cut(strings.TrimSpace(token), "=")
		digits, ok := strings.CutPrefix(name, "p")
		rank, err := strconv.ParseFloat(digits, 64)
		if err != nil || !ok {
			return nil, fmt.Errorf("%q is no percentile", token)
		}
		wait, err := time.ParseDuration(text)
		if err != nil {
			return nil, err
		}
		l = append(l, Percentile{rank, wait})
	}
	return l, nil
}

var errShare = errors.New("no share from 0% to 100%")

func readShare(member func(*Disturbance) *float64) func(*Disturbance, string) error {
	return func(d *Disturbance, value string) error {
		text, percent := strings.CutSuffix(value, "%")
		share, err := strconv.ParseFloat(text, 64)
		if percent {
			share /= 100
		}
		if err != nil || !(share >= 0 && share <= 1) {
			return errShare
		}
		if share == 0 {
			share = Never
		}
		*member(d) = share
		return nil
	}
}

func readStatuses(d *Disturbance, value string) error {
	for text := range strings.SplitSeq(value, ",") {
		status, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || status < 400 || status > 599 {
			return fmt.Errorf("%q is no error status, 400 to 599", text)
		}
		d.Errors = append(d.Errors, status)
	}
	return nil
}

var errRate = errors.New("no requests/window")

func readRate(d *Disturbance, value string) error {
	requests, window, _ := strings.Cut(value, "/")
	n, err := strconv.Atoi(requests)
	if err != nil || n < 1 {
		return errRate
	}
	if window != "" && window[0] >= 'a' && window[0] <= 'z' {
		window = "1" + window // 100/m
	}
	length, err := time.ParseDuration(window)
	if err != nil || length <= 0 {
		return errRate
	}
	d.RateLimit = RateLimit{n, length}
	return nil
}

var errSpeed = errors.New("no bytes a second, or over 2147MB/s")

func readSpeed(d *Disturbance, value string) error {
	for _, unit := range []struct {
		name  string
		bytes int
	}{{"KB/s", 1000}, {"MB/s", 1000_000}, {"B/s", 1}} {
		if text, ok := strings.CutSuffix(value, unit.name); ok {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 || n > math.MaxInt32/unit.bytes { // a body that fast is not slow
				return errSpeed
			}
			d.SlowBody = n * unit.bytes
			return nil
		}
	}
	return errSpeed
}
