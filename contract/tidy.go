package contract

import (
	"context"
	"net/http"
	"slices"
	"time"

	"troth/openapi"
)

// made is an item that the run created.
type made struct {
	id     string
	answer *Exchange
	remove *openapi.Operation
}

// tidying is how long a run that was interrupted still takes to delete what it made.
const tidying = 5 * time.Second

// noteOwn keeps an item that a request created, to delete it in the end: one that an answer says was created. An answer of 200 counts where no 201 is declared: else it may tell of an item that was there before.
func (c *Case) noteOwn(x *Exchange, id string, remove *openapi.Operation) {
	if r := c.Op.Response(http.StatusCreated); x.Status != http.StatusCreated && r != nil && r.Code == "201" {
		return
	}
	c.session.made = append(c.session.made, made{id, x, remove})
}

// tidy deletes what the run made and no check deleted, the last first. What cannot be deleted is left: a server may have reasons to keep it.
func (s *session) tidy(ctx context.Context) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), tidying)
		defer cancel()
	}
	s.now.Store(new(string))
	for _, m := range slices.Backward(s.made) {
		op, err := m.remove.Compile()
		if err != nil || ctx.Err() != nil {
			continue
		}
		c := &Case{Subject: Subject{Op: op, Conv: s.conv}, session: s}
		if p := c.Last(); p != nil && s.isMine(m.id) && !s.gone[m.remove.Route+" "+m.id] {
			_, _ = c.Ask(ctx, "clean-up", Path(p.Name, m.id), Beside(m.answer), Again(), Once())
		}
	}
}
