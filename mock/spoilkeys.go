package mock

import "time"

// spoiltRepeat tells whether a request whose key another one had is carried out all the same by a planted defect, and whether the first one is answered already.
func (s *Server) spoiltRepeat(first *firstCall) (over, spoils bool) {
	select {
	case <-first.over:
		return true, s.tweaks.keyAnswered
	default:
		return false, s.tweaks.keyRaced
	}
}

// dawdle lets requests with the same key come in before the first is carried out, by a planted defect.
func (s *Server) dawdle() {
	if s.tweaks.keyRaced {
		time.Sleep(10 * overlap) // the others may wait for a core
	}
}
