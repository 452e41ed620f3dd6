package mock

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/icholy/digest"
	"golang.org/x/oauth2/clientcredentials"

	"troth/openapi"
	"troth/openapi/convention"
)

// parsed is a document that stands in a test.
func parsed(t testing.TB, text string) *openapi.Document {
	t.Helper()
	d, err := openapi.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func shop(t testing.TB) *openapi.Document {
	t.Helper()
	d, err := openapi.Load("testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	errs, unchecked := d.CompileAll()
	if len(errs)+len(unchecked) > 0 {
		t.Fatal(errs, unchecked)
	}
	return d
}

type answer struct {
	*http.Response
	text string
	body any
}

func (a answer) object() map[string]any { o, _ := a.body.(map[string]any); return o }

func send(t testing.TB, c *http.Client, method, url, body string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{Response: resp, text: string(data)}
	_ = json.Unmarshal(data, &a.body)
	return a
}

func get(t testing.TB, url string, headers ...string) answer {
	t.Helper()
	return send(t, http.DefaultClient, "GET", url, "", headers...)
}

func results(a answer) (ids []string) {
	items, _ := a.object()["results"].([]any)
	for _, item := range items {
		ids = append(ids, item.(map[string]any)["id"].(string))
	}
	return ids
}

func link(a answer, rel string) string {
	links, _ := a.object()["links"].([]any)
	for _, l := range links {
		if o := l.(map[string]any); o["rel"] == rel {
			return o["href"].(string)
		}
	}
	return ""
}

func TestPageWalk(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth())
	for _, size := range []int{7, 20, 50} {
		seen := map[string]bool{}
		url := fmt.Sprintf("%s/v1/shops/shop1/orders?x=1&perPage=%d", m.URL, size)
		pages := 0
		for last := ""; url != ""; pages++ {
			a := get(t, url)
			if a.StatusCode != 200 || a.object()["totalCount"] != 250.0 {
				t.Fatalf("%s: %d %.300s", url, a.StatusCode, a.text)
			}
			for _, id := range results(a) {
				if seen[id] {
					t.Errorf("item %s twice", id)
				}
				seen[id] = true
			}
			if link(a, "previous") != last && strings.Contains(link(a, "previous"), "page=0") {
				t.Errorf("previous of %s is %s", url, link(a, "previous"))
			}
			if next := link(a, "next"); next != "" && !strings.Contains(next, "x=1") {
				t.Errorf("next loses parameters: %s", next)
			}
			last, url = url, link(a, "next")
		}
		if len(seen) != 250 || pages != (250+size-1)/size {
			t.Errorf("size %d: %d items on %d pages", size, len(seen), pages)
		}
	}
	if a := get(t, m.URL+"/v1/shops/shop1/orders?page=99"); a.StatusCode != 200 || len(results(a)) != 0 || a.object()["totalCount"] != 250.0 || link(a, "next") != "" {
		t.Errorf("past the end: %s", a.text)
	}
	if a := get(t, m.URL+"/shops/shop1/orders?includeCount=false"); a.object()["totalCount"] != nil || len(results(a)) != 20 {
		t.Errorf("includeCount=false: %s", a.text)
	}
}

func TestCursorAndOffset(t *testing.T) {
	m := Start(t, shop(t), WithItems(25))
	seen := map[any]bool{}
	url := m.URL + "/cursors?limit=10"
	for n := 0; url != "" && n < 5; n++ {
		a := get(t, url)
		for _, item := range a.object()["items"].([]any) {
			seen[item.(map[string]any)["id"]] = true
		}
		next, _ := a.object()["nextCursor"].(string)
		if more := a.object()["hasMore"] == true; more != (next != "") {
			t.Errorf("hasMore %v, nextCursor %q", more, next)
		}
		if url = ""; next != "" {
			url = m.URL + "/cursors?limit=10&cursor=" + next
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d items by cursor", len(seen))
	}
	if a := get(t, m.URL+"/cursors?cursor=AAAAAAAAAAAAAAAAAAAAAA"); a.StatusCode != 400 {
		t.Errorf("a forged cursor: %d", a.StatusCode)
	}
	a, b := get(t, m.URL+"/offsets?limit=5&offset=3", "X-Key", "key"), get(t, m.URL+"/offsets?limit=8", "X-Key", "key")
	if x, y := a.body.([]any), b.body.([]any); len(x) != 5 || !reflect.DeepEqual(x, y[3:]) {
		t.Errorf("offsets: %s, %s", a.text, b.text)
	}
}

func TestRefusals(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth(), WithInvalidRequests())
	tests := []struct {
		method, path, accept, body string
		status                     int
		want                       string
	}{
		{"GET", "/shops/shop1/orders?perPage=0", "", "", 400, "query parameter perPage: minimum"},
		{"GET", "/shops/shop1/orders?perPage=51", "", "", 400, "maximum"},
		{"GET", "/shops/shop1/orders?perPage=abc", "", "", 400, "type"},
		{"GET", "/shops/none/orders", "", "", 404, `"errorCode":"SHOP_NOT_FOUND"`},
		{"GET", "/shops/none/orders", "", "", 404, "No shop none."},
		{"GET", "/shops/SHOP/orders", "", "", 400, "path parameter shopId: pattern"},
		{"GET", "/shops/shop1/orders/000000000000", "", "", 404, "does not exist"},
		{"GET", "/shops/shop1/orders", "image/png", "", 406, "application/vnd.shop.2024-01-01+json"},
		{"GET", "/shops/shop1/orders", "application/vnd.shop.2022-01-01+json", "", 406, "Not Acceptable"},
		{"DELETE", "/shops/shop1/orders", "", "", 405, "has no method DELETE"},
		{"GET", "/nowhere", "", "", 404, "no path /nowhere"},
		{"POST", "/shops/shop1/orders", "", "{", 400, "content"},
		{"POST", "/shops/shop1/orders", "", "", 400, "a request body"},
		{"POST", "/shops/shop1/orders", "", `{"kind":"gift","shopId":"shop1"}`, 400, "request body at /kind: enum"},
		{"POST", "/shops/shop1/orders", "", `{"kind":"sale"}`, 400, `"field":"/shopId"`},
	}
	for _, tt := range tests {
		headers := []string{"Content-Type", "application/json"}
		if tt.accept != "" {
			headers = append(headers, "Accept", tt.accept)
		}
		a := send(t, http.DefaultClient, tt.method, m.URL+tt.path, tt.body, headers...)
		o := a.object()
		if a.StatusCode != tt.status || o["error"] != float64(tt.status) || o["reason"] != http.StatusText(tt.status) || !strings.Contains(a.text, tt.want) ||
			a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %d %s %s, want %d and %q", tt.method, tt.path, a.StatusCode, a.Header.Get("Content-Type"), a.text, tt.status, tt.want)
		}
	}
	if a := send(t, http.DefaultClient, "POST", m.URL+"/shops/shop1/orders", "x", "Content-Type", "text/csv"); a.StatusCode != 415 {
		t.Errorf("text/csv: %d %s", a.StatusCode, a.text)
	}
	if a := send(t, http.DefaultClient, "DELETE", m.URL+"/shops/shop1/orders", ""); a.Header.Get("Allow") != "GET, HEAD, OPTIONS, POST" {
		t.Errorf("Allow: %q", a.Header.Get("Allow"))
	}
	if a := send(t, http.DefaultClient, "OPTIONS", m.URL+"/shops/shop1/orders", ""); a.StatusCode != 204 || a.Header.Get("Allow") == "" {
		t.Errorf("OPTIONS: %d", a.StatusCode)
	}
}

