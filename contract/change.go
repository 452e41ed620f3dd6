package contract

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
)

// Change alters the ordinary request of an operation.
type Change func(*change)

type change struct {
	path     map[string]string // raw text by variable
	query    map[string]string // raw text by name
	raw      map[string]string // query parameters as they are sent, by name
	request  *Request
	body     bool   // was set
	anything bool   // no Accept is sent
	untagged bool   // no If-Match is sent
	suffix   string // of the path
}

// Query sets a query parameter's text, which is percent-encoded as needed.
func Query(name, text string) Change {
	return func(c *change) {
		delete(c.raw, name)
		c.query[name] = text
	}
}

// RawQuery sets a query parameter as it is written in the URL: "name=a&name=b".
func RawQuery(name, raw string) Change { return func(c *change) { c.raw[name] = raw } }

// Path sets a path variable's text, which is percent-encoded as needed.
func Path(name, text string) Change {
	return func(c *change) { c.path[name] = url.PathEscape(text) }
}

// RawPath sets a path variable as it is written in the URL.
func RawPath(name, raw string) Change { return func(c *change) { c.path[name] = raw } }

// Suffix appends a text to the path, as it is written in the URL.
func Suffix(text string) Change { return func(c *change) { c.suffix = text } }

// Provoking says that the request asks for what HTTP itself lets a server refuse.
func Provoking() Change { return func(c *change) { c.request.Provoked = true } }

// Beside asks below the same parents as another request did.
func Beside(x *Exchange) Change {
	return func(c *change) {
		for name, text := range x.path {
			if _, set := c.path[name]; !set {
				c.path[name] = text
			}
		}
	}
}

// Without leaves a query or header parameter out.
func Without(name string) Change {
	return func(c *change) {
		delete(c.query, name)
		delete(c.raw, name)
		c.request.Header.Del(name)
		c.untagged = c.untagged || strings.EqualFold(name, "If-Match")
	}
}

// Field sets a header field.
func Field(name, text string) Change {
	return func(c *change) {
		if c.request.Header == nil {
			c.request.Header = http.Header{}
		}
		c.request.Header.Set(name, text)
	}
}

// Accept sets the Accept field.
func Accept(field string) Change { return Field("Accept", field) }

// AcceptLines sets the field Accept in several lines, which are one list (RFC 9110 §5.3).
func AcceptLines(lines ...string) Change {
	return func(c *change) {
		Accept("")(c)
		c.request.Header["Accept"] = lines
	}
}

// AcceptNothing leaves Accept out, which ordinary requests have.
func AcceptNothing() Change { return func(c *change) { c.anything = true } }

// accept adds the Accept field of ordinary requests where a change has not set or left out one.
func (c *Case) accept(ch *change) {
	if field := c.Accepted(); field != "" && ch.request.Header["Accept"] == nil && !ch.anything {
		Accept(field)(ch)
	}
}

// Accepted is what ordinary requests accept: the newest of the dated media types of the success, else its first JSON, else its first content.
func (s *Subject) Accepted() string {
	r, _ := s.Op.Success()
	if r == nil || len(r.Content) == 0 {
		return ""
	}
	best := r.JSON()
	if best == nil {
		best = r.Content[0]
	}
	if v := s.Conv.Versions; v != nil {
		for _, content := range r.Content {
			if text, newest := content.Type.String(), best.Type.String(); strings.HasPrefix(text, v.Prefix) && (text > newest || !strings.HasPrefix(newest, v.Prefix)) {
				best = content
			}
		}
	}
	if best.Type.IsRange() {
		return ""
	}
	return best.Type.String()
}

// Body sends this text as content of a media type.
func Body(contentType, text string) Change {
	return func(c *change) {
		Field("Content-Type", contentType)(c)
		c.request.Body, c.body = text, true
	}
}

// Method sends the request by another method, without a body.
func Method(method string) Change {
	return func(c *change) { c.request.Method, c.body, c.request.Provoked = method, true, true }
}

