package mock

import (
	"cmp"
	"context"
	"crypto/subtle"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"troth/openapi"
	"troth/openapi/convention"
)

// authenticator checks the credentials of requests by the document's security requirements: alternatives (OR) of schemes that
// must all hold (AND). Scopes are not checked.
type authenticator struct {
	creds  Credentials
	clock  func() time.Time
	digest *digester
	tokens *issuer
	realm  string
	blank  bool // a planted defect: no user with no password is right
	tweaks *tweaks
}

func newAuthenticator(doc *openapi.Document, conv *convention.Conventions, creds Credentials, clock func() time.Time, seed uint64) (*authenticator, error) {
	if creds.empty() {
		creds = DefaultCredentials()
	}
	schemes, err := doc.SecuritySchemes()
	if err != nil {
		return nil, err
	}
	a := &authenticator{creds: creds, clock: clock, realm: conv.Authentication.Realm}
	a.digest = newDigester(conv.Authentication, creds.Users, clock, seed)
	a.tokens = newIssuer(schemes, creds.Clients, clock, seed)
	return a, nil
}

// behavior refuses requests whose credentials satisfy none of the operation's requirements.
func (a *authenticator) behavior(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		if failed := a.check(call); failed != nil {
			if a.tweaks.wrongDone != call.Request.Method || call.Request.Header.Get("Authorization") == "" && call.Request.Method == http.MethodPost {
				return nil, failed
			}
			call.unmet = failed
		}
		return next(ctx, call)
	}
}

// check returns nil where some requirement is satisfied, else the refusal.
func (a *authenticator) check(call *Call) error {
	requirements := call.Operation.Security
	if len(requirements) == 0 || a.tweaks.open != nil && a.tweaks.open(call.Request) {
		return nil
	}
	if a.tweaks.basicFails && undecoded(call.Request) {
		return &Fault{Status: http.StatusInternalServerError, Situation: "server-error", Detail: "planted by the defect basic-fails"}
	}
	var reasons []string
	stale := false
	if a.tweaks.firstAlternative && call.Operation.Method != http.MethodGet {
		requirements = requirements[:1]
	}
	for _, requirement := range requirements {
		reason, old := a.unmet(call.Request, requirement)
		stale = stale || old
		if reason == "" {
			return nil
		}
		reasons = append(reasons, reason)
	}
	return &Fault{
		Status: http.StatusUnauthorized, Situation: "unauthorized",
		Detail: "no security requirement is satisfied (" + strings.Join(reasons, "; ") + ")",
		Header: http.Header{"Www-Authenticate": a.challenges(call, stale)},
	}
}

// unmet tells what a request lacks of a requirement, "" where it lacks nothing. Of schemes that all want Authorization, which holds one
// credential, one is enough.
func (a *authenticator) unmet(r *http.Request, requirement openapi.Requirement) (reason string, stale bool) {
	one, authorized := "", false
	for _, need := range requirement {
		problem, old := a.satisfied(r, need.Scheme)
		stale = stale || old
		if problem != "" {
			problem = need.Scheme.Name + ": " + problem
		}
		switch {
		case inAuthorization(need.Scheme):
			one, authorized = cmp.Or(one, problem), authorized || problem == ""
		case problem != "":
			return problem, stale
		}
	}
	if authorized {
		return "", stale
	}
	return one, stale
}

// inAuthorization tells whether the credentials of a scheme stand in the field Authorization.
func inAuthorization(s *openapi.SecurityScheme) bool {
	if s.Type == "apiKey" {
		return s.In == "header" && strings.EqualFold(s.Key, "Authorization")
	}
	return s.Type != "mutualTLS"
}

// satisfied tells what is wrong with a request's credentials for a scheme, "" where they are right.
func (a *authenticator) satisfied(r *http.Request, s *openapi.SecurityScheme) (problem string, stale bool) {
	switch {
	case s.Type == "apiKey":
		return a.key(r, s), false
	case s.Type == "http" && s.Scheme == "basic":
		return a.basic(r), false
	case s.Type == "http" && s.Scheme == "digest":
		return a.digest.check(r)
	case s.Type == "http" && s.Scheme == "bearer", s.Type == "oauth2", s.Type == "openIdConnect":
		return a.bearer(r, "Bearer"), false
	case s.Type == "mutualTLS":
		if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
			return "no client certificate", false
		}
		return "", false
	}
	return a.bearer(r, s.Scheme), false // a scheme whose form nobody tells: a token
}

