package contract

import (
	"net/http"
	"slices"
	"strings"

	"troth/openapi"
)

// way is one of the credentials that a target was given: how to send them alone, and which security schemes they are for.
type way struct {
	*Target
	serves func(*openapi.SecurityScheme) bool
}

// giving is an option that gives credentials, and notes them: the last ones given are sent where no scheme tells which.
func giving(serves func(*openapi.SecurityScheme) bool, opt TargetOption) TargetOption {
	return func(t *Target) {
		alone := newTarget(t.base)
		alone.secrets = t.secrets
		opt(alone)
		t.given = append(t.given, &way{alone, serves})
		opt(t)
	}
}

func isHTTP(scheme string) func(*openapi.SecurityScheme) bool {
	return func(s *openapi.SecurityScheme) bool { return s.Type == "http" && s.Scheme == scheme }
}

// takesTokens tells whether a scheme is one of bearer tokens (RFC 6750).
func takesTokens(s *openapi.SecurityScheme) bool {
	return s.Type == "oauth2" || s.Type == "openIdConnect" || s.Type == "http" && s.Scheme == "bearer"
}

// named has credentials sent under another scheme's name, and under the scheme's own in lower and upper case. shown is how a shell writes them.
func (t *Target) named(scheme, other, credentials, shown string) {
	for m, name := range map[mistake]string{foreign: other, lower: strings.ToLower(scheme), upper: strings.ToUpper(scheme)} {
		t.wrong[m] = wrongWay{withHeader("Authorization", name+" "+credentials), `-H "Authorization: ` + name + " " + shown + `"`}
	}
}

// byScheme are the ways of all security schemes that credentials were given for, those in header fields of the target's included: nil, as they go with
// every request.
func (t *Target) byScheme(schemes []*openapi.SecurityScheme) ways {
	list := ways{}
	for _, s := range schemes {
		if s.Type == "apiKey" && s.In == "header" && t.header.Values(s.Key) != nil {
			list[s.Name] = nil
		}
		if i := slices.IndexFunc(t.given, func(w *way) bool { return w.serves(s) }); i >= 0 {
			list[s.Name] = t.given[i].Target
		}
	}
	return list
}

// Alternative is one of the security requirements of an operation that credentials were given for.
type Alternative struct {
	Name    string // of its schemes: "bearer", "key and user"
	schemes []*openapi.SecurityScheme
}

// Alternatives are the security requirements of the operation that can be met, each by itself.
func (c *Case) Alternatives() (list []Alternative) {
	each := c.session.each
	for _, requirement := range c.Op.Security {
		a := Alternative{}
		var names []string
		for _, need := range requirement {
			if _, known := each[need.Scheme.Name]; known {
				a.schemes, names = append(a.schemes, need.Scheme), append(names, need.Scheme.Name)
			}
		}
		if a.Name = strings.Join(names, " and "); len(names) > 0 && len(names) == len(requirement) {
			list = append(list, a)
		}
	}
	return list
}

// Alone sends the credentials of one alternative, and no others.
func (a Alternative) Alone() Change { return func(c *change) { c.request.Alone = a.schemes } }

// carries tells whether a header field is of one of the schemes.
func carries(schemes []*openapi.SecurityScheme, field string) bool {
	return slices.ContainsFunc(schemes, func(s *openapi.SecurityScheme) bool {
		return s.Type == "apiKey" && s.In == "header" && http.CanonicalHeaderKey(s.Key) == field
	})
}

// who are the credentials of schemes, together in one request.
func (s *session) who(schemes []*openapi.SecurityScheme) (*credentials, error) {
	var names []string
	for _, scheme := range schemes {
		names = append(names, scheme.Name)
	}
	key := strings.Join(names, "\x00")
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.several[key]; known != nil {
		return known, nil
	}
	made, err := s.combined(names)
	if err == nil {
		s.several[key] = made
	}
	return made, err
}

// can tells whether a mistake can be made in the credentials that the operation's requests have.
func (c *Case) can(m mistake, alternative ...Alternative) bool {
	who := &c.session.usual
	requirement := c.session.ways.requirement(c.Op)
	var schemes []*openapi.SecurityScheme
	for _, need := range requirement {
		schemes = append(schemes, need.Scheme)
	}
	for _, a := range alternative {
		schemes = a.schemes
	}
	if len(schemes) > 0 {
		var err error
		if who, err = c.session.who(schemes); err != nil {
			return false
		}
	}
	return who.wrong[m] != nil
}

// flags are those of all credentials that were given, for the variables that they name.
func (t *Target) flags() (flags string) {
	for _, w := range t.given {
		flags += " " + w.flag
	}
	return flags
}

// keys are the names of the API keys that were given.
func (t *Target) keys() (names []string) {
	for _, w := range t.given {
		if w.keyName != "" && !slices.Contains(names, w.keyName) {
			names = append(names, w.keyName)
		}
	}
	return names
}
