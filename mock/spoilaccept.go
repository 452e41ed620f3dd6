package mock

import (
	"net/http"
	"net/url"
	"strings"
)

// elsewhere is another server.
const elsewhere = "http://elsewhere.example"

// misread reads Accept as a server does that takes some of its members for others; one that is not read at all accepts what nobody has.
func misread(accept []string, read func(member string) string) (lines []string) {
	for _, line := range accept {
		members := strings.Split(line, ",")
		for i, member := range members {
			members[i] = read(strings.TrimSpace(member))
		}
		lines = append(lines, strings.Join(members, ","))
	}
	return lines
}

// rangeUnread reads no range but the one of all media types, and that without a weight.
func rangeUnread(member string) string {
	if name, _, _ := strings.Cut(member, ";"); strings.HasSuffix(name, "/*") && member != "*/*" {
		return "x-nothing/x-nothing"
	}
	return member
}

func zeroTaken(member string) string {
	for _, zero := range []string{";q=0.0", ";q=0"} {
		if rest, ok := strings.CutSuffix(member, zero); ok {
			return rest
		}
	}
	return member
}

func locationElsewhere(_ *Server, _ *Call, _ int, h http.Header, body []byte) []byte {
	if to, err := url.Parse(h.Get("Location")); err == nil && h.Get("Location") != "" {
		h.Set("Location", elsewhere+to.EscapedPath())
	}
	return body
}

// acceptByCase takes media types in small letters only where something is created.
func acceptByCase(_ *Server, r *http.Request) {
	if accept := r.Header.Get("Accept"); r.Method == http.MethodPost && accept != strings.ToLower(accept) {
		r.Header.Set("Accept", "application/x-nothing")
	}
}
