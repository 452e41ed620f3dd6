package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

// holder is one kind of the credentials that a target was given.
type holder struct {
	of   []contract.Alternative // none where it is the only one
	name string
}

// holders are those that an operation takes, each by itself.
func holders(c *contract.Case) (list []holder) {
	for _, a := range c.Alternatives() {
		list = append(list, holder{[]contract.Alternative{a}, " of " + a.Name + " alone"})
	}
	if len(list) < 2 {
		return []holder{{}}
	}
	return list
}

// changed are changes of a request that is sent with these credentials.
func (h holder) changed(more ...contract.Change) []contract.Change {
	for _, a := range h.of {
		more = append(more, a.Alone())
	}
	return more
}

// nearlyRight sends the target's own credentials with a mistake. Those that only a careless comparison takes are tried where nothing is amiss so far,
// and guesses of a secret on operations of single items only: a server has one place that compares it.
func nearlyRight(ctx context.Context, c *contract.Case, ordinary *contract.Exchange, clean bool) (findings []contract.Finding, err error) {
	for _, h := range holders(c) {
		for _, try := range []struct {
			name   string
			can    bool
			change contract.Change
			how    attempt
		}{
			{"wrong secret", c.HasCredentials(h.of...), contract.WrongCredentials(), attempt{}},
			{"secret without its last character", clean && c.CanCut(h.of...), contract.CutCredentials(), attempt{}},
			{"empty password", clean && c.CanBlank(h.of...), contract.BlankCredentials(), attempt{malformed: true}},
			{"user for the password", clean && c.PicksItem() && c.CanGuess(h.of...), contract.UserAsPassword(), attempt{}},
			{"secret in another case", clean && c.PicksItem() && c.CanRecase(h.of...), contract.RecasedCredentials(), attempt{}},
			{"right secret of another user", clean && c.CanEstrange(h.of...), contract.StrangeCredentials(), attempt{}},
			{"right credentials for another request target", clean && c.PicksItem() && c.CanMisdirect(h.of...), contract.MisdirectedCredentials(), attempt{malformed: true, rewritten: true}},
			{"right credentials for another method", clean && (c.PicksItem() || c.Op.Method != http.MethodGet) && c.CanMisdirect(h.of...), contract.OtherMethodCredentials(), attempt{malformed: true}},
			{"right credentials with a nonce of one's own", clean && c.PicksItem() && c.CanMisdirect(h.of...), contract.InventedNonce(), attempt{malformed: true, unissued: true}},
			{"right credentials as if of another scheme", clean && c.CanRename(h.of...) && !takesBoth(c), contract.ForeignCredentials(), attempt{malformed: true}},
		} {
			if !try.can || len(findings) > 0 {
				continue
			}
			x, err := c.Ask(ctx, try.name+h.name, h.changed(try.change, contract.Provoking())...)
			if err != nil {
				return findings, err
			}
			findings = append(findings, judgeRefusal(c, try.how, x, ordinary)...)
			if !try.how.unissued {
				findings = append(findings, calledStale(c, x)...)
			}
		}
	}
	return findings, nil
}

// takesBoth tells whether an operation takes tokens and passwords: either may be written as the other then.
func takesBoth(c *contract.Case) bool {
	return declaresScheme(&c.Subject, "basic") && declaresScheme(&c.Subject, "bearer")
}

// existenceTold asks without credentials for an item that does not exist: the answer must not tell that from one that does.
func existenceTold(ctx context.Context, c *contract.Case, bare *contract.Exchange) ([]contract.Finding, error) {
	if c.Op.Method != http.MethodGet || !c.PicksItem() || bare.Status != http.StatusUnauthorized {
		return nil, nil
	}
	x, err := c.Unknown(ctx, contract.Authorization(""))
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil || x.Status != http.StatusNotFound && x.Status != http.StatusGone {
		return nil, err
	}
	f := c.New(x, "request for an unknown item without credentials", "", "order", "401, as for an item that exists", strconv.Itoa(x.Status), c.Op.Place.FileLine())
	return []contract.Finding{f.After(bare).At(contract.Should)}, nil
}
