package checks

import (
	"context"
	"strings"

	"troth/contract"
)

func writeTag() contract.Check {
	return contract.Check{
		ID:      "write-tag",
		Promise: "The ETag in an answer to a write is the one that the item has then.",
		Why:     "The next change of the client that made this one is refused, or overwrites what somebody else has changed.",
		Source:  "RFC 9110 §8.8.3, §9.3.4",
		Level:   contract.Should,
		Applies: func(s *contract.Subject) bool { return creates(s) || s.Op.Body != nil && updates(s) },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			if creates(&c.Subject) {
				m, err := create(ctx, c, "create for its ETag", fresh(c))
				if m != nil {
					defer m.clean(ctx, c)
				}
				if err != nil {
					return nil, err
				}
				x, _, err := m.read(ctx, "read what was created for its ETag")
				if err != nil {
					return nil, err
				}
				return otherTag(c, m.answer, x)
			}
			v, err := versioned(ctx, c)
			if err != nil {
				return nil, err
			}
			defer v.item.clean(ctx)
			if v.tag == "" {
				return nil, contract.Skip("the item has no ETag")
			}
			change, err := v.ask(ctx, "change for its ETag", "If-Match", v.tag)
			if err != nil {
				return nil, err
			}
			read, _, err := v.item.read(ctx, "item behind a change for its ETag")
			if err != nil {
				return nil, err
			}
			return otherTag(c, change, read)
		},
	}
}

// otherTag compares the tags of a write and of a read behind it. Tags are of representations: those of bodies that differ may differ.
func otherTag(c *contract.Case, write, read *contract.Exchange) ([]contract.Finding, error) {
	tag, now := write.Header.Get("ETag"), read.Header.Get("ETag")
	if !write.OK() || !read.OK() || !isEntityTag(tag) || !isEntityTag(now) || strings.HasPrefix(tag, "W/") != strings.HasPrefix(now, "W/") {
		return nil, contract.Skip("the write and the item have no ETags to compare")
	}
	if same := string(write.Body) == string(read.Body) && write.Header.Get("Content-Type") == read.Header.Get("Content-Type"); !same && len(write.Body) > 0 {
		return nil, contract.Skip("the answer to the write is not the item as it is read")
	}
	if tag == now {
		return nil, nil
	}
	return []contract.Finding{c.New(read, "header ETag", "", "written", tag+", as the write was answered", now, c.Op.Place.FileLine()).After(write)}, nil
}
