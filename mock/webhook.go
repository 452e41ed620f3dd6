package mock

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// An event is what a write does to a resource, "" for anything.
type event string

const (
	creation event = "created"
	change   event = "updated"
	deletion event = "deleted"
)

// eventWords are what names of webhooks and values of their members say an event with.
var eventWords = map[event][]string{
	creation: {"created", "create", "creation", "new", "added", "add", "opened", "inserted", "registered", "placed", "submitted"},
	change:   {"updated", "update", "changed", "change", "modified", "edited", "patched"},
	deletion: {"deleted", "delete", "deletion", "removed", "remove", "destroyed"},
}

// eventOf is the event that words tell of, "" where they tell of none.
func eventOf(words []string) event {
	for _, e := range []event{creation, change, deletion} {
		if slices.ContainsFunc(words, func(word string) bool { return slices.Contains(eventWords[e], word) }) {
			return e
		}
	}
	return ""
}

// hook is a webhook that tells of a resource.
type hook struct {
	operation *openapi.Operation
	event     event
	events    map[string]map[event]any // values of enumerated members by member and event
}

// webhooks are those that tell of what an operation writes, found when it first succeeds.
func (s *Server) webhooks(p *prepared) []*hook {
	p.hooked.Do(func() {
		operations, err := s.doc.Webhooks()
		if err != nil {
			return
		}
		told := s.written(p)
		for _, op := range operations {
			words := append(split(op.Path), split(op.ID)...)
			compiled, err := op.Compile()
			if err != nil || !names(words, p.operation.Route) && !carries(compiled.Body, told) {
				continue
			}
			p.hooks = append(p.hooks, &hook{op, eventOf(words), eventMembers(compiled.Body)})
		}
	})
	return p.hooks
}

// written are the schemas of what an operation writes: its request, its answer and the resource's items.
func (s *Server) written(p *prepared) []*schema.Schema {
	var list []*schema.Schema
	if p.resource != nil && p.resource.usable() {
		list = append(list, p.resource.shape.base)
	}
	for _, c := range p.offers {
		list = append(list, c.Schema)
	}
	if p.compiled.Body != nil {
		for _, c := range p.compiled.Body.Content {
			list = append(list, c.Schema)
		}
	}
	return slices.DeleteFunc(list, func(s *schema.Schema) bool {
		return s == nil || len(s.Properties) == 0 && len(s.AllOf)+len(s.OneOf)+len(s.AnyOf) == 0
	})
}

// names tells whether words have the resource's name in them, in the singular or plural: "newPet" names /pets and /pets/{petId}.
func names(words []string, route string) bool {
	noun := ""
	for segment := range strings.SplitSeq(route, "/") {
		if segment != "" && !strings.Contains(segment, "{") {
			noun = segment
		}
	}
	of := split(noun)
	if len(of) == 0 {
		return false
	}
	for i := range words {
		if i+len(of) <= len(words) && slices.EqualFunc(words[i:i+len(of)], of, func(a, b string) bool { return singular(a) == singular(b) }) {
			return true
		}
	}
	return false
}

func singular(word string) string {
	switch {
	case strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case strings.HasSuffix(word, "ses"), strings.HasSuffix(word, "xes"), strings.HasSuffix(word, "ches"):
		return strings.TrimSuffix(word, "es")
	case strings.HasSuffix(word, "ss"):
		return word
	}
	return strings.TrimSuffix(word, "s")
}

// carriedDepth is how deep in a webhook's body what it tells of is looked for: {data: {object: …}}.
const carriedDepth = 3

// carries tells whether one of the schemas describes a webhook's body or a part of it.
func carries(b *openapi.Body, told []*schema.Schema) (found bool) {
	eachMember(b, func(_ string, s *schema.Schema) {
		found = found || slices.ContainsFunc(told, func(t *schema.Schema) bool { return t.Place.File == s.Place.File && t.Place.Pointer == s.Place.Pointer })
	})
	return found
}

// eventMembers are the values that say what happened, of members that are enumerated.
func eventMembers(b *openapi.Body) map[string]map[event]any {
	members := map[string]map[event]any{}
	eachMember(b, func(name string, s *schema.Schema) {
		for _, v := range s.Enum {
			if e := eventOf(split(text(v))); e != "" {
				if members[name] == nil {
					members[name] = map[event]any{}
				}
				members[name][e] = v
			}
		}
	})
	return members
}

