package mock

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"troth/openapi/schema"
)

// verify validates a reply against what the operation declares, before it is sent. A reply that would break the document is an
// error that says so: the mock does not lie. Planted defects come behind it.
func (s *Server) verify(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		reply, err := next(ctx, call)
		if err != nil {
			return nil, err
		}
		if !reply.verified {
			if err := check(call, reply); err != nil {
				return nil, fmt.Errorf("this mock's own answer would break the document: %w", err)
			}
		}
		if reply, err = s.spoiled(call, reply); err != nil {
			return nil, err
		}
		if err := encode(reply); err != nil {
			return nil, fmt.Errorf("the answer cannot be written: %w", err)
		}
		if reply.Content != nil && reply.contentType == nil {
			reply.contentType = s.contentLines(call, reply)
		}
		return reply, nil
	}
}

// spoiled plants the defect that a reply is to have.
func (s *Server) spoiled(call *Call, reply *Reply) (*Reply, error) {
	if s.tweaks.reply != nil {
		if err := s.tweaks.reply(s, call, reply); err != nil {
			return nil, err
		}
	}
	for _, vary := range s.variant.reply {
		vary(s, call, reply)
	}
	return reply, nil
}

func check(call *Call, reply *Reply) error {
	declared := call.Operation.Response(reply.Status)
	if declared == nil {
		if len(call.Operation.Responses) == 0 || call.Response == nil {
			return nil // nothing is declared for success
		}
		return fmt.Errorf("status %d is not declared by %s", reply.Status, call.Operation.Place)
	}
	if reply.Content == nil || reply.Content.Schema == nil {
		return nil
	}
	if broken := reply.Content.Schema.Validate(reply.Body, schema.Response); len(broken) > 0 {
		texts := make([]string, len(broken))
		for i, v := range broken {
			texts[i] = v.String()
		}
		return fmt.Errorf("body: %s", strings.Join(texts, "; "))
	}
	return nil
}

// remember keeps the verified replies of GET by what they depend on, until something is written: making and verifying a list of
// 100 items costs more than sending it.
func (s *Server) remember(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		method := call.Request.Method
		if s.tweaks.noMemo || method != http.MethodGet && method != http.MethodHead || call.Request.Header["If-None-Match"] != nil || call.Request.Header["If-Match"] != nil {
			return next(ctx, call)
		}
		key := memoKey{call.plan, call.Content, call.path(), call.Request.URL.RawQuery}
		reply, generation := s.memo.get(key)
		if reply != nil {
			return reply, nil
		}
		reply, err := next(ctx, call)
		if err == nil {
			s.memo.put(key, generation, reply)
		}
		return reply, err
	}
}
