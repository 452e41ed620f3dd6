package mock

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"troth/openapi/source"
)

// errorCodeOther gives errors the code that the document shows with another status, where it shows one with theirs.
func errorCodeOther(s *Server, call *Call, status int, _ http.Header, body []byte) []byte {
	if call.Operation == nil || status < http.StatusBadRequest {
		return body
	}
	shown := s.conv.CodesOf(call.Operation)
	response := call.Operation.Response(status)
	value, err := source.DecodeJSON(body)
	if err != nil || len(shown[status]) == 0 || response.JSON() == nil {
		return body
	}
	at := s.conv.ErrorsFor(response.JSON().Schema).Code
	for _, other := range slices.Sorted(maps.Keys(shown)) {
		if _, _, wrong := shown.Meant(status, shown[other][0]); wrong && source.Put(value, at, shown[other][0]) {
			if text, err := json.Marshal(value); err == nil {
				return text
			}
		}
	}
	return body
}
