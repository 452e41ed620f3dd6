package contract

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"troth/openapi"
)

// conditioned lets a request that changes an item carry If-Match with the item's tag, where the operation asks for that and the request does not
// say otherwise: a server that answers 428 without it is right, and shows nothing else.
func (c *Case) conditioned(ch *change) {
	r := ch.request
	if ch.untagged || r.Header["If-Match"] != nil || r.Method != c.Op.Method || !c.Op.DemandsMatch() || c.session.target.header["If-Match"] != nil {
		return
	}
	path, p, unmet := maps.Clone(r.path), c.Op.Parameter("header", "If-Match"), c.Op.Response(http.StatusPreconditionFailed)
	if p.Required || unmet != nil && c.Last() != nil {
		r.untagged = c.anyTag(p)
	}
	r.tagging = func(ctx context.Context) *Exchange { return c.tagged(ctx, path) }
}

// anyTag is a condition for what has no tag that is known: "*", which what does not exist may be refused for by 412; a text that the parameter's schema
// takes where it takes no "*".
func (c *Case) anyTag(p *openapi.Parameter) string {
	if p.Schema.ValidText("*") {
		return "*"
	}
	v, err := c.session.parameterValue(p)
	if text, ok := v.(string); ok && err == nil {
		return text
	}
	return "*"
}

// tagged reads the item of a path, for its tag; nil where it cannot be read.
func (c *Case) tagged(ctx context.Context, path map[string]string) *Exchange {
	i := slices.IndexFunc(c.Op.Document.Operations, func(o *openapi.Operation) bool { return o.Route == c.Op.Route && o.Method == http.MethodGet })
	if i < 0 {
		return nil
	}
	one := c.Other(c.Op.Document.Operations[i])
	if one == nil {
		return nil
	}
	r, _, err := one.request(ctx, "item for its ETag", Beside(&Exchange{path: path}), Again())
	if err != nil {
		return nil
	}
	x, err := c.session.do(ctx, r) // beside the cases: this answer is no other check's to judge
	if err != nil || !x.OK() || x.Header.Get("ETag") == "" {
		return nil
	}
	return x
}

// underCondition is the request with the condition that it is to be sent under: the item's tag as it is now, else any tag.
func (s *session) underCondition(ctx context.Context, r Request) Request {
	if r.tagging == nil {
		return r
	}
	field := r.untagged
	if r.tagged = r.tagging(ctx); r.tagged != nil {
		field = strings.Join(r.tagged.Header.Values("ETag"), ", ")
	}
	if field == "" {
		return r
	}
	if r.Header = maps.Clone(r.Header); r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header["If-Match"] = []string{field}
	return r
}

// matchField is If-Match for a command: the tag of the item as it is by then, which is asked for where the request asked for it.
func (x *Exchange) matchField() string {
	if x.asked.tagged == nil {
		return ""
	}
	read := strings.Replace(x.asked.tagged.Curl(), "curl -i", "curl -si", 1)
	return `-H "If-Match: $(` + read + ` | grep -i '^etag:' | cut -d' ' -f2- | tr -d '\r')"`
}
