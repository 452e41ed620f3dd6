package checks

import (
	"context"
	"fmt"
	"strconv"

	"troth/contract"
	"troth/openapi/convention"
	"troth/openapi/schema"
)

// refusedMembers is the finding of a request that was refused for members that the document says are ignored; what is told is which those are.
func refusedMembers(c *contract.Case, refused, taken *contract.Exchange, told string) []contract.Finding {
	if taken == nil || !taken.OK() || refused == nil || !refusesBeside(refused.Status) {
		return nil
	}
	want := fmt.Sprintf("%d, as without them: the document says that %s members are ignored", taken.Status, told)
	f := c.New(refused, "request "+refused.Name, "", "ignored", want, strconv.Itoa(refused.Status), c.Op.Body.Place.FileLine())
	return []contract.Finding{f.And(taken).At(contract.Should)}
}

// undeclaredMember is the name of a member that no request body has.
const undeclaredMember = "xUndeclared"

// unknownRefused sends a member that the document does not know, where it says that such are ignored.
func unknownRefused(ctx context.Context, c *contract.Case, taken *made) ([]contract.Finding, error) {
	content, value, err := c.Small()
	object, isObject := value.(map[string]any)
	if err != nil || !isObject || !convention.IgnoredBy(c.Op).Unknown || !content.Schema.Valid(joinedWith(object, map[string]any{undeclaredMember: "a"}), schema.Request) {
		return nil, err
	}
	m, err := create(ctx, c, "create with an undeclared member", func(object map[string]any) {
		fresh(c)(object)
		object[undeclaredMember] = "a"
	})
	if m == nil {
		return nil, err
	}
	defer m.clean(ctx, c)
	if err != nil && !contract.WasSkipped(err) {
		return nil, err
	}
	return refusedMembers(c, m.answer, taken.answer, "unknown"), nil
}

// readOnlyRefused tells whether a change is refused for readOnly members alone, where the document says that they are ignored.
func readOnlyRefused(ctx context.Context, c *contract.Case, item *own, refused *contract.Exchange, object map[string]any) ([]contract.Finding, error) {
	if !convention.IgnoredBy(c.Op).ReadOnly {
		return nil, nil
	}
	taken, err := askBody(ctx, c, "change without readOnly members", "", object, append(item.at, contract.Again())...)
	if err != nil {
		return nil, err
	}
	return refusedMembers(c, refused, taken, "read-only"), nil
}
