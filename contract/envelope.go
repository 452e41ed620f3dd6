package contract

import (
	"net/url"
	"strings"
)

// switchedOn tells whether the request of an exchange switched a boolean query parameter on.
func switchedOn(x *Exchange, parameter string) bool {
	if !strings.Contains(x.URL, parameter) {
		return false
	}
	u, err := url.Parse(x.URL)
	return err == nil && u.Query().Get(parameter) == "true"
}

// Enveloped tells whether the request of an exchange asked for an envelope (troth.yaml, envelope).
func (c *Case) Enveloped(x *Exchange) bool {
	return c.Conv.Envelope != nil && switchedOn(x, c.Conv.Envelope.Parameter)
}

// Plain is a body without the envelope that its request asked for (troth.yaml, envelope): it changes the form, not what is said.
func (c *Case) Plain(x *Exchange, value any) any {
	e := c.Conv.Envelope
	object, ok := value.(map[string]any)
	if !ok || !c.Enveloped(x) {
		return value
	}
	if _, enveloped := object[e.Status]; !enveloped {
		return value
	}
	if inside, ok := object[e.Content]; ok {
		return inside
	}
	rest := map[string]any{}
	for name, member := range object {
		if name != e.Status {
			rest[name] = member
		}
	}
	return rest
}
