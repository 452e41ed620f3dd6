package schema

import (
	"encoding/base64"
	"mime"
	"net/http"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// textFormat asserts the formats of strings: JSON Schema validation §7.3, OpenAPI 3.0's and those of its format registry
// (https://spec.openapis.org/registry/format/). Any other format is an annotation.
func textFormat(format, s string) bool {
	switch format {
	case "date-time":
		return isDateTime(s)
	case "date":
		return len(s) == 10 && isTime("2006-01-02", s)
	case "time":
		return isDateTime("2000-01-01T" + s)
	case "duration":
		return isDuration(s)
	case "email", "idn-email":
		return isEmail(s, format == "email")
	case "hostname":
		return isHostname(s)
	case "idn-hostname":
		return isIDNHostname(s)
	case "ipv4":
		ip, err := netip.ParseAddr(s)
		return err == nil && ip.Is4()
	case "ipv6":
		ip, err := netip.ParseAddr(s)
		return err == nil && ip.Is6() && ip.Zone() == ""
	case "uri", "iri":
		return isURI(s, format == "uri", true)
	case "uri-reference", "iri-reference":
		return isURI(s, format == "uri-reference", false)
	case "uri-template":
		return isTemplate(s)
	case "uuid":
		return isUUID(s)
	case "json-pointer":
		return isPointer(s)
	case "relative-json-pointer":
		return isRelativePointer(s)
	case "regex":
		return NewPattern(s).Checkable() == nil
	case "byte":
		return isBase64(s)
	case "base64url":
		return isBase64URL(s)
	case "char":
		return utf8.RuneCountInString(s) == 1
	case "http-date":
		return isHTTPDate(s)
	case "media-range":
		_, _, err := mime.ParseMediaType(s)
		return err == nil && strings.Contains(s, "/")
	}
	return true
}

func isTime(layout, s string) bool {
	_, err := time.Parse(layout, s)
	return err == nil
}

// isDateTime is RFC 3339 §5.6, leap seconds included.
func isDateTime(s string) bool {
	if len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' && s[10] != 't' {
		return false
	}
	s = strings.ToUpper(s)
	if !plainFraction(s[19:]) || !isOffset(s) {
		return false
	}
	if _, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return true
	}
	if s[17:19] != "60" {
		return false
	}
	t, err := time.Parse(time.RFC3339Nano, s[:17]+"59"+s[19:])
	return err == nil && t.UTC().Hour() == 23 && t.UTC().Minute() == 59
}

// isOffset tells whether an instant ends with Z or an offset within the clock's bounds: time.Parse takes -01:60.
func isOffset(s string) bool {
	if strings.HasSuffix(s, "Z") {
		return true
	}
	zone := s[len(s)-len("+00:00"):]
	return (zone[0] == '+' || zone[0] == '-') && zone[3] == ':' && isDigits(zone[1:3]) && isDigits(zone[4:]) && zone[1:3] < "24" && zone[4:] < "60"
}

// plainFraction refuses the comma that time.Parse takes for a decimal point.
func plainFraction(s string) bool { return !strings.Contains(s, ",") }

// isDuration is RFC 3339 appendix A.
func isDuration(s string) bool {
	rest, ok := strings.CutPrefix(s, "P")
	if !ok || rest == "" {
		return false
	}
	day, clock, hasClock := strings.Cut(rest, "T")
	if weeks, ok := strings.CutSuffix(day, "W"); ok {
		return !hasClock && isDigits(weeks)
	}
	return designated(day, "YMD") && (!hasClock || clock != "" && designated(clock, "HMS"))
}

// designated tells whether s is numbers with designators in this order, without a gap between the first and the last used.
func designated(s, designators string) bool {
	next, started := 0, false
	for s != "" {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		if n == 0 || n == len(s) {
			return false
		}
		i := strings.IndexByte(designators[min(next, len(designators)):], s[n])
		if i < 0 || started && i > 0 {
			return false
		}
		next, started, s = next+i+1, true, s[n+1:]
	}
	return true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isEmail(s string, ascii bool) bool {
	at := strings.LastIndexByte(s, '@')
	if literal, ok := strings.CutSuffix(s[at+1:], "]"); ok { // RFC 5321 §4.1.3; net/mail knows IPv4 only
		if ip, ok := strings.CutPrefix(literal, "[IPv6:"); ok {
			return at > 0 && textFormat("ipv6", ip) && isEmail(s[:at+1]+"example.com", ascii)
		}
	}
	if at < 1 || ascii && !isASCII(s) || strings.ContainsAny(s, "<>") {
		return false
	}
	address, err := mail.ParseAddress(s)
	if err != nil || address.Name != "" {
		return false
	}
	if host := s[at+1:]; strings.HasPrefix(host, "[") {
		return true
	} else if ascii {
		return isHostname(host)
	}
	return true
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isHostname is RFC 1123 §2.1.
func isHostname(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			c := label[i]
			if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-') {
				return false
			}
		}
	}
	return true
}

// isURI is RFC 3986 (RFC 3987 where not ascii); absolute demands a scheme.
func isURI(s string, ascii, absolute bool) bool {
	if ascii && !isASCII(s) || strings.ContainsAny(s, " \\\"<>{}|^`") || !percentEncoded(s) {
		return false
	}
	for i := range len(s) {
		if s[i] < 0x20 || s[i] == 0x7f {
			return false
		}
	}
	u, err := url.Parse(s)
	if err != nil || absolute && u.Scheme == "" {
		return false
	}
	return strings.Count(s, "#") <= 1 && !(strings.Contains(u.Host, ":") && strings.Count(u.Host, ":") > 1 && !strings.HasPrefix(u.Host, "["))
}

func percentEncoded(s string) bool {
	for i := range len(s) {
		if s[i] == '%' {
			if _, ok := hex(s[i+1:], 2); !ok {
				return false
			}
		}
	}
	return true
}

// isTemplate is RFC 6570, as far as balanced expressions with variable names go.
func isTemplate(s string) bool {
	for s != "" {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			return true
		}
		end := strings.IndexByte(s, '}')
		if s[i] == '}' || end < i+2 || strings.IndexByte(s[i+1:end], '{') >= 0 {
			return false
		}
		s = s[end+1:]
	}
	return true
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i] | 0x20
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (s[i] == '-') || !dash && !(c >= '0' && c <= '9' && s[i] >= '0' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}

// isPointer is RFC 6901.
func isPointer(s string) bool {
	if s == "" {
		return true
	}
	if s[0] != '/' {
		return false
	}
	for i := range len(s) {
		if s[i] == '~' && (i+1 == len(s) || s[i+1] != '0' && s[i+1] != '1') {
			return false
		}
	}
	return true
}

func isRelativePointer(s string) bool {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n == 0 || n > 1 && s[0] == '0' {
		return false
	}
	return s[n:] == "#" || isPointer(s[n:])
}

func isBase64(s string) bool {
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil && !strings.ContainsAny(s, "\r\n")
}

// isBase64URL is RFC 4648 §5, with or without padding.
func isBase64URL(s string) bool {
	_, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
	return err == nil && !strings.ContainsAny(s, "\r\n")
}

// isHTTPDate is RFC 9110 §5.6.7.
func isHTTPDate(s string) bool {
	_, err := http.ParseTime(s)
	return err == nil
}
