package checks

import (
	"net/url"

	"troth/contract"
)

// asked tells whether the request of an exchange switched a boolean query parameter on.
func asked(x *contract.Exchange, parameter string) bool {
	u, err := url.Parse(x.URL)
	return err == nil && u.Query().Get(parameter) == "true"
}

// plainBody is a body without the envelope that its request asked for (troth.yaml, envelope): it changes the form, not what is said.
func plainBody(c *contract.Case, x *contract.Exchange, value any) any {
	e := c.Conv.Envelope
	object, ok := value.(map[string]any)
	if e == nil || !ok || !asked(x, e.Parameter) {
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
