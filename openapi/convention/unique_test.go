package convention

import (
	"reflect"
	"testing"
)

func TestUniqueBy(t *testing.T) {
	members := map[string]string{"name": "What people call it.", "version": "", "displayName": "", "slug": "Part of addresses; must be unique within the workspace.", "email": ""}
	slug := []string{"slug"}
	for _, test := range []struct {
		refusal, operation string
		want               [][]string
	}{
		{"Conflict", "", [][]string{slug}},
		{"A tag with this name already exists.", "", [][]string{{"name"}, slug}},
		{"An API with the name and version you're trying to create already exists", "", [][]string{{"name", "version"}, slug}},
		{"name or email taken", "", [][]string{slug}},
		{"The name or email is taken", "", [][]string{{"email"}, {"name"}, slug}},
		{"The display name exists already", "", [][]string{{"displayName"}, slug}},
		{"The `displayName` is in use", "", [][]string{{"displayName"}, slug}},
		{"Conflict", "Creates a room. Names must be unique.", [][]string{{"name"}, slug}},
		{"Conflict", "Creates a room. Names are unique within a house.", [][]string{{"name"}, slug}},
		{"Conflict", "Creates a room. Names should be unique.", [][]string{slug}},
		{"A name can already exist", "", [][]string{slug}},
		{"The e-mail was already activated", "", [][]string{slug}},
	} {
		if got := uniqueBy(members, test.refusal, test.operation); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q, %q: %v, want %v", test.refusal, test.operation, got, test.want)
		}
	}
}
