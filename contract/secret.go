package contract

import (
	"cmp"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/oauth2"

	"troth/openapi"
)

// secrets are texts that no report may show. Requests are reported without them in any case; hide is for what a server sends back.
type secrets struct {
	mu    sync.Mutex
	texts []string
}

// shortest is the length below which a secret is not looked for in answers: words such as "key" and "token" stand there anyway.
const shortest = 8

func (s *secrets) add(texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range texts {
		if len(text) >= shortest && !slices.Contains(s.texts, text) {
			s.texts = append(s.texts, text)
		}
	}
	slices.SortFunc(s.texts, func(a, b string) int { // what holds another one first
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
}

// pair adds user and password as they stand in fields.
func (s *secrets) pair(user, password string) {
	both := user + ":" + password
	s.add(password, both, base64.StdEncoding.EncodeToString([]byte(both)))
}

// hidden stands in the place of a secret.
const hidden = "[secret]"

func (s *secrets) hide(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range s.texts {
		text = strings.ReplaceAll(text, secret, hidden)
	}
	return text
}

// watched adds each token that a source gives to the secrets.
type watched struct {
	source  oauth2.TokenSource
	secrets *secrets
}

func (w watched) Token() (*oauth2.Token, error) {
	token, err := w.source.Token()
	if err == nil {
		w.secrets.add(token.AccessToken, token.RefreshToken)
	}
	return token, err
}

// Variable is an environment variable that the commands of a report read a secret from.
type Variable struct {
	Name string `json:"name"`
	Is   string `json:"is"` // what to set it to
}

// login is how commands authenticate: curl's flags, and what the query ends with, each with the secret in a variable.
type login struct {
	flags, query string
	by           *signature // nil where curl signs by itself
}

// shows tells how commands authenticate at a target, or how they do so with a secret that is nearly right.
func (t *Target) shows(schemes []*openapi.SecurityScheme, m mistake) login {
	value := `${TROTH_API_KEY#*=}` // the variable is read as the flag --api-key: name=value
	switch {
	case t.keyName == "" && m != none:
		if flag := t.wrong[m].flag; flag != "" {
			return login{flags: flag}
		}
		return login{by: signatures()[m]}
	case t.keyName == "":
		return login{flags: t.flag}
	case m == longer:
		value += "x"
	case m == shorter:
		value = `$(key=${TROTH_API_KEY%?}; printf %s "${key#*=}")`
	}
	in := "header"
	for _, s := range schemes {
		if s.Type == "apiKey" && s.Key == t.keyName {
			in = s.In
		}
	}
	switch in {
	case "query":
		return login{query: t.keyName + "=" + value}
	case "cookie":
		return login{flags: `--cookie "` + t.keyName + "=" + value + `"`}
	}
	return login{flags: `-H "` + t.keyName + ": " + value + `"`}
}

// Environment lists the variables that commands at a target read.
func (t *Target) environment() []Variable {
	list := []Variable{}
	for _, known := range []Variable{
		{"TROTH_BEARER", "the bearer token"},
		{"TROTH_DIGEST", "user:password for digest"},
		{"TROTH_BASIC", "user:password for basic"},
	} {
		if strings.Contains(t.flag+t.ways.flags()+t.flags(), "$"+known.Name) {
			list = append(list, known)
		}
	}
	for _, key := range t.keys() {
		list = append(list, Variable{"TROTH_API_KEY", key + "=the API key"})
	}
	for _, name := range slices.Sorted(maps.Keys(t.header)) {
		if !harmless[name] {
			list = append(list, Variable{headerVariable(name), "the header field " + name})
		}
	}
	return list
}

// headerVariable is the variable of a header field that the target was given: X-Key is TROTH_HEADER_X_KEY.
func headerVariable(name string) string {
	return "TROTH_HEADER_" + strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(name))
}
