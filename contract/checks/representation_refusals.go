package checks

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// refusedForms compares refusals in each form with those without.
func refusedForms(ctx context.Context, c *contract.Case) (findings []contract.Finding, err error) {
	for _, p := range forms(&c.Subject) {
		more, err := refusedForm(ctx, c, p)
		if findings = append(findings, more...); err != nil {
			return findings, err
		}
	}
	return findings, nil
}

// refusedForm compares refusals in a form with those without: of a malformed parameter, and of an item that does not exist.
func refusedForm(ctx context.Context, c *contract.Case, p *openapi.Parameter) (findings []contract.Finding, err error) {
	if other := wordRefused(c, p); other != nil {
		malformed := []contract.Change{contract.Query(other.Name, "x-malformed"), contract.Provoking()}
		plain, err := c.Ask(ctx, "malformed "+other.Name, malformed...)
		if err != nil {
			return nil, err
		}
		x, err := c.Ask(ctx, "refused with "+p.Name, append(malformed, contract.Query(p.Name, "true"))...)
		if err != nil {
			return nil, err
		}
		findings = judgeRefused(c, p, plain, x)
	}
	if !c.PicksItem() {
		return findings, nil
	}
	plain, err := c.Unknown(ctx)
	if contract.WasSkipped(err) {
		return findings, nil
	}
	if err != nil || plain.OK() {
		return findings, err // unknown-item tells
	}
	x, err := c.Unknown(ctx, contract.Query(p.Name, "true"))
	if err != nil {
		return findings, err
	}
	return append(findings, judgeRefused(c, p, plain, x)...), nil
}

// wordRefused is a query parameter, other than p, that is refused where it holds a word: the page's number, which is asked anyway, before others.
func wordRefused(c *contract.Case, p *openapi.Parameter) *openapi.Parameter {
	i := slices.IndexFunc(c.Op.Parameters, func(other *openapi.Parameter) bool {
		return numbered(&c.Subject) && other.In == "query" && other.Name == c.Page.Page && other.Schema.Types == schema.TypeInteger
	})
	if i < 0 {
		i = slices.IndexFunc(c.Op.Parameters, func(other *openapi.Parameter) bool {
			return other.In == "query" && other != p && (other.Schema.Types == schema.TypeInteger || other.Schema.Types == schema.TypeBoolean)
		})
	}
	if i < 0 {
		return nil
	}
	return c.Op.Parameters[i]
}

// judgeEnveloped compares a refusal in an envelope with the plain one: it has the same status, and says it.
func judgeRefused(c *contract.Case, p *openapi.Parameter, plain, x *contract.Exchange) []contract.Finding {
	finding := func(where, pointer, want, got string) []contract.Finding {
		return []contract.Finding{c.New(x, where, pointer, "refusal", want, got, p.Place.FileLine()).And(plain)}
	}
	if x.Status != plain.Status {
		return finding("status with "+p.Name, "", strconv.Itoa(plain.Status)+", as without", strconv.Itoa(x.Status))
	}
	if p != enveloped(&c.Subject) {
		return nil
	}
	body, _ := x.JSON()
	told, has := source.Get(body, "/"+source.Escape(c.Conv.Envelope.Status))
	if n, isNumber := told.(json.Number); has && isNumber && x.Status >= 400 && n.String() != strconv.Itoa(x.Status) {
		return finding("body with "+p.Name, "/"+source.Escape(c.Conv.Envelope.Status), strconv.Itoa(x.Status), n.String())
	}
	return nil
}

// formsOfNothing asks for a page that holds nothing in all forms at once: it is answered as without them.
func formsOfNothing(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if !numbered(&c.Subject) || neverEmpty(c) {
		return nil, nil
	}
	first, err := ask(ctx, c, "ordinary request")
	if err != nil {
		return nil, err
	}
	plain, err := pageBehind(ctx, c, first)
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil || shownBehind(c, plain) {
		return nil, err // past-the-end tells
	}
	u, err := url.Parse(plain.URL)
	if err != nil {
		return nil, err
	}
	x, err := c.Ask(ctx, "page behind the last in all forms at once", append(switched(c), contract.Query(c.Page.Page, u.Query().Get(c.Page.Page)))...)
	if err != nil || x.Status == plain.Status {
		return nil, err
	}
	f := c.New(x, "status of an empty page in all forms", "", "status", strconv.Itoa(plain.Status)+", as without them", strconv.Itoa(x.Status), c.Op.Place.FileLine())
	return []contract.Finding{f.And(plain)}, nil
}
