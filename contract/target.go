package contract

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/icholy/digest"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"troth/openapi"
)

// Target is an implementation to judge: where it is, how to authenticate, which values exist.
type Target struct {
	base      *url.URL
	transport http.RoundTripper
	auth      authentication
	flag      string // how a curl command authenticates, with the secret in a variable
	wrong     [mistakes]wrongWay
	keyName   string // of the API key
	user      string // that the credentials are of, "" where they name none
	ways      ways   // to authenticate by scheme, nil where one way does for all
	given     []*way // each of the credentials that were given
	secrets   *secrets
	header    http.Header
	params    map[string][]string
	empty     map[string][]string // parents without items
	write     bool
	timeout   time.Duration
}

// authentication puts credentials into the requests that a transport sends to a target.
type authentication func(doc *openapi.Document, base *url.URL, next http.RoundTripper) (http.RoundTripper, error)

// mistake is how credentials are made nearly right.
type mistake int

const (
	none      mistake = iota
	longer            // with a character more
	shorter           // without its last character
	blank             // none at all
	foreign           // the right one, as if it was of another scheme
	lower             // no mistake: the right one, with the name of its scheme in lower case
	upper             // the same in upper case
	stranger          // the right secret, as if it was another user's
	userTwice         // the user's name for the password
	recased           // the right password with its letters in the other case
	mistakes
)

// wrongWay authenticates with a secret that is nearly right; auth is nil where there is none. flag is how a curl command does so.
type wrongWay struct {
	auth authentication
	flag string
}

// nearly has wrong secrets made from the right one. flag authenticates by a variable with a secret of a form of the variable.
func (t *Target) nearly(secret string, auth func(secret string) authentication, flag func(form string) string) {
	t.wrong = [mistakes]wrongWay{longer: {auth(secret + "x"), flag("x")}}
	if short, ok := cutSecret(secret); ok {
		t.wrong[shorter] = wrongWay{auth(short), flag("%?")}
	}
}

// guessed has the passwords that whoever knows the user, or about the password, tries first.
func (t *Target) guessed(user, password, variable, flag string, auth func(user, password string) authentication) {
	if user != password {
		t.wrong[userTwice] = wrongWay{auth(user, user), flag + `--user "${` + variable + `%%:*}:${` + variable + `%%:*}"`}
	}
	if other := otherCase(password); other != password && other != user {
		t.wrong[recased] = wrongWay{auth(user, other), flag + `--user "${` + variable + `%%:*}:$(printf %s "${` + variable + `#*:}" | tr 'a-zA-Z' 'A-Za-z')"`}
	}
}

// otherCase has the ASCII letters of a text in the other case.
func otherCase(text string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r ^ ' '
		}
		return r
	}, text)
}

// formOf is a variable in a shell's word, in a form: with "x" behind it, or without its last character.
func formOf(variable, form string) string {
	if form == "x" {
		return "${" + variable + "}x"
	}
	return "${" + variable + form + "}"
}

// cutSecret is a secret without its last character. Padding (RFC 4648 §3.2) may be left out.
func cutSecret(secret string) (short string, ok bool) {
	if len(secret) < 2 || strings.HasSuffix(secret, "=") {
		return "", false
	}
	return secret[:len(secret)-1], true
}

// TargetOption changes how a target is talked to.
type TargetOption func(*Target)

// NewTarget is the implementation at a URL: scheme, host and, where the document's paths stand below one, a prefix.
func NewTarget(rawURL string, opts ...TargetOption) (*Target, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("target: %w", unwrapped(err)) // without the URL, which may hold a password
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("target %q: want http://host or https://host", u.Redacted())
	}
	u.Path, u.RawQuery, u.Fragment = strings.TrimRight(u.Path, "/"), "", ""
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	t := newTarget(u)
	t.transport = transport
	if password, ok := u.User.Password(); ok {
		Basic(u.User.Username(), password)(t)
	}
	u.User = nil
	for _, opt := range opts {
		opt(t)
	}
	return t, nil
}

func newTarget(base *url.URL) *Target {
	return &Target{base: base, header: http.Header{}, params: map[string][]string{}, empty: map[string][]string{}, timeout: 30 * time.Second, secrets: &secrets{}}
}

// InProcess is a handler as a target: requests do not leave the process, and the handler sees them below http://in.process.
func InProcess(h http.Handler, opts ...TargetOption) *Target {
	t := newTarget(&url.URL{Scheme: "http", Host: "in.process"})
	for _, opt := range append([]TargetOption{Handler(h)}, opts...) {
		opt(t)
	}
	return t
}

