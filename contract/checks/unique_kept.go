package checks

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

func uniqueKept() contract.Check {
	return contract.Check{
		ID:      "unique-kept",
		Promise: "What the document says there is one of only is refused the second time.",
		Why:     "Two items have the name that clients tell them apart by.",
		Source:  "the descriptions of 409, of the operation and of the members",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return creates(s) && len(s.Conv.UniqueBy(s.Op)) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			first, err := create(ctx, c, "create to be there already", fresh(c))
			if first != nil {
				defer first.clean(ctx, c)
			}
			if err != nil {
				return nil, err
			}
			key, err := uniqueHere(ctx, c, first)
			if err != nil {
				return nil, err
			}
			again, err := first.again(ctx, c)
			if err != nil || !again.OK() {
				return nil, err
			}
			cleanOther(ctx, c, first, again)
			want := fmt.Sprintf("409: an item with %s %s exists already", strings.Join(key, ", "), quote(fmt.Sprint(first.sent[key[0]])))
			return []contract.Finding{c.New(again, "body", "", "unique", want, strconv.Itoa(again.Status), c.Op.Place.FileLine()).After(first.answer)}, nil
		},
	}
}

// uniqueHere is a key, all of whose members were sent and are kept as they were sent.
func uniqueHere(ctx context.Context, c *contract.Case, first *made) ([]string, error) {
	_, says, err := first.read(ctx, "read what was created")
	if err != nil {
		return nil, err
	}
	for _, key := range c.Conv.UniqueBy(c.Op) {
		if !slices.ContainsFunc(key.Members, func(name string) bool {
			return first.sent[name] == nil || !schema.Equal(first.sent[name], says[name])
		}) {
			return key.Members, nil
		}
	}
	return nil, contract.Skip("nothing that there is one of was sent, or it is not kept as it was sent")
}

// cleanOther deletes what an answer says was created beside another item.
func cleanOther(ctx context.Context, c *contract.Case, first *made, x *contract.Exchange) {
	body, _ := x.JSON()
	if id, ok := openapi.Text(x.CreatedID(c.Plain(x, body), first.variable)); ok && id != first.id {
		(&made{answer: x, id: id}).clean(ctx, c)
	}
}
