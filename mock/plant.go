package mock

import (
	"net/http"
	"sync/atomic"

	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/schema"
)

// The functions on… plant a defect behind those that are planted already: each goes on from what the one before left, so that a server can
// have any of them together.

func onReply(f func(*Server, *Call, *Reply) error) func(*tweaks) {
	return func(t *tweaks) {
		before := t.reply
		t.reply = func(s *Server, call *Call, reply *Reply) error {
			if before != nil {
				if err := before(s, call, reply); err != nil {
					return err
				}
			}
			return f(s, call, reply)
		}
	}
}

func onWire(f func(*Server, *Call, int, http.Header, []byte) []byte) func(*tweaks) {
	return func(t *tweaks) {
		before := t.wire
		t.wire = func(s *Server, call *Call, status int, h http.Header, body []byte) []byte {
			if before != nil {
				body = before(s, call, status, h, body)
			}
			return f(s, call, status, h, body)
		}
	}
}

func onPage(f func(*window, *convention.Pagination, int)) func(*tweaks) {
	return func(t *tweaks) {
		before := t.page
		t.page = func(w *window, p *convention.Pagination, total int) {
			if before != nil {
				before(w, p, total)
			}
			f(w, p, total)
		}
	}
}

func onRecords(f func(window, []*record) []*record) func(*tweaks) {
	return func(t *tweaks) {
		before := t.records
		t.records = func(w window, all []*record) []*record {
			if before != nil {
				all = before(w, all)
			}
			return f(w, all)
		}
	}
}

func onRemoved(f func(*collection, *record)) func(*tweaks) {
	return func(t *tweaks) {
		before := t.removed
		t.removed = func(c *collection, r *record) {
			if before != nil {
				before(c, r)
			}
			f(c, r)
		}
	}
}

func onListed(f func(*collection, []*record) []*record) func(*tweaks) {
	return func(t *tweaks) {
		before := t.list
		t.list = func(c *collection, all []*record) []*record {
			if before != nil {
				all = before(c, all)
			}
			return f(c, all)
		}
	}
}

func onEdited(f func(*collection, *Call, map[string]any)) func(*tweaks) {
	return func(t *tweaks) {
		before := t.edited
		t.edited = func(c *collection, call *Call, object map[string]any) {
			if before != nil {
				before(c, call, object)
			}
			f(c, call, object)
		}
	}
}

func onWritten(f func(c *collection, call *Call, was, now *record)) func(*tweaks) {
	return func(t *tweaks) {
		before := t.written
		t.written = func(c *collection, call *Call, was, now *record) {
			if before != nil {
				before(c, call, was, now)
			}
			f(c, call, was, now)
		}
	}
}

func onGiven(f func(base *schema.Schema, call *Call, given map[string]any)) func(*tweaks) {
	return func(t *tweaks) { t.given = append(t.given, f) }
}

func onMade(f func(c *collection, call *Call, was, now *record)) func(*tweaks) {
	return func(t *tweaks) {
		before := t.made
		t.made = func(c *collection, call *Call, was, now *record) {
			if before != nil {
				before(c, call, was, now)
			}
			f(c, call, was, now)
		}
	}
}

func onRequest(refuse func(*Call) error) func(*tweaks) {
	return func(t *tweaks) {
		before := t.refuse
		t.refuse = func(call *Call) error {
			if before != nil {
				if err := before(call); err != nil {
					return err
				}
			}
			return refuse(call)
		}
	}
}

func onAsked(change func(*Server, *http.Request)) func(*tweaks) {
	return func(t *tweaks) {
		before := t.asked
		t.asked = func(s *Server, r *http.Request) {
			if before != nil {
				before(s, r)
			}
			change(s, r)
		}
	}
}

func onRefusal(change func(*Call, *Fault)) func(*tweaks) {
	return func(t *tweaks) {
		before := t.blame
		t.blame = func(call *Call, f *Fault) {
			if before != nil {
				before(call, f)
			}
			change(call, f)
		}
	}
}

func onViolation(unseen func(openapi.Violation) bool) func(*tweaks) {
	return func(t *tweaks) {
		before := t.ignore
		t.ignore = func(v openapi.Violation) bool { return before != nil && before(v) || unseen(v) }
	}
}

// retryAfterMissing answers 429 at times, and does not say when to come again.
func retryAfterMissing(t *tweaks) {
	eachSeventh(Fault{Status: http.StatusTooManyRequests, Detail: "planted by the defect retry-after-missing"})(t)
	onWire(func(_ *Server, _ *Call, status int, h http.Header, body []byte) []byte {
		if status == http.StatusTooManyRequests {
			h.Del("Retry-After")
		}
		return body
	})(t)
}

func failsAtTimes(t *tweaks) {
	eachSeventh(Fault{Status: http.StatusInternalServerError, Situation: "server-error", Detail: "planted by the defect fails-at-times"})(t)
}

// eachSeventh answers each seventh request with a fault.
func eachSeventh(f Fault) func(*tweaks) {
	return func(t *tweaks) {
		var count atomic.Int64
		t.noMemo = true
		onRequest(func(*Call) error {
			if count.Add(1)%7 != 0 {
				return nil
			}
			return &f
		})(t)
	}
}

func orderUnstable(t *tweaks) {
	t.noMemo = true
	onRecords(unstable())(t)
}

// plantedFault is what fails by a defect.
func plantedFault() *Fault {
	return &Fault{Status: http.StatusInternalServerError, Situation: "server-error", Detail: "planted by a defect"}
}
