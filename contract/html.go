package contract

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"time"
)

var (
	//go:embed html/page.tmpl
	htmlPage string
	//go:embed html/page.css
	htmlStyle string
	//go:embed html/page.js
	htmlScript string
)

// htmlReport is what the page shows.
type htmlReport struct {
	*Report
	Verdict, Tone, Took, Digest string
	Judged                      bool
	Levels                      []string
	Causes                      []htmlCause
	Columns                     []ReportedCheck
	Rows                        []htmlRow
	Meters                      []htmlMeter
	Operations                  []htmlOperation
	Unexercised                 []htmlReasons
	Reasons                     []string // of cells, by number
	Style                       template.CSS
	Script                      template.JS
}

type htmlCause struct {
	*cause
	Check               ReportedCheck
	Anchor, Place, Line string
	Exchanges           []htmlExchange
	More                []htmlMember
	Rest                int // findings more, which the JSON report has
}

type htmlMember struct {
	member
	Spot, Line string
	Exchanges  []htmlExchange
}

// mostMembers is how many further findings of one cause the page shows.
const mostMembers = 300

type htmlExchange struct {
	ReportedExchange
	Path, Pretty string
	Class        int
	Cut          bool
}

type htmlMeter struct {
	Name string
	Share
}

type htmlOperation struct {
	ReportedOperation
	Share  Coverage
	Inputs []htmlInput
}

type htmlInput struct {
	InputCoverage
	Height int
}

type htmlReasons struct {
	Title string
	List  []reason
}

// HTML writes the report as one page that needs nothing else: it works from a file, without a network, and without a script but for
// the filter.
func (r *Report) HTML(w io.Writer) error {
	t, err := template.New("page").Parse(htmlPage)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := t.Execute(w, r.forHTML()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func (r *Report) forHTML() *htmlReport {
	h := &htmlReport{
		Report: r, Took: (time.Duration(r.Duration) * time.Millisecond).String(), Digest: shortened(r.Document.SHA256, 12),
		Judged: r.Summary.Passed+r.Summary.Failed > 0, Levels: []string{Must.String(), Should.String(), Advice.String()},
		Style: template.CSS(htmlStyle), Script: template.JS(htmlScript),
	}
	h.Verdict, h.Tone = r.verdict()
	anchors := map[string]string{}
	for i, c := range r.causes() {
		h.Causes = append(h.Causes, r.htmlCause(c, "f"+strconv.Itoa(i+1), anchors))
	}
	h.matrix(anchors)
	h.covered()
	for _, u := range []htmlReasons{{"Could not be judged", r.reasons(Error)}, {"Skipped: there was nothing to judge", r.reasons(Skipped)}} {
		if len(u.List) > 0 {
			h.Unexercised = append(h.Unexercised, u)
		}
	}
	return h
}

// verdict is what a run came to, in a word, and how good that is.
func (r *Report) verdict() (word, tone string) {
	s := r.Summary
	switch {
	case s.Must+s.Should > 0:
		return "broken", "bad"
	case s.Errors > 0 || s.Passed+s.Failed == 0:
		return "not judged", "unsure"
	}
	return "kept", "good"
}

// htmlCause notes which anchor the cases of a cause have.
func (r *Report) htmlCause(c *cause, anchor string, anchors map[string]string) htmlCause {
	for _, name := range append([]string{c.Outcome.Case}, c.cases()...) {
		if anchors[name] == "" {
			anchors[name] = anchor
		}
	}
	h := htmlCause{cause: c, Check: r.Check(c.Outcome.Check), Anchor: anchor, Place: c.place(), Line: r.lineOf(c.Outcome, c.Finding)}
	h.Exchanges = htmlExchanges(c.Finding)
	for i, m := range c.More {
		if i == mostMembers {
			h.Rest = len(c.More) - mostMembers
			break
		}
		h.More = append(h.More, htmlMember{m, m.spot(), r.lineOf(Outcome{Operation: operationOf(m.Case)}, m.Finding), htmlExchanges(m.Finding)})
	}
	return h
}

func operationOf(name string) string {
	operation, _, _ := strings.Cut(name, "/")
	return operation
}

func htmlExchanges(f Finding) (list []htmlExchange) {
	for _, x := range f.Exchanges {
		list = append(list, htmlExchange{x, pathOf(x.URL), indented(x.Body), x.Status / 100, x.Bytes > len(x.Body)})
	}
	return list
}

// indented is JSON with line ends, other text as it is.
func indented(body string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(body), "", "  "); err != nil {
		return body
	}
	return b.String()
}

func (h *htmlReport) covered() {
	c := h.Report.Coverage
	h.Meters = []htmlMeter{{"Operations answered", c.Operations}, {"Declared statuses seen", c.Statuses}, {"Parameters and bodies sent", c.Inputs}, {"Constraints broken on purpose", c.Constraints}}
	for _, o := range h.Report.Operations {
		one := Report{Operations: []ReportedOperation{o}}
		one.cover()
		op := htmlOperation{ReportedOperation: o, Share: one.Coverage}
		for _, in := range o.Inputs {
			op.Inputs = append(op.Inputs, htmlInput{in, max(len(in.Constraints), 1)})
		}
		h.Operations = append(h.Operations, op)
	}
}
