package checks

import (
	"encoding/json"
	"slices"
	"testing"

	"troth/openapi/convention"
)

// TestCompareTo: what a second, or another time zone, may turn round is on no side.
func TestCompareTo(t *testing.T) {
	for _, want := range []struct {
		v     any
		value string
		d     int
		same  bool
	}{
		{json.Number("3"), "10", -1, false},
		{json.Number("3"), "3", 0, true},
		{json.Number("3.5"), "3.5", 0, false}, // not every server keeps all digits
		{"2024-03-01", "2024-03-02", -1, false},
		{"2024-03-01", "2024-03-01", 0, true},
		{"2024-03-01T10:00:00Z", "2024-03-01T10:00:01Z", 0, false},
		{"2024-03-01T10:00:00Z", "2024-03-01T10:00:02Z", -1, false},
		{"2024-03-01T10:00:05+02:00", "2024-03-01T08:00:00Z", 1, false},
		{"2024-03-02T13:00:00Z", "2024-03-01", 0, false},
		{"2024-03-02T15:00:00Z", "2024-03-01", 1, false},
		{"2024-02-29T11:00:00Z", "2024-03-01", 0, false},
		{"2024-02-29T09:00:00Z", "2024-03-01", -1, false},
		{"2024-03-01", "2024-02-29T09:00:00Z", 1, false},
		{"soon", "2024-03-01", 0, false},
		{nil, "2024-03-01", 0, false},
		{nil, "3", 0, false},
	} {
		if d, same := compareTo(want.v, want.value); d != want.d || same != want.same {
			t.Errorf("%v, %s: %d %v, want %d %v", want.v, want.value, d, same, want.d, want.same)
		}
	}
}

// TestWhere reads sides and edges.
func TestWhere(t *testing.T) {
	for _, want := range []struct {
		side, edge string
		v          string
		where      int
	}{
		{convention.From, "", "4", -1}, {convention.From, "", "5", 0}, {convention.From, "", "6", 1},
		{convention.To, "", "4", 1}, {convention.To, "", "5", 0}, {convention.To, "", "6", -1},
		{convention.To, convention.Included, "5", 1}, {convention.To, convention.Excluded, "5", -1},
		{convention.From, convention.Included, "5", 1}, {convention.From, convention.Excluded, "5", -1},
	} {
		l := limit{ranged{Bound: convention.Bound{Member: "price", Side: want.side, Edge: want.edge}}, "5"}
		if got := l.where(map[string]any{"price": json.Number(want.v)}); got != want.where {
			t.Errorf("%+v: %d", want, got)
		}
	}
	if got := (limit{}).where("no object"); got != 0 {
		t.Error(got)
	}
}

func TestSpellings(t *testing.T) {
	for _, want := range []struct {
		v     any
		steps int
		texts []string
	}{
		{json.Number("7"), 0, []string{"7"}},
		{json.Number("7e1"), 0, []string{"70"}},
		{json.Number("7.5"), 0, []string{"7.5", "7"}},
		{json.Number("7.5"), 1, []string{"9"}},
		{json.Number("7"), -1, []string{"5"}},
		{json.Number("1e999999"), 0, nil},
		{"2024-03-01T10:00:00.25+02:00", 0, []string{"2024-03-01T08:00:00Z", "2024-03-01"}},
		{"2024-03-01", 1, []string{"2024-03-03T00:00:00Z", "2024-03-03"}},
	} {
		if got := spellings(want.v, want.steps); !slices.Equal(got, want.texts) {
			t.Errorf("%v %d: %v, want %v", want.v, want.steps, got, want.texts)
		}
	}
}
