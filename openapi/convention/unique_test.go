package convention

import (
	"reflect"
	"testing"
)

func TestUniqueBy(t *testing.T) {
	members := map[string]string{"name": "What people call it.", "version": "", "displayName": "", "slug": "Part of addresses; must be unique within the workspace.", "email": ""}
	slug := Unique{Members: []string{"slug"}}
	one := func(members ...string) Unique { return Unique{Members: members} }
	for _, test := range []struct {
		refusal, operation string
		want               []Unique
	}{
		{"Conflict", "", []Unique{slug}},
		{"A tag with this name already exists.", "", []Unique{one("name"), slug}},
		{"An API with the name and version you're trying to create already exists", "", []Unique{one("name", "version"), slug}},
		{"name or email taken", "", []Unique{slug}},
		{"The name or email is taken", "", []Unique{one("email"), one("name"), slug}},
		{"The display name exists already", "", []Unique{one("displayName"), slug}},
		{"The `displayName` is in use", "", []Unique{one("displayName"), slug}},
		{"Conflict", "Creates a room. Names must be unique.", []Unique{one("name"), slug}},
		{"Conflict", "Creates a room. Names are unique within a house.", []Unique{one("name"), slug}},
		{"Conflict", "Creates a room. Names should be unique.", []Unique{slug}},
		{"Conflict", "Within a floor, names must be unique.", []Unique{{Members: []string{"name"}, Within: true}, slug}},
		{"A name can already exist", "", []Unique{slug}},
		{"The e-mail was already activated", "", []Unique{slug}},
	} {
		if got := uniqueBy(members, []string{"workspace", "house"}, test.refusal, test.operation); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q, %q: %v, want %v", test.refusal, test.operation, got, test.want)
		}
	}
}
