package checks

import (
	"encoding/json"
	"slices"
	"testing"

	"troth/openapi"
)

func TestNoQuery(t *testing.T) {
	for query, want := range map[string]bool{
		"q=a%26b%20c&page=2": false, "q=a+b": false, "q=%C3%A9": false, "filter[kind]=x|y&at=12:00": false, "": false,
		"q=a b": true, "q=é": true, "q=100%": true, "q=%4": true, "q=%4g": true, "q=%zz": true, `q="a"`: true,
	} {
		if got := noQuery.MatchString(query); got != want {
			t.Errorf("%q: %v, want %v", query, got, want)
		}
	}
}

func TestLookedAt(t *testing.T) {
	members := []string{"description", "name", "title"}
	for says, want := range map[string][]string{
		"Part of the title, or of `description`.": {"description", "title"},
		"": {"name", "title", "description"},
	} {
		if got := lookedAt(&openapi.Parameter{Description: says}, members); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", says, got, want)
		}
	}
}

// parameter is one of a query that has a schema.
func parameter(t *testing.T, schema string) *openapi.Parameter {
	t.Helper()
	doc, err := openapi.Parse("one.yaml", []byte(`{openapi: 3.1.0, info: {title: One, version: "1"}, paths: {/a: {get: {
		parameters: [{name: p, in: query, schema: `+schema+`}], responses: {"200": {description: ok}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	op, err := doc.Operations[0].Compile()
	if err != nil {
		t.Fatal(err)
	}
	return op.Parameter("query", "p")
}

// TestScattered wants a page that a list which is cut before items are chosen does not fill, and no value where there is none.
func TestScattered(t *testing.T) {
	items := func(kinds string) (list []any) {
		for _, kind := range kinds {
			list = append(list, map[string]any{"kind": string(kind)})
		}
		return list
	}
	f := filter{parameter(t, "{type: string, enum: [a, b, c]}"), "kind"}
	for _, test := range []struct {
		kinds     string
		least     int
		value     string
		size, due int
	}{
		{"abaab", 1, "b", 1, 2},
		{"abaab", 3, "a", 3, 3},
		{"aab", 4, "", 0, 0},
		{"aaa", 1, "", 0, 0},
	} {
		if value, size, due := f.scattered(items(test.kinds), test.least); value != test.value || size != test.size || due != test.due {
			t.Errorf("%s from %d: %q, %d, %d", test.kinds, test.least, value, size, due)
		}
	}
}

// TestAtDay wants a time that days decide on, by a parameter that takes days only.
func TestAtDay(t *testing.T) {
	days := ranged{p: parameter(t, "{type: string, format: date}")}
	days.Member = "at"
	for text, want := range map[string]bool{"2026-01-05T10:00:00Z": true, "2026-01-05T01:00:00+01:00": false, "2026-01-05": false, "soon": false} {
		if _, _, ok := days.atDay([]any{map[string]any{"id": json.Number("1"), "at": text}}); ok != want {
			t.Errorf("%s: %v, want %v", text, ok, want)
		}
	}
}
