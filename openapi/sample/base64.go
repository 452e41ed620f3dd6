package sample

import "encoding/base64"

// base64url is a text in the alphabet that is safe in URLs (RFC 4648 §5), without padding, of a length within limits (most < 0: none).
func base64url(text string, least, most int) string {
	code := base64.RawURLEncoding
	n := len(text)
	for code.EncodedLen(n) < least {
		n++
	}
	for n > 0 && most >= 0 && code.EncodedLen(n) > most {
		n--
	}
	bytes := []byte(text)
	for len(bytes) < n {
		bytes = append(bytes, bytes...)
	}
	return code.EncodeToString(bytes[:n])
}
