package contract

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"troth/openapi"
)

// Curl is a command that repeats the request. Secrets stand as variables: $TROTH_BEARER, $TROTH_DIGEST and the like.
func (x *Exchange) Curl() string {
	parts := []string{"curl", "-i"}
	switch {
	case x.Method == http.MethodHead:
		parts = append(parts, "--head")
	case x.Method != http.MethodGet || x.SentBody != "":
		parts = append(parts, "-X", x.Method)
	}
	if strings.ContainsAny(x.URL, "[]{}") {
		parts = append(parts, "--globoff")
	}
	if strings.Contains(x.URL, "/.") {
		parts = append(parts, "--path-as-is")
	}
	before := ""
	if by := x.auth.by; by != nil {
		challenged, flag := by.curlSigned(x)
		before, parts = challenged, append(parts, flag)
	}
	if x.auth.flags != "" {
		parts = append(parts, x.auth.flags)
	}
	for _, name := range slices.Sorted(maps.Keys(x.Sent)) {
		if field := x.matchField(); name == "If-Match" && field != "" {
			parts = append(parts, field)
			continue
		}
		if openapi.OfMessage(name) && name != "Accept-Encoding" {
			continue // curl writes its own
		}
		for _, value := range x.Sent[name] {
			parts = append(parts, "-H", quoted(curlField(name, value)))
		}
	}
	if x.SentBody != "" {
		if x.Sent.Get("Content-Type") == "" {
			parts = append(parts, "-H", "'Content-Type:'") // else curl says that it is a form
		}
		piped, data := curlBody(x.SentBody)
		before, parts = before+piped, append(parts, data)
	}
	return before + strings.Join(append(parts, x.curlURL()), " ")
}

// curlField writes a header field for curl, which takes "Name;" for one without a value: "Name:" leaves it out.
func curlField(name, value string) string {
	if value == "" {
		return name + ";"
	}
	return name + ": " + value
}

// manyBlanks in front of a body are counted in a command, not written.
const manyBlanks = 1000

// curlBody is how curl is given a body, and what has to stand before it: no word of a shell holds the byte 0.
func curlBody(body string) (before, data string) {
	if rest := strings.TrimLeft(body, " "); len(body)-len(rest) > manyBlanks && !strings.Contains(rest, "\x00") {
		return fmt.Sprintf("printf '%%%ds%%s' '' %s | ", len(body)-len(rest), quoted(rest)), "--data-binary @-"
	}
	if !strings.Contains(body, "\x00") {
		return "", "--data-raw " + quoted(body)
	}
	var b strings.Builder
	for i := range len(body) {
		fmt.Fprintf(&b, `\%03o`, body[i])
	}
	return "printf '" + b.String() + "' | ", "--data-binary @-"
}

func (x *Exchange) curlURL() string {
	if x.auth.query == "" {
		return quoted(x.URL)
	}
	path, query, _ := strings.Cut(x.URL, "?")
	for part := range strings.SplitSeq(x.auth.query, "&") {
		name, _, _ := strings.Cut(part, "=")
		query = without(query, name)
	}
	if query != "" {
		query += "&"
	}
	return quoted(path+"?"+query) + `"` + x.auth.query + `"`
}

// quoted is a POSIX shell word.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
