package stubserver

import (
	"errors"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"
)

// rule tells what is wrong with a parameter's value: nil, or an error that says it.
type rule func(value string) error

// The patterns of the document.
var (
	objectID     = regexp.MustCompile(`^[a-f0-9]{24}$`)
	instanceName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9-]*$`)
	integer      = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
)

// pathRules are the rules of the path parameters of all operations.
var pathRules = map[string]rule{
	"groupId": matches(objectID), "clusterName": matches(instanceName), "restoreJobId": matches(objectID),
}

// commonQuery are the rules of the query parameters that every operation has.
var commonQuery = map[string]rule{"envelope": boolean, "pretty": boolean}

// listQuery are those of the list.
var listQuery = map[string]rule{
	"envelope": boolean, "pretty": boolean, "includeCount": boolean, "itemsPerPage": between(1, 500), "pageNum": between(1, 0),
}

func matches(pattern *regexp.Regexp) rule {
	return func(value string) error {
		if !pattern.MatchString(value) {
			return errors.New("want a text that matches " + pattern.String())
		}
		return nil
	}
}

func boolean(value string) error {
	if value != "true" && value != "false" {
		return errors.New("want true or false")
	}
	return nil
}

// between admits the integers from low to high; high 0 means no bound.
func between(low, high int) rule {
	return func(value string) error {
		n, err := strconv.Atoi(value)
		switch {
		case !integer.MatchString(value):
			return errors.New("want an integer")
		case err != nil || n < low || high > 0 && n > high:
			return errors.New("out of range: the minimum is " + strconv.Itoa(low) + upTo(high))
		}
		return nil
	}
}

func upTo(high int) string {
	if high == 0 {
		return ""
	}
	return ", the maximum " + strconv.Itoa(high)
}

// checkParameters refuses malformed parameters before the generated code reads them: that knows their types, but neither
// patterns nor bounds. Query parameters without a rule are tolerated.
func checkParameters(c echo.Context, query map[string]rule) error {
	for i, name := range c.ParamNames() {
		value, err := pathValue(c, c.ParamValues()[i])
		if err == nil {
			err = pathRules[name](value)
		}
		if err != nil {
			return malformed("VALIDATION_ERROR", name, "%v", err)
		}
	}
	values, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return &refusal{status: 400, code: "INVALID_QUERY_PARAMETER", detail: "The query string is malformed: " + err.Error()}
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if err := checkQuery(name, values[name], query[name]); err != nil {
			return err
		}
	}
	return nil
}

func checkQuery(name string, values []string, fits rule) error {
	if len(values) == 0 {
		return nil
	}
	if len(values) > 1 {
		return malformed("INVALID_QUERY_PARAMETER", name, "%d values, want one", len(values))
	}
	if err := fits(values[0]); err != nil {
		return malformed("INVALID_QUERY_PARAMETER", name, "%q: %v", values[0], err)
	}
	return nil
}

// pathValue decodes a segment: echo routes by the escaped path where there is one.
func pathValue(c echo.Context, segment string) (string, error) {
	if c.Request().URL.RawPath == "" {
		return segment, nil
	}
	return url.PathUnescape(segment)
}
