package checks

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"troth/contract"
)

func cursorTampering() contract.Check {
	return contract.Check{
		ID:      "cursor-tampering",
		Promise: "A cursor that the server did not issue is not taken for none.",
		Why:     "A client whose cursor was cut or mixed up is led back to the beginning, and walks the list in circles.",
		Source:  "the parameter of the cursor: an opaque value of the server's",
		Level:   contract.Should,
		Applies: byCursor,
		Needs:   []contract.Need{twoItems()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			first, err := ask(ctx, c, "first page", contract.Query(c.Page.Size, strconv.Itoa(max(c.Page.Minimum, 1))))
			if err != nil {
				return nil, err
			}
			if cursorOf(c, first) == "" {
				return nil, contract.Skip("the first page has no cursor")
			}
			p := c.Op.Parameter("query", c.Page.Page)
			var taken []*contract.Exchange
			for _, forged := range forgeries {
				x, err := c.Ask(ctx, "forged cursor", contract.Query(c.Page.Size, strconv.Itoa(max(c.Page.Minimum, 1))), contract.Query(c.Page.Page, forged), contract.Provoking())
				if err != nil {
					return nil, err
				}
				answer, err := pageOf(c, x)
				if err != nil || len(answer.items) == 0 || !slices.Equal(identities(answer.items), identities(first.items)) {
					return nil, nil
				}
				taken = append(taken, x)
			}
			return []contract.Finding{c.New(taken[0], "query "+p.Name, "", "cursor", "a refusal (4xx)", fmt.Sprintf("%d and the first page, as without a cursor", taken[0].Status), p.Place.FileLine()).And(taken[1:]...)}, nil
		},
	}
}

// forgeries are no cursors in any usual encoding. A server that takes a cursor for the last item of the page before, unsigned, finds all items behind
// the one and none behind the other.
var forgeries = []string{"!!00000000", "~~zzzzzzzz"}
