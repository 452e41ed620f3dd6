package openapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// ServerPaths are the paths of server URLs without a slash at the end, longest first: what may stand in front of an operation's path.
func ServerPaths(servers []string) []string {
	var paths []string
	for _, server := range servers {
		u, err := url.Parse(server)
		if err != nil {
			continue
		}
		if path := strings.TrimRight(u.EscapedPath(), "/"); path != "" && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	slices.SortFunc(paths, func(a, b string) int { return len(b) - len(a) })
	return paths
}

// MatchServed finds the operation of a request whose path stands behind one of the server paths, or as it is.
func (d *Document) MatchServed(paths []string, r *http.Request) Match {
	path := r.URL.EscapedPath()
	for _, prefix := range paths {
		if rest, ok := strings.CutPrefix(path, prefix); ok && strings.HasPrefix(rest, "/") {
			if m := d.Match(r, rest); len(m.Allow) > 0 {
				return m
			}
		}
	}
	return d.Match(r, path)
}
