// Package sample makes values that a schema accepts: seeded, plausible by the names of members (gofakeit), and near
// misses, values that break exactly one named constraint.
//
// A value is a pure function of the schema, the seed and the options: the same on every machine, in any order, from any
// goroutine. Field-name awareness never beats the schema: every value is validated with the compiled schema before it is
// returned, repaired where it fails, and a schema for which no value is found is an error that says why.
package sample

import (
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
	share   float64
	minimal bool
}

// For sets the direction (default schema.Response): readOnly members are left out of requests, writeOnly ones out of responses.
func For(d schema.Direction) Option { panic("stub") }

// Named tells the name of the value (a parameter's or header's name), a hint for plausible content.
func Named(name string) Option { panic("stub") }

// At sets the time around which dates are made; without it 2026-01-01T00:00:00Z. Instants lie within a year before it, and those
// whose names imply an order (created ≤ updated, started ≤ finished ≤ expires …) are in it.
func At(now time.Time) Option { panic("stub") }

// Members gives values by member name: wherever a member of that name is made at any depth and its schema accepts the value, it is used.
func Members(values map[string]any) Option { panic("stub") }

// Minimal makes required members and the fewest items only; without it every declared optional member is present unless
// recursion forbids.
func Minimal() Option { panic("stub") }

// Value makes a value that s accepts. The error says which part of s cannot be satisfied.
func Value(s *schema.Schema, seed uint64, opts ...Option) (any, error) { panic("stub") }

// Hash derives a seed from a parent seed and strings, stable across versions of Go and machines (FNV-1a 64 then a mixer).
func Hash(seed uint64, parts ...string) uint64 { panic("stub") }
