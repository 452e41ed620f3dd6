package checks

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
)

func acceptRanges() contract.Check {
	return contract.Check{
		ID:      "accept-ranges",
		Promise: "Who accepts a range of media types, or any with a weight, is answered.",
		Why:     "Clients that ask as browsers and HTTP libraries do are refused what they would take.",
		Source:  "RFC 9110 §12.5.1",
		Level:   contract.Should,
		Applies: negotiates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if _, err := c.Ordinary(ctx); err != nil {
				return nil, err
			}
			declared, _ := c.Op.Success()
			kind, _, _ := strings.Cut(c.Accepted(), "/")
			var findings []contract.Finding
			for _, field := range []string{kind + "/*", "*/*;q=0.1", "x-nothing/x-nothing, " + kind + "/*;q=0.8, */*;q=0.1"} {
				x, err := c.Ask(ctx, "Accept "+field, contract.Accept(field))
				if err != nil {
					return nil, err
				}
				if refusesType(x.Status) {
					findings = append(findings, c.New(x, "header Accept", "", field, "2xx: "+c.Accepted()+" is accepted", strconv.Itoa(x.Status), declared.Place.Child("content").FileLine()))
				}
			}
			return findings, nil
		},
	}
}

// negotiates tells whether an answer has a media type that can be asked for, and none that has a version: an API may want one to be named.
func negotiates(s *contract.Subject) bool {
	r, _ := s.Op.Success()
	if r == nil || len(r.Content) == 0 || s.Op.Method != http.MethodGet || s.Accepted() == "" {
		return false
	}
	return s.Conv.Versions == nil || !slices.ContainsFunc(r.Content, func(content *openapi.Content) bool {
		return strings.HasPrefix(content.Type.String(), s.Conv.Versions.Prefix)
	})
}

// refusesType tells whether a status says that a media type is not accepted.
func refusesType(status int) bool {
	return status == http.StatusNotAcceptable || status == http.StatusUnsupportedMediaType || status == http.StatusBadRequest
}

func acceptExcluded() contract.Check {
	return contract.Check{
		ID:      "accept-excluded",
		Promise: "A media type that is excluded by the weight 0 is not sent where there is another.",
		Why:     "Clients get the one representation that they said they cannot read.",
		Source:  "RFC 9110 §12.4.2, §12.5.1",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool {
			r := s.Op.Response(http.StatusNotAcceptable)
			return negotiates(s) && r != nil && r.Code == "406" && len(alternatives(s)) > 0
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if _, err := c.Ordinary(ctx); err != nil {
				return nil, err
			}
			excluded, others := c.Accepted(), strings.Join(alternatives(&c.Subject), ", ")
			declared, _ := c.Op.Success()
			var findings []contract.Finding
			for _, field := range []string{excluded + ";q=0, */*;q=0.5", others + ";q=0.5, " + excluded + ";q=0.0"} {
				x, err := c.Ask(ctx, "Accept "+field, contract.Accept(field))
				if err != nil {
					return nil, err
				}
				m, err := openapi.ParseMediaType(excluded)
				if got, ok := x.MediaType(); err == nil && ok && x.OK() && m.Matches(got) {
					findings = append(findings, c.New(x, "header Accept", "", field, others, strconv.Itoa(x.Status)+" with "+x.Header.Get("Content-Type"), declared.Place.Child("content").FileLine()))
				}
			}
			return findings, nil
		},
	}
}

// alternatives are the media types of an answer beside the one that is usually accepted.
func alternatives(s *contract.Subject) (list []string) {
	r, _ := s.Op.Success()
	usual, err := openapi.ParseMediaType(s.Accepted())
	if err != nil {
		return nil
	}
	for _, content := range r.Content {
		if !content.Type.IsRange() && !content.Type.Matches(usual) && !usual.Matches(content.Type) {
			list = append(list, content.Type.String())
		}
	}
	return list
}
