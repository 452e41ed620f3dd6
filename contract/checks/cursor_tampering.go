package checks

import (
	"context"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/source"
)

func cursorTampering() contract.Check {
	return contract.Check{
		ID:      "cursor-tampering",
		Promise: "A cursor that the server did not issue is refused.",
		Why:     "A cursor that is accepted unchecked lets anybody read from places that were never given out.",
		Source:  "the parameter of the cursor: an opaque value of the server's",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool {
			return sized(s) && s.Page.Style == "cursor" && s.Page.Next != "-" && s.Page.Page != ""
		},
		Needs: []contract.Need{twoItems()},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			first, err := ask(ctx, c, "first page", contract.Query(c.Page.Size, strconv.Itoa(max(c.Page.Minimum, 1))))
			if err != nil {
				return nil, err
			}
			v, _ := source.Get(first.body, c.Page.Next)
			cursor, _ := openapi.Text(v)
			if v == nil || len(cursor) < 8 {
				return nil, contract.Skip("the first page has no cursor of 8 characters or more")
			}
			p := c.Op.Parameter("query", c.Page.Page)
			var findings []contract.Finding
			for _, forged := range []string{flipped(cursor), cursor[:len(cursor)/2]} {
				x, err := c.Ask(ctx, "forged cursor", contract.Query(c.Page.Page, forged), contract.Provoking())
				if err != nil {
					return nil, err
				}
				if x.OK() {
					findings = append(findings, c.New(x, "query "+p.Name, "", "cursor", "a refusal (4xx)", strconv.Itoa(x.Status), p.Place.FileLine()))
				}
			}
			return findings, nil
		},
	}
}

// flipped changes the character in the middle.
func flipped(s string) string {
	b := []byte(s)
	if i := len(b) / 2; b[i] == 'A' {
		b[i] = 'B'
	} else {
		b[i] = 'A'
	}
	return string(b)
}
