package mock

import (
	"net/http"
	"sync"

	"troth/openapi/convention"
)

// listed is the list that a cursor was issued for, and its path.
type listed struct {
	list *collection
	path string
}

// as is a call as if it asked for the issuer's path.
func (i *listed) as(call *Call) *Call {
	other, request, url := *call, *call.Request, *call.Request.URL
	url.Path = i.path
	request.URL, other.Request = &url, &request
	return &other
}

// issuer is whose cursor a call has, nil where it has none or that does not matter.
func (t *tweaks) issuer(call *Call, p *convention.Pagination) *listed {
	if t.issued == nil || p == nil || p.Style != "cursor" {
		return nil
	}
	v, _ := call.Values.Get("query", p.Page)
	known, _ := t.issued.Load(text(v))
	there, _ := known.(*listed)
	return there
}

// issue notes the cursor of the page behind a window.
func (s *Server) issue(call *Call, c *collection, w window) {
	if s.tweaks.issued != nil {
		s.tweaks.issued.Store(s.cursor(call, s.following(w)), &listed{c, call.Request.URL.Path})
	}
}

func cursorAnywhere(t *tweaks) { t.issued = &sync.Map{} }

// cursorOnce refuses a request with a cursor that was sent before.
func cursorOnce(t *tweaks) {
	var used sync.Map // cursors
	t.noMemo = true
	onReply(func(s *Server, call *Call, reply *Reply) error {
		p := s.conv.Pagination(call.Operation)
		if p == nil || p.Style != "cursor" || reply.Status != http.StatusOK {
			return nil
		}
		v, sent := call.Values.Get("query", p.Page)
		if _, known := used.LoadOrStore(call.Request.URL.Path+text(v), true); sent && known {
			return forged(call, p.Page)
		}
		return nil
	})(t)
}

func cursorRounded(w *window, p *convention.Pagination, _ int) {
	if p != nil && p.Style == "cursor" {
		w.start -= w.start % max(w.size, 1)
	}
}
