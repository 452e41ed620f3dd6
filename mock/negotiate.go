package mock

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"troth/openapi"
	"troth/openapi/schema"
)

// negotiate chooses the content of the answer by the request's Accept (RFC 9110 §12.5.1); where media types are dated, the
// newest that is not later than the date asked for.
func (s *Server) negotiate(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		if len(call.plan.offers) > 0 {
			accept := call.Request.Header["Accept"]
			if s.tweaks.typesAny && call.Operation.Method != http.MethodGet {
				accept = nil
			}
			i, ok := s.choose(accept, call.plan.types)
			if !ok {
				return nil, notAcceptable(call)
			}
			call.Content = call.plan.concrete(call.Request.Header["Accept"], call.plan.offers[i])
		}
		return next(ctx, call)
	}
}

func (s *Server) choose(accept []string, offers []openapi.MediaType) (int, bool) {
	if s.tweaks.anyAccept {
		accept = nil
	}
	if s.tweaks.accept != nil {
		accept = misread(accept, s.tweaks.accept)
	}
	if v := s.conv.Versions; v != nil && len(accept) > 0 {
		accept = s.redate(accept, offers)
	}
	return openapi.Negotiate(accept, offers)
}

// redate replaces each dated media type in Accept by the offer that it resolves to.
func (s *Server) redate(accept []string, offers []openapi.MediaType) []string {
	out := make([]string, len(accept))
	for i, line := range accept {
		if !strings.Contains(line, s.conv.Versions.Prefix) {
			out[i] = line
			continue
		}
		members := strings.Split(line, ",")
		for j, member := range members {
			members[j] = s.redateMember(member, offers)
		}
		out[i] = strings.Join(members, ",")
	}
	return out
}

func (s *Server) redateMember(member string, offers []openapi.MediaType) string {
	m, err := openapi.ParseMediaType(strings.TrimSpace(member))
	if err != nil {
		return member
	}
	i, dated, ok := s.conv.Versions.Resolve(m, offers)
	if !dated || !ok && !s.tweaks.anyVersion || s.tweaks.exactVersion && offers[i].Subtype != m.Subtype {
		return member
	}
	_, params, found := strings.Cut(member, ";")
	if !found {
		return offers[i].String()
	}
	return offers[i].String() + ";" + params
}

func notAcceptable(call *Call) error {
	var types []string
	for _, t := range call.plan.types {
		types = append(types, t.String())
	}
	accept := strings.Join(call.Request.Header["Accept"], ", ")
	return &Fault{
		Status: http.StatusNotAcceptable, Situation: "not-acceptable", Parameters: []any{accept},
		Detail: fmt.Sprintf("no content for Accept: %s; this operation has %s", accept, strings.Join(types, ", ")),
		Undeclared: []openapi.Violation{{In: "header", Name: "Accept", Violation: schema.Violation{
			Keyword: "content", Want: strings.Join(types, ", "), Got: accept, Schema: call.Operation.Place.Child("responses"),
		}}},
	}
}
