package mock

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// existing refuses a request whose path names a parent that does not exist.
func (s *Server) existing(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		if s.tweaks.unbound && call.Operation.Method != http.MethodGet {
			call.Match.Values = s.world.whereItIs(call.plan, call.Match.Values)
		}
		values := call.Match.Values
		if i := s.world.missing(call.plan, values); i >= 0 && !s.tweaks.found(call.plan.variables[i].item, call.Request.Method) && !s.answersDeleted(call, i) {
			return nil, s.notFound(call, i)
		}
		return next(ctx, call)
	}
}

// answersDeleted tells whether a request for what was deleted is answered all the same, by a defect.
func (s *Server) answersDeleted(call *Call, i int) bool {
	return s.tweaks.readsDeleted && call.Operation.Method == http.MethodGet && call.plan.variables[i].item && s.world.wasDeleted(call.plan.variables[i], call.Match.Values[:i], call.Match.Values[i].Value)
}

// notFound says what does not exist and how to make it exist.
func (s *Server) notFound(call *Call, i int) error {
	v, value := call.plan.variables[i], call.Match.Values[i].Value
	fault := &Fault{Status: http.StatusNotFound, Situation: "unknown-parent:" + v.name, Parameters: []any{value}, Values: pathTexts(call, value)}
	if v.item {
		fault.Situation = "unknown-item:" + v.name
	}
	if s.world.wasDeleted(v, call.Match.Values[:i], value) {
		fault.Detail = fmt.Sprintf("%s %s was deleted", v.name, value)
		if s.tweaks.failsDeleted && v.item && call.Operation.Method == http.MethodDelete {
			fault.Status, fault.Situation = http.StatusInternalServerError, "server-error"
		}
		return fault
	}
	if v.item {
		fault.Detail = fmt.Sprintf("%s %s does not exist; list the collection for those that do, or start the mock with -p %s=%s", v.name, value, v.name, value)
		return fault
	}
	known := s.world.known(call.plan, v, call.Match.Values[:i])
	fault.Detail = fmt.Sprintf("%s %s does not exist; known: %s. To make it exist start the mock with -p %s=%s, or with --world open",
		v.name, value, strings.Join(known, ", "), v.name, value)
	return fault
}

func pathTexts(call *Call, value string) map[string]string {
	texts := map[string]string{"value": value}
	for _, v := range call.Match.Values {
		texts[v.Name] = v.Value
	}
	return texts
}

// resource answers operations of a collection path and its item path from the collection.
func (s *Server) resource(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		if reply := s.world.issued(call); reply != nil {
			return reply, nil
		}
		c, act := s.action(call)
		if act == nil {
			reply, err := next(ctx, call)
			if err == nil && call.Request.Method == http.MethodPost {
				s.world.issue(call, reply)
			}
			if err == nil {
				s.world.reissue(call, reply)
			}
			return reply, err
		}
		reply, err := act(c, call)
		if err == nil && call.unmet != nil {
			return nil, call.unmet
		}
		if err == nil && reply == nil {
			if reply, err = next(ctx, call); err == nil {
				s.world.reissue(call, reply)
			}
			return reply, err
		}
		if err != nil || call.Request.Method != http.MethodGet {
			return reply, err
		}
		if !reply.verified && check(call, reply) != nil { // items that are valid one by one and not together (uniqueItems): an answer without a store beats none
			return next(ctx, call)
		}
		reply.verified = true
		return reply, nil
	}
}

// action is what an operation does to its resource's collection, nil where it does nothing. An action that answers with no reply leaves it to
// the behaviors behind.
func (s *Server) action(call *Call) (*collection, func(*collection, *Call) (*Reply, error)) {
	op, r, isItem := call.Operation.Operation, call.plan.resource, call.plan.isItem
	if isItem && s.ofList(op) { // the path of a list that ends in a variable
		r, isItem = s.world.resources[openapi.Unnamed(op.Route)], false
	}
	if r == nil || !r.usable() {
		return nil, nil
	}
	c := s.world.collection(r, parentsOf(call.Match.Values, isItem))
	switch {
	case op == r.list && call.Content != nil && c.frame(call.Content.Schema).item != nil:
		return c, (*collection).answerList
	case !isItem && op.Method == http.MethodPost && s.shows(call, r): // one of several may be told by what stands behind "?" or "#"
		return c, (*collection).answerCreate
	case isItem && op.Method == http.MethodGet:
		return c, (*collection).answerRead
	case isItem && op.Method == http.MethodDelete:
		return c, (*collection).answerDelete
	case isItem && (op.Method == http.MethodPut || op.Method == http.MethodPatch) && (s.shows(call, r) || call.Operation.Body != nil):
		return c, (*collection).answerUpdate
	}
	return nil, nil
}

// shows tells whether an operation answers with the resource's item: the same schema, one with an ID member, or one that leaves open what is
// answered.
func (s *Server) shows(call *Call, r *resource) bool {
	if call.Content == nil || call.Content.Schema == nil {
		return call.Operation.Body != nil && (len(call.plan.offers) == 0 || call.Content != nil && call.Content.Type.IsJSON())
	}
	body := call.Content.Schema
	_, _, wrapped := r.within(body)
	return wrapped || body == r.shape.base || r.shape.idMember != "" && (idMember(body, r.idParam) != "" || formless(call.Content, r.idParam))
}

