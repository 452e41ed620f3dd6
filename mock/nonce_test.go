package mock

import (
	"net/http"
	"testing"

	"github.com/icholy/digest"
)

// counting counts the answers of a status.
type counting struct{ refused int }

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && resp.StatusCode == http.StatusUnauthorized {
		c.refused++
	}
	return resp, err
}

// TestNoncesOnce wants one challenge for three requests of a digest client, and one for each where a nonce is good for one request.
func TestNoncesOnce(t *testing.T) {
	for want, opts := range map[int][]Option{1: nil, 3: {WithVariation("nonces-once")}} {
		m := Start(t, shop(t), opts...)
		answers := &counting{}
		client := &http.Client{Transport: &digest.Transport{Username: "public", Password: "private", Transport: answers}}
		for range 3 {
			if a := send(t, client, "GET", m.URL+"/shops/shop1/orders?perPage=2", ""); a.StatusCode != http.StatusOK {
				t.Errorf("%d %s", a.StatusCode, a.text)
			}
		}
		if answers.refused != want {
			t.Errorf("%d challenges, want %d", answers.refused, want)
		}
	}
}
