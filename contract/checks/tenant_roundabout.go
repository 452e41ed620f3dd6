package checks

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

// roundabout asks for another tenant's list by ways that a careless server looks at behind whose list it is: with the other path values in the query of
// one's own list, and with the path in another form: encoded by percent, which says the same (RFC 3986 §6.2.2.2), or in capitals. It is asked by the
// item's operation; known is false where no other tenant is.
func roundabout(ctx context.Context, one *contract.Case) (findings []contract.Finding, known bool, err error) {
	c := listAbove(one)
	if c == nil || len(tenants(c)) == 0 {
		return nil, false, nil
	}
	t := tenants(c)[len(tenants(c))-1]
	direct, err := c.Ask(ctx, "list of "+t.of, t.asked()...)
	if err != nil {
		return nil, true, err
	}
	if p, err := pageOf(c, direct); err == nil && len(p.items) > 0 {
		return nil, true, nil // it is one's own, too, or its list tells
	}
	if findings, err = overruled(ctx, c, t); err == nil && len(findings) == 0 {
		findings, err = otherwise(ctx, c, t)
	}
	if err == nil && len(findings) == 0 {
		findings, err = byWords(ctx, c, t)
	}
	return findings, true, err
}

// byWords asks for those items of the other tenant's list that have each word of an enumeration: a branch of its own may choose them.
func byWords(ctx context.Context, c *contract.Case, t tenant) ([]contract.Finding, error) {
	for _, name := range slices.Sorted(maps.Keys(filters(&c.Subject))) {
		p := c.Op.Parameter("query", name)
		words := p.Schema.Enum
		if p.Schema.Types == schema.TypeBoolean {
			words = []any{true, false}
		}
		for _, word := range words[:min(len(words), mostValues)] {
			text, _ := openapi.Text(word)
			x, err := c.Ask(ctx, "list of "+t.of+" with "+name+" "+text, t.asked(contract.Query(name, text))...)
			if err != nil {
				return nil, err
			}
			if findings := t.listed(c, x); len(findings) > 0 {
				return findings, nil
			}
		}
	}
	return nil, nil
}

// listed is a finding where an answer shows items of the other tenant.
func (t tenant) listed(c *contract.Case, x *contract.Exchange) []contract.Finding {
	theirs, err := pageOf(c, x)
	if err != nil || len(theirs.items) == 0 {
		return nil
	}
	return []contract.Finding{c.New(x, "path "+t.p.Name, "", "listed", "a refusal, or no item of "+t.of, strconv.Itoa(len(theirs.items))+" items", c.Op.Place.FileLine())}
}

// overruled asks for one's own list with the other tenant's path values in the query.
func overruled(ctx context.Context, c *contract.Case, t tenant) ([]contract.Finding, error) {
	var more []contract.Change
	for _, p := range parents(&c.Subject) {
		if theirs := c.Theirs(p.Name); len(theirs) > 0 && c.Op.Parameter("query", p.Name) == nil {
			more = append(more, contract.RawQuery(p.Name, url.QueryEscape(p.Name)+"="+url.QueryEscape(theirs[0])), contract.Provoking())
		}
	}
	if len(more) == 0 {
		return nil, nil
	}
	own, err := ask(ctx, c, "ordinary request")
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	x, err := c.Ask(ctx, "list with "+t.of+" in the query", more...)
	if err != nil {
		return nil, err
	}
	other, err := pageOf(c, x)
	if err != nil || len(other.items) == 0 {
		return nil, nil
	}
	i := slices.IndexFunc(other.items, func(item any) bool { return len(idOf(item)) >= shortestID && !shows(own, item) })
	if i < 0 || len(own.items) == 0 {
		return nil, nil
	}
	steady, err := ask(ctx, c, "ordinary request", contract.Again())
	if err != nil || shows(steady, other.items[i]) {
		return nil, nil // it came in between, or the order differs from time to time
	}
	f := c.New(x, "path "+t.p.Name, "", "overruled", "the items of the path's list", "the item "+quote(idOf(other.items[i])), c.Op.Place.FileLine())
	return []contract.Finding{f.And(own.Exchange)}, nil
}

// otherwise asks for the other tenant's list with each of its path values in another form: a character encoded, and in capitals.
func otherwise(ctx context.Context, c *contract.Case, t tenant) ([]contract.Finding, error) {
	for _, form := range []struct {
		name string
		of   func(string) string
	}{{"encoded", encoded}, {"in capitals", capitals}} {
		changes := t.asked()
		for _, p := range parents(&c.Subject) {
			if theirs := c.Theirs(p.Name); len(theirs) > 0 {
				changes = append(changes, contract.RawPath(p.Name, form.of(theirs[0])))
			}
		}
		x, err := c.Ask(ctx, "list of "+t.of+" with its path "+form.name, changes...)
		if err != nil {
			return nil, err
		}
		if findings := t.listed(c, x); len(findings) > 0 {
			return findings, nil
		}
	}
	return nil, nil
}

// capitals has a path value without capitals in capitals.
func capitals(value string) string {
	if value == strings.ToLower(value) {
		value = strings.ToUpper(value)
	}
	return url.PathEscape(value)
}

// encoded has the first character of a path value, a letter or a digit, encoded by percent.
func encoded(value string) string {
	if value == "" || !strings.ContainsAny(value[:1], "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		return url.PathEscape(value)
	}
	return "%" + strings.ToUpper(strconv.FormatInt(int64(value[0]), 16)) + url.PathEscape(value[1:])
}
