package contract

import (
	"net/http"
	"regexp"
	"strings"

	"troth/openapi"
)

// Challenge is one challenge of WWW-Authenticate (RFC 9110 §11.6.1).
type Challenge struct {
	Scheme string
	Params map[string]string // by name in lower case, unquoted
	Quoted []string          // the names of those that were sent as quoted strings

	text string // as it was sent
}

// Challenges reads the challenges of a response: a field may hold several, and so may the response hold fields.
func Challenges(h http.Header) (list []Challenge) {
	for _, line := range h.Values("WWW-Authenticate") {
		for member := range openapi.Members(line) {
			scheme, rest, more := strings.Cut(member, " ")
			if !more && !strings.Contains(scheme, "=") || more && !strings.Contains(scheme, "=") {
				list = append(list, Challenge{Scheme: scheme, Params: map[string]string{}, text: scheme + " "})
				member = rest
			}
			if len(list) == 0 {
				continue
			}
			last := &list[len(list)-1]
			if name, value, ok := strings.Cut(member, "="); ok {
				name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
				if last.Params[name] = strings.Trim(value, `"`); strings.HasPrefix(value, `"`) {
					last.Quoted = append(last.Quoted, name)
				}
				if len(last.Params) > 1 {
					last.text += ", "
				}
				last.text += strings.TrimSpace(member)
			}
		}
	}
	return list
}

// challengeForm is a challenge, or a parameter of one, as it stands between commas.
var challengeForm = regexp.MustCompile("^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+(?: +|$))?(?:[0-9A-Za-z._~+/-]+=*|[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \\t]*=[ \\t]*(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+|\"(?:[^\"\\\\]|\\\\.)*\"))?$")

// MalformedChallenge is the first part of WWW-Authenticate that is neither a challenge nor a parameter of one (RFC 9110 §11.6.1), "" where all
// are.
func MalformedChallenge(h http.Header) string {
	for _, line := range h.Values("WWW-Authenticate") {
		for member := range openapi.Members(line) {
			if member = strings.TrimSpace(member); !challengeForm.MatchString(member) {
				return member
			}
		}
	}
	return ""
}