func TestRepresentation(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth())
	url := m.URL + "/shops/shop1/orders"
	a := get(t, url, "Accept", "application/vnd.shop.2023-06-30+json")
	if a.Header.Get("Content-Type") != "application/vnd.shop.2023-01-01+json;charset=utf-8" || a.Header.Get("X-Limit") != "1200" {
		t.Errorf("headers %v", a.Header)
	}
	if a := get(t, url); a.Header.Get("Content-Type") != "application/vnd.shop.2024-01-01+json;charset=utf-8" {
		t.Errorf("newest version: %v", a.Header)
	}
	head := send(t, http.DefaultClient, "HEAD", url, "")
	if full := get(t, url); head.text != "" || head.Header.Get("Content-Length") != fmt.Sprint(len(full.text)) {
		t.Errorf("HEAD: %v", head.Header)
	}
	if a := get(t, url+"?envelope=true"); a.object()["status"] != 200.0 || len(results(a)) != 20 {
		t.Errorf("envelope of a list: %.200s", a.text)
	}
	id := results(get(t, url))[0]
	one := get(t, url+"/"+id)
	if e := get(t, url+"/"+id+"?envelope=true"); !reflect.DeepEqual(e.object()["content"], one.body) || e.object()["status"] != 200.0 {
		t.Errorf("envelope of an item: %s", e.text)
	}
	if e := get(t, url+"/000000000000?envelope=true"); e.StatusCode != 404 || e.object()["status"] != 404.0 {
		t.Errorf("envelope of an error: %s", e.text)
	}
	if p := get(t, url+"?pretty=true&perPage=1"); !strings.Contains(p.text, "{\n  \"") {
		t.Errorf("pretty: %s", p.text)
	}
	item := get(t, url).object()["results"].([]any)[0].(map[string]any)
	if !reflect.DeepEqual(item, one.object()) || item["shopId"] != "shop1" || item["createdAt"].(string) > item["shippedAt"].(string) {
		t.Errorf("item %v\nsingle %v", item, one.body)
	}
	if link := item["links"].([]any)[0].(map[string]any)["href"].(string); !reflect.DeepEqual(get(t, link).body, one.body) {
		t.Errorf("the item's link %s does not lead to it", link)
	}
	if a := get(t, m.URL+"/plain", "Accept", "application/json"); a.text != `{"a":5}` {
		t.Errorf("example: %s", a.text)
	}
	if a := get(t, m.URL+"/plain", "Accept", "text/plain"); a.Header.Get("Content-Type") != "text/plain" || a.text == "" || a.text[0] == '"' {
		t.Errorf("text: %s", a.text)
	}
}

