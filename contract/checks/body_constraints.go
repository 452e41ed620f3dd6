package checks

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func bodyConstraints() contract.Check {
	return contract.Check{
		ID:      "body-constraints",
		Promise: "A request body that breaks its schema is refused, and changes nothing.",
		Why:     "Data that breaks the schema gets into the system, and breaks those who read it later.",
		Source:  "OpenAPI 3.1 §4.8.13 Request Body Object, §4.8.14 Media Type Object",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return s.Op.Body != nil && len(s.Op.Body.Content) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, value, err := jsonBody(c)
			if err != nil {
				return nil, err
			}
			if x, err := c.Ask(ctx, "ordinary request"); err != nil {
				return nil, err
			} else if !x.OK() {
				return nil, contract.Skip("the ordinary request was answered %d: a refusal proves nothing", x.Status)
			}
			findings, err := largeTaken(ctx, c)
			if err != nil && !contract.WasSkipped(err) {
				return nil, err
			}
			broken := map[string]bool{} // a constraint has more than one near miss at times
			misses, err := bodyMisses(c, content, value)
			if err != nil {
				return nil, err
			}
			kinds, err := bodyKinds(ctx, c)
			if err != nil {
				return nil, err
			}
			for _, kind := range kinds {
				more, err := asBodies(kind.misses(content.Schema), misses[0].contentType)
				if err != nil {
					return nil, err
				}
				misses = append(misses, more...)
			}
			for _, m := range misses {
				x, err := m.ask(ctx, c)
				if err != nil {
					return nil, err
				}
				if x.Status == http.StatusNotAcceptable && declaresBadRequest(c.Op) && !broken["status"] {
					broken["status"] = true
					findings = append(findings, c.New(x, "request body", m.pointer, "status", "400 or 422: the same Accept is answered where the body is right", "406", m.from).At(contract.Should))
				}
				if x.OK() && !broken[m.pointer+m.keyword] {
					broken[m.pointer+m.keyword] = true
					f := c.New(x, "request body", m.pointer, m.keyword, "a refusal (4xx)", strconv.Itoa(x.Status)+" "+http.StatusText(x.Status), m.from)
					switch {
					case m.common:
						f = f.At(contract.Advice)
					case m.keyword == sample.LocalTime:
						f = f.At(contract.Should)
					}
					findings = append(findings, f.Shrinks((*contract.Exchange).OK, breaksAlike(content.Schema, x)))
				}
			}
			return findings, nil
		},
	}
}

// jsonBody is a small valid body of an operation that takes one in JSON.
func jsonBody(c *contract.Case) (*openapi.Content, any, error) {
	content, value, err := c.Small()
	if err == nil && !content.Type.IsJSON() {
		err = contract.Skip("the request body is %s", content.Type)
	}
	return content, value, err
}

// bodyMiss is a request body that has to be refused.
type bodyMiss struct {
	pointer, keyword  string
	contentType, text string
	from              string // where the keyword is written
	common            bool   // servers that keep their promises else take it: a hint
	situation         contract.SituationKind
}

// ask sends the body. Where a name in it is taken, it is sent with others: that refusal says nothing of what is broken.
func (m bodyMiss) ask(ctx context.Context, c *contract.Case, changes ...contract.Change) (*contract.Exchange, error) {
	for try := 1; ; try++ {
		m.text = m.distinct(c)
		x, err := c.Ask(ctx, "body breaks "+m.keyword+" "+m.pointer, append(slices.Clone(changes), contract.Body(m.contentType, m.text), contract.Provoking(), contract.In(m.situation, nil))...)
		if err != nil || try == 3 || c.Op.Method != http.MethodPost || !c.Taken(x) {
			return x, err
		}
	}
}

// distinct is the body with names that none before it has, but for the member that is broken; as it is where the server takes a name more than once.
func (m bodyMiss) distinct(c *contract.Case) string {
	v, err := source.DecodeJSON([]byte(m.text))
	object, ok := v.(map[string]any)
	broken, _, _ := strings.Cut(strings.TrimPrefix(m.pointer, "/"), "/")
	if err != nil || !ok || c.Op.Method != http.MethodPost || !c.Distinct(object, broken) {
		return m.text
	}
	text, err := json.Marshal(object)
	if err != nil {
		return m.text
	}
	return string(text)
}

