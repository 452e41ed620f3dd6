package openapi

import (
	"iter"
	"strings"
)

// Nearest is the first of some names that a misspelled one of more than three bytes was meant to be: at most two letters other, left out or too
// many, whatever their case. It is "" where there is none.
func Nearest(name string, among iter.Seq[string]) string {
	if len(name) > 3 {
		for other := range among {
			if distance(strings.ToLower(name), strings.ToLower(other)) <= 2 {
				return other
			}
		}
	}
	return ""
}

// distance is Levenshtein's, in bytes; over 2 it may be anything over 2.
func distance(a, b string) int {
	if d := len(a) - len(b); d > 2 || d < -2 {
		return 3
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