func TestWrites(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth())
	url := m.URL + "/v1/shops/shop1/orders"
	made := send(t, http.DefaultClient, "POST", url, `{"kind":"sale","shopId":"shop1","note":"first","id":"ffffffffffff","other":1}`, "Content-Type", "application/vnd.shop.2024-01-01+json")
	o := made.object()
	if made.StatusCode != 201 || o["note"] != "first" || o["id"] == "ffffffffffff" || o["id"] == nil {
		t.Fatalf("created: %d %s", made.StatusCode, made.text)
	}
	if loc := made.Header.Get("Location"); !reflect.DeepEqual(get(t, loc).body, made.body) {
		t.Errorf("Location %s: %s", loc, get(t, loc).text)
	}
	list := get(t, url)
	if results(list)[0] != o["id"] || list.object()["totalCount"] != 251.0 {
		t.Errorf("the created order is not first: %v", results(list))
	}
	one := url + "/" + o["id"].(string)
	if a := send(t, http.DefaultClient, "PATCH", one, `{"note":"second"}`, "Content-Type", "application/json"); a.object()["note"] != "second" || a.object()["kind"] != "sale" {
		t.Errorf("patched: %s", a.text)
	}
	if a := send(t, http.DefaultClient, "PUT", one, `{"kind":"return","shopId":"shop1"}`, "Content-Type", "application/json"); a.object()["kind"] != "return" || get(t, one).object()["kind"] != "return" {
		t.Errorf("replaced: %s", a.text)
	}
	if a := send(t, http.DefaultClient, "DELETE", one, ""); a.StatusCode != 204 || get(t, one).StatusCode != 404 || get(t, url).object()["totalCount"] != 250.0 {
		t.Errorf("deleted: %d, then %d", a.StatusCode, get(t, one).StatusCode)
	}
}

