package contract

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/icholy/digest"

	"troth/openapi"
)

// Digest authenticates with user and password (RFC 7616).
func Digest(user, password string) TargetOption {
	return giving(isHTTP("digest"), func(t *Target) {
		t.secrets.pair(user, password)
		t.user = user
		t.flag, t.keyName = `--digest --user "$TROTH_DIGEST"`, ""
		t.auth = digested(user, password)
		t.nearly(password, func(secret string) authentication {
			return digested(user, secret)
		}, func(form string) string { return `--digest --user "` + formOf("TROTH_DIGEST", form) + `"` })
		t.wrong[blank] = wrongWay{digested(user, ""), `--digest --user "${TROTH_DIGEST%%:*}:"`}
		t.guessed(user, password, "TROTH_DIGEST", "--digest ", digested)
		t.wrong[stranger] = wrongWay{digested("x-"+user, password), `--digest --user "x-$TROTH_DIGEST"`}
		for m, by := range signatures() {
			t.wrong[m] = wrongWay{by.authenticate(user, password), ""}
		}
	})
}

// nonceTries is how many nonces of its own a request asks for: a server may give the same one to all that ask at a time.
const nonceTries = 4

// rewind is a request as it was before it was sent, nil where its body cannot be had again.
func rewind(r *http.Request) *http.Request {
	again := r.Clone(r.Context())
	if r.Body == nil || r.Body == http.NoBody {
		return again
	}
	if r.GetBody == nil {
		return nil
	}
	body, err := r.GetBody()
	if err != nil {
		return nil
	}
	again.Body = body
	return again
}

func digested(user, password string) authentication {
	return func(_ *openapi.Document, _ *url.URL, next http.RoundTripper) (http.RoundTripper, error) {
		anew := func() http.RoundTripper {
			return &digest.Transport{Username: user, Password: password, Transport: rewound(next), FindChallenge: digestChallenge}
		}
		shared := anew()
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			resp, err := shared.RoundTrip(r)
			for range nonceTries { // another request used up the nonce, which is good for one: this one asks for a nonce of its own
				again := rewind(r)
				if err != nil || resp.StatusCode != http.StatusUnauthorized || !isStale(resp.Header) || again == nil {
					break
				}
				resp, err = anew().RoundTrip(again)
			}
			return resp, err
		}), nil
	}
}

// isStale tells whether a response refuses a nonce, not the credentials (RFC 7616 §3.3).
func isStale(h http.Header) bool {
	return slices.ContainsFunc(Challenges(h), func(c Challenge) bool {
		return strings.EqualFold(c.Scheme, "digest") && strings.EqualFold(c.Params["stale"], "true")
	})
}

// rewound gives refusals a body that can be read again behind Close: the digest client drains and closes each 401, and returns it all the
// same where it has no challenge to answer.
func rewound(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(r)
		if err != nil || resp.StatusCode != http.StatusUnauthorized {
			return resp, err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
		if err != nil {
			return nil, err
		}
		resp.Body = rereadable{bytes.NewReader(body)}
		return resp, nil
	})
}

type rereadable struct{ *bytes.Reader }

func (b rereadable) Close() error {
	_, err := b.Seek(0, io.SeekStart)
	return err
}

// DigestOf answers the first digest challenge of a response (RFC 7616 §3.4) with a user and a password; ok is false where there is none.
func DigestOf(h http.Header, method, uri, user, password string) (field string, ok bool) {
	challenge, err := digestChallenge(h)
	if err != nil {
		return "", false
	}
	return answerDigest(challenge, method, uri, user, password)
}

func answerDigest(challenge *digest.Challenge, method, uri, user, password string) (field string, ok bool) {
	credentials, err := digest.Digest(challenge, digest.Options{Method: method, URI: uri, Username: user, Password: password, Count: 1, Cnonce: "0"})
	if err != nil {
		return "", false
	}
	return credentials.String(), true
}

// digestChallenge finds the first digest challenge that the client can answer, among others in one field, too.
func digestChallenge(h http.Header) (*digest.Challenge, error) {
	for _, c := range Challenges(h) {
		if !strings.EqualFold(c.Scheme, "digest") {
			continue
		}
		parsed, err := digest.ParseChallenge(c.text)
		if err == nil && digest.CanDigest(parsed) {
			return parsed, nil
		}
	}
	return nil, digest.ErrNoChallenge
}
