package checks

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"strconv"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

func idempotencyKey() contract.Check {
	return contract.Check{
		ID:      "idempotency-key",
		Promise: "A request that is sent twice with one idempotency key is carried out once; with another key it is another request.",
		Why:     "A client whose connection broke sends the request again, and orders or pays twice.",
		Source:  "the parameter; draft-ietf-httpapi-idempotency-key-header §2.6",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool { return creates(s) && s.Op.IdempotencyKey() != nil },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if c.Carried(c.Op.IdempotencyKey()) {
				return nil, contract.Skip("every request has the same key")
			}
			key, err := newKey(c)
			if err != nil {
				return nil, err
			}
			m, err := create(ctx, c, "create with a key", fresh(c), key)
			if m != nil {
				defer m.clean(ctx, c)
			}
			if err != nil {
				return nil, err
			}
			for _, judge := range []func(context.Context, *contract.Case, *made, contract.Change) ([]contract.Finding, error){keySentAgain, keyOfOther, keyWithOther, keyAtOnce} {
				if findings, err := judge(ctx, c, m, key); err != nil || len(findings) > 0 {
					return findings, err
				}
			}
			return nil, nil
		},
	}
}

// newKey sends an idempotency key that no request had before.
func newKey(c *contract.Case) (contract.Change, error) {
	text, err := c.NewKey()
	if err != nil {
		return nil, err
	}
	return contract.Field(c.Op.IdempotencyKey().Name, text), nil
}

// keyBeside is a new key that differs from an item's in the last digit only, where the schema takes that: whoever keeps the beginning takes it for the same.
func keyBeside(c *contract.Case, m *made) (contract.Change, error) {
	p := c.Op.IdempotencyKey()
	text := []byte(m.answer.Sent.Get(p.Name))
	at := bytes.LastIndexAny(text, "0123456789abcdef")
	if at < 0 {
		return newKey(c)
	}
	if text[at]--; text[at] < '0' || text[at] > '8' {
		text[at] = '9'
	}
	if p.Schema != nil && !p.Schema.Valid(string(text), schema.Request) {
		return newKey(c)
	}
	return contract.Field(p.Name, string(text)), nil
}

// keySentAgain sends a request again with its key, which a server may refuse.
func keySentAgain(ctx context.Context, c *contract.Case, m *made, key contract.Change) ([]contract.Finding, error) {
	before, err := takeCensus(ctx, listBeside(c, m), m.variable)
	if err != nil {
		return nil, err
	}
	second, err := c.Ask(ctx, "create with the same key again", contract.Body(m.answer.Sent.Get("Content-Type"), m.answer.SentBody), contract.Again(), contract.Beside(m.answer), contract.Provoking(), key)
	if err != nil {
		return nil, err
	}
	if !second.OK() {
		return keyRefused(ctx, c, m, second, key)
	}
	if n := m.sibling(c, second); n != nil && n.id != m.id {
		defer n.clean(ctx, c)
		return carriedOutTwice(ctx, c, m, n)
	}
	return alsoCarriedOut(ctx, c, m, second, before)
}

// sibling is the item that another answer to creating tells of, nil where it tells of none.
func (m *made) sibling(c *contract.Case, x *contract.Exchange) *made {
	body, _ := x.JSON()
	object, _ := c.Plain(x, body).(map[string]any)
	id, isText := openapi.Text(x.CreatedID(object, m.variable))
	if !x.OK() || !isText || id == "" || id == "null" {
		return nil
	}
	return &made{answer: x, body: object, id: id, one: m.one, variable: m.variable}
}

// carriedOutTwice tells of two items that answers to one request name, where both are there.
func carriedOutTwice(ctx context.Context, c *contract.Case, m, n *made) ([]contract.Finding, error) {
	for _, one := range []*made{m, n} {
		if x, _, err := one.read(ctx, "read what a key created"); err != nil || !x.OK() {
			return nil, err
		}
	}
	f := c.New(n.answer, keyField(c), "", "twice", "the item "+quote(m.id)+" of the first answer: the key is the same", "another one, "+quote(n.id), c.Op.Place.FileLine())
	return []contract.Finding{f.After(m.answer)}, nil
}

// alsoCarriedOut looks for an item that a request created although it was answered with the first one, in a list that does not change by itself.
func alsoCarriedOut(ctx context.Context, c *contract.Case, m *made, second *contract.Exchange, before *census) ([]contract.Finding, error) {
	list := listBeside(c, m)
	behind, err := takeCensus(ctx, list, m.variable)
	if err != nil || before == nil || behind == nil || before.items[m.id] == nil {
		return nil, err
	}
	came := before.came(behind)
	if len(came) == 0 || c.Mine(came[0]) {
		return nil, nil
	}
	if err := quiet(ctx, list, false); err != nil {
		return nil, err
	}
	f := c.New(behind.on[came[0]].Exchange, "list", list.Page.Items, "twice", "no item more than before: the key is that of the request before", "the item "+quote(came[0]), c.Op.Place.FileLine())
	return []contract.Finding{f.After(m.answer, second)}, nil
}

