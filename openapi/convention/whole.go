package convention

import (
	"maps"
	"slices"

	"troth/openapi/schema"
)

// Whole is what the body of a list that is not paged says of itself: such a list has all its items on its only page.
type Whole struct {
	Counts []string // JSON pointers of members that count the items
	More   string   // JSON pointer of a member that tells of another page, "-" where there is none
}

// WholeOf finds those members in the schema of a list's body.
func WholeOf(s *schema.Schema) Whole {
	p := &Pagination{Total: "-", Next: "-", More: "-"}
	p.body(s)
	w := Whole{More: p.More}
	if p.Total != "-" {
		w.Counts = append(w.Counts, p.Total)
	}
	for _, pointer := range slices.Sorted(maps.Keys(p.Echo)) {
		if p.Echo[pointer] == "count" {
			w.Counts = append(w.Counts, pointer)
		}
	}
	return w
}
