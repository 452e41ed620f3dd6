package checks

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"troth/contract"
)

// refusedDelete deletes an item of the check's own without credentials and with wrong ones: it is there behind the refusal.
func refusedDelete(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if makerOf(c) == nil {
		return nil, contract.Skip("the document has no operation that creates the item")
	}
	item, err := ownItem(ctx, c)
	if err != nil {
		return nil, err
	}
	defer item.clean(ctx)
	attempts := []contract.Change{contract.Authorization("")}
	if c.HasCredentials() {
		attempts = append(attempts, contract.WrongCredentials())
	}
	for i, credentials := range attempts {
		before, _, err := item.read(ctx, "item before a refusal")
		if err != nil {
			return nil, err
		}
		x, err := c.Ask(ctx, "request to refuse", append(slices.Clone(item.at), credentials, contract.Again(), contract.Provoking())...)
		if err != nil {
			return nil, err
		}
		if !before.OK() || x.Status < 400 || x.Status >= 500 {
			return nil, contract.Skip("the item was answered %d, and deleting it %d: there is no refusal to judge", before.Status, x.Status)
		}
		behind, _, err := item.read(ctx, "item behind refusal "+strconv.Itoa(i+1))
		if err != nil && !contract.WasSkipped(err) {
			return nil, err
		}
		if behind.Status == http.StatusNotFound || behind.Status == http.StatusGone {
			f := c.New(x, "item", "", "unchanged", "the item as it was", strconv.Itoa(x.Status)+" deleted it", c.Op.Place.FileLine())
			return []contract.Finding{f.And(behind)}, nil
		}
	}
	return nil, nil
}
