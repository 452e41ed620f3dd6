package checks

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"troth/contract"
)

// leak is what an error may tell of the server's inside.
type leak struct {
	what    string
	pattern *regexp.Regexp
	signs   []string // in small letters, one of which is in every text that matches: the patterns alone took 8 % of the CPU time of a run over the whole Atlas document
}

func leaks() []leak {
	return []leak{
		{"a stack trace", regexp.MustCompile(`goroutine \d+ \[|\.go:\d+|\bat [\w.$<>]+\([\w.]*:?\d*\)|Traceback \(most recent call last\)|File ".+", line \d+|Exception in thread|\.java:\d+|\bpanic: |node_modules/|\.(?:py|rb|js|ts|php|cs):\d+`),
			[]string{"goroutine ", ".go:", "at ", "traceback", "file \"", "exception in thread", ".java:", "panic: ", "node_modules/", ".py:", ".rb:", ".js:", ".ts:", ".php:", ".cs:"}},
		{"a path of the server's files", regexp.MustCompile(`(?:^|[\s"'(=:])/(?:home|usr|var|opt|etc|root|srv|app/src|tmp)/[\w./-]+|(?:^|[^\w\\]|\\[nrt])[A-Za-z]:\\\\?\w[\w\\]*\\`),
			[]string{"/home/", "/usr/", "/var/", "/opt/", "/etc/", "/root/", "/srv/", "/app/src/", "/tmp/", `:\`}},
		{"a secret", regexp.MustCompile(`\b[a-z][a-z0-9+.-]*://[^\s/:@"'<>]*:[^\s/@"'<>]+@|(?i)\b(?:password|passwd|pwd)=[^\s;&"']+;|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b`),
			[]string{"@", "password=", "passwd=", "pwd=", "private key", "akia"}},
		{"a broken format", regexp.MustCompile(`%!(?:[a-zA-Z]\((?:MISSING|BADINDEX|BADWIDTH|BADPREC|[\w.*]+=)|\((?:EXTRA|NOVERB|BADINDEX|BADWIDTH|BADPREC)\b)|\[object Object\]`), // of fmt, of JavaScript
			[]string{"%!", "[object object]"}},
		{"SQL", regexp.MustCompile(`(?i)\bSQLSTATE\b|syntax error at or near|\bORA-\d{5}\b|\bselect\b.+\bfrom\b.+\bwhere\b|\binsert into\b|you have an error in your sql syntax|unclosed quotation mark`),
			[]string{"sqlstate", "syntax", "ora-", "select", "insert into", "quotation"}},
	}
}

// in is what of the leak a text holds, low being the text in small letters.
func (l leak) in(text, low string) string {
	if !slices.ContainsFunc(l.signs, func(sign string) bool { return strings.Contains(low, sign) }) {
		return ""
	}
	return l.pattern.FindString(text)
}

func errorLeak() contract.Check {
	leaks := leaks()
	return contract.Check{
		ID:      "error-leak",
		Promise: "An error tells nothing of the server's inside: no stack trace, no file, no secret, no SQL, no broken format.",
		Why:     "What an error tells of the server's inside tells an attacker where to look.",
		Source:  "OWASP API Security Top 10 2023, API8; CWE-209, CWE-532",
		Level:   contract.Should,
		Last:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			tight := map[string]bool{} // bodies that tell nothing; what one only echoes, another may tell
			return refusals(ctx, c, func(x *contract.Exchange) (findings []contract.Finding) {
				body := string(x.Body)
				if tight[body] {
					return nil
				}
				tight[body] = true
				low := strings.ToLower(body)
				for _, l := range leaks {
					found := l.in(body, low)
					if tight[body] = tight[body] && found == ""; found != "" && !echoed(x, found) {
						findings = append(findings, c.New(x, "body of errors", "", l.what, "no "+l.what, quote(found), "CWE-209"))
					}
				}
				return findings
			})
		},
	}
}

// echoed tells whether a text of an answer stands in the request, as it was sent or as it was meant: an error may quote what it refuses.
func echoed(x *contract.Exchange, text string) bool {
	meant, err := url.PathUnescape(x.URL)
	if err != nil {
		meant = x.URL
	}
	text = strings.TrimLeft(text, " \t\n\"'(=:") // what a path stands behind
	return slices.ContainsFunc([]string{text, unescaped(text), unescaped(unescaped(text))}, func(text string) bool { return strings.Contains(x.URL+x.SentBody+meant, text) })
}

// unescaped undoes the escapes of backslashes in JSON, which a text within a quoted text has twice.
func unescaped(text string) string { return strings.ReplaceAll(text, `\\`, `\`) }
