package contract_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"troth/mock"
)

// TestFindingLine wants the line of what a finding is about, not the operation's.
func TestFindingLine(t *testing.T) {
	tests := []struct{ defect, check, keyword, want string }{ // want stands in the line, or just before it
		{"page-overlap", "page-disjoint", "disjoint", "results:"},
		{"total-wrong", "total-exact", "total", "totalCount:"},
		{"next-loops", "link-targets", "next", "links:"},
		{"past-the-end-wraps", "past-the-end", "end", "pageNum"},
	}
	for _, c := range tests {
		t.Run(c.defect, func(t *testing.T) {
			r := run(t, "", mock.WithItems(120), mock.WithDefect(c.defect))
			file, line, _ := strings.Cut(findingOf(t, r, c.check, c.keyword).Source, ":")
			n, err := strconv.Atoi(line)
			if err != nil {
				t.Fatal(file, line, err)
			}
			text, err := os.ReadFile("../openapi/atlas/" + file)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(strings.Split(string(text), "\n")[n-2:n+1], "\n"); !strings.Contains(got, c.want) {
				t.Errorf("%s:%d: %s, want %s there", file, n, got, c.want)
			}
		})
	}
}
