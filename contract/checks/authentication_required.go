package checks

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
)

func authenticationRequired() contract.Check {
	return contract.Check{
		ID:      "authentication-required",
		Promise: "Requests without or with wrong credentials are refused, with a challenge.",
		Why:     "Anybody without valid credentials can use the operation, or is not told how to authenticate.",
		Source:  "OpenAPI 3.1 §4.8.30 Security Requirement Object; RFC 9110 §15.5.2",
		Level:   contract.Must,
		Once:    true, // who is let in at times need not be let in again
		Applies: func(s *contract.Subject) bool { return s.Secured() },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			ordinary, err := c.Ask(ctx, "ordinary request")
			if err != nil {
				return nil, err
			}
			bare, err := c.WithoutCredentials(ctx)
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			for _, a := range attempts(c, bare, ordinary) {
				x, err := c.Ask(ctx, a.name, append([]contract.Change{contract.Authorization(a.field), contract.Provoking()}, a.more...)...)
				if err != nil {
					return nil, err
				}
				findings = append(findings, judgeRefusal(c, a, x, ordinary)...)
			}
			more, err := nearlyRight(ctx, c, ordinary, len(findings) == 0)
			if findings = append(findings, more...); err != nil {
				return findings, err
			}
			more, err = existenceTold(ctx, c, bare)
			return append(findings, more...), err
		},
	}
}

type attempt struct {
	name, field string
	more        []contract.Change
	optional    bool // a form of the request that a server may not know
	bare        bool // no credentials at all
	malformed   bool // 400 is right, too (RFC 6750 §3.1)
	rewritten   bool // it is taken where something in between rewrites requests, too
	unissued    bool // with a nonce that the server did not give: it may be called stale
}

// attempts are requests that must be refused: without credentials, with a malformed field, and with wrong ones for each scheme.
func attempts(c *contract.Case, bare, ordinary *contract.Exchange) []attempt {
	list := []attempt{{name: "without credentials", bare: true}, {name: "malformed Authorization", field: "Nonsense", malformed: true}}
	if c.Op.Method == http.MethodGet {
		list = append(list, attempt{name: "HEAD without credentials", more: []contract.Change{contract.Method(http.MethodHead)}, optional: true},
			attempt{name: "path with / behind it without credentials", more: []contract.Change{contract.Suffix("/")}, optional: true})
		if more := otherForm(c); len(more) > 0 {
			list = append(list, attempt{name: "another page and form without credentials", more: more, bare: true})
		}
		if tag := ordinary.Header.Get("ETag"); tag != "" {
			list = append(list, attempt{name: "right ETag without credentials", more: []contract.Change{contract.Field("If-None-Match", tag)}, bare: true})
		}
	}
	if !declaresScheme(&c.Subject, "basic") { // a scheme that nobody declared lets nobody in
		list = append(list, attempt{name: "basic credentials of nobody", field: "Basic " + base64.StdEncoding.EncodeToString([]byte("nobody:wrong")), malformed: true})
	}
	seen := map[string]bool{}
	add := func(a attempt) {
		if !seen[a.name] {
			seen[a.name] = true
			list = append(list, a)
		}
	}
	for _, requirement := range c.Op.Security {
		for _, need := range requirement {
			switch s := need.Scheme; {
			case s.Type == "http" && s.Scheme == "basic":
				add(attempt{name: "wrong password", field: "Basic " + base64.StdEncoding.EncodeToString([]byte("nobody:wrong"))})
				add(attempt{name: "user of nobody without a password", field: "Basic " + base64.StdEncoding.EncodeToString([]byte("nobody:"))})
				add(attempt{name: "neither user nor password", field: "Basic " + base64.StdEncoding.EncodeToString([]byte(":")), malformed: true})
				add(attempt{name: "basic credentials that are no base64", field: "Basic %%%", malformed: true})
				add(attempt{name: "basic credentials without a colon", field: "Basic " + base64.StdEncoding.EncodeToString([]byte("nobody")), malformed: true})
				add(attempt{name: "basic credentials that are no UTF-8", field: "Basic " + base64.StdEncoding.EncodeToString([]byte("\xff\xfe:\xff")), malformed: true})
			case s.Type == "http" && s.Scheme == "digest":
				add(attempt{name: "malformed digest", field: "Digest username=", malformed: true})
				add(attempt{name: "digest of nobody", field: digestOfNobody(c, bare)})
				add(attempt{name: "digest without a response", field: digestOf(c, bare, c.User(), "")})
			case s.Type == "apiKey" && s.In == "header":
				add(attempt{name: "wrong API key", more: []contract.Change{contract.Field(s.Key, "wrong")}})
				add(attempt{name: "empty API key", more: []contract.Change{contract.Field(s.Key, "")}, malformed: true})
			case s.Type == "apiKey" && s.In == "query":
				add(attempt{name: "wrong API key", more: []contract.Change{contract.RawQuery(s.Key, url.QueryEscape(s.Key)+"=wrong")}})
				add(attempt{name: "empty API key", more: []contract.Change{contract.RawQuery(s.Key, url.QueryEscape(s.Key)+"=")}, malformed: true})
			case s.Type == "oauth2" || s.Type == "openIdConnect" || s.Type == "http":
				add(attempt{name: "wrong bearer token", field: "Bearer wrong"})
				add(attempt{name: "empty bearer token", field: "Bearer", malformed: true})
			}
		}
	}
	return list
}

