package checks

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
)

func acceptHonoured() contract.Check {
	return contract.Check{
		ID:      "accept-honoured",
		Promise: "Each declared media type is served to who asks for it, and 406 to who accepts none.",
		Why:     "Clients get a representation that they said they cannot read, or are refused one that the document offers.",
		Source:  "RFC 9110 §8.3.1, §12.5.1; OpenAPI 3.1 §4.8.17 Response Object, content",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool {
			r, _ := s.Op.Success()
			return r != nil && len(r.Content) > 0 && (s.Op.Method == http.MethodGet || creates(s) || s.Op.Body != nil && declares406(s) != nil)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if c.Op.Method != http.MethodGet {
				return acceptOfWrite(ctx, c)
			}
			if findings, err := declaredRefused(ctx, c); err != nil || len(findings) > 0 {
				return findings, err
			}
			if _, err := c.Ordinary(ctx); err != nil {
				return nil, err
			}
			var findings []contract.Finding
			for _, judge := range []func(context.Context, *contract.Case, *openapi.Response) ([]contract.Finding, error){eachOffered, listsRead, anythingTaken, noneRefused, othersTaken} {
				declared, _ := c.Op.Success()
				found, err := judge(ctx, c, declared)
				if err != nil {
					return nil, err
				}
				findings = append(findings, found...)
			}
			return findings, nil
		},
	}
}

// declaredRefused finds an ordinary request that is answered 406, which speaks of nothing but what was accepted: a declared media type.
func declaredRefused(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	field := c.Accepted()
	x, err := c.Ask(ctx, "ordinary request")
	if err != nil || field == "" || x.Status != http.StatusNotAcceptable {
		return nil, err
	}
	declared, _ := c.Op.Success()
	return []contract.Finding{c.New(x, "header Accept", "", field, "2xx with "+field, strconv.Itoa(x.Status), declared.Place.Child("content").FileLine())}, nil
}

// eachOffered asks for each declared media type.
func eachOffered(ctx context.Context, c *contract.Case, declared *openapi.Response) (findings []contract.Finding, err error) {
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
	return findings, nil
}

// listsRead asks by a list whose second member has another case and a weight, and where that is refused by lists with one of the three.
func listsRead(ctx context.Context, c *contract.Case, declared *openapi.Response) ([]contract.Finding, error) {
	field := c.Accepted()
	if field == "" {
		return nil, nil
	}
	loud := upperType(field)
	x, err := c.Ask(ctx, "Accept of a list", contract.Accept("application/x-nothing, "+loud+";q=0.5"))
	if err != nil || x.OK() {
		return nil, err
	}
	var findings []contract.Finding
	for _, list := range []string{"application/x-nothing, " + field, field + ";q=0.5", loud} {
		y, err := c.Ask(ctx, "Accept "+list, contract.Accept(list))
		if err != nil {
			return nil, err
		}
		if !y.OK() {
			findings = append(findings, c.New(y, "header Accept", "", list, "2xx: "+field+" is accepted", strconv.Itoa(y.Status), declared.Place.Child("content").FileLine()))
		}
	}
	if len(findings) == 0 {
		findings = append(findings, c.New(x, "header Accept", "", "list", "2xx: "+field+" is accepted, among others", strconv.Itoa(x.Status), declared.Place.Child("content").FileLine()))
	}
	return findings, nil
}

// othersTaken asks for an item by two lines of Accept, which are one list, and as browsers do, which take what is there. The list of the items is read by the same
// server.
func othersTaken(ctx context.Context, c *contract.Case, declared *openapi.Response) (findings []contract.Finding, err error) {
	field := c.Accepted()
	if field == "" || !c.PicksItem() {
		return nil, nil
	}
	for _, form := range []struct {
		name   string
		change contract.Change
	}{
		{"lines", contract.AcceptLines("application/x-nothing", field)},
		{"browser", contract.Accept("text/html, application/xhtml+xml, " + field + ";q=0.9, */*;q=0.8")},
	} {
		x, err := c.Ask(ctx, "Accept of "+form.name, form.change)
		if err != nil {
			return findings, err
		}
		if got, _ := x.MediaType(); !x.OK() || contentOf(declared, x) == nil {
			findings = append(findings, c.New(x, "header Accept", "", form.name, "2xx with "+field+", which is accepted, too", strconv.Itoa(x.Status)+" with "+got.String(), declared.Place.Child("content").FileLine()))
		}
	}
	return findings, nil
}

// upperType writes type and subtype in upper case; the values of parameters may differ by case.
func upperType(field string) string {
	name, rest, has := strings.Cut(field, ";")
	if name = strings.ToUpper(name); has {
		name += ";" + rest
	}
	return name
}

// anythingTaken asks for any media type, and for none in particular, which is the same (RFC 9110 §12.5.1).
func anythingTaken(ctx context.Context, c *contract.Case, declared *openapi.Response) (findings []contract.Finding, err error) {
	x, err := askForAnything(ctx, c)
	if err != nil {
		return nil, err
	}
	if !x.OK() {
		if x, err = c.Ask(ctx, "Accept */*", contract.Accept("*/*")); err != nil { // is it the encoding?
			return nil, err
		}
	}
	y, err := c.Ask(ctx, "without Accept", contract.AcceptNothing())
	if err != nil {
		return nil, err
	}
	for i, z := range []*contract.Exchange{x, y} {
		keyword := []string{"*/*", "none"}[i]
		if z.Status == http.StatusNotAcceptable || z.Status == http.StatusUnsupportedMediaType || z.Status == http.StatusBadRequest {
			findings = append(findings, c.New(z, "header Accept", "", keyword, "2xx: every media type is accepted", strconv.Itoa(z.Status), declared.Place.Child("content").FileLine()).At(contract.Should))
		}
	}
	return findings, nil
}

// askForAnything is a request that takes every media type and no content coding.
func askForAnything(ctx context.Context, c *contract.Case) (*contract.Exchange, error) {
	return c.Ask(ctx, "Accept */*, not compressed", contract.Accept("*/*"), contract.Field("Accept-Encoding", "identity"))
}

// noneRefused asks for what nothing satisfies, where the document says that it is refused: types that are not there, and one that is by the
// weight 0.
func noneRefused(ctx context.Context, c *contract.Case, _ *openapi.Response) ([]contract.Finding, error) {
	r := declares406(&c.Subject)
	if r == nil {
		return nil, nil
	}
	x, err := c.Unacceptable(ctx)
	if err != nil {
		return nil, err
	}
	if x.Status != http.StatusNotAcceptable {
		if x.Status >= 500 {
			return nil, nil // not-a-server-error tells
		}
		return []contract.Finding{c.New(x, "header Accept", "", "406", "406, as declared", strconv.Itoa(x.Status), r.Place.FileLine()).At(contract.Should)}, nil
	}
	field := c.Accepted()
	if field == "" {
		return nil, nil
	}
	if x, err = c.Ask(ctx, "Accept with the weight 0", contract.Accept(field+";q=0"), contract.Provoking()); err != nil || !x.OK() {
		return nil, err
	}
	return []contract.Finding{c.New(x, "header Accept", "", "q=0", "406: the weight 0 says that it is not accepted", strconv.Itoa(x.Status), r.Place.FileLine()).At(contract.Should)}, nil
}

// declares406 is the response that an operation declares for 406, nil where it declares none.
func declares406(s *contract.Subject) *openapi.Response {
	if r := s.Op.Response(http.StatusNotAcceptable); r != nil && r.Code == "406" {
		return r
	}
	return nil
}
