package stubserver

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// authenticate admits the bearer token (RFC 6750 §2.1); a scheme's case does not matter.
func authenticate(c echo.Context) error {
	scheme, token, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
	if strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare([]byte(strings.TrimSpace(token)), []byte(Token)) == 1 {
		return nil
	}
	return &refusal{status: http.StatusUnauthorized, code: "UNEXPECTED_ERROR", detail: "You are not authorized for this resource."}
}

// version is the date of the only version that there is.
const version = "2023-01-01"

// negotiate admits what accepts the only version: its own media type, one of a later date (which means the newest version
// not later), or a range that holds it. The most specific range decides (RFC 9110 §12.5.1).
func negotiate(c echo.Context) error {
	fields := c.Request().Header.Values(echo.HeaderAccept)
	if len(fields) == 0 {
		return nil
	}
	best, quality := 0, 0.0
	for accepted := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		specific, q := weigh(accepted)
		if specific > best || specific == best && q > quality {
			best, quality = specific, q
		}
	}
	if best > 0 && quality > 0 {
		return nil
	}
	return &refusal{status: http.StatusNotAcceptable, code: "INVALID_VERSION_DATE", detail: "Invalid accept header or version date."}
}

// weigh tells how specific one media range is for the only version (0: it does not hold it), and its quality.
func weigh(accepted string) (specific int, quality float64) {
	mediaType, parameters, err := mime.ParseMediaType(accepted)
	if err != nil {
		return 0, 0
	}
	quality = 1
	if q, ok := parameters["q"]; ok {
		if quality, err = strconv.ParseFloat(q, 64); err != nil {
			return 0, 0
		}
	}
	switch {
	case mediaType == "*/*":
		return 1, quality
	case mediaType == "application/*":
		return 2, quality
	case dated(mediaType):
		return 3, quality
	}
	return 0, 0
}

func dated(mediaType string) bool {
	rest, ours := strings.CutPrefix(mediaType, "application/vnd.atlas.")
	date, isJSON := strings.CutSuffix(rest, "+json")
	if !ours || !isJSON {
		return false
	}
	_, err := time.Parse(time.DateOnly, date)
	return err == nil && date >= version
}