// eachMember visits the schemas of a body and, some way down, of its members and items.
func eachMember(b *openapi.Body, visit func(name string, s *schema.Schema)) {
	var down func(name string, s *schema.Schema, depth int)
	down = func(name string, s *schema.Schema, depth int) {
		if s == nil || depth > carriedDepth {
			return
		}
		for part := range s.Parts(true) {
			visit(name, part)
			for _, p := range part.Properties {
				down(p.Name, p.Schema, depth+1)
			}
			down(name, part.Items, depth+1)
		}
	}
	if b != nil {
		for _, c := range b.Content {
			down("", c.Schema, 0)
		}
	}
}

// notifies tells whether somebody is told of writes.
func (s *Server) notifies() bool { return s.options.webhooks != "" || s.options.callbacks }

// noted keeps the item that a call writes or deletes, for whom it is told to.
func (c *collection) noted(call *Call, r *record) {
	if !c.resource.server.notifies() {
		return
	}
	if v, err := c.view(r, c.resource.shape.base); err == nil {
		call.item = v.value
	}
}

// notify sends the webhooks that tell of a write, to the URL of WithWebhooks and, with WithCallbacks, to those that clients registered.
func (s *Server) notify(call *Call, reply *Reply) {
	if !s.notifies() || call.plan == nil || call.plan.compiled == nil || reply.Status >= 300 {
		return
	}
	happened := happening(call, reply)
	if happened == "" {
		return
	}
	if s.options.callbacks {
		s.world.register(call, reply)
	}
	to := s.world.registered()
	if s.options.webhooks != "" {
		to = append(to, s.options.webhooks)
	}
	if len(to) == 0 {
		return
	}
	for _, h := range s.webhooks(call.plan) {
		if h.event != "" && h.event != happened {
			continue
		}
		members := known(call, reply)
		for name, values := range h.events {
			if v, ok := values[happened]; ok {
				members[name] = v
			}
		}
		seed := sample.Hash(s.options.seed, "webhook", h.operation.Path, call.Request.Method, call.Request.URL.RequestURI(), string(reply.Encoded))
		for _, url := range slices.Compact(slices.Sorted(slices.Values(to))) {
			d := Delivery{Time: s.options.clock(), Name: h.operation.Path, Method: h.operation.Method, URL: url}
			s.later(call.Request.Context(), d, h.operation, seed, members)
		}
	}
}

// happening is what a successful call did, "" where it wrote nothing.
func happening(call *Call, reply *Reply) event {
	switch call.Operation.Method {
	case http.MethodPost:
		if r := call.plan.resource; reply.Status == http.StatusCreated || r != nil && r.create == call.Operation.Operation && (r.list != nil || r.read != nil) {
			return creation
		}
		return change
	case http.MethodPut, http.MethodPatch:
		if reply.Status == http.StatusCreated {
			return creation
		}
		return change
	case http.MethodDelete:
		return deletion
	}
	return ""
}

// SendWebhook sends a webhook of the document (OpenAPI 3.1 §4.8.1) to a URL, that of WithWebhooks where it is "". The error names the
// webhooks that there are where the document lacks this one; a delivery that fails is told by Delivery.Err.
func (s *Server) SendWebhook(ctx context.Context, name, to string) (Delivery, error) {
	webhooks, err := s.doc.Webhooks()
	if err != nil {
		return Delivery{}, err
	}
	if to == "" {
		to = s.options.webhooks
	}
	if to == "" {
		return Delivery{}, errors.New("there is no URL to send the webhook to")
	}
	has := map[string]bool{}
	for _, op := range webhooks {
		if has[op.Path] = true; op.Path != name {
			continue
		}
		d := Delivery{Name: name, Method: op.Method, URL: to}
		s.deliver(ctx, &d, op, sample.Hash(s.options.seed, "webhook", name), nil)
		s.options.deliver.report(d)
		return d, nil
	}
	if len(has) == 0 {
		return Delivery{}, errors.New("the document has no webhooks")
	}
	return Delivery{}, fmt.Errorf("the document has no webhook %q, but %s", name, strings.Join(slices.Sorted(maps.Keys(has)), ", "))
}

// serveWebhook is the admin resource that sends a webhook: POST /_troth/webhooks/{name}?to=URL tells what came of it.
func (s *Server) serveWebhook(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		adminProblem(w, http.StatusMethodNotAllowed, fmt.Errorf("method %s: want POST", r.Method))
		return
	}
	d, err := s.SendWebhook(r.Context(), r.PathValue("name"), r.URL.Query().Get("to"))
	switch {
	case err != nil:
		adminProblem(w, http.StatusNotFound, err)
	case d.Err != nil:
		adminProblem(w, http.StatusBadGateway, d.Err)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(append(appendJSON(nil, map[string]any{"name": d.Name, "method": d.Method, "url": d.URL, "status": d.Status}), '\n'))
	}
}