// digestOfNobody is the digest of a user that is not known with the empty password, which a careless server has for whom it does not find.
func digestOfNobody(c *contract.Case, bare *contract.Exchange) string {
	const nobody = "nobody"
	if field, ok := contract.DigestOf(bare.Header, c.Op.Method, uriOf(bare), nobody, ""); ok {
		return field
	}
	return digestOf(c, bare, nobody, "00000000000000000000000000000000")
}

// uriOf is the request target of an exchange (RFC 9112 §3.2.1).
func uriOf(x *contract.Exchange) string {
	if u, err := url.Parse(x.URL); err == nil {
		return u.RequestURI()
	}
	return "/"
}

// digestOf is a digest with a response that no password gives, to the challenge that a request without credentials got (RFC 7616 §3.4).
func digestOf(c *contract.Case, bare *contract.Exchange, user, response string) string {
	realm, nonce := c.Conv.Authentication.Realm, "00000000"
	for _, challenge := range contract.Challenges(bare.Header) {
		if strings.EqualFold(challenge.Scheme, "digest") {
			realm, nonce = cmp.Or(challenge.Params["realm"], realm), cmp.Or(challenge.Params["nonce"], nonce)
		}
	}
	uri := uriOf(bare)
	return fmt.Sprintf("Digest username=%q, realm=%q, nonce=%q, uri=%q, response=%q", user, realm, nonce, uri, response)
}

