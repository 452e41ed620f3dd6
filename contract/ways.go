package contract

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"troth/openapi"
)

// ways are how requests authenticate for each security scheme, by its name: nil for one whose credentials go with every request anyway. They are
// needed where one request cannot carry the credentials of all schemes, as Authorization stands for one only.
type ways map[string]*Target

// perOperation authenticates each request by the first security requirement of its operation for whose schemes there are options.
func perOperation(options map[string]TargetOption) TargetOption {
	return func(t *Target) {
		t.ways = ways{}
		for name, opt := range options {
			if t.ways[name] = nil; opt != nil {
				way := newTarget(t.base)
				way.secrets = t.secrets
				opt(way)
				t.ways[name] = way
			}
		}
	}
}

// requirement is the first one of an operation that can be met, nil where there is none or nothing is asked for.
func (w ways) requirement(op *openapi.Compiled) openapi.Requirement {
	for _, requirement := range op.Security {
		if len(requirement) > 0 && !slices.ContainsFunc(requirement, func(need openapi.Need) bool { _, ok := w[need.Scheme.Name]; return !ok }) {
			return requirement
		}
	}
	return nil
}

// credentials are the clients that send credentials, and how commands send the same.
type credentials struct {
	with    *http.Client
	wrong   [mistakes]*http.Client // nearly right ones, nil where the target has none
	login   login
	mistake [mistakes]login
}

// credentials are those that a request is sent with: of its operation's security requirement where the target has several, else the target's.
func (s *session) credentials(req *http.Request) (*credentials, error) {
	if len(s.ways) == 0 {
		return &s.usual, nil
	}
	op := s.doc.Match(req, strings.TrimPrefix(req.URL.EscapedPath(), s.target.base.EscapedPath())).Operation
	if op == nil {
		return &s.usual, nil
	}
	compiled, err := op.Compile()
	if err != nil {
		return nil, err
	}
	requirement := s.ways.requirement(compiled)
	if requirement == nil {
		return &s.usual, nil
	}
	var schemes []*openapi.SecurityScheme
	for _, need := range requirement {
		schemes = append(schemes, need.Scheme)
	}
	return s.who(schemes)
}

// combined are the credentials of several schemes in one request.
func (s *session) combined(names []string) (*credentials, error) {
	c := &credentials{}
	right, wrong, can := s.transport, [mistakes]http.RoundTripper{}, [mistakes]bool{}
	for m := range wrong {
		wrong[m] = s.transport
	}
	for _, name := range names {
		way := s.way(name)
		if way == nil || way.auth == nil {
			continue
		}
		var err error
		if right, err = way.auth(s.doc, s.target.base, right); err != nil {
			return nil, err
		}
		c.login = c.login.and(way.shows(s.schemes, none))
		for m := range way.wrong {
			auth, login := way.wrong[m].auth, mistake(m)
			switch {
			case auth != nil:
				can[m] = true
			case login != lower && login != upper:
				continue // none at all are wrong, too
			default:
				auth, login = way.auth, none
			}
			if wrong[m], err = auth(s.doc, s.target.base, wrong[m]); err != nil {
				return nil, err
			}
			c.mistake[m] = c.mistake[m].and(way.shows(s.schemes, login))
		}
	}
	c.with = client(right, s.timeout)
	for m := range wrong {
		if can[m] {
			c.wrong[m] = client(wrong[m], s.timeout)
		}
	}
	return c, nil
}

// way is how requests authenticate for a scheme.
func (s *session) way(name string) *Target {
	if way := s.ways[name]; way != nil {
		return way
	}
	return s.each[name]
}

// and is how a command authenticates by two logins at once.
func (l login) and(more login) login {
	return login{flags: strings.TrimSpace(l.flags + " " + more.flags), query: strings.Trim(l.query+"&"+more.query, "&"), by: cmp.Or(l.by, more.by)}
}

// flags are the flags of all ways, for the variables that they name.
func (w ways) flags() (flags string) {
	for _, name := range slices.Sorted(maps.Keys(w)) {
		if w[name] != nil {
			flags += " " + w[name].flag
		}
	}
	return flags
}