func (a *authenticator) key(r *http.Request, s *openapi.SecurityScheme) string {
	value := r.Header.Get(s.Key)
	switch s.In {
	case "query":
		value = r.URL.Query().Get(s.Key)
	case "cookie":
		value = ""
		if c, err := r.Cookie(s.Key); err == nil {
			value = c.Value
		}
	}
	if value == "" {
		return fmt.Sprintf("no %s %s", s.In, s.Key)
	}
	if !slices.ContainsFunc(a.creds.Keys, func(k string) bool { return same(k, value) }) {
		return "unknown API key"
	}
	return ""
}

func (a *authenticator) basic(r *http.Request) string {
	user, password, ok := r.BasicAuth()
	if !ok {
		return "no Authorization: Basic"
	}
	if a.blank && user+password == "" {
		return ""
	}
	if want, known := a.creds.Users[user]; !known && !a.tweaks.nobody || !same(want, password) && !(a.tweaks.guess != nil && same(a.tweaks.guess(user, want), password)) {
		return "wrong user or password"
	}
	return ""
}

func (a *authenticator) bearer(r *http.Request, want string) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	right := strings.EqualFold(scheme, want) && (!a.tweaks.oneCase || scheme == want) || a.tweaks.anyScheme
	if !right || token == "" {
		return "no Authorization: " + want
	}
	if slices.ContainsFunc(a.creds.Tokens, func(t string) bool {
		return same(t, token) || a.tweaks.tokenPrefix && strings.HasPrefix(token, t) || a.tweaks.tokenCase && strings.EqualFold(token, t)
	}) {
		return ""
	}
	return a.tokens.check(token)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// challenges are the WWW-Authenticate fields of a refusal (RFC 9110 §11.6.1). Where digest is offered it stands alone: common
// digest clients read the first field only and refuse another scheme in front.
func (a *authenticator) challenges(call *Call, stale bool) []string {
	schemes := offered(call.Operation.Security)
	for _, s := range schemes {
		if s.Type == "http" && s.Scheme == "digest" {
			return a.digest.challenges(stale)
		}
	}
	var list []string
	for _, s := range schemes {
		challenge := a.challenge(call.Request, s)
		if challenge != "" && !slices.Contains(list, challenge) {
			list = append(list, challenge)
		}
	}
	return fittingChallenges(call.Operation.Response(http.StatusUnauthorized), list)
}

// literalRealm is a realm as a pattern spells it.
var literalRealm = regexp.MustCompile(`realm="([\w :/-]+)"`)

// fittingChallenges are the challenges where the declared header takes them, else one of them with the realm that the header's pattern spells, or what it lists.
func fittingChallenges(r *openapi.Response, list []string) []string {
	h := headerNamed(r, "WWW-Authenticate")
	if h == nil || len(h.Decode(list)) == 0 {
		return list
	}
	for _, v := range h.Schema.Enum {
		if text, ok := v.(string); ok {
			return []string{text} // the document spells it
		}
	}
	realm := ""
	if h.Schema.Pattern != nil {
		realm = literalRealm.FindString(h.Schema.Pattern.String())
	}
	for _, challenge := range list {
		scheme, _, _ := strings.Cut(challenge, " ")
		for _, form := range []string{challenge, scheme + " " + realm, scheme} {
			if len(h.Decode([]string{form})) == 0 {
				return []string{form}
			}
		}
	}
	return list
}

func offered(requirements []openapi.Requirement) (list []*openapi.SecurityScheme) {
	for _, requirement := range requirements {
		for _, need := range requirement {
			list = append(list, need.Scheme)
		}
	}
	return list
}

func (a *authenticator) challenge(r *http.Request, s *openapi.SecurityScheme) string {
	switch {
	case s.Type == "http" && s.Scheme == "basic":
		return fmt.Sprintf("Basic realm=%q, charset=\"UTF-8\"", a.realm)
	case s.Type == "apiKey":
		return fmt.Sprintf("ApiKey realm=%q, in=%q, name=%q", a.realm, s.In, s.Key)
	case s.Type == "mutualTLS":
		return fmt.Sprintf("Mutual realm=%q", a.realm)
	case s.Type == "http" && s.Scheme != "bearer":
		return fmt.Sprintf("%s realm=%q", s.Scheme, a.realm)
	case r.Header.Get("Authorization") != "":
		return fmt.Sprintf("Bearer realm=%q, error=\"invalid_token\"", a.realm)
	}
	return fmt.Sprintf("Bearer realm=%q", a.realm)
}
