package mock

import (
	"net/http"
	"strconv"

	"troth/openapi"
	"troth/openapi/refusal"
	"troth/openapi/schema"
)

// renderFault writes a refusal in the error schema that the document declares for its status, naming the real cause; RFC 9457
// problem details where the document declares none.
func (s *Server) renderFault(call *Call, f *Fault) *Reply {
	reply := &Reply{Status: f.Status, Header: f.Header.Clone(), Rule: "refusal"}
	if reply.Header == nil {
		reply.Header = http.Header{}
	}
	reply.Content, reply.Body = s.refusals.Render(call.Operation, call.Request.Header["Accept"], f)
	s.nameRequest(call, reply)
	return reply
}

// nameRequest puts the ID of the request that a header tells into the error's member of that name.
func (s *Server) nameRequest(call *Call, reply *Reply) {
	object, ok := reply.Body.(map[string]any)
	if !ok || call.Operation == nil || reply.Content == nil {
		return
	}
	for _, h := range s.declaredHeaders(call, reply.Status) {
		if !namesRequest(h.name) {
			continue
		}
		for name, before := range object {
			if _, text := before.(string); !text || plainName(name) != plainName(h.name) {
				continue
			}
			if object[name] = h.lines[0]; !reply.Content.Schema.Valid(object, schema.Response) {
				object[name] = before
			}
		}
	}
}

// renderer shapes this server's refusals, its planted defects included.
func (s *Server) renderer() *refusal.Renderer {
	return &refusal.Renderer{Document: s.doc, Conventions: s.conv, Seed: s.options.seed, Choose: s.choose, Change: s.spoilError}
}

// spoilError plants the defects of error bodies.
func (s *Server) spoilError(m *refusal.Members) {
	m.Status = s.tweaks.errorStatus(m.Status)
	m.Detail += s.tweaks.leak
	if s.tweaks.ownerTold {
		m.Detail += " (of customer " + strconv.FormatUint(hashed(0, m.Detail)%1000+1000, 10) + ")"
	}
	if s.tweaks.code != "" {
		m.Code = s.tweaks.code
	}
	if s.tweaks.reason != "" {
		m.Reason = s.tweaks.reason
	}
}

var problemType = openapi.MediaType{Type: "application", Subtype: "problem+json"}