// keyOfOther creates another item with another key: it is not the first one.
func keyOfOther(ctx context.Context, c *contract.Case, m *made, _ contract.Change) ([]contract.Finding, error) {
	key, err := keyBeside(c, m)
	if err != nil {
		return nil, err
	}
	n, err := create(ctx, c, "create with another key", fresh(c), contract.Beside(m.answer), key)
	if n != nil && n.id != m.id {
		defer n.clean(ctx, c)
	}
	if contract.WasSkipped(err) && n != nil {
		return keyTakenFor(ctx, c, m, n.answer)
	}
	if err != nil || n.id != m.id || listOf(c) == nil { // what is listed nowhere may be an answer rather than an item, the same to the same question
		return nil, err
	}
	if named, _ := openapi.Text(contract.IDOf(n.sent, m.variable)); named == n.id {
		return nil, nil // its client gave it this ID
	}
	f := c.New(n.answer, keyField(c), "", "other", "another item than "+quote(m.id)+": the key is another", "the same one", c.Op.Place.FileLine())
	return []contract.Finding{f.After(m.answer)}, nil
}

// keyTakenFor finds a new key that is refused with what another one creates: it was taken for the key before.
func keyTakenFor(ctx context.Context, c *contract.Case, m *made, refused *contract.Exchange) ([]contract.Finding, error) {
	if refused.Status != http.StatusUnprocessableEntity && refused.Status != http.StatusConflict {
		return nil, nil
	}
	key, err := newKey(c)
	if err != nil {
		return nil, err
	}
	n, err := create(ctx, c, "create with a third key", fresh(c), contract.Beside(m.answer), key)
	if err != nil {
		if contract.WasSkipped(err) {
			err = nil
		}
		return nil, err
	}
	n.clean(ctx, c)
	f := c.New(refused, keyField(c), "", "other", "a new item: the key is another than the one before", strconv.Itoa(refused.Status), c.Op.Place.FileLine())
	return []contract.Finding{f.After(m.answer).And(n.answer)}, nil
}

// keyWithOther sends a key again with another body, where a refusal of that is declared: the answer is not that of the first request. That is advice, as
// a server need not compare what is sent.
func keyWithOther(ctx context.Context, c *contract.Case, m *made, key contract.Change) ([]contract.Finding, error) {
	if !declaresStatus(&c.Subject, http.StatusUnprocessableEntity) && !declaresStatus(&c.Subject, http.StatusConflict) {
		return nil, nil
	}
	x, n, err := anotherWith(ctx, c, m, key)
	if err != nil {
		return nil, err
	}
	if n != nil && n.id != m.id {
		defer n.clean(ctx, c)
	}
	if n == nil || n.id != m.id || x.SentBody == m.answer.SentBody {
		return nil, nil
	}
	f := c.New(x, keyField(c), "", "other body", "422 or 409: another body had the key", "the item of the first answer, "+quote(n.id), c.Op.Place.FileLine())
	if !saysKeyRefused.MatchString(c.Op.Place.Node.Get("description").Text()) {
		f = f.At(contract.Advice)
	}
	return []contract.Finding{f.After(m.answer)}, nil
}

// saysKeyRefused is how documents say that a key may not be used again with another body.
var saysKeyRefused = regexp.MustCompile(`(?i)\b(same|reused?|reusing)\b[^.]*\bkey\b[^.]*\b(other|different|another)\b[^.]*\b(409|422)\b`)

// anotherWith sends another body with a key that the item's request had; n is the item that the answer tells of, nil where it tells of none.
func anotherWith(ctx context.Context, c *contract.Case, m *made, key contract.Change) (x *contract.Exchange, n *made, err error) {
	body, err := otherBody(c)
	if err != nil {
		return nil, nil, err
	}
	if x, err = c.Ask(ctx, "create another with the same key", body, contract.Again(), contract.Beside(m.answer), contract.Provoking(), key); err != nil {
		return nil, nil, err
	}
	return x, m.sibling(c, x), nil
}

// otherBody is a small valid body with other texts than the usual one.
func otherBody(c *contract.Case) (contract.Change, error) {
	content, value, err := c.Small()
	object, ok := value.(map[string]any)
	if err != nil || content == nil || !ok {
		return nil, contract.Skip("the request body is no object")
	}
	(&otherTexts{}).change(c)(object)
	c.Distinct(object)
	text, contentType, err := content.Encode(object)
	return contract.Body(contentType, string(text)), err
}

// keyField is where findings of idempotency keys stand.
func keyField(c *contract.Case) string { return "header " + c.Op.IdempotencyKey().Name }
