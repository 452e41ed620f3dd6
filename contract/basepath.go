package contract

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
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
	for i, planned := range plan {
		if i > 0 && plan[i-1].Operation == planned.Operation || planned.Operation.Method != http.MethodGet || strings.Contains(planned.Operation.Route, "{") {
			continue
		}
		c := &Case{Subject: Subject{Op: planned.Operation, Conv: s.conv}, session: s}
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
