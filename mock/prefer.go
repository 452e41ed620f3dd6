package mock

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/openapi"
	"troth/openapi/refusal"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// preferences are what a request's Prefer header asks of the mock (RFC 7240). Unknown ones are ignored, as the RFC has it; with
// handling=strict what cannot be honoured is refused.
type preferences struct {
	code    int    // code=404: answer with this declared status
	example string // example=name: answer with this example of the document
	seed    uint64 // seed=7: another seed for this answer's values
	seeded  bool
	dynamic string // dynamic=true: a made value rather than the document's example or a stored item; dynamic=false: the example
	strict  bool
}

// parsePrefer reads the Prefer fields of a request. A preference with a malformed value counts as unknown; bad tells it.
func parsePrefer(lines []string) (p preferences, bad []string) {
	for _, line := range lines {
		for member := range openapi.Members(line) {
			token, _, _ := strings.Cut(member, ";") // parameters of a preference: none is defined for these
			name, value, _ := strings.Cut(token, "=")
			name, value = strings.ToLower(strings.TrimSpace(name)), strings.Trim(strings.TrimSpace(value), `"`)
			if !p.set(name, value) {
				bad = append(bad, strings.TrimSpace(token))
			}
		}
	}
	return p, bad
}

func (p *preferences) set(name, value string) bool {
	switch name {
	case "code":
		code, err := strconv.Atoi(value)
		if err != nil || code < 100 || code > 599 {
			return false
		}
		p.code = code
	case "example":
		p.example = value
	case "seed":
		seed, err := strconv.ParseUint(value, 10, 64)
		p.seed, p.seeded = seed, err == nil
		return p.seeded
	case "dynamic":
		p.dynamic = value
		return value == "true" || value == "false"
	case "handling":
		p.strict = value == "strict"
	default:
		return false
	}
	return value != ""
}

// prefer answers as the request's Prefer header asks, where the document can: Preference-Applied tells what was done (RFC 7240 §3).
func (s *Server) prefer(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		lines := call.Request.Header["Prefer"]
		if len(lines) == 0 {
			return next(ctx, call)
		}
		p, bad := parsePrefer(lines)
		reply, applied, err := s.preferred(ctx, call, &p, next)
		if err != nil {
			return nil, err
		}
		if missed := p.missed(applied); p.strict && len(missed)+len(bad) > 0 {
			return nil, &Fault{Status: refusal.BadRequest(call.Operation), Situation: "invalid-parameter:header", Parameters: []any{"Prefer"},
				Detail: fmt.Sprintf("header Prefer: %s cannot be honoured; operation %s declares %s", strings.Join(append(bad, missed...), ", "), call.Operation.ID, declaredCodes(call.Operation))}
		}
		if len(applied) == 0 {
			return reply, nil
		}
		told := *reply // the reply may be shared
		if told.Header = reply.Header.Clone(); told.Header == nil {
			told.Header = http.Header{}
		}
		told.Header.Set("Preference-Applied", strings.Join(applied, ", "))
		return &told, nil
	}
}

// preferred makes the answer and lists the preferences that it follows.
func (s *Server) preferred(ctx context.Context, call *Call, p *preferences, next Handler) (*Reply, []string, error) {
	var applied []string
	if p.code != 0 && s.choosing(call, p.code) {
		applied = append(applied, "code="+strconv.Itoa(p.code))
	}
	example := call.exampled(p.example, p.example != "" || p.dynamic == "false")
	switch {
	case example != nil && p.example != "":
		return example, append(applied, "example="+p.example), nil
	case example != nil && p.dynamic == "false":
		return example, append(applied, "dynamic=false"), nil
	}
	if p.dynamic == "true" {
		applied = append(applied, "dynamic=true")
	}
	if p.seeded {
		call.seed = sample.Hash(p.seed, "prefer")
		applied = append(applied, "seed="+strconv.FormatUint(p.seed, 10))
	}
	switch {
	case len(applied) == 0:
		reply, err := next(ctx, call)
		return reply, nil, err
	case example != nil && p.dynamic == "" && !p.seeded:
		return example, applied, nil
	case call.Status >= 400:
		return s.renderFault(call, &Fault{Status: call.Status, Detail: "asked for by the header Prefer"}), applied, nil
	}
	reply, err := s.sampled(ctx, call)
	if err == nil {
		err = check(call, reply)
	}
	return reply, applied, err
}

// choosing makes a declared response the answer; false where the operation declares no such status.
func (s *Server) choosing(call *Call, code int) bool {
	r := call.Operation.Response(code)
	if r == nil {
		return false
	}
	call.Response, call.Status, call.Content = r, code, nil
	if len(r.Content) == 0 {
		return true
	}
	offers := openapi.NewestFirst(r.Content)
	types := make([]openapi.MediaType, len(offers))
	for i, c := range offers {
		types[i] = c.Type
	}
	i, _ := s.choose(call.Request.Header["Accept"], types) // an error may be sent whatever is accepted (RFC 9110 §12.4.1)
	call.Content = call.plan.concrete(call.Request.Header["Accept"], offers[i])
	return true
}

// exampled is the reply by a named example of the content (any where the name is ""), nil where there is no valid one, or none that tells the
// status that it is sent with; must has one tell it.
func (c *Call) exampled(name string, must bool) *Reply {
	if c.Content == nil {
		return nil
	}
	if must {
		return c.exampledBy(name, retellAll)
	}
	for may := retellNothing; may < retellAll; may++ {
		if reply := c.exampledBy(name, may); reply != nil || c.Status < 400 {
			return reply
		}
	}
	return nil
}

func (c *Call) exampledBy(name string, may retelling) *Reply {
	for _, e := range c.Content.Examples {
		if name != "" && e.Name != name {
			continue
		}
		reply := &Reply{Status: c.Status, Header: http.Header{}, Content: c.Content, Rule: strings.TrimSpace("example " + e.Name)}
		if c.Content.Schema == nil || c.Content.Schema.Valid(e.Value, schema.Response) {
			reply.Body = source.Clone(e.Value)
		} else if text, ok := e.Value.(string); !ok || !c.written(reply, text) {
			continue
		}
		if may == retellNothing && name == "" && c.Content.Schema != nil && c.isFallback() && tellsError(reply.Body) {
			continue
		}
		if c.Status < 400 || tells(reply, c.Response != nil && c.Response.Wide(), may) {
			return reply
		}
	}
	return nil
}

// written takes an example that is given as the text of the content ("<book/>"), where that reads as a valid value.
func (c *Call) written(reply *Reply, text string) bool {
	if c.Content.Type.IsJSON() {
		return false
	}
	v, judged, violations := openapi.DecodeBody(c.Content, c.Content.Type, []byte(text))
	if !judged || len(violations) > 0 || !c.Content.Schema.Valid(v, schema.Response) {
		return false
	}
	reply.Body, reply.Encoded = v, []byte(text)
	return true
}

// missed lists what was asked for and not done.
func (p *preferences) missed(applied []string) (list []string) {
	asked := map[string]bool{"code=" + strconv.Itoa(p.code): p.code != 0, "example=" + p.example: p.example != "", "dynamic=" + p.dynamic: p.dynamic != ""}
	for text, is := range asked {
		if is && !slices.Contains(applied, text) {
			list = append(list, text)
		}
	}
	slices.Sort(list)
	return list
}

func declaredCodes(op *openapi.Compiled) string {
	codes := make([]string, len(op.Responses))
	for i, r := range op.Responses {
		codes[i] = r.Code
	}
	return strings.Join(codes, ", ")
}