// Handler judges a handler in process: requests do not leave it.
func Handler(h http.Handler) TargetOption {
	return func(t *Target) {
		t.transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			served := r.Clone(r.Context())
			served.RequestURI, served.Host, served.RemoteAddr = r.URL.RequestURI(), r.URL.Host, "127.0.0.1:0"
			if served.Body == nil {
				served.Body = http.NoBody
			}
			w := httptest.NewRecorder()
			if aborted(h, w, served) {
				return nil, io.ErrUnexpectedEOF
			}
			resp := w.Result()
			resp.Request, resp.Header = r, canonical(resp.Header)
			return resp, nil
		})
	}
}

// aborted serves a request, and tells whether the handler aborted it: net/http closes the connection then.
func aborted(h http.Handler, w http.ResponseWriter, r *http.Request) (yes bool) {
	defer func() {
		if problem := recover(); problem == http.ErrAbortHandler {
			yes = true
		} else if problem != nil {
			panic(problem)
		}
	}()
	h.ServeHTTP(w, r)
	return false
}

// canonical spells names as net/http does when it reads them from a connection.
func canonical(h http.Header) http.Header {
	spelt := make(http.Header, len(h))
	for name, lines := range h {
		if len(lines) > 0 {
			spelt[http.CanonicalHeaderKey(name)] = lines
		}
	}
	return spelt
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Bearer authenticates with a bearer token (RFC 6750).
func Bearer(token string) TargetOption {
	return giving(takesTokens, func(t *Target) {
		t.secrets.add(token)
		t.flag, t.keyName = `-H "Authorization: Bearer $TROTH_BEARER"`, ""
		t.auth = withHeader("Authorization", "Bearer "+token)
		t.nearly(token, func(secret string) authentication {
			return withHeader("Authorization", "Bearer "+secret)
		}, func(form string) string { return `-H "Authorization: Bearer ` + formOf("TROTH_BEARER", form) + `"` })
		t.named("Bearer", "Basic", token, `$TROTH_BEARER`)
	})
}

// Basic authenticates with user and password (RFC 7617).
func Basic(user, password string) TargetOption {
	return giving(isHTTP("basic"), func(t *Target) {
		t.secrets.pair(user, password)
		t.user = user
		t.flag, t.keyName = `--user "$TROTH_BASIC"`, ""
		t.auth = basic(user, password)
		t.nearly(password, func(secret string) authentication {
			return basic(user, secret)
		}, func(form string) string { return `--user "` + formOf("TROTH_BASIC", form) + `"` })
		t.wrong[blank] = wrongWay{basic(user, ""), `--user "${TROTH_BASIC%%:*}:"`}
		t.guessed(user, password, "TROTH_BASIC", "", basic)
		t.named("Basic", "Bearer", base64.StdEncoding.EncodeToString([]byte(user+":"+password)), `$(printf %s "$TROTH_BASIC" | base64)`)
	})
}

func basic(user, password string) authentication {
	return func(_ *openapi.Document, _ *url.URL, next http.RoundTripper) (http.RoundTripper, error) {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.SetBasicAuth(user, password)
			return next.RoundTrip(r)
		}), nil
	}
}

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

// OAuth authenticates with a token got by client credentials (RFC 6749 §4.4) from the document's tokenUrl, on the target's host.
func OAuth(id, secret string) TargetOption {
	return giving(takesTokens, func(t *Target) {
		t.secrets.pair(id, secret)
		t.flag, t.keyName = `-H "Authorization: Bearer $TROTH_BEARER"`, ""
		t.auth = func(doc *openapi.Document, base *url.URL, next http.RoundTripper) (http.RoundTripper, error) {
			path, err := tokenPath(doc)
			if err != nil {
				return nil, err
			}
			config := clientcredentials.Config{ClientID: id, ClientSecret: secret, TokenURL: base.Scheme + "://" + base.Host + path}
			ctx := clientContext(next)
			return &oauth2.Transport{Source: oauth2.ReuseTokenSource(nil, watched{config.TokenSource(ctx), t.secrets}), Base: next}, nil
		}
		t.wrong = [mistakes]wrongWay{longer: {withHeader("Authorization", "Bearer wrong"), `-H "Authorization: Bearer wrong"`}}
	})
}

// APIKey authenticates with an API key, where the document's scheme of that parameter name puts it; in a header where there is none.
func APIKey(name, value string) TargetOption {
	return giving(func(s *openapi.SecurityScheme) bool { return s.Type == "apiKey" && s.Key == name }, func(t *Target) {
		t.secrets.add(value)
		t.flag, t.keyName = "", name
		t.auth = withKey(name, value)
		t.nearly(value, func(secret string) authentication {
			return withKey(name, secret)
		}, func(string) string { return "" })
	})
}

func withKey(name, value string) authentication {
	return func(doc *openapi.Document, _ *url.URL, next http.RoundTripper) (http.RoundTripper, error) {
		schemes, err := doc.SecuritySchemes()
		if err != nil {
			return nil, err
		}
		in := "header"
		for _, s := range schemes {
			if s.Type == "apiKey" && s.Key == name {
				in = s.In
			}
		}
		return keyed(in, name, value, next), nil
	}
}

