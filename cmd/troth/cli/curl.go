package cli

import (
	"io"
	"strings"

	"troth/mock"
	"troth/openapi"
)

// curl is a command that the mock answers with success; prefix is the path of a server URL, which tells this document from others.
func (f *mockFlags) curl(server *mock.Server, op *openapi.Operation, to *rim, prefix string) (string, error) {
	r, err := server.Ordinary(op)
	if err != nil {
		return "", err
	}
	compiled, err := op.Compile()
	if err != nil {
		return "", err
	}
	words := []string{"curl"}
	if to.insecure {
		words = append(words, "--insecure")
	}
	if op.Method != "GET" {
		words = append(words, "-X", op.Method)
	}
	if f.auth == "on" {
		creds, err := f.creds()
		if err != nil {
			return "", err
		}
		words = append(words, credentialFlags(compiled, creds)...)
	}
	for name, values := range r.Header {
		for _, value := range values {
			words = append(words, "-H", shellWord(name+": "+value))
		}
	}
	if body, err := io.ReadAll(r.Body); err == nil && len(body) > 0 {
		words = append(words, "--data-binary", shellWord(string(body)))
	}
	return strings.Join(append(words, shellWord(to.url+prefix+r.URL.RequestURI())), " "), nil
}

// credentialFlags are curl's for the requirement that needs the fewest commands: digest before a token.
func credentialFlags(op *openapi.Compiled, creds mock.Credentials) []string {
	best, rank := []string(nil), 99
	for _, requirement := range op.Security {
		var words []string
		worst := 0
		for _, need := range requirement {
			flags, r := schemeFlags(need.Scheme, creds)
			words, worst = append(words, flags...), max(worst, r)
		}
		if worst < rank {
			best, rank = words, worst
		}
	}
	return best
}

// schemeFlags are curl's for one scheme, and how much they ask of the user.
func schemeFlags(s *openapi.SecurityScheme, creds mock.Credentials) ([]string, int) {
	user := ""
	for name, password := range creds.Users {
		if pair := name + ":" + password; user == "" || pair < user {
			user = pair
		}
	}
	switch {
	case s.Type == "http" && s.Scheme == "digest":
		return []string{"--digest", "--user", shellWord(user)}, 0
	case s.Type == "http" && s.Scheme == "basic":
		return []string{"--user", shellWord(user)}, 0
	case s.Type == "apiKey" && len(creds.Keys) > 0:
		field := map[string]string{"cookie": "Cookie: " + s.Key + "="}[s.In]
		if field == "" {
			field = s.Key + ": "
		}
		return []string{"-H", shellWord(field + creds.Keys[0])}, 1
	case len(creds.Tokens) > 0:
		return []string{"-H", shellWord("Authorization: Bearer " + creds.Tokens[0])}, 1
	}
	return nil, 50
}

// shellWord quotes a POSIX shell word where it needs to be.
func shellWord(s string) string {
	if s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=@,+", r))
	}) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
