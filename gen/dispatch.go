package gen

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"
)

// operationRoute is one of several operations that echo's router cannot tell apart: its parameters are whole segments of a
// path, where OpenAPI's may be parts of one ("/jobs/{id}:cancel").
type operationRoute struct {
	pattern     string            // regular expression for the values that echo took from the path, joined by slashes
	names       []string          // the path parameters, in the order of the pattern's groups
	conditions  map[string]string // query parameters or header fields that the request must have; "": with any value
	handler     echo.HandlerFunc  // the operation's
	middlewares []echo.MiddlewareFunc
}

// dispatch answers with the first of the routes that a request fits.
func dispatch(routes ...operationRoute) echo.HandlerFunc {
	patterns := make([]*regexp.Regexp, len(routes))
	for i, r := range routes {
		patterns[i] = regexp.MustCompile("^" + r.pattern + "$")
		for j := len(r.middlewares) - 1; j >= 0; j-- {
			routes[i].handler = r.middlewares[j](routes[i].handler)
		}
	}
	return func(c echo.Context) error {
		taken := strings.Join(c.ParamValues(), "/")
		for i, r := range routes {
			values := patterns[i].FindStringSubmatch(taken)
			if values == nil || !meets(c.Request(), r.conditions) {
				continue
			}
			c.SetParamNames(r.names...)
			c.SetParamValues(values[1:]...)
			return r.handler(c)
		}
		return echo.ErrNotFound
	}
}

// meets tells whether a request has the query parameters or header fields that a path demands behind its "?" or "#".
func meets(r *http.Request, conditions map[string]string) bool {
	query := r.URL.Query()
	for name, value := range conditions {
		given := append(query[name], r.Header.Values(name)...)
		if len(given) == 0 {
			return false
		}
		if value != "" && given[0] != value {
			return false
		}
	}
	return true
}
