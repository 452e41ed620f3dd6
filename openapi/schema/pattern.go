package schema

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// Pattern is an ECMA-262 regular expression (JSON Schema validation §6.3.3): read as runs where it is that plain, else run by RE2 where it
// can say it, by regexp2 with a time limit where it must (lookaround, backreferences, counts over 1000), else not checkable.
type Pattern struct {
	text   string
	runs   runs // what the others would match, quicker; nil: there are none
	re2    *regexp.Regexp
	slow   *regexp2.Regexp
	err    error
	syntax *syntax.Regexp
}

// matchTimeout ends a match that backtracks without end: an Atlas pattern ran for minutes on one string (docs/dependencies.md).
const matchTimeout = 250 * time.Millisecond

// NewPattern compiles an ECMA-262 pattern. It never fails: Checkable tells whether it can be run and why not.
func NewPattern(text string) *Pattern {
	p := &Pattern{text: text}
	translated, exact, err := translate(text)
	if err != nil {
		p.err = err
		return p
	}
	if tree, err := syntax.Parse(translated, syntax.Perl); err == nil {
		p.syntax = tree // not simplified: repeats stay countable
	}
	if exact {
		if p.runs = runsOf(p.syntax); p.runs != nil {
			return p
		}
		if p.re2, err = regexp.Compile(translated); err == nil {
			return p
		}
	}
	if p.slow, err = backtracking(text); err != nil {
		p.err = fmt.Errorf("pattern %q can be run by neither RE2 nor regexp2: %w", text, err)
	}
	return p
}

// backtracking compiles a pattern for regexp2, which reads \p{…} as text but in its Unicode mode.
func backtracking(text string) (compiled *regexp2.Regexp, err error) {
	modes := []regexp2.RegexOptions{regexp2.ECMAScript, regexp2.None}
	if meant := withProperties(text); meant != "" {
		text, modes = meant, []regexp2.RegexOptions{regexp2.ECMAScript | regexp2.Unicode, regexp2.None}
	}
	for _, mode := range modes {
		if compiled, err = regexp2.Compile(text, mode); err == nil {
			compiled.MatchTimeout = matchTimeout
			return compiled, nil
		}
	}
	return nil, err
}

// String is the pattern as written.
func (p *Pattern) String() string { return p.text }

// Checkable returns nil, or why the pattern cannot be run.
func (p *Pattern) Checkable() error { return p.err }

// errSlow is what a match that hits its time limit returns.
var errSlow = errors.New("the match took longer than its time limit")

// Match tells whether the pattern is found in s (it is not anchored). An error (time limit) means it could not be told;
// an uncheckable pattern matches everything.
func (p *Pattern) Match(s string) (bool, error) {
	switch {
	case p.runs != nil:
		return p.runs.match(s), nil
	case p.re2 != nil:
		return p.re2.MatchString(s), nil
	case p.slow != nil:
		found, err := p.slow.MatchString(s)
		if err != nil {
			return false, errSlow
		}
		return found, nil
	}
	return true, nil
}

// Syntax is the pattern as a Go syntax tree for generating samples, with lookarounds left out and counts over 1000 cut
// (so a sample must be tried with Match); nil where there is none.
func (p *Pattern) Syntax() *syntax.Regexp { return p.syntax }
