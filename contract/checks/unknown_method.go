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

func unknownMethod() contract.Check {
	return contract.Check{
		ID:      "unknown-method",
		Promise: "A method that the path does not declare is refused; 405 names those that it has.",
		Why:     "A method that is accepted undeclared may do what nobody meant to offer; without Allow clients cannot tell what is offered.",
		Source:  "RFC 9110 §9.1, §15.5.6",
		Level:   contract.Must,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			methods := []string{contract.NoMethod}
			var findings []contract.Finding
			var refused []*contract.Exchange
			for i := 0; i < len(methods); i++ {
				method := methods[i]
				before, err := readBefore(ctx, c, method)
				if err != nil {
					return nil, err
				}
				x, err := c.Ask(ctx, "method "+method, append(bodyFor(c, method), contract.Method(method))...)
				if err != nil {
					return nil, err
				}
				if x.Status == http.StatusMethodNotAllowed {
					refused = append(refused, x)
				}
				if method == contract.NoMethod && c.Writes() {
					methods = append(methods, undeclared(c, x)...)
				}
				gone, err := deletedAllTheSame(ctx, c, before, x)
				if err != nil {
					return nil, err
				}
				findings = append(findings, gone...)
				finding := func(where, want, got string) {
					findings = append(findings, c.New(x, where, "", method, want, got, c.Op.Place.FileLine()))
				}
				switch {
				case x.NoAnswer != nil && method != contract.NoMethod: // not every server can read a method that nobody knows
					finding("method "+method, "a refusal: 405, 404 or 501", "no answer")
				case x.OK():
					finding("method "+method, "a refusal: 405, 404 or 501", strconv.Itoa(x.Status))
				case x.Status == http.StatusMethodNotAllowed && x.Header.Get("Allow") == "":
					finding("header Allow of 405", "the methods of the path", "none")
				case x.Status == http.StatusMethodNotAllowed && allowBroken(c, x, method) != "":
					finding("header Allow of 405", allowBroken(c, x, method), x.Header.Get("Allow"))
				case readsContent(x.Status) && method != contract.NoMethod: // some servers cannot even read a method that nobody knows
					findings = append(findings, c.New(x, "method "+method, "", method, "a refusal of the method: 405, 404 or 501", strconv.Itoa(x.Status), c.Op.Place.FileLine()).At(contract.Should))
				case x.Status >= 300 && x.Status < 400:
					findings = append(findings, c.New(x, "method "+method, "", method, "a refusal: 405, 404 or 501", strconv.Itoa(x.Status)+" to "+quote(x.Header.Get("Location")), c.Op.Place.FileLine()).At(contract.Should))
				case x.Status >= 500 && !undeclaredIsUsual(x.Status):
					finding("method "+method, "a refusal: 405, 404 or 501", strconv.Itoa(x.Status))
				}
			}
			f, err := judgeOptions(ctx, c, refused)
			return append(findings, f...), err
		},
	}
}

// readsContent tells whether a status says that what was sent was looked at: the method is known, then.
func readsContent(status int) bool {
	return refusesValue(status) || status == http.StatusConflict || status == http.StatusPreconditionFailed
}

// readBefore reads the item that is going to be deleted by a method that it does not have, nil for any other method.
func readBefore(ctx context.Context, c *contract.Case, method string) (*contract.Exchange, error) {
	if method != http.MethodDelete || c.Op.Method != http.MethodGet {
		return nil, nil
	}
	own, err := c.Own(ctx)
	if err != nil {
		return nil, err
	}
	return c.Ask(ctx, "item before a method that it does not have", own, contract.Again(), contract.Provoking())
}

// deletedAllTheSame finds an item that is gone behind a DELETE that was refused.
func deletedAllTheSame(ctx context.Context, c *contract.Case, before, x *contract.Exchange) ([]contract.Finding, error) {
	if before == nil || !before.OK() || x.Status < 400 || x.Status >= 500 {
		return nil, nil
	}
	behind, err := c.Ask(ctx, "item behind a method that it does not have", contract.Beside(x), contract.Again(), contract.Provoking())
	if err != nil || behind.URL != before.URL || behind.Status != http.StatusNotFound && behind.Status != http.StatusGone {
		return nil, err
	}
	c.Gone(x)
	f := c.New(x, "method "+x.Method, "", "unchanged", "the item behind it, which was refused", strconv.Itoa(behind.Status), c.Op.Place.FileLine())
	return []contract.Finding{f.And(behind)}, nil
}

