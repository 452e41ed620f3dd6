package mock

import (
	"net/http"

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
		w.issuedIDs = map[string]any{}
	}
	w.issuedIDs[issuedKey(unnamed(call.Operation.Route), call.Match.Values, id)] = reply.Body
	w.server.memo.clear()
}

// issued answers an operation on what a POST named: a read by the body that the POST was answered with, where that fits; a deletion forgets
// it. nil where nothing was issued.
func (w *world) issued(call *Call) *Reply {
	vars := call.plan.variables
	if len(vars) == 0 || len(vars) != len(call.Match.Values) || !vars[len(vars)-1].item {
		return nil
	}
	last := len(vars) - 1
	key := issuedKey(vars[last].collection, call.Match.Values[:last], call.Match.Values[last].Value)
	w.mu.Lock()
	defer w.mu.Unlock()
	body, ok := w.issuedIDs[key]
	switch {
	case !ok:
	case call.Operation.Method == http.MethodDelete:
		delete(w.issuedIDs, key)
	case call.Operation.Method == http.MethodGet && call.Content != nil && call.Content.Schema != nil:
		if shown := pruned([]*schema.Schema{call.Content.Schema}, body); call.Content.Schema.Valid(shown, schema.Response) {
			return &Reply{Status: call.Status, Header: http.Header{}, Content: call.Content, Body: shown, Rule: "issued"}
		}
	}
	return nil
}

// maxIssued bounds how many issued IDs are remembered.
const maxIssued = 10_000

func (w *world) wasIssued(v variable, parents []openapi.PathValue, id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.issuedIDs[issuedKey(v.collection, parents, id)]
	return ok
}

func issuedKey(collection string, parents []openapi.PathValue, id string) string {
	key := collection
	for _, p := range parents {
		key += "\x00" + p.Value
	}
	return key + "\x00" + id
}
