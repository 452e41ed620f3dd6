package checks

import (
	"context"
	"fmt"
	"net/http"

	"troth/contract"
)

// keyRefused looks for what refused a request that was sent again with its key. Where that is the key, the server reads it. Where it is a name that is
// taken, which is refused alike with any key, a key that another body may have, too, is not read.
func keyRefused(ctx context.Context, c *contract.Case, m *made, second *contract.Exchange, key contract.Change) ([]contract.Finding, error) {
	unknown := contract.Skip("the same request again, with its key, was answered %d", second.Status)
	if second.Status != http.StatusConflict {
		return nil, unknown
	}
	other, err := newKey(c)
	if err != nil {
		return nil, err
	}
	same := []contract.Change{contract.Body(m.answer.Sent.Get("Content-Type"), m.answer.SentBody), contract.Again(), contract.Beside(m.answer), contract.Provoking()}
	third, err := c.Ask(ctx, "create with the same key once more", append(same, key)...)
	if err != nil {
		return nil, err
	}
	renamed, err := c.Ask(ctx, "create the same with another key", append(same, other)...)
	if err != nil {
		return nil, err
	}
	if renamed.OK() {
		if n := m.sibling(c, renamed); n != nil && n.id != m.id {
			n.clean(ctx, c)
		}
		return nil, nil
	}
	if !c.Taken(renamed) || !sameRefusal(second, third, renamed) {
		return nil, unknown
	}
	findings, err := keyOfAny(ctx, c, m, second, key)
	if err == nil && len(findings) == 0 {
		err = unknown
	}
	return findings, err
}

// keyOfAny creates another item with the key of the first one, which no server does that reads it.
func keyOfAny(ctx context.Context, c *contract.Case, m *made, second *contract.Exchange, key contract.Change) ([]contract.Finding, error) {
	x, n, err := anotherWith(ctx, c, m, key)
	if err != nil {
		return nil, err
	}
	if n == nil || n.id == m.id {
		return nil, nil
	}
	defer n.clean(ctx, c)
	f := c.New(x, keyField(c), "", "unread", "the first answer where the same is sent again, and no other item with the same key", fmt.Sprintf("%d, as with another key, and another item, %s", second.Status, quote(n.id)), c.Op.Place.FileLine())
	return []contract.Finding{f.After(m.answer, second)}, nil
}

// sameRefusal tells whether a refusal says of a request with another key what it says, time and again, of one with the same.
func sameRefusal(second, third, other *contract.Exchange) bool {
	x, y, z := membersOf(second), membersOf(third), membersOf(other)
	for name, v := range x {
		if v == y[name] && v != z[name] {
			return false
		}
	}
	return other.Status == second.Status && third.Status == second.Status
}

// membersOf are the members of an error, as texts; all of its text where it is no object.
func membersOf(x *contract.Exchange) map[string]string {
	body, _ := x.JSON()
	object, isObject := body.(map[string]any)
	if !isObject {
		return map[string]string{"": string(x.Body)}
	}
	list := map[string]string{}
	for name, v := range object {
		list[name] = fmt.Sprint(v)
	}
	return list
}
