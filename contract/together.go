package contract

import "sync"

// sideBySide is how many requests of one case are under way at a time at most.
const sideBySide = 4

// Together asks several times side by side, as far as the run may (Concurrency), and returns the answers in their order. What each request is must not
// depend on the answers to the others.
func (c *Case) Together(n int, ask func(i int) (*Exchange, error)) ([]*Exchange, error) {
	answers, failures := make([]*Exchange, n), make([]error, n)
	free := make(chan struct{}, min(c.session.workers, sideBySide))
	var running sync.WaitGroup
	for i := range n {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			answers[i], failures[i] = ask(i)
		})
	}
	running.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return answers, nil
}