func TestAuthentication(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	m := Start(t, shop(t), WithClock(func() time.Time { return now }))
	url := m.URL + "/shops/shop1/orders"
	bare := get(t, url)
	challenge := bare.Header.Values("WWW-Authenticate")
	if bare.StatusCode != 401 || len(challenge) != 1 || bare.object()["error"] != 401.0 {
		t.Fatalf("%d %v %s", bare.StatusCode, challenge, bare.text)
	}
	nonce := strings.Split(challenge[0], `nonce="`)[1][:32]
	if want := `Digest realm="Shop", domain="", nonce="` + nonce + `", algorithm=MD5, qop="auth", stale=false`; challenge[0] != want {
		t.Errorf("challenge %s, want %s", challenge[0], want)
	}
	right := &http.Client{Transport: &digest.Transport{Username: "public", Password: "private"}}
	wrong := &http.Client{Transport: &digest.Transport{Username: "public", Password: "x"}}
	if a := send(t, right, "GET", url+"?perPage=2", ""); a.StatusCode != 200 {
		t.Errorf("digest: %d %s", a.StatusCode, a.text)
	}
	if a := send(t, wrong, "GET", url, ""); a.StatusCode != 401 {
		t.Errorf("wrong digest: %d", a.StatusCode)
	}
	if a := send(t, http.DefaultClient, "GET", url, "", "Authorization", `Digest username="public", realm="Shop", nonce="`+nonce+`", uri="/", response="0"`); a.StatusCode != 401 {
		t.Errorf("garbage digest: %d", a.StatusCode)
	}
	var replayed string
	once := &http.Client{Transport: &digest.Transport{Username: "public", Password: "private", Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("Authorization") != "" {
			replayed = r.Header.Get("Authorization")
		}
		return http.DefaultTransport.RoundTrip(r)
	})}}
	if a := send(t, once, "GET", url, ""); a.StatusCode != 200 {
		t.Fatal(a.StatusCode)
	}
	if a := get(t, url, "Authorization", replayed); a.StatusCode != 401 || !strings.Contains(a.Header.Get("WWW-Authenticate"), "stale=true") {
		t.Errorf("a replay: %d %v", a.StatusCode, a.Header)
	}
	now = now.Add(6 * time.Minute)
	if a := get(t, url, "Authorization", replayed); a.StatusCode != 401 {
		t.Errorf("an expired nonce: %d", a.StatusCode)
	}
	oauth := clientcredentials.Config{ClientID: "client", ClientSecret: "secret", TokenURL: m.URL + "/oauth/token"}
	if a := send(t, oauth.Client(t.Context()), "GET", url, ""); a.StatusCode != 200 {
		t.Errorf("oauth: %d %s", a.StatusCode, a.text)
	}
	token, err := oauth.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * time.Hour)
	if a := get(t, url, "Authorization", "Bearer "+token.AccessToken); a.StatusCode != 401 {
		t.Errorf("an expired token: %d", a.StatusCode)
	}
	oauth.ClientSecret = "x"
	if _, err := oauth.Token(t.Context()); err == nil {
		t.Error("a wrong client secret got a token")
	}
	if a := get(t, m.URL+"/offsets", "X-Key", "wrong"); a.StatusCode != 401 || len(a.Header.Values("WWW-Authenticate")) != 2 {
		t.Errorf("wrong key: %d %v", a.StatusCode, a.Header)
	}
	r, _ := http.NewRequest("GET", m.URL+"/offsets", nil)
	r.SetBasicAuth("public", "private")
	if resp, err := http.DefaultClient.Do(r); err != nil || resp.StatusCode != 200 {
		t.Errorf("basic: %v %v", resp, err)
	}
}

// TestDigestSHA256 offers both algorithms, as a document without conventions does; the client takes the one it prefers.
func TestDigestSHA256(t *testing.T) {
	d := shop(t)
	m := Start(t, d, WithConventions(convention.Infer(d)))
	used := ""
	c := &http.Client{Transport: &digest.Transport{Username: "public", Password: "private", Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		used = r.Header.Get("Authorization")
		return http.DefaultTransport.RoundTrip(r)
	})}}
	a := send(t, c, "GET", m.URL+"/shops/shop1/orders", "")
	if a.StatusCode != 200 || !strings.Contains(used, "SHA-256") {
		t.Errorf("%d with %s", a.StatusCode, used)
	}
}

