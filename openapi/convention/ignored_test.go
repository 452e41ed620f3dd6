package convention

import "testing"

func TestIgnoredIn(t *testing.T) {
	for text, want := range map[string]Ignored{
		"What to restore. Read-only members are ignored.":                {ReadOnly: true},
		"Creates a room. Read-only members in the body are ignored.":     {ReadOnly: true},
		"Read-only members (the ID, say) are ignored.":                   {ReadOnly: true},
		"Fields marked as readOnly will be silently ignored":             {ReadOnly: true},
		"The server ignores all unknown properties.":                     {Unknown: true},
		"Read-only members may be sent; they are ignored.":               {ReadOnly: true},
		"Unknown members may be sent. They are always ignored.":          {Unknown: true},
		"Members may be sent. They are ignored.":                         {},
		"Additional fields are\nignored; the name is needed.":            {Unknown: true},
		"Unknown and read-only members are ignored.":                     {ReadOnly: true},
		"Read-only fields and unknown fields are ignored.":               {ReadOnly: true, Unknown: true},
		"Unknown query parameters are ignored.":                          {},
		"Clients must ignore unknown members.":                           {},
		"Unknown members are to be ignored by clients.":                  {},
		"Read-only members are not ignored.":                             {},
		"Read-only members may be ignored.":                              {},
		"Read-only members are refused, unknown query names are ignored": {},
		"Extra members are ignored when the flag is set.":                {},
		"Additional properties. The order is ignored.":                   {},
	} {
		if got := ignoredIn(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
