package mock

import (
	"context"

	"troth/openapi"
	"troth/openapi/refusal"
	"troth/openapi/schema"
)

// validate decodes parameters and body and refuses what breaks a constraint of the document. Undeclared query parameters are
// tolerated.
func (s *Server) validate(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		values, violations := call.Operation.DecodeParameters(call.Request, call.Match)
		call.Values = values
		violations = s.tweaks.tolerate(violations)
		if len(violations) > 0 {
			return nil, refusal.Invalid(call.Operation, violations)
		}
		if err := s.readBody(call); err != nil {
			if call.HasBody && s.tweaks.keepRefused {
				_, _ = next(ctx, call)
			}
			if call.HasBody && s.tweaks.keepValid && call.dropInvalid(err) {
				_, _ = next(ctx, call)
			}
			return nil, err
		}
		if s.tweaks.refuse != nil {
			if err := s.tweaks.refuse(call); err != nil {
				return nil, err
			}
		}
		if s.tweaks.conflict != nil {
			if err := s.tweaks.conflict(call); err != nil {
				_, _ = next(ctx, call)
				return nil, err
			}
		}
		return next(ctx, call)
	}
}

func (s *Server) readBody(call *Call) error {
	declared := call.Operation.Body
	if declared == nil || call.Request.Body == nil {
		return nil
	}
	limit := s.options.limits.Body
	if said := int64(s.conv.BodyLimit(call.Operation)); said > 0 && !s.tweaks.anyLength {
		limit = min(limit, said)
	}
	data, err := refusal.Body(call.Operation, call.Request, limit) // a handler may read it again
	if err != nil {
		return err
	}
	if s.tweaks.typed != nil {
		if err := s.tweaks.typed(call); err != nil {
			return err
		}
	}
	if len(data) == 0 {
		return refusal.MissingBody(call.Operation)
	}
	content, sent, err := refusal.Content(s.conv, call.Operation, call.Request.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	body, judged, violations := openapi.DecodeBody(content, sent, data)
	if len(violations) == 0 && judged && content.Schema != nil {
		violations = append(violations, bodyViolations(content.Schema.Validate(body, schema.Request))...)
	}
	call.Body, call.HasBody, call.sent = body, true, content
	if violations = s.tweaks.tolerate(violations); len(violations) > 0 {
		return refusal.Invalid(call.Operation, violations)
	}
	return nil
}

func bodyViolations(broken []schema.Violation) []openapi.Violation {
	violations := make([]openapi.Violation, len(broken))
	for i, v := range broken {
		violations[i] = openapi.Violation{In: "body", Violation: v}
	}
	return violations
}
