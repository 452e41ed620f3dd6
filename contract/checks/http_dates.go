package checks

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"troth/contract"
)

func httpDates() contract.Check {
	return contract.Check{
		ID:      "http-dates",
		Promise: "Header fields that hold a date have the form of HTTP's dates, and name a day that can be.",
		Why:     "Caches and clients that plan by a sunset drop a date that they cannot read.",
		Source:  "RFC 9110 §5.6.7, §6.6.1, §8.8.2, §10.2.3; RFC 8594 §3; RFC 9745 §4",
		Level:   contract.Must,
		Last:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			return eachProbe(ctx, c, func(x *contract.Exchange) (findings []contract.Finding) {
				for _, name := range []string{"Date", "Last-Modified", "Sunset"} {
					if text := x.Header.Get(name); text != "" && dateBroken(text) != "" {
						findings = append(findings, c.New(x, "header "+name, "", "date", dateBroken(text), quote(text), "RFC 9110 §5.6.7"))
					}
				}
				if x.OK() {
					findings = append(findings, promisedForm(c, x)...)
				}
				if x.OK() && x.Header.Get("Date") == "" { // what a server cannot read it may refuse without one, as net/http does
					findings = append(findings, c.New(x, "header Date", "", "required", "when the answer was made", "none", "RFC 9110 §6.6.1").At(contract.Should))
				}
				if text := x.Header.Get("Retry-After"); text != "" && !isWhole(text) && dateBroken(text) != "" {
					findings = append(findings, c.New(x, "header Retry-After", "", "delay", "whole seconds, or a date such as Sun, 06 Nov 1994 08:49:37 GMT", quote(text), "RFC 9110 §10.2.3"))
				}
				findings = append(findings, sunsetEarly(c, x)...)
				return append(findings, modifiedLater(c, x)...)
			})
		},
	}
}

// promisedForm finds a field that troth.yaml gives a date in the form of HTTP, and that is in another form, nor in that of RFC 9745 (@1688169599).
func promisedForm(c *contract.Case, x *contract.Exchange) (findings []contract.Finding) {
	for _, name := range slices.Sorted(maps.Keys(promisedDates(&c.Subject, x.Status))) {
		text := x.Header.Get(name)
		if _, err := http.ParseTime(text); err != nil && text != "" && name != "Sunset" && !strings.HasPrefix(text, "@") {
			findings = append(findings, c.New(x, "header "+name, "", "form", dateBroken(text), quote(text), c.Op.Place.FileLine()).At(contract.Should))
		}
	}
	return findings
}

// dateBroken says what a date should be, "" where it is one. The day of the week is part of its form, which net/http does not compare.
func dateBroken(text string) string {
	at, err := http.ParseTime(text)
	if err != nil {
		return "a date such as Sun, 06 Nov 1994 08:49:37 GMT"
	}
	if day := at.Weekday().String()[:3]; !strings.HasPrefix(text, day) {
		return "the day of the week that the date is: " + day
	}
	return ""
}

// isWhole tells whether a text is a whole number, 0 or more, in digits alone.
func isWhole(text string) bool {
	_, err := strconv.ParseUint(text, 10, 64)
	return err == nil
}

// sunsetEarly finds an operation that ends before it is deprecated.
func sunsetEarly(c *contract.Case, x *contract.Exchange) []contract.Finding {
	end, err := http.ParseTime(x.Header.Get("Sunset"))
	begin, known := deprecation(x.Header.Get("Deprecation"))
	if err != nil || !known || !end.Before(begin) {
		return nil
	}
	return []contract.Finding{c.New(x, "header Sunset", "", "order", "no earlier than Deprecation, "+x.Header.Get("Deprecation"), x.Header.Get("Sunset"), "RFC 9745 §4")}
}

// deprecation is the instant of a Deprecation field, in the form of RFC 9745 (@1688169599) or of HTTP's dates, which its drafts had.
func deprecation(text string) (time.Time, bool) {
	if seconds, err := strconv.ParseInt(strings.TrimPrefix(text, "@"), 10, 64); err == nil && strings.HasPrefix(text, "@") {
		return time.Unix(seconds, 0), true
	}
	at, err := http.ParseTime(text)
	return at, err == nil
}

// clockStep is by how much two clocks of one server may differ: Date may be written before the body is made.
const clockStep = time.Minute

// modifiedLater finds an answer that was changed after it was sent, by its own Date.
func modifiedLater(c *contract.Case, x *contract.Exchange) []contract.Finding {
	sent, err := http.ParseTime(x.Header.Get("Date"))
	if err != nil {
		return nil
	}
	changed, err := http.ParseTime(x.Header.Get("Last-Modified"))
	if err != nil || !changed.After(sent.Add(clockStep)) {
		return nil
	}
	return []contract.Finding{c.New(x, "header Last-Modified", "", "later", "no later than Date, "+x.Header.Get("Date"), x.Header.Get("Last-Modified"), "RFC 9110 §8.8.2.1")}
}
