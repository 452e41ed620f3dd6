package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

func itemLinks() contract.Check {
	return contract.Check{
		ID:      "item-links",
		Promise: "The link self of an item leads to that item.",
		Why:     "A client that keeps the link of an item comes back to another one, or to nothing.",
		Source:  "IANA link relation self (RFC 4287 §4.2.7.2)",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool { return s.Page != nil && itemOperation(s, http.MethodGet) != nil },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			one := c.Other(itemOperation(&c.Subject, http.MethodGet))
			if one == nil || !one.PicksItem() {
				return nil, contract.Skip("the item's operation cannot be asked")
			}
			list, err := ask(ctx, c, "ordinary request")
			if err != nil {
				return nil, err
			}
			home := false
			if self, err := url.Parse(target(c, list, "self")); err == nil && self.Host != "" {
				home = strings.Contains(list.URL, "//"+self.Host+"/")
			}
			judged := false
			for i, item := range list.items {
				object, _ := item.(map[string]any)
				id, _ := openapi.Text(contract.IDOf(object, one.Last()))
				if i == 2 || id == "" || id == "null" {
					break
				}
				f, has, err := judgeSelf(ctx, c, one, list.Exchange, itemSchema(&c.Subject), object, id, home)
				if err != nil || f != nil {
					return f, err
				}
				judged = judged || has
				alone, err := one.Ask(ctx, "item "+id, contract.Beside(list.Exchange), contract.Path(one.Last().Name, id))
				if err != nil {
					return nil, err
				}
				body, _ := alone.JSON()
				if object, _ = body.(map[string]any); object == nil || !alone.OK() {
					continue
				}
				if f, has, err = judgeSelf(ctx, c, one, alone, shapeOf(one), object, id, home); err != nil || f != nil {
					return f, err
				}
				judged = judged || has
			}
			if f := astray(c, one, list); f != nil {
				return []contract.Finding{*f}, nil
			}
			if !judged {
				return nil, contract.Skip("no item has a link self to this server")
			}
			return nil, nil
		},
	}
}

// astray finds an item whose link self leads below another parent than those of the other items: it is not this list's.
func astray(c, one *contract.Case, list *page) *contract.Finding {
	u, err := url.Parse(list.URL)
	if err != nil {
		return nil
	}
	var away *contract.Finding
	home := 0
	for i, item := range list.items {
		object, _ := item.(map[string]any)
		id, _ := openapi.Text(contract.IDOf(object, one.Last()))
		self := selfOf(itemSchema(&c.Subject), object)
		to, err := u.Parse(c.Local(self))
		if err != nil || id == "" || self == "" {
			continue
		}
		switch path := strings.TrimSuffix(to.EscapedPath(), "/"); {
		case strings.HasPrefix(path, u.EscapedPath()+"/"):
			home++
		case away == nil && to.Host == u.Host && c.SameOperation(one, to):
			f := c.New(list.Exchange, "links of items", c.Page.Items+"/"+strconv.Itoa(i), "parent", "an item of this list, below "+u.EscapedPath(), path, one.Op.Place.FileLine())
			away = &f
		}
	}
	if home == 0 {
		return nil // no item's link stands below its list
	}
	return away
}

