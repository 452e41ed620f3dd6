package middleware

import "github.com/labstack/echo/v4"

// Echo is the Validator as middleware of echo v4: e.Use(v.Echo()). It refuses by itself; what handlers return as an error is judged as
// echo's error handler answers it.
func (v *Validator) Echo() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			op, err := v.check(c.Request())
			if err != nil {
				v.refuse(c.Response(), c.Request(), op, err)
				return nil
			}
			if op == nil || v.report == nil {
				return next(c)
			}
			before := c.Response().Writer
			seen := &recorder{ResponseWriter: before, limit: v.limit}
			c.Response().Writer = seen
			defer func() { c.Response().Writer = before }()
			if err := next(c); err != nil {
				c.Error(err) // answers now, so that the answer can be judged
			}
			v.judge(c.Request(), op, seen)
			return nil
		}
	}
}
