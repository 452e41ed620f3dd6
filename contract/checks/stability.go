package checks

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

// repeats is how often an ordinary request is sent again: a failure in one of ten shows in half of the runs, and nearly always with the other requests.
const repeats = 5

func repeatable() contract.Check {
	return contract.Check{
		ID:      "repeatable",
		Promise: "The same request gets the same answer.",
		Why:     "Nobody can rely on, retry or cache an answer that changes by itself.",
		Source:  "RFC 9110 §9.2.2: GET is idempotent",
		Level:   contract.Should,
		Once:    true,
		Applies: func(s *contract.Subject) bool { return s.Op.Method == http.MethodGet },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			first, err := c.Ask(ctx, "ordinary request")
			if err != nil {
				return nil, err
			}
			seen := []*contract.Exchange{first}
			for range repeats {
				x, err := c.Ask(ctx, "ordinary request again", contract.Again(), contract.Once())
				if err != nil {
					return nil, err
				}
				seen = append(seen, x)
			}
			findings, err := flapping(ctx, c, seen)
			if err != nil {
				return nil, err
			}
			findings = append(failures(c, seen), findings...)
			findings = append(findings, formVaries(c, seen)...)
			if len(findings) == 0 && !first.OK() {
				_, err := c.Ordinary(ctx)
				return nil, err
			}
			more, err := refusalsVary(ctx, c)
			if findings = append(findings, more...); err != nil || len(findings) > 0 {
				return findings, err
			}
			return gone(ctx, c)
		},
	}
}

// formVaries finds an answer that is indented where the first of the run was not, or the other way round: what one request asked for stayed with the
// server.
func formVaries(c *contract.Case, seen []*contract.Exchange) []contract.Finding {
	first := c.First(seen[0])
	if first == nil {
		return nil // it is long
	}
	for _, x := range seen {
		_, failed := first.JSON()
		if _, err := x.JSON(); err != nil || failed != nil || !first.OK() || !x.OK() || (lines(first.Body) > 1) == (lines(x.Body) > 1) {
			continue
		}
		f := c.New(x, "body of repeated requests", "", "indentation", fmt.Sprintf("%d lines, as before", lines(first.Body)), strconv.Itoa(lines(x.Body)), c.Op.Place.FileLine())
		return []contract.Finding{f.And(first)}
	}
	return nil
}

// refusalsVary sends requests that have to be refused twice more: status and code say what is wrong with it, which is the same each time.
func refusalsVary(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	content := errorContent(c.Op)
	if content == nil {
		return nil, nil
	}
	code := c.Conv.ErrorsFor(content.Schema).Code
	for _, refused := range []func(context.Context, ...contract.Change) (*contract.Exchange, error){c.Malformed, c.Unknown} {
		if findings, err := refusalVaries(ctx, c, code, refused); err != nil || len(findings) > 0 {
			return findings, err
		}
	}
	return nil, nil
}

