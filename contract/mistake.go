package contract

import "strings"

// mistake is how credentials are made nearly right.
type mistake int

const (
	none        mistake = iota
	longer              // with a character more
	shorter             // without its last character
	blank               // none at all
	foreign             // the right one, as if it was of another scheme
	lower               // no mistake: the right one, with the name of its scheme in lower case
	upper               // the same in upper case
	stranger            // the right secret, as if it was another user's
	userTwice           // the user's name for the password
	recased             // the right secret with its letters in the other case
	misdirected         // the right secret, signed for another request target
	otherMethod         // the right secret, signed for another method
	otherNonce          // the right secret, signed with a nonce that the server did not give
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

// anotherCase has a token or key with its letters in the other case. Those of UUIDs and of other hexadecimal digits mean the same in both.
func (t *Target) anotherCase(secret, variable string, auth func(secret string) authentication, flag func(value string) string) {
	if strings.ContainsFunc(secret, func(r rune) bool { return 'g' <= r|' ' && r|' ' <= 'z' }) {
		t.wrong[recased] = wrongWay{auth(otherCase(secret)), flag(inOtherCase("$" + variable))}
	}
}

// inOtherCase is how a shell writes a word with its letters in the other case.
func inOtherCase(word string) string { return `$(printf %s "` + word + `" | tr 'a-zA-Z' 'A-Za-z')` }

// guessed has the passwords that whoever knows the user, or about the password, tries first.
func (t *Target) guessed(user, password, variable, flag string, auth func(user, password string) authentication) {
	if user != password {
		t.wrong[userTwice] = wrongWay{auth(user, user), flag + `--user "${` + variable + `%%:*}:${` + variable + `%%:*}"`}
	}
	if other := otherCase(password); other != password && other != user {
		t.wrong[recased] = wrongWay{auth(user, other), flag + `--user "${` + variable + `%%:*}:` + inOtherCase("${"+variable+"#*:}") + `"`}
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
