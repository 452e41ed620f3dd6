package contract

import (
	"fmt"
	"io"
	"net/url"
	"strings"
)

// ink is how a report is coloured; the zero value is plain.
type ink struct{ bold, red, yellow, green, dim, off string }

var coloured = ink{"\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[2m", "\x1b[0m"}

func (k ink) level(l Level) string {
	if l == Must {
		return k.red
	}
	if l == Should {
		return k.yellow
	}
	return k.dim
}

// page writes a report for people.
type page struct {
	*Report
	ink
	out strings.Builder
}

// Text writes the report for people: findings by level and cause, what was not exercised and why, coverage and a summary. color is for
// terminals.
func (r *Report) Text(w io.Writer, color bool) error {
	p := &page{Report: r}
	if color {
		p.ink = coloured
	}
	var hints []*cause
	for _, c := range r.causes() {
		if c.Level == Advice {
			hints = append(hints, c)
			continue
		}
		p.cause(c)
	}
	p.hints(hints)
	p.legend()
	p.reasons("could not judge", Error)
	p.reasons("not exercised", Skipped)
	p.coverage()
	p.summary()
	_, err := io.WriteString(w, p.out.String())
	return err
}

// widest is how much of what was wanted or got is shown.
const widest = 240

func (p *page) cause(c *cause) {
	o := c.Outcome
	check := p.Check(o.Check)
	fmt.Fprintf(&p.out, "%s%s%s %s%s%s: %s\n  %s\n", p.level(c.Level), c.Level, p.off, p.bold, o.Case, p.off, c.place(), check.Promise)
	p.row("document", p.lineOf(o, c.Finding))
	if n := len(c.Exchanges); n > 0 {
		x := c.Exchanges[0]
		p.row("request", x.Method+" "+pathOf(x.URL)+" "+p.dim+"("+x.Name+")"+p.off)
	}
	if c.Smaller != "" {
		p.row("", p.dim+c.Smaller+p.off)
	}
	p.row("want", shortened(c.Want, widest))
	p.row("got", shortened(c.Got, widest))
	if check.Why != "" {
		p.row("why", check.Why)
	}
	title := "show"
	for _, line := range c.Curl {
		p.row(title, line)
		title = ""
	}
	if places := c.places(); len(places) > 0 {
		p.row("also at", few(places, 6))
	}
	if cases := c.cases(); len(cases) > 0 {
		p.row("also in", few(cases, 3))
	}
	p.row("mute", p.dim+c.Mute[0]+p.off)
	if len(c.Mute) > 1 {
		p.row("", fmt.Sprintf("%sand %d more: --known FILE --known-update writes them%s", p.dim, len(c.Mute)-1, p.off))
	}
	p.out.WriteByte('\n')
}

func (p *page) row(title, text string) {
	fmt.Fprintf(&p.out, "  %s%-9s%s %s\n", p.dim, title, p.off, text)
}

// pathOf is a URL without scheme and host.
func pathOf(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return rawURL
	}
	return u.RequestURI()
}

// shortened keeps a text on a line, and to a length.
func shortened(s string, most int) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "…"
}

// mostHints is how many causes of the level advice are shown, a line each.
const mostHints = 8

func (p *page) hints(list []*cause) {
	for i, c := range list {
		if i == mostHints {
			fmt.Fprintf(&p.out, "%sadvice: %d hints more are in the other reports (--report html=FILE)%s\n", p.dim, len(list)-mostHints, p.off)
			break
		}
		also := ""
		if len(c.More) > 0 {
			also = fmt.Sprintf(" (and %d more)", len(c.More))
		}
		fmt.Fprintf(&p.out, "%sadvice%s %s: %s: want %s, got %s%s, %s\n", p.dim, p.off, c.Outcome.Case, c.place(), shortened(c.Want, 80), shortened(c.Got, 80), also, c.Source)
	}
	if len(list) > 0 {
		p.out.WriteByte('\n')
	}
}

// legend tells which variables the commands shown read.
func (p *page) legend() {
	for _, v := range p.Environment {
		if strings.Contains(p.out.String(), "$"+v.Name) || strings.Contains(p.out.String(), "${"+v.Name) {
			fmt.Fprintf(&p.out, "%sthe commands read $%s: export %s='%s'%s\n", p.dim, v.Name, v.Name, v.Is, p.off)
		}
	}
}

// mostReasons is how many reasons of one verdict are shown.
const mostReasons = 12

func (p *page) reasons(title string, v Verdict) {
	list := p.Report.reasons(v)
	for i, r := range list {
		if i == mostReasons {
			fmt.Fprintf(&p.out, "%s%s%s: %d reasons more are in the other reports (--report html=FILE)\n", p.yellow, title, p.off, len(list)-mostReasons)
			break
		}
		fmt.Fprintf(&p.out, "%s%s%s: %s\n  %s%s%s\n", p.yellow, title, p.off, r.Text, p.dim, few(r.Cases, 3), p.off)
	}
}

func (p *page) summary() {
	s := p.Summary
	verdict, tone := p.verdict()
	tone = map[string]string{"good": p.green, "bad": p.red, "unsure": p.yellow}[tone]
	fmt.Fprintf(&p.out, "%s%s%s: %d findings (%d must, %d should, %d advice) in %d cases: %d passed, %d failed, %d skipped, %d not judged\n",
		tone, verdict, p.off, s.Must+s.Should+s.Advice, s.Must, s.Should, s.Advice, s.Cases, s.Passed, s.Failed, s.Skips, s.Errors)
	if s.Muted > 0 {
		fmt.Fprintf(&p.out, "%d known findings were muted\n", s.Muted)
	}
	waits := ""
	if p.Waits > 0 {
		waits = fmt.Sprintf(", waited %d times as Retry-After asked", p.Waits)
	}
	if p.Cut > 0 {
		waits += fmt.Sprintf(", %d times it asked for more than --max-wait allows", p.Cut)
	}
	part := ""
	if p.Part != "" {
		part = ", part " + p.Part
	}
	fmt.Fprintf(&p.out, "%s%s %s at %s, seed %d%s, %d requests, %d ms%s%s\n", p.dim, p.Document.Title, p.Document.Version, p.Target, p.Seed, part, p.Requests, p.Duration, waits, p.off)
}
