package mock

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"troth/openapi"
)

// tokenLife is how long an issued token is accepted.
const tokenLife = time.Hour

// issuer is the OAuth 2.0 token endpoint for client credentials (RFC 6749 §4.4), mounted at the path of the document's tokenUrl. Tokens
// carry their expiry and an HMAC, so nothing is stored.
type issuer struct {
	clients map[string]string
	clock   func() time.Time
	key     []byte
	paths   []string
}

func newIssuer(schemes []*openapi.SecurityScheme, clients map[string]string, clock func() time.Time, seed uint64) *issuer {
	t := &issuer{clients: clients, clock: clock, key: binary.BigEndian.AppendUint64([]byte("token"), seed)}
	for _, s := range schemes {
		for _, flow := range s.Flows {
			u, err := url.Parse(flow.TokenURL)
			if err == nil && flow.Kind == "clientCredentials" && strings.HasPrefix(u.Path, "/") && !slices.Contains(t.paths, u.Path) {
				t.paths = append(t.paths, u.Path)
			}
		}
	}
	return t
}

func (t *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		answerToken(w, http.StatusMethodNotAllowed, map[string]any{"error": "invalid_request", "error_description": "want POST"})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		answerToken(w, http.StatusBadRequest, map[string]any{"error": "invalid_request", "error_description": err.Error()})
		return
	}
	client, secret, ok := r.BasicAuth()
	if !ok {
		client, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if want, known := t.clients[client]; !known || !same(want, secret) {
		w.Header().Set("WWW-Authenticate", `Basic realm="token"`)
		answerToken(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client", "error_description": "unknown client or wrong secret"})
		return
	}
	if grant := r.PostForm.Get("grant_type"); grant != "client_credentials" {
		answerToken(w, http.StatusBadRequest, map[string]any{"error": "unsupported_grant_type", "error_description": "want grant_type=client_credentials"})
		return
	}
	body := map[string]any{"access_token": t.issue(), "token_type": "Bearer", "expires_in": int(tokenLife.Seconds())}
	if scope := r.PostForm.Get("scope"); scope != "" {
		body["scope"] = scope
	}
	answerToken(w, http.StatusOK, body)
}

func answerToken(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that went away is not this server's fault
}

func (t *issuer) issue() string {
	b := binary.BigEndian.AppendUint64(nil, uint64(t.clock().Add(tokenLife).UnixNano()))
	return base64.RawURLEncoding.EncodeToString(append(b, t.sign(b)...))
}

func (t *issuer) sign(b []byte) []byte {
	mac := hmac.New(sha256.New, t.key)
	mac.Write(b)
	return mac.Sum(nil)
}

// check tells what is wrong with a bearer token, "" where it was issued here and is not expired.
func (t *issuer) check(token string) string {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) != 8+sha256.Size || !hmac.Equal(b[8:], t.sign(b[:8])) {
		return "unknown token"
	}
	if expiry := time.Unix(0, int64(binary.BigEndian.Uint64(b))); !t.clock().Before(expiry) {
		return "the token expired"
	}
	return ""
}
