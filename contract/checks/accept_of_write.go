package checks

import (
	"context"
	"net/http"
	"strconv"

	"troth/contract"
)

// acceptOfWrite judges how Accept is read where something is changed.
func acceptOfWrite(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	if declares406(&c.Subject) != nil {
		if _, err := c.Ordinary(ctx); err != nil {
			return nil, err
		}
		if findings, err := writeUnread(ctx, c); err != nil || len(findings) > 0 {
			return findings, err
		}
	}
	if !creates(&c.Subject) || c.Accepted() == "" {
		return nil, nil
	}
	return createdAccepting(ctx, c)
}

// writeUnread finds a request that is carried out though nothing that it may be answered with is accepted, where the document says that it is refused.
func writeUnread(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
	x, err := c.Unacceptable(ctx)
	if err != nil || !x.OK() || len(x.Body) == 0 {
		return nil, err
	}
	return []contract.Finding{c.New(x, "header Accept", "", "406", "406, as declared", strconv.Itoa(x.Status), declares406(&c.Subject).Place.FileLine()).At(contract.Should)}, nil
}

// createdAccepting creates items for clients that take what the document offers, in capitals and beside others, and that do not say what they take.
func createdAccepting(ctx context.Context, c *contract.Case) (findings []contract.Finding, err error) {
	declared, _ := c.Op.Success()
	for _, accept := range []struct {
		keyword, want string
		change        contract.Change
		level         contract.Level
	}{
		{"list", "2xx: " + c.Accepted() + " is accepted, among others", contract.Accept("application/x-nothing, " + upperType(c.Accepted()) + ";q=0.5"), contract.Must},
		{"none", "2xx: every media type is accepted", contract.AcceptNothing(), contract.Should},
	} {
		x, err := created(ctx, c, "create with another Accept ("+accept.keyword+")", accept.change)
		if err != nil {
			return findings, err
		}
		if x.Status != http.StatusNotAcceptable && x.Status != http.StatusUnsupportedMediaType && x.Status != http.StatusBadRequest {
			continue
		}
		usual, err := created(ctx, c, "create with the usual Accept")
		if err != nil {
			return findings, err
		}
		if !usual.OK() {
			return findings, contract.Skip("creating was answered %d: a refusal proves nothing", usual.Status)
		}
		findings = append(findings, c.New(x, "header Accept", "", accept.keyword, accept.want, strconv.Itoa(x.Status), declared.Place.Child("content").FileLine()).And(usual).At(accept.level))
	}
	return findings, nil
}

// created is the answer to creating an item, which is deleted again where it can be.
func created(ctx context.Context, c *contract.Case, name string, changes ...contract.Change) (*contract.Exchange, error) {
	m, err := create(ctx, c, name, fresh(c), changes...)
	if m == nil || m.answer == nil {
		return nil, err
	}
	m.clean(ctx, c)
	return m.answer, nil
}
