package mock

import (
	"net/http"
	"sync"

	"troth/openapi/source"
)

// secrets are the writeOnly members that a request sends.
func (c *Call) secrets() map[string]any {
	sent, _ := c.Body.(map[string]any)
	list := map[string]any{}
	for _, content := range c.bodies() {
		for name, v := range sent {
			if member := content.Schema.Find(name); member != nil && member.WriteOnly {
				list[name] = v
			}
		}
	}
	return list
}

// secretsShown puts the writeOnly members that were sent into the answer.
func secretsShown(_ *Server, call *Call, reply *Reply) error {
	secrets := call.secrets()
	body, ok := source.Clone(reply.Body).(map[string]any)
	if reply.Status >= http.StatusMultipleChoices || len(secrets) == 0 || !ok {
		return nil
	}
	for name, v := range secrets {
		body[name] = v
	}
	reply.Body, reply.Encoded = body, nil
	return nil
}

// secretsListed puts the writeOnly members that items were created with into lists.
func secretsListed(t *tweaks) {
	var mu sync.Mutex
	known := map[string]map[string]any{}
	t.whole, t.noMemo = true, true
	onReply(func(s *Server, call *Call, reply *Reply) error {
		mu.Lock()
		defer mu.Unlock()
		r := call.plan.resource
		if reply.Status >= http.StatusMultipleChoices || r == nil || !r.usable() {
			return nil
		}
		if object, ok := reply.Body.(map[string]any); ok && call.Operation.Method == http.MethodPost && len(call.secrets()) > 0 {
			known[text(object[r.shape.idMember])] = call.secrets()
		}
		if call.Operation.Method != http.MethodGet {
			return nil
		}
		body := source.Clone(reply.Body)
		items, _, _ := s.shownItems(call, &Reply{Content: reply.Content}, body)
		for _, item := range items {
			object, _ := item.(map[string]any)
			for name, v := range known[text(object[r.shape.idMember])] {
				object[name] = v
			}
		}
		reply.Body, reply.Encoded = body, nil
		return nil
	})(t)
}
