package mock

import (
	"troth/openapi"
	"troth/openapi/schema"
)

// issue notes the ID that the answer to a POST tells, where the path is no collection that keeps items: what was issued exists from then on.
func (w *world) issue(call *Call, reply *Reply) {
	r := w.resources[unnamed(call.Operation.Route)]
	object, ok := reply.Body.(map[string]any)
	if r == nil || r.create != call.Operation.Operation || r.idParam == "" || !ok || reply.Content == nil || reply.Content.Schema == nil {
		return
	}
	echoSent(reply, call.Body)
	id := text(object[idMember(reply.Content.Schema, r.idParam)])
	if id == "" || r.read == nil {
		return
	}
	if p := w.server.prepare(r.read); p != nil {
		if param := p.compiled.Parameter("path", r.idParam); param != nil && !param.Schema.Valid(id, schema.Request) {
			return
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.issuedIDs == nil || len(w.issuedIDs) >= maxIssued {
		w.issuedIDs = map[string]bool{}
	}
	w.issuedIDs[issuedKey(unnamed(call.Operation.Route), call.Match.Values, id)] = true
}

// maxIssued bounds how many issued IDs are remembered.
const maxIssued = 10_000

func (w *world) wasIssued(v variable, parents []openapi.PathValue, id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.issuedIDs[issuedKey(v.collection, parents, id)]
}

func issuedKey(collection string, parents []openapi.PathValue, id string) string {
	key := collection
	for _, p := range parents {
		key += "\x00" + p.Value
	}
	return key + "\x00" + id
}
