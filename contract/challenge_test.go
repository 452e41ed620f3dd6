package contract

import (
	"net/http"
	"testing"
)

func TestChallenges(t *testing.T) {
	h := http.Header{"Www-Authenticate": {`Bearer realm="a, b", error="x", Digest realm="R", nonce="n=1", qop="auth"`, `Basic`}}
	got := Challenges(h)
	if len(got) != 3 || got[0].Scheme != "Bearer" || got[0].Params["realm"] != "a, b" || got[1].Scheme != "Digest" || got[1].Params["nonce"] != "n=1" || got[2].Scheme != "Basic" {
		t.Fatalf("got %+v", got)
	}
	c, err := digestChallenge(h)
	if err != nil || c.Realm != "R" || c.Nonce != "n=1" || len(c.QOP) != 1 {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err := digestChallenge(http.Header{"Www-Authenticate": {"Bearer"}}); err == nil {
		t.Error("a digest challenge was found in a bearer challenge")
	}
}
