package gen

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"troth/openapi"
)

// dispatchSource is copied into the code, as binder.go is.
//
//go:embed dispatch.go
var dispatchSource string

// routesCode is the code that routes what echo's router cannot.
func routesCode(_ *openapi.Document, pkg string, _ settings) (string, error) {
	return "\n" + strings.Replace(dispatchSource, "package gen\n", "package "+pkg+"\n", 1), nil
}

// needsRoutes tells whether echo's router takes a path of the wanted operations for another.
func needsRoutes(doc *openapi.Document, s settings) bool {
	return slices.ContainsFunc(wantedOperations(doc, s), irregular)
}

// irregular tells whether echo cannot match an operation's path as it stands.
func irregular(o *openapi.Operation) bool {
	return o.Path != o.Route || slices.ContainsFunc(strings.Split(o.Route, "/"), func(s string) bool { return !wholeSegment(s) })
}

// wholeSegment tells whether a segment is a literal that echo takes as such, or exactly one parameter.
func wholeSegment(segment string) bool {
	if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
		return !strings.ContainsAny(segment[1:len(segment)-1], "{}")
	}
	return !strings.ContainsAny(segment, "{}*")
}

// reroute replaces the registration of the operations that echo's router takes for one by one that tells them apart.
func reroute(code string, doc *openapi.Document, s settings, definitions []codegen.OperationDefinition) (string, error) {
	groups := map[string][]*openapi.Operation{}
	for _, o := range wantedOperations(doc, s) {
		key := o.Method + " " + echoPath(o.Route)
		groups[key] = append(groups[key], o)
	}
	for _, key := range sortedKeys(groups) {
		group := groups[key]
		if !slices.ContainsFunc(group, irregular) {
			continue
		}
		slices.SortStableFunc(group, moreSpecific)
		var err error
		if code, err = registerTogether(code, group, definitions); err != nil {
			return "", err
		}
	}
	return code, nil
}

// registerTogether takes the lines that register each of the operations out of the code, and puts one for all in.
func registerTogether(code string, group []*openapi.Operation, definitions []codegen.OperationDefinition) (string, error) {
	var routes strings.Builder
	for _, o := range group {
		i := slices.IndexFunc(definitions, func(d codegen.OperationDefinition) bool { return d.Path == o.Path && d.Method == o.Method })
		if i < 0 {
			return "", fmt.Errorf("%s: oapi-codegen knows no operation %s %s", o.Place, o.Method, o.Path)
		}
		d := definitions[i]
		line := fmt.Sprintf("router.%s(options.BaseURL+%s, wrapper.%s, options.OperationMiddlewares[%q]...)\n",
			d.Method, strconv.Quote(codegen.SwaggerUriToEchoUri(d.Path)), d.HandlerName(), o.ID)
		before, after, found := strings.Cut(code, line)
		if !found {
			return "", fmt.Errorf("%s: the code has no line %s", o.Place, line)
		}
		code = before + after
		fmt.Fprintf(&routes, "\t\toperationRoute{%s, %#v, %s, wrapper.%s, options.OperationMiddlewares[%q]},\n",
			strconv.Quote(pattern(o)), parameterNames(o.Route), conditionsText(o), d.HandlerName(), o.ID)
	}
	o := group[0]
	register := fmt.Sprintf("\trouter.%s(options.BaseURL+%q, dispatch(\n%s\t))\n", o.Method, echoPath(o.Route), &routes)
	const end = "\t}\n\n"
	at := strings.Index(code, "wrapper := ServerInterfaceWrapper{")
	if at < 0 || !strings.Contains(code[at:], end) {
		return "", fmt.Errorf("%s: the code has no place that registers handlers", o.Place)
	}
	at += strings.Index(code[at:], end) + len(end)
	return code[:at] + register + code[at:], nil
}

// echoPath is a route for echo, with a numbered parameter for each segment that is no literal.
func echoPath(route string) string {
	segments := strings.Split(route, "/")
	n := 0
	for i, s := range segments {
		if strings.ContainsAny(s, "{}*") {
			n++
			segments[i] = ":" + strconv.Itoa(n)
		} else {
			segments[i] = strings.ReplaceAll(s, ":", `\:`)
		}
	}
	return strings.Join(segments, "/")
}

// parameter is one path parameter in a template.
var parameter = regexp.MustCompile(`\{([^{}]*)\}`)

// pattern is the regular expression for the segments of an operation's route that are no literals.
func pattern(o *openapi.Operation) string {
	var list []string
	for segment := range strings.SplitSeq(o.Route, "/") {
		if !strings.ContainsAny(segment, "{}*") {
			continue
		}
		var b strings.Builder
		at := 0
		for _, m := range parameter.FindAllStringIndex(segment, -1) {
			b.WriteString(regexp.QuoteMeta(segment[at:m[0]]) + "([^/]+)")
			at = m[1]
		}
		b.WriteString(regexp.QuoteMeta(segment[at:]))
		list = append(list, b.String())
	}
	return strings.Join(list, "/")
}

func parameterNames(route string) []string {
	names := []string{}
	for _, m := range parameter.FindAllStringSubmatch(route, -1) {
		names = append(names, m[1])
	}
	return names
}

func conditionsText(o *openapi.Operation) string {
	conditions := maps.Collect(o.Conditions())
	if len(conditions) == 0 {
		return "nil"
	}
	return fmt.Sprintf("%#v", conditions) // maps are printed in the order of their keys
}

// moreSpecific orders operations so that the first that fits is the one meant: more conditions, then more literal text.
func moreSpecific(a, b *openapi.Operation) int {
	return cmp.Or(
		cmp.Compare(len(maps.Collect(b.Conditions())), len(maps.Collect(a.Conditions()))),
		cmp.Compare(literal(b), literal(a)),
		cmp.Compare(a.Route, b.Route),
	)
}

func literal(o *openapi.Operation) int { return len(parameter.ReplaceAllString(o.Route, "")) }
