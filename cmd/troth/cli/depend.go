package cli

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"troth/openapi"
	tree "troth/openapi/source"
)

// compare finds the requests that depend on answers: those that a run against a server with other items does not send.
func (r *rehearsal) compare(other *rehearsal) {
	same, words := map[string]bool{}, map[string]bool{}
	for _, p := range other.all {
		same[p.key()] = true
		for _, word := range p.words() {
			words[word] = true
		}
	}
	var dependent []*planned
	wanted := map[string]bool{} // what the answers are searched for
	for _, p := range r.all {
		if same[p.key()] {
			continue
		}
		dependent = append(dependent, p)
		wanted[requestURI(p.URL)] = true
		for _, word := range p.words() {
			wanted[word] = len(word) >= telling && !words[word]
		}
	}
	found := r.find(wanted)
	for _, p := range dependent {
		p.depends = p.origin(found)
	}
}

// find tells which answer says each of the wanted values first, and where. A URL is found by what stands behind its host.
func (r *rehearsal) find(wanted map[string]bool) map[string]origin {
	found := map[string]origin{}
	for _, p := range r.all {
		for _, text := range p.said() {
			value := text.value
			if strings.HasPrefix(value, "http") {
				value = requestURI(value)
			}
			if _, known := found[value]; !known && wanted[value] {
				found[value] = origin{p.number, text.at}
			}
		}
	}
	return found
}

// origin is the answer that says a value, and where it does.
type origin struct {
	number int
	at     string
}

func (p *planned) key() string {
	return fmt.Sprint(p.Method, requestURI(p.URL), steady(fmt.Sprint(p.Sent)), p.SentBody, p.Anonymous())
}

// words are the values that a request sends: segments of its path, query values, texts of its body.
func (p *planned) words() (list []string) {
	u, err := url.Parse(p.URL)
	if err != nil {
		return nil
	}
	list = strings.Split(u.Path, "/")
	for _, values := range u.Query() {
		list = append(list, values...)
	}
	if body, err := tree.DecodeJSON([]byte(p.SentBody)); err == nil && p.SentBody != "" {
		for _, text := range texts(body, "") {
			list = append(list, text.value)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// telling is the length from which on a value that stands in an answer was taken from there, and not by chance.
const telling = 6

// origin tells which earlier answer a request takes its URL or a value from.
func (p *planned) origin(found map[string]origin) string {
	if from, ok := found[requestURI(p.URL)]; ok && from.number < p.number {
		return fmt.Sprintf("the answer to %d: the link at %s", from.number, from.at)
	}
	for _, word := range p.words() {
		if from, ok := found[word]; ok && from.number < p.number {
			return fmt.Sprintf("the answer to %d: %s at %s", from.number, word, from.at)
		}
	}
	return "the answers before: how many items there are, and which"
}

// text is a scalar of an answer and where it stands.
type text struct{ at, value string }

// said are the scalars of an answer's body and its header fields.
func (p *planned) said() (list []text) {
	if body, err := p.JSON(); err == nil {
		list = texts(body, "")
	}
	for _, name := range []string{"Location", "Link"} {
		for _, value := range p.Header[name] {
			list = append(list, text{"header " + name, strings.Trim(strings.Split(value, ";")[0], "<> ")})
		}
	}
	return list
}

// texts are the scalars of a value with their JSON pointers.
func texts(v any, at string) (list []text) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			list = append(list, texts(v[name], at+"/"+tree.Escape(name))...)
		}
	case []any:
		for i, item := range v {
			list = append(list, texts(item, fmt.Sprintf("%s/%d", at, i))...)
		}
	default:
		if s, ok := openapi.Text(v); ok && v != nil {
			list = append(list, text{at, s})
		}
	}
	return list
}
