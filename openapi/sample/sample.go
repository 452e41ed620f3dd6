// Package sample makes values that a schema accepts: seeded, and plausible by the names of members (gofakeit).
//
// A value is a pure function of the schema, the seed and the options: the same on every machine, in any order, from any
// goroutine. Field-name awareness never beats the schema: every value is validated with the compiled schema before it is
// returned, repaired where it fails, and a schema for which no value is found is an error that says why.
//
// Limits: a value is made of at most 4,000 parts; a pattern with lookaround is met by trial.
package sample

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"troth/openapi/schema"
)

// Option changes what Value makes.
type Option func(*config)

type config struct {
	dir     schema.Direction
	name    string
	now     time.Time
	members map[string]any
	like    map[string]any
	minimal bool
}

// For sets the direction (default schema.Response): readOnly members are left out of requests, writeOnly ones out of
// responses.
func For(d schema.Direction) Option { return func(c *config) { c.dir = d } }

// Named tells the name of the value (a parameter's or header's name), a hint for plausible content.
func Named(name string) Option { return func(c *config) { c.name = name } }

// At sets the time around which dates are made; without it 2026-01-01T00:00:00Z. Instants lie within a year before it, and
// those whose names imply an order (created ≤ updated, started ≤ finished ≤ expires …) are in it.
func At(now time.Time) Option { return func(c *config) { c.now = now } }

// Members gives values by member name: wherever a member of that name is made at any depth and its schema accepts the value,
// it is used.
func Members(values map[string]any) Option { return func(c *config) { c.members = values } }

// Like gives members of the value itself: of alternatives that one is taken which accepts and declares most of them, and each that its schema
// accepts is used.
func Like(object map[string]any) Option { return func(c *config) { c.like = object } }

// Minimal makes required members and the fewest items only; without it every declared optional member is present unless
// recursion forbids.
func Minimal() Option { return func(c *config) { c.minimal = true } }

// Value makes a value that s accepts, in plain JSON (numbers are json.Number). The error says which part of s cannot be
// satisfied.
func Value(s *schema.Schema, seed uint64, opts ...Option) (any, error) {
	c := config{dir: schema.Response, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	for _, opt := range opts {
		opt(&c)
	}
	m := &maker{config: c, soft: softDepth}
	var best []schema.Violation
	var failure error
	for attempt := range attempts {
		m.retries, m.budget, m.again = retries, budget, attempt > 0
		m.minimal = c.minimal && attempt%2 == 0 // what only optional members tell apart needs some of them
		v, err := m.value([]*schema.Schema{s}, Hash(seed, itoa(attempt)), c.name, 0)
		if err != nil {
			if failure = err; errors.Is(err, errBudget) {
				m.soft -= 3 // optional members end sooner
			}
			continue
		}
		broken := s.Validate(v, c.dir)
		if broken = m.repair(s, v, broken); len(broken) == 0 {
			return v, nil
		}
		if best == nil || len(broken) < len(best) {
			best = broken
		}
	}
	if best != nil {
		texts := make([]string, len(best))
		for i, v := range best {
			texts[i] = v.String()
		}
		return nil, fmt.Errorf("sample: no value found for the schema at %s: %s", s.Place, strings.Join(texts, "; "))
	}
	return nil, fmt.Errorf("sample: no value found for the schema at %s: %w", s.Place, failure)
}

// attempts is how many values of a whole schema are tried; parts are tried on their own first.
const attempts = 12

// budget is how many parts an attempt may make.
const budget = 4_000

// retries is how many parts may be made anew in one attempt.
const retries = 40