// bodyFor is a valid body for a method that the path does not have, of an operation that makes such things: one that is refused for its body
// may be taken with another.
func bodyFor(c *contract.Case, method string) []contract.Change {
	if method == http.MethodDelete || method == contract.NoMethod {
		return nil
	}
	routes := []string{c.Op.Route}
	if c.PicksItem() {
		routes = append(routes, strings.TrimSuffix(c.Op.Route, "/{"+c.Last().Name+"}"))
	}
	for _, route := range routes {
		for _, o := range c.Op.Document.Operations {
			if o.Route != route {
				continue
			}
			if change := smallBody(c.Other(o)); change != nil {
				return []contract.Change{change}
			}
		}
	}
	return nil
}

// smallBody is the body of an operation's ordinary request, nil where it has none.
func smallBody(c *contract.Case) contract.Change {
	if c == nil {
		return nil
	}
	content, value, err := c.Small()
	if content == nil || err != nil {
		return nil
	}
	text, contentType, err := content.Encode(value)
	if err != nil {
		return nil
	}
	return contract.Body(contentType, string(text))
}

// judgeOptions wants OPTIONS to be answered without an error of the server's, and with every declared method where it says which there are
// (RFC 9110 §9.3.7), none of which was refused.
func judgeOptions(ctx context.Context, c *contract.Case, refused []*contract.Exchange) ([]contract.Finding, error) {
	x, err := c.Ask(ctx, "OPTIONS", contract.Method(http.MethodOptions))
	if err != nil {
		return nil, err
	}
	switch {
	case x.NoAnswer != nil || x.Status >= 500 && !undeclaredIsUsual(x.Status):
		return []contract.Finding{c.New(x, "method OPTIONS", "", http.MethodOptions, "an answer below 500", strconv.Itoa(x.Status), c.Op.Place.FileLine())}, nil
	case listed(c, x) > 0:
		return []contract.Finding{c.New(x, "method OPTIONS", "", "list", "what can be asked for here, not the list itself (RFC 9110 §9.3.7)", strconv.Itoa(listed(c, x))+" items", c.Op.Place.FileLine()).At(contract.Should)}, nil
	case x.OK() && x.Header.Get("Allow") != "" && allowBroken(c, x, "") != "":
		return []contract.Finding{c.New(x, "header Allow of OPTIONS", "", http.MethodOptions, allowBroken(c, x, ""), x.Header.Get("Allow"), c.Op.Place.FileLine()).At(contract.Should)}, nil
	case x.OK():
		return optionsLie(c, x, refused), nil
	}
	return nil, nil
}

// listed is how many items of the operation's list an answer shows.
func listed(c *contract.Case, x *contract.Exchange) int {
	if c.Page == nil || !x.OK() {
		return 0
	}
	p, err := pageOf(c, x)
	if err != nil {
		return 0
	}
	return len(p.items)
}

// optionsLie finds a method that OPTIONS names and that was refused, or that Allow of a refusal does not name.
func optionsLie(c *contract.Case, x *contract.Exchange, refused []*contract.Exchange) []contract.Finding {
	for _, y := range refused {
		known := allowed(y)
		for _, method := range allowed(x) {
			unnamed := len(known) > 0 && !slices.Contains(known, method) && slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, method)
			if method == y.Method || unnamed && !c.Declares(x, method) {
				return []contract.Finding{c.New(x, "header Allow of OPTIONS", "", "refused", "methods that are not refused: not "+method, x.Header.Get("Allow"), c.Op.Place.FileLine()).And(y).At(contract.Should)}
			}
		}
	}
	return nil
}

// allowed are the methods that Allow names.
func allowed(x *contract.Exchange) (methods []string) {
	for _, line := range x.Header.Values("Allow") {
		for member := range openapi.Members(line) {
			methods = append(methods, strings.TrimSpace(member))
		}
	}
	return methods
}

// allowBroken says what Allow should hold: every declared method of the path, and not the one that was refused. "" where it does.
func allowBroken(c *contract.Case, x *contract.Exchange, refused string) string {
	methods := allowed(x)
	for _, o := range c.Op.Document.Operations {
		if o.Route == c.Op.Route && !slices.Contains(methods, o.Method) {
			return "the methods of the path, " + o.Method + " among them"
		}
	}
	if slices.Contains(methods, refused) {
		return "methods that are not refused: not " + refused
	}
	return ""
}

// undeclared are methods that the path does not have; a server might know them all the same, so items are the run's own.
func undeclared(c *contract.Case, x *contract.Exchange) (methods []string) {
	candidates := []string{http.MethodPost, http.MethodPut, http.MethodPatch}
	if c.PicksItem() {
		candidates = append(candidates, http.MethodDelete) // of an item that the run made
	}
	for _, method := range candidates {
		if !c.Declares(x, method) {
			methods = append(methods, method)
		}
	}
	return methods
}
