package mock

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"sync"
)

// namesOnce keeps the names that were given by some methods, below each path: a name stays taken when its item is gone.
func namesOnce(methods ...string) func(*Call) error {
	var mu sync.Mutex
	taken := map[string]bool{}
	return func(call *Call) error {
		object, _ := call.Body.(map[string]any)
		name, ok := object["name"].(string)
		if r := call.Operation.Response(http.StatusConflict); !ok || !slices.Contains(methods, call.Request.Method) || r == nil || r.Code != "409" {
			return nil
		}
		list := call.Request.URL.Path
		if call.Request.Method != http.MethodPost {
			if call.nameNow() == name {
				return nil
			}
			list = path.Dir(list)
		}
		key := list + " " + name
		mu.Lock()
		defer mu.Unlock()
		if taken[key] {
			return &Fault{Status: http.StatusConflict, Situation: "conflict", Parameters: []any{name}, Detail: fmt.Sprintf("the name %s is taken", name)}
		}
		taken[key] = true
		return nil
	}
}

func takenByChange(t *tweaks) {
	t.again = true
	onRequest(namesOnce(http.MethodPost))(t)
}

// nameNow is the name of the item that a call is about, "" where it has none.
func (c *Call) nameNow() string {
	r := c.plan.resource
	if r == nil || !r.usable() {
		return ""
	}
	kept := r.server.world.collection(r, parentsOf(c.Match.Values, true))
	item := kept.get(asked(c))
	if item == nil {
		return ""
	}
	shown, _, err := kept.as(item, r.shape.base)
	if object, ok := shown.(map[string]any); ok && err == nil {
		return text(object["name"])
	}
	return ""
}
