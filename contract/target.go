package contract

import (
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
			if _, told := w.Header()["Date"]; !told { // which net/http adds
				resp.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
			}
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
		bearer := func(secret string) authentication { return withHeader("Authorization", "Bearer "+secret) }
		t.nearly(token, bearer, func(form string) string { return `-H "Authorization: Bearer ` + formOf("TROTH_BEARER", form) + `"` })
		t.anotherCase(token, "TROTH_BEARER", bearer, func(value string) string { return `-H "Authorization: Bearer ` + value + `"` })
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
		key := func(secret string) authentication { return withKey(name, secret) }
		t.nearly(value, key, func(string) string { return "" })
		t.anotherCase(value, "", key, func(string) string { return "" })
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
