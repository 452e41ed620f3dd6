package checks

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"troth/contract"
	"troth/openapi/source"
)

func createdAnswer() contract.Check {
	return contract.Check{
		ID:      "created-answer",
		Promise: "The answer to creating says of the item what the item says when it is read, and what was left out has its default.",
		Why:     "A client that goes on with the answer, as it should, works with what is not so.",
		Source:  "RFC 9110 §15.3.2: the content of 201 describes what was created; OpenAPI 3.0 §4.7.24, JSON Schema validation §9.2: default",
		Level:   contract.Should,
		Applies: creates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			m, err := create(ctx, c, "create for its answer", withoutDefaults(c))
			if m != nil && m.answer != nil && refusesValue(m.answer.Status) {
				m, err = create(ctx, c, "create for its answer", fresh(c))
			}
			if m != nil {
				defer m.clean(ctx, c)
			}
			if err != nil {
				return nil, err
			}
			shown := m.answer.Status != http.StatusAccepted && m.body != nil
			if !shown && len(defaulted(c)) == 0 {
				return nil, contract.Skip("the answer to creating does not show the item")
			}
			var says [2]map[string]any
			var x *contract.Exchange
			for i := range says { // what changes by itself is not judged
				if x, says[i], err = m.read(ctx, "read what was created"); err != nil {
					return nil, err
				}
				if !x.OK() {
					return nil, contract.Skip("reading what was created was answered %d", x.Status)
				}
			}
			findings := otherDefault(c, m, x, says)
			if shown {
				findings = append(findings, toldOtherwise(c, m, x, says)...)
			}
			return findings, nil
		},
	}
}

// toldOtherwise finds a text or an instant that an answer to creating tells otherwise than the item does, twice.
func toldOtherwise(c *contract.Case, m *made, x *contract.Exchange, says [2]map[string]any) []contract.Finding {
	content := contentOf(m.one.Op.Response(x.Status), x)
	for _, name := range slices.Sorted(maps.Keys(m.body)) {
		first, isText := m.body[name].(string)
		now, both := says[0][name].(string)
		_, sent := m.sent[name]
		if sent || !isText || !both || says[1][name] != now || first == "" || now == "" || volatile(name) || isHref(first) || sameUUID(first, now) {
			continue
		}
		if content != nil && content.Schema != nil {
			if member := content.Schema.Find(name); member == nil || member.Enum != nil || member.WriteOnly {
				continue
			}
		}
		if first == now || !otherInstant(first, now) || concealed(first, now) {
			continue
		}
		return []contract.Finding{c.New(x, "created item", "/"+source.Escape(name), "answered", quote(first)+", as creating was answered", quote(now), c.Op.Place.FileLine()).After(m.answer)}
	}
	return nil
}

// otherInstant tells whether two texts differ by more than what a second look at the clock does, or rounding; it is true for what is no instant.
func otherInstant(a, b string) bool {
	x, ok := instant(a)
	y, both := instant(b)
	return !ok || !both || x.Sub(y).Abs() > 10*time.Minute
}

// concealed tells whether the second text hides a part of the first: keys are shown once only.
func concealed(shown, hidden string) bool {
	return strings.ContainsAny(hidden, "*•…") || strings.Contains(hidden, "...") || strings.HasPrefix(shown, hidden) || strings.HasSuffix(shown, hidden) || strings.Contains(strings.ToLower(hidden), "redact")
}

// volatile tells whether a member may change by itself soon, or is another each time, by its name.
func volatile(name string) bool {
	lower := strings.ToLower(name)
	return slices.ContainsFunc([]string{
		"stat", "phase", "stage", "progress", "message", "etag", "version", "revision", "token", "secret", "key", "password", "url", "uri", "href", "link",
		"sign", "hash", "nonce", "cursor", "request", "updated", "modified", "last", "next", "expir", "trace", "condition", "health", "duration", "uptime", "current", "server", "self",
	}, func(word string) bool { return strings.Contains(lower, word) })
}
