package convention

import (
	"maps"
	"slices"
	"testing"
)

func TestLimitsIn(t *testing.T) {
	for text, want := range map[string][]int{
		"The body is over 64 KiB.":                                      {64 << 10},
		"Request bodies over 64 KiB (65536 bytes) are refused with 413": {64 << 10},
		"larger than 1.5 MB":                                            {3 << 19},
		"The body is too large.":                                        nil,
		"a photo of 2 MB, or a text of 10 kB":                           {10 << 10, 2 << 20},
		"at most 50 items":                                              nil,
	} {
		said := map[int]bool{}
		limitsIn(text, said)
		if got := slices.Sorted(maps.Keys(said)); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