// judgeSelf follows the link self of an item. One to another server is broken only where the page's own link leads to this one (home): behind a
// proxy, links may all lead elsewhere.
func judgeSelf(ctx context.Context, c, one *contract.Case, x *contract.Exchange, of *schema.Schema, object map[string]any, id string, home bool) (findings []contract.Finding, has bool, err error) {
	href := c.Local(selfOf(of, object))
	here, err := url.Parse(x.URL)
	if err != nil || href == "" {
		return nil, false, err
	}
	finding := func(x *contract.Exchange, want, got string) ([]contract.Finding, bool, error) {
		return []contract.Finding{c.New(x, "links of items", "", "self", want, got, one.Op.Place.FileLine())}, true, nil
	}
	to, err := here.Parse(href)
	if err != nil {
		return finding(x, "a URL reference (RFC 3986)", quote(href))
	}
	if to.Host != here.Host {
		if home {
			return finding(x, "a link to "+here.Host+", as those of the page", href)
		}
		return nil, false, nil
	}
	followed, err := one.Follow(ctx, "link self of item "+id, to.String())
	if err != nil {
		return nil, false, err
	}
	if !followed.OK() {
		f, _, _ := finding(followed, "the item "+id, fmt.Sprintf("%d behind %s", followed.Status, href))
		return []contract.Finding{f[0].After(x)}, true, nil
	}
	body, _ := followed.JSON()
	self, _ := body.(map[string]any)
	if got := contract.IDOf(itemIn(self, one.Last(), id), one.Last()); !isID(got, id) && (got != nil || tellsID(one)) {
		f, _, _ := finding(followed, "the item "+id, "something else behind "+href)
		return []contract.Finding{f[0].After(x)}, true, nil
	}
	return nil, true, nil
}

// isID tells whether a value is an ID.
func isID(v any, id string) bool {
	text, ok := openapi.Text(v)
	return ok && v != nil && text == id
}

// tellsID tells whether the answer of an item's own operation declares the ID that its path names it by: else what the item is cannot be seen. A page
// shows what the item holds.
func tellsID(one *contract.Case) bool {
	success, _ := one.Op.Success()
	content := success.JSON()
	if one.Page != nil || content == nil {
		return false
	}
	if !names(content.Schema) || declaresID(content.Schema, one.Last().Name) {
		return true
	}
	around := map[string]bool{}
	for part := range content.Schema.Parts(true) {
		for _, p := range part.Properties {
			if declaresID(p.Schema, one.Last().Name) {
				around[p.Name] = true
			}
		}
	}
	return len(around) == 1 && !slices.ContainsFunc(slices.Collect(maps.Keys(around)), func(name string) bool { return isAbove(one.Op.Route, name) })
}

// isAbove tells whether a member has the name of what a path leads through: a comment's "snippet" in "/snippets/{id}/comments/{commentId}".
func isAbove(route, name string) bool {
	segments := strings.Split(route, "/")
	return slices.ContainsFunc(segments[:max(len(segments)-2, 0)], func(segment string) bool {
		return strings.EqualFold(segment, name) || strings.EqualFold(segment, name+"s") || strings.EqualFold(segment, name+"es")
	})
}

// declaresID tells whether a schema has a member that a variable may name.
func declaresID(s *schema.Schema, variable string) bool {
	for part := range s.Parts(true) {
		if slices.ContainsFunc(part.Properties, func(p schema.Property) bool { return contract.Identifies(variable, p.Name) }) {
			return true
		}
	}
	return false
}

// selfOf is the target of an object's link self, in an array of links with rel and href or in an object of relations, which the object's schema
// names: what others call links may be anything.
func selfOf(of *schema.Schema, object map[string]any) string {
	for _, name := range []string{"links", "_links"} {
		member := of.Find(name)
		if member == nil || names(member) && member.Find("self") == nil {
			continue
		}
		switch links := object[name].(type) {
		case []any:
			for _, l := range links {
				if link, _ := l.(map[string]any); link["rel"] == "self" {
					href, _ := link["href"].(string)
					return href
				}
			}
		case map[string]any:
			switch self := links["self"].(type) {
			case string:
				return self
			case map[string]any:
				href, _ := self["href"].(string)
				return href
			}
		}
	}
	return ownPath(of, object)
}

// ownPath is what an item calls its own URL: a text that ends with its ID.
func ownPath(of *schema.Schema, object map[string]any) string {
	for _, name := range []string{"href", "self", "selfLink"} {
		path, _ := object[name].(string)
		u, err := url.Parse(path)
		if member := of.Find(name); member == nil || err != nil || path == "" {
			continue
		}
		if id := idOf(object); id != "" && strings.HasSuffix(u.Path, "/"+id) {
			return path
		}
	}
	return ""
}
