package checks

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"troth/contract"
)

// charsetPromise stands for the charset of troth.yaml among the names of headers: it is no field of its own.
const charsetPromise = "Content-Type, charset"

// promisedTogether finds what troth.yaml promises for successful answers and some have while others lack it: of one operation, or of two. A server that
// never sends it takes the promise for none.
func promisedTogether(ctx context.Context, c *contract.Case) (findings []contract.Finding) {
	shown := map[string][2]*contract.Exchange{} // the first answer that lacks a promise, and the first that has it
	for _, x := range c.Seen() {
		for name, has := range promisesIn(c, x) {
			pair := shown[name]
			if i := index(has); pair[i] == nil {
				pair[i] = x
			}
			shown[name] = pair
		}
	}
	var elsewhere []answerOf
	if len(shown) > 0 {
		elsewhere = answersElsewhere(ctx, c)
	}
	for _, name := range slices.Sorted(maps.Keys(shown)) {
		if lacks, has := shown[name][0], shown[name][1]; lacks != nil && has != nil {
			findings = append(findings, lacking(c, lacks, name, "now and then", "as other answers of the operation have it").And(has))
			continue
		}
		findings = append(findings, unlikeOthers(c, name, shown[name], elsewhere)...)
	}
	return findings
}

// index is where an answer stands in a pair of one that lacks something and one that has it.
func index(has bool) int {
	if has {
		return 1
	}
	return 0
}

// promisesIn are the promises that an answer of an operation is under, with whether it keeps them. In an envelope an
// answer may be made elsewhere.
func promisesIn(c *contract.Case, x *contract.Exchange) map[string]bool {
	if !x.OK() || x.Method != c.Op.Method || c.Enveloped(x) || !c.Declares(x, x.Method) || c.Elsewhere(x) {
		return nil
	}
	kept := map[string]bool{}
	for name := range c.Conv.HeadersFor(c.Op, x.Status) {
		kept[name] = x.Header.Get(name) != ""
	}
	if content := contentOf(responseOf(c, x), x); c.Conv.Charset != "" && content != nil && content.Type.IsJSON() && len(x.Body) > 0 {
		m, _ := x.MediaType()
		kept[charsetPromise] = m.Param("charset") != ""
	}
	return kept
}

// answerOf is an answer of another operation.
type answerOf struct {
	of *contract.Case
	x  *contract.Exchange
}

// answersElsewhere are the ordinary answers of two other operations that only read, and no item: to read one it may have to be made.
func answersElsewhere(ctx context.Context, c *contract.Case) (list []answerOf) {
	for _, o := range c.Op.Document.Operations {
		if o.Method != http.MethodGet || o == c.Op.Operation || len(list) == 2 {
			continue
		}
		other := c.Other(o)
		if other == nil || other.PicksItem() || len(promisesOf(&other.Subject)) == 0 {
			continue
		}
		if x, err := other.Ordinary(ctx); err == nil {
			list = append(list, answerOf{other, x})
		}
	}
	return list
}

// promisesOf are the names of what troth.yaml promises for the success of an operation.
func promisesOf(s *contract.Subject) (names []string) {
	r, status := s.Op.Success()
	if r == nil {
		return nil
	}
	names = slices.Sorted(maps.Keys(s.Conv.HeadersFor(s.Op, status)))
	for _, content := range r.Content {
		if s.Conv.Charset != "" && content.Type.IsJSON() {
			return append(names, charsetPromise)
		}
	}
	return names
}

// unlikeOthers compares all answers of an operation, which are alike, with those of others. Where the other one lacks what this one has, it tells so
// itself if there is a third to compare it with; else the first operation of the document does that.
func unlikeOthers(c *contract.Case, name string, shown [2]*contract.Exchange, elsewhere []answerOf) []contract.Finding {
	lacks, has := shown[0], shown[1]
	for _, other := range elsewhere {
		kept, promised := promisesIn(other.of, other.x)[name]
		switch {
		case !promised:
		case lacks != nil && kept:
			return []contract.Finding{lacking(c, lacks, name, "elsewhere", "as answers of "+other.of.Op.ID+" have it").And(other.x)}
		case has != nil && !kept && len(elsewhere) == 1 && firstBeside(c, other.of, name):
			return []contract.Finding{lacking(other.of, other.x, name, "elsewhere", "as answers of "+c.Op.ID+" have it").And(has)}
		}
	}
	return nil
}

// firstBeside tells whether an operation is the first of the document, beside another one, that something is promised for.
func firstBeside(c, other *contract.Case, name string) bool {
	for _, o := range c.Op.Document.Operations {
		if o == other.Op.Operation {
			continue
		}
		if o == c.Op.Operation {
			return true
		}
		if of := c.Other(o); of != nil && slices.Contains(promisesOf(&of.Subject), name) {
			return false
		}
	}
	return false
}

// lacking is a finding of an answer that lacks a promise.
func lacking(c *contract.Case, x *contract.Exchange, name, keyword, as string) contract.Finding {
	got := "none"
	if name == charsetPromise {
		got = x.Header.Get("Content-Type")
	}
	return c.New(x, "header "+name, "", keyword, "what troth.yaml promises, "+as, got, c.Op.Place.FileLine()).At(contract.Should)
}
