package checks

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"troth/contract"
)

func conditionDemanded() contract.Check {
	return contract.Check{
		ID:      "condition-demanded",
		Promise: "A change without If-Match is refused with 428 where that is declared for it.",
		Why:     "A client that forgets the condition overwrites what somebody else has written meanwhile, and nobody tells.",
		Source:  "RFC 6585 §3: the server requires the request to be conditional",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool {
			return (updates(s) && s.Op.Body != nil || deletes(s)) && s.Op.DemandsMatch() && declaresStatus(s, http.StatusPreconditionRequired)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if c.Carried(c.Op.Parameter("header", "If-Match")) {
				return nil, contract.Skip("every request has If-Match")
			}
			if makerOf(c) == nil {
				return nil, contract.Skip("only what the run itself created is changed, and the document has no operation that creates it")
			}
			v, err := toChange(ctx, c)
			if err != nil {
				return nil, err
			}
			defer v.item.clean(ctx)
			if v.tag == "" {
				return nil, contract.Skip("the item has no ETag")
			}
			x, err := v.unconditional(ctx)
			if err != nil || !x.OK() && x.Status != http.StatusBadRequest { // for other reasons it may be refused, too
				return nil, err
			}
			return []contract.Finding{c.New(x, "header If-Match", "", "428", "428, as declared: the request has no condition", strconv.Itoa(x.Status), c.Op.Place.FileLine()).After(v.before)}, nil
		},
	}
}

// toChange is an item of a check's own to change or delete.
func toChange(ctx context.Context, c *contract.Case) (*version, error) {
	if c.Op.Method != http.MethodDelete {
		return versioned(ctx, c)
	}
	item, err := ownItem(ctx, c)
	if err != nil {
		return nil, err
	}
	x, _, err := item.read(ctx, "item before it is deleted")
	if err != nil {
		item.clean(ctx)
		return nil, err
	}
	v := &version{c: c, item: item, before: x}
	if tag := x.Header.Get("ETag"); isEntityTag(tag) {
		v.tag = tag
	}
	return v, nil
}

// unconditional changes or deletes the item whatever its tag is.
func (v *version) unconditional(ctx context.Context) (*contract.Exchange, error) {
	changes := append(slices.Clone(v.item.at), contract.Without("If-Match"), contract.Again(), contract.Provoking())
	if v.c.Op.Method == http.MethodDelete {
		return v.c.Ask(ctx, "deletion without If-Match", changes...)
	}
	return askChange(ctx, v.c, "change without If-Match", "", v.sent, changes...)
}
