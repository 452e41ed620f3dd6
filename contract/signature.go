package contract

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/icholy/digest"

	"troth/openapi"
)

// signature is how a digest is written by hand, where what clients write would not show what is wrong.
type signature struct {
	scheme string // the name of the scheme, in any case
	method string // that is signed, "" for the request's; where it is the request's own, POST is signed
	target string // the request target that is signed, "" for the request's
	nonce  string // that is signed with, "" for the server's
}

// signatures are the forms of a digest that are written by hand.
func signatures() map[mistake]*signature {
	return map[mistake]*signature{
		lower:       {scheme: "digest"},
		upper:       {scheme: "DIGEST"},
		misdirected: {scheme: "Digest", target: "/x-nowhere"},
		otherMethod: {scheme: "Digest", method: http.MethodGet},
		otherNonce:  {scheme: "Digest", nonce: "0123456789abcdef0123456789abcdef"},
	}
}

// of is what is signed for a request.
func (s *signature) of(method, target string) (signedMethod, signedTarget string) {
	switch {
	case s.method != "" && method != s.method:
		method = s.method
	case s.method != "":
		method = http.MethodPost
	}
	if s.target != "" {
		target = s.target
	}
	return method, target
}

// authenticate signs by the challenge that a request without credentials is answered.
func (s *signature) authenticate(user, password string) authentication {
	return func(_ *openapi.Document, _ *url.URL, next http.RoundTripper) (http.RoundTripper, error) {
		next = rewound(next)
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			bare, signed := rewind(r), rewind(r)
			if signed == nil {
				return next.RoundTrip(r)
			}
			resp, err := next.RoundTrip(bare)
			for range nonceTries {
				if err != nil || resp.StatusCode != http.StatusUnauthorized {
					break
				}
				field, ok := s.answer(resp.Header, r, user, password)
				if !ok {
					break
				}
				again := rewind(signed)
				again.Header.Set("Authorization", field)
				if resp, err = next.RoundTrip(again); err == nil && (s.nonce != "" || !isStale(resp.Header)) {
					break
				}
			}
			return resp, err
		}), nil
	}
}

// answer is the Authorization for a challenge. Where curlSigned could not show it, only its right form is written, as clients do.
func (s *signature) answer(h http.Header, r *http.Request, user, password string) (field string, ok bool) {
	challenge, err := digestChallenge(h)
	if err != nil {
		return "", false
	}
	method, target := s.of(r.Method, r.URL.RequestURI())
	challenge.Nonce = cmp.Or(s.nonce, challenge.Nonce)
	field, ok = answerDigest(challenge, method, target, user, password)
	if isPlain(challenge) {
		_, parameters, _ := strings.Cut(field, " ")
		return s.scheme + " " + parameters, ok
	}
	return field, ok && s.method == "" && s.target == "" && s.nonce == ""
}

// isPlain tells whether a challenge is one that curlSigned answers: MD5 with the quality of protection "auth".
func isPlain(c *digest.Challenge) bool {
	return (c.Algorithm == "" || strings.EqualFold(c.Algorithm, "MD5")) && c.SupportsQOP("auth")
}

// curlSigned are the commands that ask for a challenge and compute its answer, to stand before the command that sends it, and that command's flag.
func (s *signature) curlSigned(x *Exchange) (before, flag string) {
	asked, err := url.Parse(x.URL)
	if err != nil {
		return "", ""
	}
	method, target := s.of(x.Method, asked.RequestURI())
	before = `t=` + quoted(target) + `; c=$(curl -gsi ` + quoted(x.URL) + ` | tr -d '\r' | grep -i '^www-authenticate: *digest' | grep -vi 'algorithm=.*sha'); ` +
		`p() { printf %s "$c" | sed -n "s/.*[ ,]$1=\"\([^\"]*\)\".*/\1/p"; }; h() { printf %s "$1" | md5sum | cut -c1-32; }; u=${TROTH_DIGEST%%:*}; o=$(p opaque); `
	nonce := cmp.Or(s.nonce, "$(p nonce)")
	response := fmt.Sprintf(`$(h "$(h "$u:$(p realm):${TROTH_DIGEST#*:}"):%s:00000001:0:auth:$(h "%s:$t")")`, nonce, method)
	flag = `-H "Authorization: ` + s.scheme + ` username=\"$u\", realm=\"$(p realm)\", nonce=\"` + nonce + `\", uri=\"$t\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"0\", response=\"` + response + `\"${o:+, opaque=\"$o\"}"`
	return before, flag
}
