package contract

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// plainID is an ID that stands in a URL and in a shell as it is.
var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// chained are the commands that repeat exchanges one after the other in one shell: where one asks for what another one made, by the ID that
// the answer told, the command takes the ID of the answer that it gets itself.
func chained(seen []*Exchange) []string {
	commands := make([]string, len(seen))
	for i, x := range seen {
		commands[i] = x.Curl()
	}
	for j, maker := range seen {
		for _, later := range seen[j+1:] {
			if member, id := maker.told(later); member != "" {
				commands[j] = `ID=$(` + strings.Replace(commands[j], "curl -i", "curl -si", 1) + ` | tee /dev/stderr | grep -o '"` + member + `" *: *"[^"]*"' | head -n 1 | cut -d'"' -f4)`
				for k := j + 1; k < len(commands); k++ {
					commands[k] = withID(commands[k], id)
				}
				return commands
			}
		}
	}
	return commands
}

// told is the member of an exchange's answer by which a later one names what it asks for, and its value; "" where there is none.
func (x *Exchange) told(later *Exchange) (member, id string) {
	if !changes(x.Method) || !x.OK() {
		return "", ""
	}
	before := segments(x.URL)
	for _, id := range segments(later.URL) {
		id = strings.TrimSpace(id) // a name with a blank behind it stands for the name to a lenient server
		if !plainID.MatchString(id) || slices.Contains(before, id) {
			continue
		}
		for _, m := range regexp.MustCompile(`"([A-Za-z0-9_-]+)" *: *"`+id+`"`).FindAllSubmatch(x.Body, -1) { // the body may be no JSON, which is what is told
			if name := string(m[1]); x.first(name) == id {
				return name, id
			}
		}
	}
	return "", ""
}

// withMaker puts the request that made what a finding's first request asks for in front: by the time that somebody repeats it, the run has
// deleted that again.
func (f Finding) withMaker(made func(id string) *Exchange) Finding {
	if len(f.seen) == 0 || len(f.seen) != len(f.Curl) {
		return f
	}
	for _, id := range segments(f.seen[0].URL) {
		if maker := made(strings.TrimSpace(id)); maker != nil && !slices.Contains(f.seen, maker) {
			return f.After(maker)
		}
	}
	return f
}

func segments(rawURL string) []string {
	path, _, _ := strings.Cut(rawURL, "?")
	list := strings.Split(path, "/")
	for i, segment := range list {
		if text, err := url.PathUnescape(segment); err == nil {
			list[i] = text
		}
	}
	return list
}

// first is the first text that a member of this name has in the body, at any depth: what the command finds.
func (x *Exchange) first(name string) string {
	m := regexp.MustCompile(`"` + regexp.QuoteMeta(name) + `" *: *"([^"]*)"`).FindSubmatch(x.Body)
	if m == nil {
		return ""
	}
	return string(m[1])
}

// withID puts the variable in the place of an ID in the paths of a command: in URLs, and in the target that a digest signs.
func withID(command, id string) string {
	return withIDIn("t='/", withIDIn("'http", command, id), id)
}

// withIDIn is withID in the words that begin in a way.
func withIDIn(begin, command, id string) string {
	var b strings.Builder
	for i, part := range strings.Split(command, begin) {
		if i > 0 {
			b.WriteString(begin)
			url, rest, _ := strings.Cut(part, "'")
			if at := strings.LastIndex(url, "/"+id); at >= 0 {
				url = url[:at+1] + `'"$ID"'` + url[at+1+len(id):]
			}
			part = url + "'" + rest
		}
		b.WriteString(part)
	}
	return b.String()
}