// Authorization sends this field in place of the target's credentials, or none for "".
func Authorization(field string) Change {
	return func(c *change) {
		c.request.NoCredentials = true
		if field != "" {
			Field("Authorization", field)(c)
		}
	}
}

// WrongCredentials sends the target's credentials with a secret that is nearly right.
func WrongCredentials() Change { return func(c *change) { c.request.Wrong = longer } }

// CutCredentials sends the target's credentials with a secret that lacks its last character.
func CutCredentials() Change { return func(c *change) { c.request.Wrong = shorter } }

// BlankCredentials sends the target's user with an empty password.
func BlankCredentials() Change { return func(c *change) { c.request.Wrong = blank } }

// UserAsPassword sends the name of the target's user for the password, too.
func UserAsPassword() Change { return func(c *change) { c.request.Wrong = userTwice } }

// RecasedCredentials sends the password of the target's user with its letters in the other case.
func RecasedCredentials() Change { return func(c *change) { c.request.Wrong = recased } }

// StrangeCredentials sends the target's secret with the name of another user.
func StrangeCredentials() Change { return func(c *change) { c.request.Wrong = stranger } }

// MisdirectedCredentials signs for another request target than is asked for (RFC 7616 §3.4.6).
func MisdirectedCredentials() Change { return func(c *change) { c.request.Wrong = misdirected } }

// OtherMethodCredentials signs for another method than the request has (RFC 7616 §3.4.3).
func OtherMethodCredentials() Change { return func(c *change) { c.request.Wrong = otherMethod } }

// InventedNonce signs with a nonce that the server did not give (RFC 7616 §3.3).
func InventedNonce() Change { return func(c *change) { c.request.Wrong = otherNonce } }

// User is the user that the target's credentials are of, "nobody" where they name none.
func (c *Case) User() string { return cmp.Or(c.session.target.user, "nobody") }

// ForeignCredentials sends the target's credentials as if they were of another scheme.
func ForeignCredentials() Change { return func(c *change) { c.request.Wrong = foreign } }

// LowerScheme sends the target's credentials with the name of their scheme in lower case.
func LowerScheme() Change { return func(c *change) { c.request.Wrong = lower } }

// UpperScheme sends the target's credentials with the name of their scheme in upper case.
func UpperScheme() Change { return func(c *change) { c.request.Wrong = upper } }

// HasCredentials tells whether the target was given credentials of which a wrong form can be made.
func (c *Case) HasCredentials(of ...Alternative) bool { return c.can(longer, of...) }

// CanCut tells whether the target was given credentials whose secret can be cut short.
func (c *Case) CanCut(of ...Alternative) bool { return c.can(shorter, of...) }

// CanBlank tells whether the target was given a user with a password.
func (c *Case) CanBlank(of ...Alternative) bool { return c.can(blank, of...) }

// CanGuess tells whether the target was given a user with a password that is not the user's name.
func (c *Case) CanGuess(of ...Alternative) bool { return c.can(userTwice, of...) }

// CanRecase tells whether the target was given a password that has letters.
func (c *Case) CanRecase(of ...Alternative) bool { return c.can(recased, of...) }

// CanRename tells whether the target was given credentials that can be sent under another scheme's name.
func (c *Case) CanRename(of ...Alternative) bool { return c.can(foreign, of...) }

// CanRecaseScheme tells whether the target was given credentials that can be sent with the name of their scheme in another case.
func (c *Case) CanRecaseScheme(of ...Alternative) bool { return c.can(lower, of...) }

// Again sends the request even if the run has its answer already.
func Again() Change { return func(c *change) { c.request.Again = true } }

// Once takes the answer as it is, also where the server failed: without it an idempotent request is sent once more then.
func Once() Change { return func(c *change) { c.request.Once = true } }

// CanEstrange tells whether the secret that requests have is one user's, so that another one may not have it.
func (c *Case) CanEstrange(of ...Alternative) bool { return c.can(stranger, of...) }

// CanMisdirect tells whether MisdirectedCredentials, OtherMethodCredentials and InventedNonce can be sent: those that sign a request.
func (c *Case) CanMisdirect(of ...Alternative) bool { return c.can(misdirected, of...) }
