package checks

import (
	"net/http"

	"troth/contract"
)

// clean are answers that nothing was found in, so that each is judged once: seven of ten repeat one that was had before.
type clean map[answer]bool

// answer is what a judgement of a body looks at.
type answer struct {
	status      int
	contentType string
	head        bool
	enveloped   bool
	body        string
}

// judge judges what an exchange's answer says where no such answer was clean before.
func (k clean) judge(c *contract.Case, x *contract.Exchange, judge func(*contract.Exchange) []contract.Finding) []contract.Finding {
	a := answer{x.Status, x.Header.Get("Content-Type"), x.Method == http.MethodHead, c.Enveloped(x), string(x.Body)}
	if k[a] {
		return nil
	}
	findings := judge(x)
	k[a] = len(findings) == 0
	return findings
}
