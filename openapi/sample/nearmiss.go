package sample

import "troth/openapi/schema"

// Miss is a value that breaks exactly one constraint of a schema.
type Miss struct {
	Pointer string // where in the value the constraint is broken
	Keyword string // which one
	Value   any    // the whole value
	Want    string // what the constraint demands
	Schema  *schema.Schema
}

// NearMisses returns, for each constraint of s that can be broken alone, one value that breaks just it: s rejects the
// value with violations of that keyword at that pointer only. base is a valid value to start from (see Value). The order is the schema's.
func NearMisses(s *schema.Schema, base any, dir schema.Direction) []Miss { panic("stub") }

// Boundaries returns valid values at the edges of s's constraints (minimum, maximum, lengths, each enum value), each different from base in one place.
func Boundaries(s *schema.Schema, base any, dir schema.Direction) []Miss { panic("stub") }
