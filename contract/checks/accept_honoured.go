package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

func acceptHonoured() contract.Check {
	return contract.Check{
		ID:      "accept-honoured",
		Promise: "Each declared media type is served to who asks for it, and 406 to who accepts none.",
		Why:     "Clients get a representation that they said they cannot read, or are refused one that the document offers.",
		Source:  "RFC 9110 §12.5.1; OpenAPI 3.1 §4.8.17 Response Object, content",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			r, _ := s.Op.Success()
			return r != nil && len(r.Content) > 0 && s.Op.Method == http.MethodGet
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if _, err := c.Ordinary(ctx); err != nil {
				return nil, err
			}
			var findings []contract.Finding
			declared, _ := c.Op.Success()
			for _, content := range declared.Content {
				if content.Type.IsRange() {
					continue
				}
				x, err := c.Ask(ctx, "Accept "+content.Type.String(), contract.Accept(content.Type.String()))
				if err != nil {
					return nil, err
				}
				if got, _ := x.MediaType(); !x.OK() || !content.Type.Matches(got) {
					findings = append(findings, c.New(x, "header Accept", "", content.Type.String(), "2xx with "+content.Type.String(), strconv.Itoa(x.Status)+" with "+x.Header.Get("Content-Type"), content.Place.FileLine()))
				}
			}
			if field := c.Accepted(); field != "" {
				for _, list := range []string{"application/x-nothing, " + field, field + ";q=0.5"} {
					x, err := c.Ask(ctx, "Accept "+list, contract.Accept(list))
					if err != nil {
						return nil, err
					}
					if !x.OK() {
						findings = append(findings, c.New(x, "header Accept", "", list, "2xx: "+field+" is accepted, among others", strconv.Itoa(x.Status), declared.Place.Child("content").FileLine()))
					}
				}
			}
			if r := c.Op.Response(http.StatusNotAcceptable); r != nil && r.Code == "406" {
				x, err := c.Ask(ctx, "Accept that nothing satisfies", contract.Accept("application/x-nothing"), contract.Provoking())
				if err != nil {
					return nil, err
				}
				if x.Status != http.StatusNotAcceptable && x.Status < 500 {
					findings = append(findings, c.New(x, "header Accept", "", "406", "406, as declared", strconv.Itoa(x.Status), r.Place.FileLine()).At(contract.Should))
				}
			}
			return findings, nil
		},
	}
}
