package contract

import (
	"errors"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// ReportedExchange is a request and its response as a report shows them: without secrets, long bodies shortened.
type ReportedExchange struct {
	Name     string        `json:"name"` // what the request is: "ordinary request", "without credentials"
	Method   string        `json:"method"`
	URL      string        `json:"url"`
	Sent     []HeaderField `json:"sent"` // header fields, without credentials
	SentBody string        `json:"sent_body"`
	Status   int           `json:"status"`
	Header   []HeaderField `json:"header"` // of the response, without Date, which differs each time
	Body     string        `json:"body"`
	Bytes    int           `json:"bytes"`            // of the response's body, which may be shown in part
	Failed   string        `json:"failed,omitempty"` // why there is no response, or only a part of its body
}

// HeaderField is a header field.
type HeaderField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// shownBody is how many bytes of a body a report shows.
const shownBody = 2000

// And adds exchanges that a finding compares its own with.
func (f Finding) And(more ...*Exchange) Finding {
	for _, x := range more {
		f.seen, f.Curl = append(f.seen, x), append(f.Curl, x.Curl())
	}
	return f
}

// After adds exchanges that have to come before the finding's own, to show it.
func (f Finding) After(before ...*Exchange) Finding {
	earlier := make([]string, len(before))
	for i, x := range before {
		earlier[i] = x.Curl()
	}
	f.seen, f.Curl = append(slices.Clone(before), f.seen...), append(earlier, f.Curl...)
	return f
}

// seal turns what a check said into what a report shows.
func (f *Finding) seal(s *secrets) {
	f.Got, f.Want, f.Pointer = s.hide(f.Got), s.hide(f.Want), s.hide(f.Pointer)
	f.Exchanges = []ReportedExchange{}
	for _, x := range f.seen {
		f.Exchanges = append(f.Exchanges, x.reported(s))
	}
	if len(f.seen) > 1 && len(f.seen) == len(f.Curl) {
		f.Curl = chained(f.seen)
	}
	for i := range f.Curl {
		f.Curl[i] = s.hide(f.Curl[i])
	}
	f.seen, f.shrink = nil, nil
}

func (x *Exchange) reported(s *secrets) ReportedExchange {
	failed := ""
	if err := errors.Join(x.NoAnswer, x.BodyErr); err != nil {
		failed = s.hide(err.Error())
	}
	return ReportedExchange{
		Failed: failed,
		Name:   x.Name, Method: x.Method, URL: s.hide(x.URL), Sent: fields(x.Sent, s), SentBody: beginning(s.hide(x.SentBody)),
		Status: x.Status, Header: fields(x.Header, s), Body: beginning(s.hide(string(x.Body))), Bytes: len(x.Body),
	}
}

// fields are header fields by name.
func fields(h http.Header, s *secrets) []HeaderField {
	list := []HeaderField{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			if name != "Date" {
				list = append(list, HeaderField{name, s.hide(value)})
			}
		}
	}
	return list
}

// beginning is the part of a body that is shown, as UTF-8.
func beginning(body string) string {
	if len(body) > shownBody {
		cut := shownBody
		for cut > shownBody-utf8.UTFMax && !utf8.RuneStart(body[cut]) {
			cut--
		}
		body = body[:cut]
	}
	return strings.ToValidUTF8(body, "\uFFFD")
}

var digits = regexp.MustCompile(`/[0-9]+`)

// key is what makes a finding one within its case: where, pointer without array positions, keyword.
func (f *Finding) key() string {
	return f.Where + " " + digits.ReplaceAllString(f.Pointer, "/*") + " " + f.Keyword
}

// distinct keeps the first finding of each identity, the firmest level first.
func distinct(findings []Finding) []Finding {
	seen := map[string]bool{}
	list := findings[:0]
	for _, f := range findings {
		if key := f.key(); !seen[key] {
			seen[key] = true
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b Finding) int { return int(b.Level - a.Level) })
	return list
}
