package checks

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"troth/contract"
)

// otherChallenge tells what a challenge says other than troth.yaml promises, or RFC 7616, keyword "" where it keeps the promise. What nobody gave is the
// document's title and both algorithms: that promises nothing.
func otherChallenge(c *contract.Case, challenge contract.Challenge) (keyword, want, got string) {
	promised := c.Conv.Authentication
	if !strings.EqualFold(challenge.Scheme, "digest") {
		return "", "", "" // other schemes beside it are the server's own
	}
	realm, has := challenge.Params["realm"]
	if promised.Realm != c.Op.Document.Title && has && realm != promised.Realm {
		return "realm", quote(promised.Realm) + " (troth.yaml, authentication.realm)", quote(realm)
	}
	if challenge.Params["qop"] == "" {
		return "qop", "a qop: it has to be there (RFC 7616 §3.3)", "none"
	}
	for _, name := range []string{"realm", "domain", "nonce", "opaque", "qop"} {
		if value, has := challenge.Params[name]; has && !slices.Contains(challenge.Quoted, name) {
			return name + " unquoted", name + "=" + quote(value) + ", in quotes (RFC 7616 §3.3)", name + "=" + value
		}
	}
	for _, name := range []string{"algorithm", "stale"} {
		if slices.Contains(challenge.Quoted, name) {
			return name + " quoted", name + "=" + challenge.Params[name] + ", without quotes (RFC 7616 §3.3)", name + "=" + quote(challenge.Params[name])
		}
	}
	algorithm := strings.TrimSuffix(strings.ToUpper(cmp.Or(challenge.Params["algorithm"], "MD5")), "-SESS")
	if slices.Equal(promised.Algorithms, []string{"SHA-256", "MD5"}) || slices.Contains(promised.Algorithms, algorithm) {
		return "", "", ""
	}
	return "algorithm", strings.Join(promised.Algorithms, " or ") + " (troth.yaml, authentication.algorithms)", algorithm
}

// calledStale finds a challenge that calls the nonce stale where the credentials were wrong: the client is told that they are right.
func calledStale(c *contract.Case, x *contract.Exchange) []contract.Finding {
	for _, challenge := range contract.Challenges(x.Header) {
		if x.Status == http.StatusUnauthorized && strings.EqualFold(challenge.Scheme, "digest") && strings.EqualFold(challenge.Params["stale"], "true") {
			f := c.New(x, "header WWW-Authenticate of 401", "", "stale", "no stale=true: the digest is wrong (RFC 7616 §3.3)", "stale="+challenge.Params["stale"], c.Op.Place.FileLine())
			return []contract.Finding{f.At(contract.Should)}
		}
	}
	return nil
}
