package contract

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"troth/openapi"
)

// busy is a server whose nonces other requests use up: it calls the first ones stale.
type busy struct{ stale, asked int }

func (b *busy) RoundTrip(r *http.Request) (*http.Response, error) {
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}
	digest := strings.HasPrefix(r.Header.Get("Authorization"), "Digest ")
	if b.asked++; !digest || b.stale > 0 {
		if digest {
			b.stale--
		}
		resp.StatusCode = http.StatusUnauthorized
		resp.Header.Set("WWW-Authenticate", fmt.Sprintf(`Digest realm="r", nonce="n%d", qop="auth", algorithm=MD5, stale=%v`, b.asked, digest))
	}
	return resp, nil
}

// TestStale wants a request to be sent again with a nonce of its own where others used up the one that it had, and no more often than a server that
// is always busy makes sense of.
func TestStale(t *testing.T) {
	for stale, want := range map[int]int{0: http.StatusOK, 1: http.StatusOK, nonceTries: http.StatusOK, nonceTries + 1: http.StatusUnauthorized} {
		server := &busy{stale: stale}
		var none *openapi.Document
		client, err := digested("u", "p")(none, &url.URL{}, server)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://mock.example/", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != want {
			t.Errorf("%d stale nonces: %d, want %d", stale, resp.StatusCode, want)
		}
	}
}
