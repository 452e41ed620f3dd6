package cli

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// allowOrigins lets scripts of these origins send requests and read answers. What is no preflight request (Fetch §3.3.2) is the document's.
func allowOrigins(origins []string) echo.MiddlewareFunc {
	return middleware.CORSWithConfig(middleware.CORSConfig{
		Skipper: func(c echo.Context) bool {
			r := c.Request()
			return r.Method == http.MethodOptions && (r.Header.Get("Origin") == "" || r.Header.Get("Access-Control-Request-Method") == "")
		},
		AllowOrigins: origins, AllowCredentials: !(len(origins) == 1 && origins[0] == "*"),
		AllowMethods: []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "QUERY"},
	})
}

// exposeHeaders lets those scripts read each header that an answer has: which ones there are is up to the document.
func exposeHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Before(func() {
			header := c.Response().Header()
			if header.Get("Access-Control-Allow-Origin") == "" || header.Get("Access-Control-Allow-Methods") != "" {
				return
			}
			names := slices.Sorted(maps.Keys(header))
			names = slices.DeleteFunc(names, func(name string) bool {
				return len(header[name]) == 0 || name == "Vary" || strings.HasPrefix(name, "Access-Control-")
			})
			header.Set("Access-Control-Expose-Headers", strings.Join(names, ","))
		})
		return next(c)
	}
}