// ForSchemes authenticates with the first of these that fits each security scheme of a document. API keys in headers of their own go with every
// request; where the others are several, each request has those that its operation asks for.
func ForSchemes(doc *openapi.Document, user, password, token, key string) ([]TargetOption, error) {
	schemes, err := doc.SecuritySchemes()
	if err != nil {
		return nil, err
	}
	var opts []TargetOption
	each, kinds := map[string]TargetOption{}, map[string]bool{}
	for _, s := range schemes {
		opt, kind := forScheme(s, user, password, token, key)
		if opt == nil {
			continue
		}
		opts = append(opts, opt)
		if each[s.Name] = opt; kind == "" {
			each[s.Name] = nil
		} else {
			kinds[kind] = true
		}
	}
	if len(kinds) > 1 {
		opts = append(opts, perOperation(each))
	}
	return opts, nil
}

// forScheme authenticates for one security scheme. kind is "" where the credentials go with every request, beside those of other schemes.
func forScheme(s *openapi.SecurityScheme, user, password, token, key string) (opt TargetOption, kind string) {
	switch {
	case s.Type == "http" && s.Scheme == "digest":
		return Digest(user, password), "digest"
	case s.Type == "http" && s.Scheme == "basic":
		return Basic(user, password), "basic"
	case s.Type == "apiKey" && s.In == "header" && !strings.EqualFold(s.Key, "Authorization"):
		return Header(s.Key, key), ""
	case s.Type == "apiKey":
		return APIKey(s.Key, key), "key " + s.Key
	case s.Type == "http" && s.Scheme != "bearer":
		return scheme(s.Scheme, token), s.Scheme
	case s.Type != "mutualTLS":
		return Bearer(token), "bearer"
	}
	return nil, ""
}

// scheme authenticates with a token of another HTTP authentication scheme.
func scheme(name, token string) TargetOption {
	return func(t *Target) {
		t.flag = fmt.Sprintf(`-H "Authorization: %s $TROTH_BEARER"`, name)
		t.auth = withHeader("Authorization", name+" "+token)
	}
}

func keyed(in, name, value string, next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		switch in {
		case "query":
			r.URL.RawQuery = strings.TrimPrefix(without(r.URL.RawQuery, name)+"&"+url.QueryEscape(name)+"="+url.QueryEscape(value), "&")
		case "cookie":
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		default:
			r.Header.Set(name, value)
		}
		return next.RoundTrip(r)
	})
}

// without is a query as it is sent, but for the parameters of a name: one that is a credential is often declared as a parameter, too.
func without(query, name string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(query, "&"), func(part string) bool {
		key, _, _ := strings.Cut(part, "=")
		decoded, err := url.QueryUnescape(key)
		return err == nil && decoded == name
	}), "&")
}

func withHeader(name, value string) authentication {
	return func(_ *openapi.Document, _ *url.URL, next http.RoundTripper) (http.RoundTripper, error) {
		return keyed("header", name, value, next), nil
	}
}

// tokenPath is the path of the document's first client-credentials tokenUrl.
func tokenPath(doc *openapi.Document) (string, error) {
	schemes, err := doc.SecuritySchemes()
	if err != nil {
		return "", err
	}
	for _, s := range schemes {
		for _, flow := range s.Flows {
			if u, err := url.Parse(flow.TokenURL); err == nil && flow.Kind == "clientCredentials" {
				return "/" + strings.TrimPrefix(u.Path, "/"), nil
			}
		}
	}
	return "", fmt.Errorf("the document has no OAuth2 scheme with the flow clientCredentials: give --bearer instead")
}

// harmless are header fields whose values are no secrets: commands show them as they are.
var harmless = map[string]bool{"Accept": true, "Accept-Language": true, "Content-Type": true, "Prefer": true, "User-Agent": true}

// Header sends a header field with every request. Reports show its value only where the field is known to hold no secret.
func Header(name, value string) TargetOption {
	return func(t *Target) {
		if t.header.Add(name, value); !harmless[http.CanonicalHeaderKey(name)] {
			t.secrets.add(value)
			if _, after, ok := strings.Cut(value, " "); ok {
				t.secrets.add(after) // of "Bearer …"
			}
		}
	}
}

// Param gives a value of a path or query parameter that exists at the target.
func Param(name, value string) TargetOption {
	return func(t *Target) { t.params[name] = append(t.params[name], value) }
}

// Empty gives a value of a path parameter that exists at the target, of one's own, below which a list is empty.
func Empty(name, value string) TargetOption {
	return func(t *Target) { t.empty[name] = append(t.empty[name], value) }
}

// Write allows requests that change something; without it only GET, HEAD, OPTIONS and TRACE are sent.
func Write() TargetOption {
	return func(t *Target) { t.write = true }
}

// Timeout bounds each request; without it 30 seconds.
func Timeout(d time.Duration) TargetOption {
	return func(t *Target) { t.timeout = d }
}
