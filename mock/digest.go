package mock

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"troth/openapi"
	"troth/openapi/convention"
)

// nonceLife is how long a nonce is accepted; afterwards the challenge says stale=true.
const nonceLife = 5 * time.Minute

// digester is HTTP Digest access authentication (RFC 7616): MD5 and SHA-256, qop=auth, nonces that expire and whose counts are
// used once.
type digester struct {
	form     convention.Authentication
	users    map[string]string
	clock    func() time.Time
	key      []byte
	counter  atomic.Uint32
	anyUser  bool // a planted defect: the password of one user is right for every name
	single   bool // a variation: each nonce is good for one request
	nobody   bool // a planted defect: users that are not known have the empty password
	anyURI   bool // a planted defect: credentials may sign another request target
	anyNonce bool // a planted defect: nonces need not be this server's
	ofGet    bool // a planted defect: credentials that sign GET are right for every method
	oneCase  bool // a planted defect: the name of the scheme is taken in one case only

	guess func(user, password string) string // a planted defect: a password that is right, too; nil where there is none

	mu   sync.Mutex
	used map[string]map[string]bool // nonce counts by nonce
}

func newDigester(form convention.Authentication, users map[string]string, clock func() time.Time, seed uint64) *digester {
	key := binary.BigEndian.AppendUint64([]byte("digest"), seed)
	return &digester{form: form, users: users, clock: clock, key: key, used: map[string]map[string]bool{}}
}

// challenges are the WWW-Authenticate fields, one for each algorithm in order of preference.
func (d *digester) challenges(stale bool) []string {
	list := make([]string, len(d.form.Algorithms))
	for i, algorithm := range d.form.Algorithms {
		domain := ""
		if d.form.Domain != nil {
			domain = fmt.Sprintf("domain=%q, ", *d.form.Domain)
		}
		list[i] = fmt.Sprintf("Digest realm=%q, %snonce=%q, algorithm=%s, qop=\"auth\", stale=%t", d.form.Realm, domain, d.nonce(), algorithm, stale)
	}
	return list
}

// nonce is 24 bytes in base64 (32 characters): time, a counter, and an HMAC over both.
func (d *digester) nonce() string {
	b := binary.BigEndian.AppendUint32(nil, uint32(d.clock().Unix()))
	b = binary.BigEndian.AppendUint32(b, d.counter.Add(1))
	return base64.StdEncoding.EncodeToString(append(b, d.sign(b)...))
}

func (d *digester) sign(b []byte) []byte {
	mac := hmac.New(sha256.New, d.key)
	mac.Write(b)
	return mac.Sum(nil)[:16]
}

// issued tells whether a nonce is this server's, and whether it is still young enough.
func (d *digester) issued(nonce string) (ours, fresh bool) {
	b, err := base64.StdEncoding.DecodeString(nonce)
	if err != nil || len(b) != 24 || !hmac.Equal(b[8:], d.sign(b[:8])) {
		return false, false
	}
	age := d.clock().Sub(time.Unix(int64(binary.BigEndian.Uint32(b)), 0))
	return true, age < nonceLife
}

// check tells what is wrong with a request's digest credentials, "" where they are right; stale where only the nonce is too old.
func (d *digester) check(r *http.Request) (problem string, stale bool) {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Digest") || d.oneCase && scheme != "Digest" {
		return "no Authorization: Digest", false
	}
	p := directives(rest)
	password, known := d.users[p["username"]]
	for _, user := range slices.Sorted(maps.Keys(d.users)) {
		if d.anyUser && !known {
			password, known = d.users[user], true
		}
	}
	known = known || d.nobody
	switch {
	case p["realm"] != d.form.Realm:
		return fmt.Sprintf("realm %q: want %q", p["realm"], d.form.Realm), false
	case p["uri"] != requestTarget(r) && !d.anyURI:
		return fmt.Sprintf("uri %q: want %q", p["uri"], requestTarget(r)), false
	case p["qop"] != "auth":
		return fmt.Sprintf("qop %q: want auth", p["qop"]), false
	case !known:
		return "wrong user or password", false
	}
	hash := d.hash(p["algorithm"])
	if hash == nil {
		return fmt.Sprintf("algorithm %q: want one of %s", p["algorithm"], strings.Join(d.form.Algorithms, ", ")), false
	}
	ours, fresh := d.issued(p["nonce"])
	if !ours && d.anyNonce {
		return "", false
	}
	if !ours {
		return "the nonce is not this server's", true
	}
	answers := func(method, password string) bool {
		secret := hash(p["username"] + ":" + d.form.Realm + ":" + password)
		return same(hash(strings.Join([]string{secret, p["nonce"], p["nc"], p["cnonce"], "auth", hash(method + ":" + p["uri"])}, ":")), p["response"])
	}
	guessed := d.guess != nil && answers(r.Method, d.guess(p["username"], password))
	if !answers(r.Method, password) && !guessed && !(d.ofGet && answers(http.MethodGet, password)) {
		return "wrong user or password", false
	}
	if !fresh {
		return "the nonce is too old", true
	}
	return d.once(p["nonce"], p["nc"])
}

// requestTarget is the request target as it was sent (RFC 7616 §3.4.6).
func requestTarget(r *http.Request) string {
	if r.RequestURI != "" {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

// hash is the hash of an algorithm that the challenge offers, nil for any other. An absent algorithm is MD5 (RFC 7616 §3.4).
func (d *digester) hash(algorithm string) func(string) string {
	if algorithm == "" {
		algorithm = "MD5"
	}
	if !slices.Contains(d.form.Algorithms, strings.ToUpper(algorithm)) {
		return nil
	}
	if strings.EqualFold(algorithm, "MD5") {
		return func(s string) string { sum := md5.Sum([]byte(s)); return hex.EncodeToString(sum[:]) }
	}
	return func(s string) string { sum := sha256.Sum256([]byte(s)); return hex.EncodeToString(sum[:]) }
}

// nonces is how many nonces are remembered; a full memory forgets those that expired, else all, whose counts are then stale.
const nonces = 10_000

// once refuses a nonce count that was used before: a replay.
func (d *digester) once(nonce, count string) (problem string, stale bool) {
	if n, err := strconv.ParseUint(count, 16, 32); err != nil || n == 0 || len(count) != 8 {
		return fmt.Sprintf("nc %q: want 8 hexadecimal digits from 00000001", count), false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.used[nonce][count] || d.single && len(d.used[nonce]) > 0 {
		return "the nonce count was used before", true
	}
	if d.used[nonce] == nil {
		if len(d.used) >= nonces {
			d.forget()
		}
		d.used[nonce] = map[string]bool{}
	}
	d.used[nonce][count] = true
	return "", false
}

func (d *digester) forget() {
	for nonce := range d.used {
		if _, fresh := d.issued(nonce); !fresh {
			delete(d.used, nonce)
		}
	}
	for nonce := range d.used {
		if len(d.used) < nonces {
			return
		}
		delete(d.used, nonce)
	}
}

// directives reads name=value pairs, values quoted or not (RFC 9110 §11.2).
func directives(field string) map[string]string {
	list := map[string]string{}
	for part := range openapi.Members(field) {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
			value = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(value[1 : len(value)-1])
		}
		list[strings.ToLower(strings.TrimSpace(name))] = value
	}
	return list
}
