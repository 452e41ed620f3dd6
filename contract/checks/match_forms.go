package checks

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"troth/contract"
)

// How documents promise that If-Match holds several tags, and *. Servers of others compare one tag, and refuse too much.
var (
	saysTags = regexp.MustCompile(`(?i)\b(tags|list)\b`)
	saysAny  = regexp.MustCompile("[`'\"(]\\*|\\*[`'\")]")
)

// matchForms sends the other forms of If-Match (RFC 9110 §13.1.1): the weak form of the item's tag, which matches nothing, and, where the document speaks of
// them, several tags with the item's among them, and *.
func (v *version) matchForms(ctx context.Context, tag string) ([]contract.Finding, error) {
	p := v.c.Op.Parameter("header", "If-Match")
	if p == nil || strings.HasPrefix(tag, "W/") {
		return nil, nil
	}
	for _, form := range []struct {
		name, field string
		promised    bool
		holds       bool
	}{
		{"weak", "W/" + tag, true, false},
		{"list", `"x-none", ` + tag, saysTags.MatchString(p.Description), true},
		{"any", "*", saysAny.MatchString(p.Description), true},
	} {
		if !form.promised {
			continue
		}
		v.vary()
		x, err := v.ask(ctx, "change for the "+form.name+" form of a match", "If-Match", form.field)
		if err != nil {
			return nil, err
		}
		want := ""
		switch {
		case !form.holds && x.OK():
			want = "412: a weak tag matches none (RFC 9110 §13.1.1)"
		case form.holds && x.Status == http.StatusPreconditionFailed:
			want = "a success: the condition is true (RFC 9110 §13.1.1)"
		}
		if want != "" {
			f := v.c.New(x, "header If-Match", "", form.name, want, strconv.Itoa(x.Status), p.Place.FileLine())
			return []contract.Finding{f.After(v.before).At(contract.Should)}, nil
		}
	}
	return nil, nil
}