// formless tells whether a content may be any object, and no example says that it is something else than an item with an ID.
func formless(c *openapi.Content, param string) bool {
	for part := range c.Schema.Parts(true) {
		if object := part.Types & schema.TypeObject; len(part.Properties) > 0 || object == 0 && (part.Types != schema.AnyType || part.Items != nil) {
			return false
		}
	}
	return !slices.ContainsFunc(c.Examples, func(e openapi.Example) bool {
		object, _ := e.Value.(map[string]any)
		return !slices.ContainsFunc(idNames(param), func(name string) bool {
			return slices.ContainsFunc(slices.Collect(maps.Keys(object)), func(member string) bool { return plain(member) == name })
		})
	})
}

func (c *collection) answerList(call *Call) (*Reply, error) {
	s, shape := c.resource.server, &c.resource.shape
	if there := s.tweaks.issuer(call, shape.page); there != nil {
		c, call = there.list, there.as(call)
	}
	q := c.selection(call)
	if q != nil {
		if err := s.inverted(call, q.bounds); err != nil {
			return nil, err
		}
	}
	call.listed, call.cursors = q.key(), c.cursorsOf(call, shape.page, c.frame(call.Content.Schema))
	w, err := s.window(call, shape.page)
	if err != nil {
		return nil, err
	}
	if s.tweaks.firstOnly && w.start > 0 && q != nil {
		q = &query{keys: q.keys, bounds: q.bounds, form: q.form}
	}
	records, err := c.selected(s.tweaks.choice.before(q))
	if err != nil {
		return nil, fmt.Errorf("list item: %w", err)
	}
	for _, vary := range s.variant.list {
		records = vary(c, records)
	}
	if s.tweaks.list != nil {
		records = s.tweaks.list(c, records)
	}
	if err := w.behind(call, shape.page, records); err != nil {
		return nil, err
	}
	if err := s.refusedPast(call, w, shape.items, len(records)); err != nil {
		return nil, err
	}
	if s.tweaks.records != nil {
		records = s.tweaks.records(w, records)
	}
	if s.tweaks.page != nil {
		s.tweaks.page(&w, shape.page, len(records))
	}
	reply := &Reply{Status: call.Status, Content: call.Content, Rule: "collection"}
	cut, err := s.tweaks.choice.behind(c, q, w.cut(records))
	if err != nil {
		return nil, err
	}
	s.issue(call, c, w)
	page := c.page(call, cut)
	if shape.items == "" {
		err = page.bare(reply)
	} else {
		err = page.wrap(reply, w, len(records))
	}
	if err != nil {
		return nil, err
	}
	if p := shape.page; p != nil && p.LinkHeader {
		reply.Header = http.Header{"Link": {s.linkHeader(call, p, w, len(records))}}
	}
	s.tellHeaders(call, reply, shape.page, w, len(records))
	if s.tweaks.choice.counted && q != nil {
		return reply, retellTotal(shape.page, reply, func(int) int { return c.count() })
	}
	return reply, nil
}

// example answers with the first valid example that the document gives for the content.
func (s *Server) example(next Handler) Handler {
	return func(ctx context.Context, call *Call) (*Reply, error) {
		if reply := call.exampled("", false); reply != nil {
			return reply, nil
		}
		return next(ctx, call)
	}
}

// sampled answers with a value that the content's schema accepts.
func (s *Server) sampled(_ context.Context, call *Call) (*Reply, error) {
	reply := &Reply{Status: max(call.Status, http.StatusOK), Header: http.Header{}, Content: call.Content, Rule: "schema"}
	if call.Content == nil {
		if call.Response == nil {
			reply.Status = http.StatusNoContent
		}
		return reply, nil
	}
	if reply.Encoded = blob(call.Content); reply.Encoded != nil {
		reply.Body = string(reply.Encoded)
		return reply, nil
	}
	if call.Content.Schema == nil {
		return reply, nil
	}
	if err := s.unmade(call.plan, call.Content.Schema); err != nil {
		return nil, err
	}
	parts := []string{"body", call.Operation.ID}
	echo := map[string]any{}
	for _, v := range call.Match.Values {
		parts = append(parts, v.Value)
		echo[v.Name] = v.Value
	}
	value, err := sample.Value(call.Content.Schema, sample.Hash(s.options.seed^call.seed, parts...), sample.Members(echo))
	if err != nil {
		return nil, err
	}
	if object, ok := value.(map[string]any); ok {
		s.cohere(call.Content.Schema, object, strings.TrimPrefix(call.path(), call.Prefix))
		if value, err = s.tellNone(call, object); err != nil {
			return nil, err
		}
	}
	if call.Response == call.plan.response {
		s.world.leadOn(call.plan.leads, call.Content.Schema, value, call.Match.Values, sample.Hash(s.options.seed^call.seed, parts...))
	}
	if reply.Body = value; call.isFallback() && tellsError(value) {
		tells(reply, false, retellAll)
	}
	return reply, nil
}

func declares(r *openapi.Response, header string) bool { return headerNamed(r, header) != nil }

// headerNamed is a header of a response, nil where it declares none of the name.
func headerNamed(r *openapi.Response, name string) *openapi.Header {
	if r == nil {
		return nil
	}
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, name) {
			return h
		}
	}
	return nil
}
