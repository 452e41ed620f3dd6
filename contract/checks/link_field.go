package checks

import (
	"context"
	"regexp"
	"strings"

	"troth/contract"
)

func linkField() contract.Check {
	return contract.Check{
		ID:      "link-field",
		Promise: "A Link field has the form of RFC 8288: targets in angle brackets, each with a relation.",
		Why:     "Clients that read the field by its grammar find no link in it, and stop at the first page.",
		Source:  "RFC 8288 §3, §3.3",
		Level:   contract.Must,
		Last:    true,
		Applies: always,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			seen := false
			findings, err := eachProbe(ctx, c, func(x *contract.Exchange) []contract.Finding {
				for _, line := range x.Header.Values("Link") {
					seen = true
					if rest := unread(line); rest != "" {
						return []contract.Finding{c.New(x, "header Link", "", "form", `<target>; rel="relation"`, quote(rest), "RFC 8288 §3")}
					}
				}
				return nil
			})
			if err == nil && !seen {
				return nil, contract.Skip("no answer has a Link field")
			}
			return findings, err
		},
	}
}

// linkParams is the grammar of the parameters of one member of a Link field, up to the next one.
const linkParams = "((?:\\s*;\\s*(?:[\\w!#$%&'*+.^`|~-]+(?:\\s*=\\s*(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s;,\"]+))?)?)*)\\s*(?:,\\s*|$)"

// linkValue is the grammar of one member of a Link field, linkRead what is taken for one, and linkRel its relations. A target with characters that no URI
// has is read all the same: where it leads is judged by itself.
var (
	linkValue = regexp.MustCompile("^<([^<>\\s\"]*)>" + linkParams)
	linkRead  = regexp.MustCompile("^<([^<>]*)>" + linkParams)
	linkRel   = regexp.MustCompile(`(?i);\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]*))`)
)

// unread is what of a Link field is not of its grammar, "" where all of it is.
func unread(line string) string {
	rest := strings.Trim(line, ", \t")
	for rest != "" {
		m := linkValue.FindStringSubmatch(rest)
		if m == nil || !linkRel.MatchString(m[2]) {
			return rest
		}
		rest = rest[len(m[0]):]
	}
	return ""
}
