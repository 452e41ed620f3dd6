// Package stubserver implements the restore-jobs API a second time, on the server stubs that package gen writes for the
// default document: a handful of jobs in memory, echo v4, and nothing of troth's engine. What judges the mock judges this
// server too, so that neither the suite nor the mock is its own only witness.
//
// Limits: one group, one instance, one bearer token; no rate is limited and no digest is understood.
package stubserver

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"troth/gen"
	"troth/gen/restorejobs"
)

// What the server knows.
const (
	GroupID     = "32b6e34b3d91647abb20e7b8" // the only group
	ClusterName = "Instance0"                // its only serverless instance
	Token       = "secret"                   // the bearer token that is accepted
	Jobs        = 12                         // the number of jobs at the start
)

// New returns a new server with its own jobs.
func New() http.Handler {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Binder = gen.Binder{}
	e.HTTPErrorHandler = renderError
	strict := restorejobs.NewStrictHandler(&api{jobs: newStore()}, []restorejobs.StrictMiddlewareFunc{rememberURL})
	restorejobs.RegisterHandlersWithOptions(e, strict, restorejobs.RegisterHandlersOptions{
		OperationMiddlewares: map[string][]echo.MiddlewareFunc{
			"listServerlessRestoreJobs":  chain(addStatus, listQuery, noBody),
			"createServerlessRestoreJob": chain(wrapContent, commonQuery, jobBody),
			"getServerlessRestoreJob":    chain(wrapContent, commonQuery, noBody),
		},
	})
	return head(e)
}

// chain is what stands before an operation: outermost first. The generated code reads parameters before it calls a strict
// middleware, so authentication cannot be one of those.
func chain(wrap envelope, query map[string]rule, body func(*http.Request) error) []echo.MiddlewareFunc {
	return []echo.MiddlewareFunc{
		present(wrap),
		check(authenticate),
		check(negotiate),
		check(func(c echo.Context) error { return checkParameters(c, query) }),
		check(func(c echo.Context) error { return body(c.Request()) }),
	}
}

// check makes a middleware of a condition: an error ends the request.
func check(condition func(echo.Context) error) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := condition(c); err != nil {
				return err
			}
			return next(c)
		}
	}
}

// head answers HEAD as GET without the content (RFC 9110 §9.3.2); echo would answer 405.
func head(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			get := r.Clone(r.Context())
			get.Method = http.MethodGet
			r, w = get, withoutContent{w}
		}
		next.ServeHTTP(w, r)
	})
}

type withoutContent struct{ http.ResponseWriter }

func (withoutContent) Write(p []byte) (int, error) { return len(p), nil }
