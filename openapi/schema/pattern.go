package schema

import "regexp/syntax"

// Pattern is an ECMA-262 regular expression (JSON Schema validation §6.3.3): run by RE2 where it can say it, by regexp2
// with a time limit where it must (lookaround, backreferences, counts over 1000), else not checkable.
type Pattern struct {
	text string
	stub int
}

// NewPattern compiles an ECMA-262 pattern. It never fails: Checkable tells whether it can be run and why not.
func NewPattern(text string) *Pattern { panic("stub") }

// String is the pattern as written.
func (p *Pattern) String() string { return p.text }

// Checkable returns nil, or why the pattern cannot be run.
func (p *Pattern) Checkable() error { panic("stub") }

// Match tells whether the pattern is found in s (it is not anchored). An error (time limit) means it could not be told;
// an uncheckable pattern matches everything.
func (p *Pattern) Match(s string) (bool, error) { panic("stub") }

// Syntax is the pattern as a Go syntax tree for generating samples, with lookarounds left out and counts over 1000 cut
// (so a sample must be tried with Match); nil where there is none.
func (p *Pattern) Syntax() *syntax.Regexp { panic("stub") }
