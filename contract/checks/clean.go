package checks

import (
	"net/http"

	"troth/contract"
)

// clean are answers that nothing was found in, so that each is judged once: seven of ten repeat one that was had before.
type clean map[string]map[answer]bool // by body

// answer is what else a judgement of a body looks at.
type answer struct {
	status      int
	contentType string
	head        bool
	enveloped   bool
}

// judge judges what an exchange's answer says where no such answer was clean before.
func (k clean) judge(c *contract.Case, x *contract.Exchange, judge func(*contract.Exchange) []contract.Finding) []contract.Finding {
	a := answer{x.Status, x.Header.Get("Content-Type"), x.Method == http.MethodHead, c.Enveloped(x)}
	if k[string(x.Body)][a] {
		return nil
	}
	findings := judge(x)
	if len(findings) == 0 {
		if k[string(x.Body)] == nil {
			k[string(x.Body)] = map[answer]bool{}
		}
		k[string(x.Body)][a] = true
	}
	return findings
}
