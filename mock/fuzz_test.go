package mock

import (
	"net/http/httptest"
	"testing"
)

// FuzzAuthorization never lets a forged field in, and never fails on one.
func FuzzAuthorization(f *testing.F) {
	s, err := New(shop(f))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		`Digest username="public", realm="Shop", nonce="x", uri="/shops/shop1/orders", response="0", qop=auth, nc=00000001, cnonce="y"`,
		"Basic cHVibGljOnByaXZhdGU", "Bearer", "Digest", `Digest username="`, "Basic ====", "\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		r := httptest.NewRequest("GET", "/shops/shop1/orders", nil)
		r.Header["Authorization"] = []string{field}
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != 401 || w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%q: %d %s", field, w.Code, w.Body)
		}
	})
}

// FuzzCursor refuses every cursor that this list did not issue.
func FuzzCursor(f *testing.F) {
	s, err := New(teams(f), WithItems(20))
	if err != nil {
		f.Fatal(err)
	}
	_, _, body := client{s}.do("GET", "/api/teams", "")
	team := "/api/teams/" + member(member(body, "items").([]any)[0], "id").(string) + "/members"
	_, _, page := client{s}.do("GET", team, "")
	issued := member(page, "meta", "nextCursor").(string)
	f.Add(issued[1:])
	f.Add(issued + "A")
	f.Add("AAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		r := httptest.NewRequest("GET", team, nil)
		r.URL.RawQuery = "after=" + cursor
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if sent := r.URL.Query().Get("after"); w.Code == 200 && sent != "" && sent != issued || w.Code >= 500 {
			t.Errorf("%q: %d %s", cursor, w.Code, w.Body)
		}
	})
}

// FuzzPrefer keeps the document whatever is preferred.
func FuzzPrefer(f *testing.F) {
	s, err := New(teams(f), WithItems(5))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"code=304, seed=7", "example=x;y=z, dynamic=true", "handling=strict, code=999", `code="404"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		r := httptest.NewRequest("GET", "/api/teams", nil)
		r.Header["Prefer"] = []string{field}
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code >= 500 {
			t.Errorf("%q: %d %s", field, w.Code, w.Body)
		}
	})
}

// FuzzState imports what it can and refuses the rest.
func FuzzState(f *testing.F) {
	s, err := New(teams(f), WithItems(5), WithAdmin())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`{"format":1,"collections":[{"path":"/teams","parents":[],"created":[{"id":"aaaaaaaa","value":{"name":"x"}}],"changed":[],"deleted":["b"],"writes":3}]}`)
	f.Add(`{"format":1,"collections":[{"path":"/teams/{teamId}/members","parents":["x"]}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		code, _, _ := client{s}.do("PUT", "/_troth/state", body)
		if list, _, v := (client{s}).do("GET", "/api/teams", ""); code != 204 && code != 400 || list != 200 {
			t.Errorf("%q: %d, then %d %v", body, code, list, v)
		}
	})
}