func refusalVaries(ctx context.Context, c *contract.Case, code string, refused func(context.Context, ...contract.Change) (*contract.Exchange, error)) ([]contract.Finding, error) {
	var said []string
	for try := range 3 {
		x, err := refused(ctx, again(try)...)
		if contract.WasSkipped(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		body, _ := x.JSON()
		v, _ := source.Get(c.Plain(x, body), code)
		text, _ := openapi.Text(v)
		if code == "" {
			text = ""
		}
		said = append(said, strconv.Itoa(x.Status)+" "+text)
		if x.Status >= 400 && x.Status < 500 && said[len(said)-1] != said[0] {
			return []contract.Finding{c.New(x, "body of repeated refusals", code, "repeat", said[0]+" each time", said[len(said)-1], c.Op.Place.FileLine())}, nil
		}
	}
	return nil, nil
}

// failures are the answers of another status than the usual one, with their rate.
func failures(c *contract.Case, seen []*contract.Exchange) []contract.Finding {
	times := map[int]int{}
	for _, x := range seen {
		times[x.Status]++
	}
	usual := seen[0].Status
	for status, n := range times {
		if n > times[usual] || n == times[usual] && status < usual {
			usual = status
		}
	}
	for _, x := range seen {
		if x.Status != usual {
			return []contract.Finding{c.New(x, "status of repeated requests", "", "repeat", strconv.Itoa(usual)+" each time",
				fmt.Sprintf("%d in %d of %d", x.Status, len(seen)-times[usual], len(seen)), c.Op.Place.FileLine())}
		}
	}
	return nil
}

// more is how often an ordinary request is sent again where one answer differed from those around it.
const more = 12

// flapping finds a resource that says one thing, then another, then the first again, and that again: a write changes a resource for good, and a
// clock does not run back. Of a list, only items that stand in all answers count. Numbers may come back: what they count comes and goes.
func flapping(ctx context.Context, c *contract.Case, seen []*contract.Exchange) ([]contract.Finding, error) {
	if _, turns := mostTurns(c, seen); turns == 0 && !differ(c, seen) {
		return nil, nil
	} else if turns < 2 {
		seen = slices.Clone(seen)
		for range more {
			x, err := c.Ask(ctx, "ordinary request again", contract.Again(), contract.Once())
			if err != nil {
				return nil, err
			}
			seen = append(seen, x)
		}
	}
	id, turns := mostTurns(c, seen)
	if turns <= 1 {
		return nil, nil
	}
	return []contract.Finding{c.New(seen[0], "body of repeated requests", "", "flap", "the same each time", fmt.Sprintf("%s says one thing, then another, then the first again (%d times in %d answers)", quote(cmp.Or(id, "the body")), turns, len(seen)), c.Op.Place.FileLine())}, nil
}

// differ tells whether what some answer says of anything is not what the one before says of it.
func differ(c *contract.Case, seen []*contract.Exchange) bool {
	said := map[string]string{}
	for _, x := range seen {
		body, err := x.JSON()
		if err != nil || !x.OK() {
			continue
		}
		for id, text := range statements(c, x, body) {
			if before, known := said[id]; known && before != text {
				return true
			}
			said[id] = text
		}
	}
	return false
}

// mostTurns is what comes back to what it said most often in answers, by its ID.
func mostTurns(c *contract.Case, seen []*contract.Exchange) (id string, turns int) {
	said := map[string][]string{} // by item, what each answer says of it
	for _, x := range seen {
		body, err := x.JSON()
		if err != nil || !x.OK() {
			continue
		}
		for id, text := range statements(c, x, body) {
			said[id] = append(said[id], text)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		if n := returns(said[name]); n > turns {
			id, turns = name, n
		}
	}
	return id, turns
}

// steady are header fields that an answer has each time or never; some have other values from time to time.
var steady = []string{"Content-Type", "Vary", "Content-Language", "Deprecation", "Sunset", "Link", "ETag", "Cache-Control"}

// fields are which of the steady header fields an answer has.
func fields(x *contract.Exchange) string {
	var had []string
	for _, name := range steady {
		if x.Header.Get(name) != "" {
			had = append(had, name)
		}
	}
	return strings.Join(had, " ")
}

// statements are what an answer says: of each item of a list by its ID, else of the whole, without links.
func statements(c *contract.Case, x *contract.Exchange, body any) map[string]string {
	said := map[string]string{"which header fields there are": fields(x)}
	if c.Page == nil {
		text, _ := json.Marshal(unnumbered(body))
		said[""] = string(text)
		return said
	}
	p, err := pageOf(c, x)
	if err != nil {
		return nil
	}
	for _, item := range p.items {
		if id := identity(item); len(id) < 100 {
			text, _ := json.Marshal(unnumbered(item))
			said[id] = string(text)
		}
	}
	return said
}

// returns counts how often a text comes back after others.
func returns(texts []string) (n int) {
	for i := 1; i < len(texts); i++ {
		if texts[i] != texts[i-1] && slices.Contains(texts[:i-1], texts[i]) {
			n++
		}
	}
	return n
}

// unnumbered is a value with 0 for each number.
func unnumbered(v any) any {
	switch v := v.(type) {
	case json.Number:
		return 0
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = unnumbered(item)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, member := range v {
			object[name] = unnumbered(member)
		}
		return object
	}
	return v
}
