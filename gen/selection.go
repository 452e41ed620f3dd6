package gen

import (
	"fmt"
	"slices"
	"strings"

	"troth/openapi"
)

// Selection says which operations of a document code is written for. The zero value means all.
type Selection struct {
	IncludeTags, IncludeOperations []string // an operation has one of these tags or one of these IDs; both empty: any operation
	ExcludeTags, ExcludeOperations []string // and none of these tags, and none of these IDs
}

// All tells whether the selection names no tag and no operation.
func (s Selection) All() bool {
	return len(s.IncludeTags)+len(s.IncludeOperations)+len(s.ExcludeTags)+len(s.ExcludeOperations) == 0
}

// Operations returns the IDs of the operations selected, in document order. A tag or an ID that the document lacks is an
// error, and so is a selection that leaves no operation.
func (s Selection) Operations(doc *openapi.Document) ([]string, error) {
	if err := s.known(doc); err != nil {
		return nil, err
	}
	var ids []string
	for _, o := range doc.Operations {
		if s.has(o) {
			ids = append(ids, o.ID)
		}
	}
	if ids == nil {
		return nil, fmt.Errorf("generate: what is included and excluded leaves none of the %d operations of %s", len(doc.Operations), doc.Name)
	}
	return ids, nil
}

func (s Selection) has(o *openapi.Operation) bool {
	tagged := func(tags []string) bool {
		return slices.ContainsFunc(o.Tags, func(t string) bool { return slices.Contains(tags, t) })
	}
	included := len(s.IncludeTags)+len(s.IncludeOperations) == 0 || tagged(s.IncludeTags) || slices.Contains(s.IncludeOperations, o.ID)
	return included && !tagged(s.ExcludeTags) && !slices.Contains(s.ExcludeOperations, o.ID)
}

func (s Selection) known(doc *openapi.Document) error {
	var tags []string
	for _, o := range doc.Operations {
		tags = append(tags, o.Tags...)
	}
	slices.Sort(tags)
	tags = slices.Compact(tags)
	for _, tag := range slices.Concat(s.IncludeTags, s.ExcludeTags) {
		if !slices.Contains(tags, tag) {
			return fmt.Errorf("generate: no operation of %s has the tag %q; there are: %s", doc.Name, tag, strings.Join(tags, ", "))
		}
	}
	for _, id := range slices.Concat(s.IncludeOperations, s.ExcludeOperations) {
		if doc.Operation(id) == nil {
			return fmt.Errorf("generate: %s has no operation %q", doc.Name, id)
		}
	}
	return nil
}
