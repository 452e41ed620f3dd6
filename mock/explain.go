package mock

import (
	"net/http"
	"strconv"
	"strings"
)

// explainHeader is the request header that asks for an explanation and the response header that gives it.
const explainHeader = "X-Troth-Explain"

// explains tells whether an answer is to say how it came about.
func (s *Server) explains(r *http.Request) bool {
	return s.options.explain || len(r.Header[explainHeader]) > 0 && strings.EqualFold(r.Header[explainHeader][0], "true")
}

// explain is how an answer came about: operation, response, media type, what made the body, and the seed.
func (s *Server) explain(call *Call, reply *Reply) string {
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	if call.Match.Operation != nil {
		add("operation", call.Match.Operation.ID)
	}
	add("response", responseCode(call, reply))
	if reply.Content != nil {
		add("content", reply.Content.Type.String())
	}
	add("rule", reply.Rule)
	add("seed", strconv.FormatUint(s.options.seed, 10))
	if reply.Content != nil {
		add("at", reply.Content.Place.FileLine())
	}
	return strings.Join(parts, "; ")
}

// responseCode is the key of the declared response that an answer is: "200", "4XX", "default"; "undeclared" where there is none.
func responseCode(call *Call, reply *Reply) string {
	if call.Operation == nil {
		return ""
	}
	if r := call.Operation.Response(reply.Status); r != nil {
		return r.Code
	}
	return "undeclared"
}