// TestAndOr checks requirements in which all schemes of one alternative are needed.
func TestAndOr(t *testing.T) {
	d, err := openapi.Parse("and.yaml", []byte(`
openapi: 3.1.0
info: {title: And, version: "1"}
security: [{A: [], B: []}, {C: []}]
paths: {/x: {get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: object}}}}}}}}
components: {securitySchemes: {A: {type: apiKey, in: header, name: X-A}, B: {type: apiKey, in: query, name: b}, C: {type: http, scheme: bearer}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	m := Start(t, d)
	for _, tt := range []struct {
		query, name, value string
		status             int
	}{
		{"", "X-A", "key", 401}, {"?b=key", "X-A", "key", 200}, {"?b=key", "X-A", "wrong", 401}, {"?b=key", "X", "", 401},
		{"", "Authorization", "Bearer token", 200}, {"", "Authorization", "Bearer wrong", 401},
	} {
		if a := get(t, m.URL+"/x"+tt.query, tt.name, tt.value); a.StatusCode != tt.status || a.StatusCode == 401 && a.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s %s: %s: %d, want %d", tt.query, tt.name, tt.value, a.StatusCode, tt.status)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestWorld(t *testing.T) {
	m := Start(t, shop(t), WithoutAuth(), WithParam("shopId", "mine"), WithParam("orderId", "0123456789ab"))
	if a := get(t, m.URL+"/shops/mine/orders/0123456789ab"); a.StatusCode != 200 || a.object()["id"] != "0123456789ab" || a.object()["shopId"] != "mine" {
		t.Errorf("-p: %d %s", a.StatusCode, a.text)
	}
	if a := get(t, m.URL+"/shops/other/orders"); a.StatusCode != 404 {
		t.Errorf("closed world: %d", a.StatusCode)
	}
	open := Start(t, shop(t), WithoutAuth(), WithOpenWorld())
	if a := get(t, open.URL+"/shops/other/orders"); a.StatusCode != 200 {
		t.Errorf("open world: %d", a.StatusCode)
	}
	for _, opt := range []Option{WithDefect("nope"), WithItems(-1), WithHandler("nope", nil), WithParam("shopID", "mine"), WithEmpty("nope", "mine")} {
		if _, err := New(shop(t), opt); err == nil {
			t.Error("a wrong option is no error")
		}
	}
}

func TestDefectsChangeAnswers(t *testing.T) {
	for _, d := range Defects() {
		m := Start(t, shop(t), WithDefect(d.Name))
		if a := get(t, m.URL+"/plain", "Accept-Encoding", "identity"); a.StatusCode == 0 {
			t.Errorf("%s: no answer", d.Name)
		}
	}
}

func FuzzRequest(f *testing.F) {
	s, err := New(shop(f), WithoutAuth())
	if err != nil {
		f.Fatal(err)
	}
	f.Add("GET", "/shops/shop1/orders", "perPage=1", "*/*", "application/json", []byte("{}"))
	f.Add("POST", "/shops/shop1/orders", "envelope=true", "a/b;q=x", "application/json;charset=latin1", []byte(`{"kind":1}`))
	f.Add("PATCH", "/shops/shop1/orders/0123456789ab", "%zz", "", "multipart/form-data", []byte{0xff})
	f.Fuzz(func(t *testing.T, method, path, query, accept, contentType string, body []byte) {
		r, err := http.NewRequest(method, "http://x/", bytes.NewReader(body))
		if err != nil {
			t.Skip()
		}
		r.URL.Path, r.URL.RawQuery = path, query
		r.Header["Accept"], r.Header["Content-Type"] = []string{accept}, []string{contentType}
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code >= 500 {
			t.Errorf("%s %s?%s: %d %s", method, path, query, w.Code, w.Body)
		}
	})
}
