package mock

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/icholy/digest"

	"troth/openapi"
)

// Client is an HTTP client whose requests carry credentials that the server takes: of the alternatives that the document has for the
// operation, the first that needs no challenge, else digest.
func (r *Running) Client() *http.Client {
	return &http.Client{Transport: r.Authenticated(r.transport)}
}

// Authenticated adds credentials to the requests that go to next: see Running.Client.
func (s *Server) Authenticated(next http.RoundTripper) http.RoundTripper {
	creds := s.options.creds
	if creds.empty() {
		creds = DefaultCredentials()
	}
	a := &authenticated{server: s, next: next, creds: creds}
	a.user, a.password = first(creds.Users)
	a.digest = &digest.Transport{Username: a.user, Password: a.password, Transport: next}
	return a
}

func first(m map[string]string) (key, value string) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		return key, m[key]
	}
	return "", ""
}

// authenticated is a client's transport.
type authenticated struct {
	server         *Server
	next           http.RoundTripper
	digest         http.RoundTripper
	creds          Credentials
	user, password string
}

// RoundTrip sends a request as one of the operation's requirements wants it. A request that no operation matches goes as it is.
func (a *authenticated) RoundTrip(r *http.Request) (*http.Response, error) {
	call := &Call{Request: r}
	a.server.match(call)
	if call.Match.Operation == nil || a.server.options.authOff {
		return a.next.RoundTrip(r)
	}
	op, err := call.Match.Operation.Compile()
	if err != nil || len(op.Security) == 0 {
		return a.next.RoundTrip(r)
	}
	for _, challenged := range []bool{false, true} {
		for _, requirement := range op.Security {
			sent := r.Clone(r.Context())
			next := a.next
			if a.satisfy(sent, requirement, challenged, &next) {
				return next.RoundTrip(sent)
			}
		}
	}
	return a.next.RoundTrip(r)
}

// satisfy adds what a requirement wants; false where it cannot, or only with a challenge.
func (a *authenticated) satisfy(r *http.Request, requirement openapi.Requirement, challenged bool, next *http.RoundTripper) bool {
	for _, need := range requirement {
		s := need.Scheme
		switch {
		case s.Type == "http" && s.Scheme == "digest":
			if !challenged || a.user == "" {
				return false
			}
			*next = a.digest
		case s.Type == "http" && s.Scheme == "basic" && a.user != "":
			r.SetBasicAuth(a.user, a.password)
		case s.Type == "http" && s.Scheme == "bearer", s.Type == "oauth2", s.Type == "openIdConnect":
			r.Header.Set("Authorization", "Bearer "+a.token())
		case s.Type == "apiKey" && len(a.creds.Keys) > 0:
			setKey(r, s, a.creds.Keys[0])
		default:
			return false
		}
	}
	return true
}

// token is a given one, else one as the token endpoint issues them.
func (a *authenticated) token() string {
	if len(a.creds.Tokens) > 0 {
		return a.creds.Tokens[0]
	}
	return a.server.tokens.issue()
}

func setKey(r *http.Request, s *openapi.SecurityScheme, key string) {
	switch s.In {
	case "query":
		u := *r.URL
		u.RawQuery = url.QueryEscape(s.Key) + "=" + url.QueryEscape(key)
		if r.URL.RawQuery != "" {
			u.RawQuery = r.URL.RawQuery + "&" + u.RawQuery
		}
		r.URL = &u
	case "cookie":
		r.AddCookie(&http.Cookie{Name: s.Key, Value: key})
	default:
		r.Header.Set(s.Key, key)
	}
}
