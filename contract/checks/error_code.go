package checks

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/source"
)

func errorCode() contract.Check {
	return contract.Check{
		ID:      "error-code",
		Promise: "An error has the code that is promised for its situation, and not the one that the document shows with another status; it blames no other parameter or member than the one that is wrong.",
		Why:     "Clients branch on codes: with another code they take one error for another, and show the message at the wrong field.",
		Source:  "troth.yaml, errors.situations; the examples of the error responses; the members of errors that name what is wrong",
		Level:   contract.Should,
		Last:    true,
		Applies: func(s *contract.Subject) bool {
			content := errorContent(s.Op)
			if content == nil {
				return false
			}
			e := s.Conv.ErrorsFor(content.Schema)
			return e.Code != "" && (len(e.Situations) > 0 || len(s.Conv.CodesOf(s.Op)) > 1) || anyGivesFields(s)
		},
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			e, judged := c.Conv.ErrorsFor(errorContent(c.Op).Schema), false
			shown := c.Conv.CodesOf(c.Op)
			_, unanswered := c.Ordinary(ctx)
			findings, err := eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				value, err := x.JSON()
				if x.Status < 400 || err != nil {
					return nil
				}
				body := c.Plain(x, value)
				situation := situationOf(c, x)
				if strings.HasPrefix(situation, "unknown-item") && unanswered != nil {
					situation = "" // what the item is to stand below may be unknown itself
				}
				code, known := codeOf(c, e, x, situation, body)
				if !known {
					code, known = codeOfStatus(c, e, x, shown, body)
				}
				blamed, pointed := blamedIn(c, e, x, body)
				judged = judged || known || pointed
				return append(code, blamed...)
			})
			if err == nil && !judged {
				return nil, contract.Skip("no refusal is of a situation that a code is promised for")
			}
			return findings, err
		},
	}
}

// codeOf judges the code of a refusal; known tells whether one is promised.
func codeOf(c *contract.Case, e *convention.Errors, x *contract.Exchange, situation string, body any) (findings []contract.Finding, known bool) {
	told, ok := source.Get(body, e.Code)
	if e.Code == "" || !ok || situation == "" {
		return nil, false
	}
	want, _ := e.Say(situation, x.Status, nil)
	if want == "" {
		return nil, false
	}
	if text, _ := openapi.Text(told); text != want {
		where := fmt.Sprintf("body of %d", x.Status)
		f := c.New(x, where, e.Code, "code", quote(want)+", for "+situation, quote(fmt.Sprint(told)), errorContent(c.Op).Place.FileLine())
		if finer(situation) && !promised(e, text) {
			f = f.At(contract.Advice)
		}
		findings = append(findings, f)
	}
	return findings, true
}

// codeOfStatus judges the code of a refusal where no situation promises one: it is not what the document shows with another status; known tells whether
// it shows any with this one.
func codeOfStatus(c *contract.Case, e *convention.Errors, x *contract.Exchange, shown convention.Codes, body any) (findings []contract.Finding, known bool) {
	told, _ := source.Get(body, e.Code)
	code, isText := told.(string)
	if e.Code == "" || !isText || len(shown[x.Status]) == 0 {
		return nil, false
	}
	meant, other, wrong := shown.Meant(x.Status, code)
	if !wrong || promised(e, code) {
		return nil, true
	}
	want := fmt.Sprintf("%s, as the document shows with %d", quote(meant), x.Status)
	f := c.New(x, fmt.Sprintf("body of %d", x.Status), e.Code, "status", want, fmt.Sprintf("%s, which it shows with %d", quote(code), other), errorContent(c.Op).Place.FileLine())
	if badRequest(x.Status) && badRequest(other) {
		f = f.At(contract.Advice)
	}
	return []contract.Finding{f}, true
}

// badRequest tells whether servers choose a status for what is wrong with a request as they like.
func badRequest(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnprocessableEntity
}

// promised tells whether a code is some situation's: for another one it is wrong.
func promised(e *convention.Errors, code string) bool {
	for _, s := range e.Situations {
		if s.Code == code {
			return true
		}
	}
	return false
}

// finer tells whether healthy servers tell a situation more finely than troth.yaml does: with codes of their own.
func finer(situation string) bool { return strings.HasPrefix(situation, "invalid-") }

// situationOf is the situation that a refusal is of, "" where more than one may be meant: what a request was sent for tells it, and the
// status that the server took it so.
func situationOf(c *contract.Case, x *contract.Exchange) string {
	sent := x.Situation()
	switch x.Status {
	case http.StatusUnauthorized:
		return "unauthorized"
	case http.StatusNotAcceptable:
		return "not-acceptable"
	case http.StatusTooManyRequests:
		return "429"
	case http.StatusNotFound:
		for _, p := range parentsAbove(&c.Subject) {
			if sent.Kind == contract.UnknownName && sent.Parameter.Name == p.Name {
				return "unknown-parent:" + p.Name
			}
		}
		if last := c.Last(); last != nil && sent.Kind == contract.UnknownName && sent.Parameter.Name == last.Name {
			return "unknown-item:" + last.Name
		}
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		if p := brokenParameter(x); p != nil && p.In != "header" && p.In != "cookie" {
			return "invalid-parameter:" + p.In
		}
		if sent.Kind == contract.NotJSON {
			return "malformed-body"
		}
	}
	return ""
}

// brokenParameter is the parameter that a request has a wrong value of, nil where all is right or more than that is wrong.
func brokenParameter(x *contract.Exchange) *openapi.Parameter {
	if sent := x.Situation(); sent.Kind == contract.BrokenParameter {
		return sent.Parameter
	}
	return nil
}
