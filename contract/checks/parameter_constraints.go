package checks

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/sample"
)

func parameterConstraints() contract.Check {
	return contract.Check{
		ID:      "parameter-constraints",
		Promise: "A value that breaks a constraint of its parameter is refused, or read as the nearest valid one.",
		Why:     "A value that is let in unchecked gives wrong results in silence, or an error far from its cause.",
		Source:  "OpenAPI 3.1 §4.8.12 Parameter Object, schema and required",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return len(s.Op.Parameters) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			ordinary, err := c.Ordinary(ctx)
			if err != nil {
				return nil, err
			}
			var findings []contract.Finding
			judged := false
			for _, p := range c.Op.Parameters {
				if p.In == "query" && c.Carried(p) || p.In == "header" && openapi.OfMessage(p.Name) {
					continue
				}
				if p.In != "path" && p.In != "cookie" && required(p) && !c.Carried(p) {
					x, err := c.Ask(ctx, "without "+p.Name, contract.Without(p.Name), contract.Provoking())
					if err != nil {
						return nil, err
					}
					if judged = true; x.OK() && !c.Elsewhere(x) {
						findings = append(findings, c.New(x, p.In+" "+p.Name, "", "required", "a refusal (4xx)", strconv.Itoa(x.Status), p.Place.Child("required").FileLine()))
					}
				}
				broken := map[[2]string]bool{} // by the constraint and what is wrong: a miss that is refused with another status hides none that is taken
				var lenient *contract.Finding  // takes another form of a valid value
				all := misses(ctx, c, p)
				for _, m := range all {
					if lenient == nil && implied(c, p, all, m) {
						continue
					}
					f, err := judgeMiss(ctx, c, p, m, ordinary)
					if err != nil {
						return nil, err
					}
					judged = true
					if f == nil {
						continue
					}
					switch kind := [2]string{m.keyword, f.Keyword}; {
					case m.form:
						lenient = f
					case m.keyword == sample.LocalTime:
						findings, broken[kind] = append(findings, f.At(contract.Should)), true
					case traces(p):
						findings, broken[kind] = append(findings, f.At(contract.Advice)), true
					case !broken[kind]:
						findings, broken[kind] = append(findings, *f), true
					}
				}
				if lenient != nil && !broken[[2]string{"type", lenient.Keyword}] {
					findings = append(findings, lenient.At(contract.Should))
				}
			}
			if !judged {
				return nil, contract.Skip("no parameter has a constraint that a text can break")
			}
			return findings, nil
		},
	}
}

// traces tells whether a parameter only names the request for logs: one that cannot be read is commonly replaced by another.
func traces(p *openapi.Parameter) bool {
	name := strings.TrimPrefix(strings.ToLower(p.Name), "x-")
	return p.In == "header" && (strings.HasPrefix(name, "trace") || strings.HasPrefix(name, "b3-") || slices.Contains([]string{"request-id", "correlation-id", "correlationid", "client-request-id", "ms-client-request-id"}, name))
}

// required tells whether a parameter must be sent: a default stands in for one that is not.
func required(p *openapi.Parameter) bool { return p.Required && !p.Schema.HasDefault }

// judgeMiss sends a near miss. A number outside a bound may be clamped: then the answer is that to the bound itself.
func judgeMiss(ctx context.Context, c *contract.Case, p *openapi.Parameter, m miss, ordinary *contract.Exchange) (*contract.Finding, error) {
	x, err := c.Ask(ctx, p.Name+" breaks "+m.keyword, with(p, m), contract.Provoking(), contract.In(contract.BrokenParameter, p))
	if err != nil || c.Elsewhere(x) {
		return nil, err
	}
	if !x.OK() {
		return otherBlame(c, p, m, x), nil // else a refusal; 5xx is another check's
	}
	if m.edge != "" && p.In == "query" {
		if c.Page != nil && p.Name == c.Page.Size {
			return nil, nil // page-limits-enforced tells
		}
		clamped, err := c.Ask(ctx, p.Name+" at its bound", with(p, miss{text: m.edge}))
		if err != nil {
			return nil, err
		}
		if bytes.Equal(clamped.Body, x.Body) || sameItems(c, clamped, x) || sameItems(c, ordinary, x) {
			return clampedAlone(ctx, c, p, m, x)
		}
	}
	f := c.New(x, p.In+" "+p.Name, "", m.keyword, "a refusal (4xx) of "+quote(m.text+m.raw), strconv.Itoa(x.Status)+" "+http.StatusText(x.Status), m.from)
	return &f, nil
}

// clampedAlone finds a page number below the first that is read as the first, by a server that refuses a page size below the smallest: it does not clamp,
// but forgot to look.
func clampedAlone(ctx context.Context, c *contract.Case, p *openapi.Parameter, m miss, x *contract.Exchange) (*contract.Finding, error) {
	if !numbered(&c.Subject) || p.Name != c.Page.Page || m.keyword != "minimum" || c.Page.Minimum < 1 {
		return nil, nil
	}
	size, err := c.Ask(ctx, "page size 0", contract.Query(c.Page.Size, "0"), contract.Provoking())
	if err != nil || !refusesBeside(size.Status) {
		return nil, err
	}
	f := c.New(x, p.In+" "+p.Name, "", m.keyword, "a refusal (4xx) of "+quote(m.text)+", as of "+c.Page.Size+"=0", strconv.Itoa(x.Status)+" "+http.StatusText(x.Status), m.from).And(size).At(contract.Should)
	return &f, nil
}

// sameItems tells whether two pages of a list hold the same items.
func sameItems(c *contract.Case, a, b *contract.Exchange) bool {
	if c.Page == nil {
		return false
	}
	p, err := pageOf(c, a)
	if err != nil {
		return false
	}
	q, err := pageOf(c, b)
	if err != nil || len(p.items) != len(q.items) {
		return false
	}
	ids := identities(q.items)
	for i, id := range identities(p.items) {
		if ids[i] != id {
			return false
		}
	}
	return true
}

// otherBlame finds a refusal that says that there is no such resource where a text in the query is no number, or none in an acceptable form: the same
// request without it is answered, and the document has a status for what is wrong with a request.
func otherBlame(c *contract.Case, p *openapi.Parameter, m miss, x *contract.Exchange) *contract.Finding {
	missing := x.Status == http.StatusNotFound && p.In == "query" && m.keyword == "type"
	unacceptable := x.Status == http.StatusNotAcceptable && !strings.EqualFold(p.Name, "Accept")
	if !missing && !unacceptable || !declaresBadRequest(c.Op) {
		return nil
	}
	f := c.New(x, p.In+" "+p.Name, "", "status", "400 or 422: what is wrong is "+quote(m.text+m.raw)+", and nothing else", strconv.Itoa(x.Status), p.Place.FileLine()).At(contract.Should)
	return &f
}

// declaresBadRequest tells whether an operation has a status for what is wrong with a request.
func declaresBadRequest(op *openapi.Compiled) bool {
	return slices.ContainsFunc(op.Responses, func(r *openapi.Response) bool {
		return r.Code == "400" || r.Code == "422" || strings.EqualFold(r.Code, "4XX")
	})
}
