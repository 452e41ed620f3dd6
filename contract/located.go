package contract

import (
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/convention"
)

// Located is what a variable names of the item that an answer to creating leads to by its Location: the segment behind the path that was asked
// for; nil where there is none.
func (x *Exchange) Located(p *openapi.Parameter) any {
	here, err := url.Parse(x.URL)
	field := x.Header.Get("Location")
	if err != nil || field == "" {
		return nil
	}
	to, err := here.Parse(field)
	if err != nil || to.Host != here.Host {
		return nil
	}
	list, id := path.Split(strings.TrimSuffix(to.EscapedPath(), "/"))
	list = strings.TrimSuffix(list, "/")
	asked := strings.TrimSuffix(here.EscapedPath(), "/")
	if list == "" || asked == "" || !strings.HasSuffix(asked, list) && !strings.HasSuffix(list, asked) { // a document's paths may stand below a prefix
		return nil
	}
	return IDOf(map[string]any{p.Name: unescaped(id)}, p)
}

// CreatedID is what a variable names of the item that an answer to creating tells, by its body, its Location, or a member of the body that is called as the
// items are ("organization" for {orgId}); nil where it tells none.
func (x *Exchange) CreatedID(body any, p *openapi.Parameter) any {
	if id := IDOf(body, p); id != nil {
		return id
	}
	if id := x.Located(p); id != nil {
		return id
	}
	object, _ := body.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if inner, is := object[name].(map[string]any); is && convention.CalledAs(name, p.Name) {
			return IDOf(inner, p)
		}
	}
	return nil
}
