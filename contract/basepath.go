package contract

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"troth/openapi"
)

// mostAsked is how many operations are asked whether there is anything at the target.
const mostAsked = 3

// withoutBase tells that the target's URL lacks the base path of the document's servers: nothing is found without it, and something is with it.
// Every case would say so in its own way else.
func (s *session) withoutBase(ctx context.Context, plan []Planned) error {
	prefix := s.missingBase()
	if prefix == "" {
		return nil
	}
	base, asked := strings.TrimSuffix(s.target.base.String(), "/"), 0
	var last *Exchange
	for _, op := range s.lookedFor(plan) {
		c := &Case{Subject: Subject{Op: op, Conv: s.conv}, session: s}
		x, err := c.Ask(ctx, "ordinary request")
		if err != nil || x.Status != http.StatusNotFound {
			return nil
		}
		if last, asked = x, asked+1; asked == mostAsked {
			break
		}
	}
	if last == nil || !strings.HasPrefix(last.URL, base) {
		return nil
	}
	r := last.asked
	r.Name, r.URL = "ordinary request below the base path", base+prefix+last.URL[len(base):]
	if x, err := s.do(ctx, r); err != nil || x.Status == http.StatusNotFound || x.Status == 0 {
		return nil
	}
	return fmt.Errorf("%s answers 404 to every ordinary request, and %s%s does not: the document's servers have the base path %s; use --target %s%s", base, base, prefix, prefix, base, prefix)
}

// lookedFor are the operations whose answer tells whether there is anything at the target: reads of paths without variables, else those whose variables were
// given.
func (s *session) lookedFor(plan []Planned) (list []*openapi.Compiled) {
	var given []*openapi.Compiled
	for i, planned := range plan {
		op := planned.Operation
		if i > 0 && plan[i-1].Operation == op || op.Method != http.MethodGet {
			continue
		}
		in := slices.DeleteFunc(slices.Clone(op.Parameters), func(p *openapi.Parameter) bool { return p.In != "path" })
		switch {
		case len(in) == 0:
			list = append(list, op)
		case !slices.ContainsFunc(in, func(p *openapi.Parameter) bool { return len(s.target.params[p.Name]) == 0 }):
			given = append(given, op)
		}
	}
	if len(list) == 0 {
		return given
	}
	return list
}

// missingBase is the path that all servers of the document have and the target's URL does not end with, "" where there is none.
func (s *session) missingBase() (prefix string) {
	for _, server := range s.doc.Servers {
		u, err := url.Parse(server)
		if err != nil {
			return ""
		}
		path := strings.TrimSuffix(u.Path, "/")
		if path == "" || strings.HasSuffix(strings.TrimSuffix(s.target.base.Path, "/"), path) {
			return ""
		}
		if prefix == "" {
			prefix = path
		}
	}
	return prefix
}