func judgeRefusal(c *contract.Case, a attempt, x, ordinary *contract.Exchange) (findings []contract.Finding) {
	from := c.Op.Place.FileLine()
	add := func(where, keyword, want, got string) {
		findings = append(findings, c.New(x, where, "", keyword, want, got, from))
	}
	switch {
	case x.NoAnswer != nil, x.Status >= 500 && a.malformed:
		return nil // not-a-server-error tells
	case a.optional && !x.OK():
		return nil // nobody has to answer it
	case a.bare && x.Status == http.StatusForbidden && declares401(c):
		findings = append(findings, c.New(x, "request "+x.Name, "", "status", "401, which the document declares: no credentials were sent that could be refused (RFC 9110 §15.5.2)", "403", from).At(contract.Should))
		return findings
	case x.Status == http.StatusTooManyRequests:
		return nil // retry-after tells
	case x.Status == http.StatusForbidden || x.Status == http.StatusBadRequest && a.malformed:
	case x.Status != http.StatusUnauthorized:
		add("request "+x.Name, "security", "401 or 403", strconv.Itoa(x.Status))
		if a.rewritten || a.unissued {
			findings[0] = findings[0].At(contract.Should)
		}
		return findings
	case x.Header.Get("WWW-Authenticate") == "":
		add("header WWW-Authenticate of 401", "required", "a challenge", "none")
	case contract.MalformedChallenge(x.Header) != "":
		add("header WWW-Authenticate of 401", "syntax", "challenges (RFC 9110 §11.6.1)", quote(contract.MalformedChallenge(x.Header)))
	case !challenged(c, x):
		add("header WWW-Authenticate of 401", "scheme", "a challenge of a scheme that the document declares: "+strings.Join(schemes(&c.Subject), ", "), quote(strings.Join(x.Header.Values("WWW-Authenticate"), ", ")))
	default:
		for _, challenge := range contract.Challenges(x.Header) {
			if strings.EqualFold(challenge.Scheme, "digest") && (challenge.Params["nonce"] == "" || challenge.Params["realm"] == "") {
				add("header WWW-Authenticate of 401", "digest", "a digest challenge with realm and nonce (RFC 7616 §3.3)", x.Header.Get("WWW-Authenticate"))
			}
			if keyword, want, got := otherChallenge(c, challenge); keyword != "" {
				add("header WWW-Authenticate of 401", keyword, want, got)
				findings[len(findings)-1] = findings[len(findings)-1].At(contract.Should)
			}
		}
	}
	if id := betrayed(c, x, ordinary); id != "" {
		add("body of the refusal", "leak", "nothing of what was asked for", "the item "+quote(id))
	}
	return findings
}

// otherForm are the switches of form and paging, all at once, and the second of the smallest pages: what guards the ordinary request may not guard them.
func otherForm(c *contract.Case) (changes []contract.Change) {
	changes = switched(c)
	if numbered(&c.Subject) {
		size := max(c.Page.Minimum, 1)
		number := c.Page.Number(1, size)
		changes = append(changes, contract.Query(c.Page.Size, strconv.Itoa(size)), contract.Query(c.Page.Page, strconv.Itoa(number)))
	}
	return changes
}

// schemes are the schemes of the field Authorization that an operation takes (RFC 9110 §11.4), in lower case; OAuth 2.0 and OpenID Connect
// send bearer tokens (RFC 6750).
func schemes(s *contract.Subject) (list []string) {
	for _, requirement := range s.Op.Security {
		for _, need := range requirement {
			switch {
			case need.Scheme.Type == "http":
				list = append(list, strings.ToLower(need.Scheme.Scheme))
			case need.Scheme.Type == "oauth2" || need.Scheme.Type == "openIdConnect":
				list = append(list, "bearer")
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func declaresScheme(s *contract.Subject, scheme string) bool {
	return slices.Contains(schemes(s), scheme)
}

func declares401(c *contract.Case) bool {
	r := c.Op.Response(http.StatusUnauthorized)
	return r != nil && r.Code == "401"
}

// challenged tells whether a 401 names a scheme that the operation takes. Where keys, cookies or certificates are taken, any will do.
func challenged(c *contract.Case, x *contract.Exchange) bool {
	for _, requirement := range c.Op.Security {
		for _, need := range requirement {
			if t := need.Scheme.Type; t != "http" && t != "oauth2" && t != "openIdConnect" {
				return true
			}
		}
	}
	return slices.ContainsFunc(contract.Challenges(x.Header), func(challenge contract.Challenge) bool {
		return declaresScheme(&c.Subject, strings.ToLower(challenge.Scheme))
	})
}

// betrayed is the ID of an item that a refusal shows all the same, "" where it shows none.
func betrayed(c *contract.Case, x, ordinary *contract.Exchange) string {
	if c.Page == nil || !ordinary.OK() {
		return ""
	}
	p, err := pageOf(c, ordinary)
	if err != nil {
		return ""
	}
	for _, item := range p.items {
		if id := idOf(item); len(id) > 7 && strings.Contains(string(x.Body), id) {
			return id
		}
	}
	return ""
}
