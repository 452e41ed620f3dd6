package contract

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
)

// Probes are the requests whose answers the general checks judge: the ordinary one, and those that must be refused. Each is sent once in a run.
func (c *Case) Probes(ctx context.Context) ([]*Exchange, error) {
	if c.probed != nil {
		return c.probed.all, c.probed.failed
	}
	ordinary, err := c.Ask(ctx, "ordinary request")
	if err != nil {
		return nil, err
	}
	probes := []*Exchange{ordinary}
	for _, probe := range []func(context.Context) (*Exchange, error){c.secondPage, c.belowEmpty, c.WithoutCredentials, c.Unacceptable, func(ctx context.Context) (*Exchange, error) { return c.Malformed(ctx) }, func(ctx context.Context) (*Exchange, error) { return c.Unknown(ctx) }} {
		x, err := probe(ctx)
		if _, skipped := skipReason(err); skipped || errors.Is(err, errReadOnly) {
			continue
		}
		if err != nil {
			return nil, err
		}
		probes = append(probes, x)
	}
	return probes, nil
}

// probed is what an operation's probes were answered, for checks that ask nothing else.
type probed struct {
	all         []*Exchange
	failed      error
	ordinary    *Exchange
	notOrdinary error
}

func (c *Case) probe(ctx context.Context) *probed {
	p := &probed{}
	p.all, p.failed = c.Probes(ctx)
	if p.failed == nil {
		p.ordinary, p.notOrdinary = c.Ordinary(ctx)
	}
	return p
}

func (c *Case) secondPage(ctx context.Context) (*Exchange, error) {
	if c.Page == nil || c.Page.Page == "" || c.Page.Style != "page" {
		return nil, Skip("not paged by number")
	}
	return c.Ask(ctx, "second page", Query(c.Page.Page, fmt.Sprint(c.Page.First+1)))
}

// belowEmpty reads what is no list and no item below a parent without items: counts and the like are there all the same.
func (c *Case) belowEmpty(ctx context.Context) (*Exchange, error) {
	for _, p := range c.Op.Parameters {
		if empty := c.Empty(p.Name); p.In == "path" && c.Op.Method == http.MethodGet && c.Page == nil && p != c.Last() && len(empty) > 0 && !c.PicksItem() {
			return c.Ask(ctx, "below a "+p.Name+" without items", Path(p.Name, empty[0]))
		}
	}
	return nil, Skip("no parent without items is known")
}

// WithoutCredentials asks without any.
func (c *Case) WithoutCredentials(ctx context.Context) (*Exchange, error) {
	if !c.Secured() {
		return nil, Skip("the operation asks for no authentication")
	}
	return c.Ask(ctx, "without credentials", Authorization(""), Provoking())
}

// Secured tells whether every security requirement asks for something.
func (s *Subject) Secured() bool {
	for _, requirement := range s.Op.Security {
		if len(requirement) == 0 {
			return false
		}
	}
	return len(s.Op.Security) > 0
}

// Unacceptable asks for media types that the operation's success does not have: one that nothing has, and one that servers have undeclared.
func (c *Case) Unacceptable(ctx context.Context) (*Exchange, error) {
	field := "application/x-nothing"
	if xml, err := openapi.ParseMediaType("application/xml"); err == nil && !c.offers(xml) {
		field = "application/xml, " + field + ";q=0.5"
	}
	if html, err := openapi.ParseMediaType("text/html"); err == nil && c.PicksItem() && !c.offers(html) {
		field = "text/html, " + field // its list is asked for the others
	}
	if other := c.otherSuffix(); other != "" {
		field = other + ", " + field
	}
	return c.Ask(ctx, "Accept that nothing satisfies", Accept(field), Provoking())
}

// otherSuffix is the accepted media type with another structured suffix (RFC 6838 §4.2.8) that the operation does not offer, "" where it has none.
func (c *Case) otherSuffix() string {
	name, _, _ := strings.Cut(c.Accepted(), ";")
	base, found := strings.CutSuffix(name, "+json")
	other, err := openapi.ParseMediaType(base + "+csv")
	if !found || err != nil || c.offers(other) {
		return ""
	}
	return base + "+csv"
}

// offers tells whether a response of the operation declares a media type.
func (c *Case) offers(m openapi.MediaType) bool {
	return slices.ContainsFunc(c.Op.Responses, func(r *openapi.Response) bool {
		return slices.ContainsFunc(r.Content, func(content *openapi.Content) bool { return content.Type.Matches(m) })
	})
}

// Malformed asks with a text that a parameter's schema does not accept in any reading.
func (c *Case) Malformed(ctx context.Context, changes ...Change) (*Exchange, error) {
	for _, p := range c.Op.Parameters {
		if p.In == "query" && (p.Schema.Types == schema.TypeInteger || p.Schema.Types == schema.TypeBoolean) {
			return c.Ask(ctx, "malformed "+p.Name, append(changes, Query(p.Name, "x-malformed"), Provoking(), In(BrokenParameter, p))...)
		}
	}
	return nil, Skip("no parameter is a number or boolean")
}