// breaksAlike tells whether a body breaks just what the body of an exchange broke.
func breaksAlike(s *schema.Schema, x *contract.Exchange) func(any) bool {
	sent, err := source.DecodeJSON([]byte(x.SentBody))
	if err != nil {
		return func(any) bool { return false }
	}
	broken := brokenBy(s, sent)
	return func(body any) bool { return slices.Equal(brokenBy(s, body), broken) }
}

// brokenBy are the constraints that a body breaks.
func brokenBy(s *schema.Schema, body any) (list []string) {
	for _, v := range s.Validate(body, schema.Request) {
		list = append(list, v.Pointer+" "+v.Keyword)
	}
	return list
}

// mostMisses bounds the near misses of one body: a document with hundreds of members would else take thousands of requests.
const mostMisses = 180

// bodyMisses are bodies near a valid one: malformed, of another content type, absent where one is required, and one or two for each
// constraint of the schema, those of the outer members first.
func bodyMisses(c *contract.Case, content *openapi.Content, value any) ([]bodyMiss, error) {
	valid, sent, err := content.Encode(value)
	if err != nil {
		return nil, err
	}
	from := content.Place.FileLine()
	list := []bodyMiss{{keyword: "json", contentType: sent, text: "{", from: from, situation: contract.NotJSON}}
	if nothing, err := openapi.ParseMediaType("application/x-nothing"); err == nil && openapi.MostSpecific(c.Op.Body.Content, nothing) == nil {
		list = append(list, bodyMiss{keyword: "content type", contentType: nothing.String(), text: string(valid), from: from})
		if plain, err := openapi.ParseMediaType("text/plain"); err == nil && openapi.MostSpecific(c.Op.Body.Content, plain) == nil {
			list = append(list, bodyMiss{keyword: "content type", contentType: plain.String(), text: string(valid), from: from})
		}
	}
	if c.Op.Body.Required {
		list = append(list, bodyMiss{keyword: "required", contentType: sent, from: c.Op.Body.Place.Child("required").FileLine()})
	}
	list = append(list, bodyMiss{keyword: "json", contentType: sent, text: string(valid) + " x", from: from, common: true, situation: contract.NotJSON})
	misses := slices.Concat(sample.Misses(content.Schema, value, schema.Request), sample.Confused(content.Schema, value, schema.Request))
	if c.Op.Method == http.MethodPatch { // by RFC 7396 and by custom, null stands there for a member that is taken away
		misses = slices.DeleteFunc(misses, func(m sample.Miss) bool {
			return m.Keyword == "type null" || m.Keyword == "required" && strings.Count(m.Pointer, "/") > 1 // a member's members are merged, too
		})
	}
	slices.SortStableFunc(misses, func(a, b sample.Miss) int { return strings.Count(a.Pointer, "/") - strings.Count(b.Pointer, "/") })
	near, err := asBodies(append(misses[:min(mostMisses, len(misses)):min(mostMisses, len(misses))], answeredOnly(c, content, value)...), sent)
	return append(list, near...), err
}

// answeredOnly are bodies with a member that only the answer has, where the schema allows no other ones: whoever copies all that is sent into what is kept
// takes it.
func answeredOnly(c *contract.Case, content *openapi.Content, value any) (list []sample.Miss) {
	const most = 4
	object, ok := value.(map[string]any)
	success, _ := c.Op.Success()
	if !ok || success == nil {
		return nil
	}
	for _, told := range success.Content {
		if told.Schema == nil || !told.Type.IsJSON() {
			continue
		}
		for part := range told.Schema.Parts(false) {
			for _, p := range part.Properties {
				v, err := sample.Value(p.Schema, 3, sample.For(schema.Response), sample.Named(p.Name))
				if content.Schema.Find(p.Name) != nil || err != nil || len(list) == most {
					continue
				}
				with := maps.Clone(object)
				if with[p.Name] = v; !content.Schema.Valid(with, schema.Request) {
					list = append(list, sample.Miss{Pointer: "/" + source.Escape(p.Name), Keyword: "additionalProperties", Value: with, Schema: content.Schema})
				}
			}
		}
	}
	return list
}

func asBodies(misses []sample.Miss, contentType string) (list []bodyMiss, err error) {
	for _, m := range misses {
		text, err := json.Marshal(m.Value)
		if err != nil {
			return nil, err
		}
		list = append(list, bodyMiss{pointer: m.Pointer, keyword: m.Keyword, contentType: contentType, text: string(text), from: keywordLine(m.Schema, m.Keyword), common: m.Common})
	}
	return list, nil
}
