package convention

import "testing"

func TestCalledAs(t *testing.T) {
	for _, tt := range []struct {
		name, variable string
		want           bool
	}{
		{"runtimes", "runtime", true}, {"runtimes", "runtimeId", true}, {"runtimes", "runtime_name", true}, {"policies", "policy", true},
		{"organization", "orgId", true}, {"Meeting", "MeetingId", true},
		{"apiKey", "orgId", false}, {"projects", "runtime", false}, {"organization", "", false},
	} {
		if got := CalledAs(tt.name, tt.variable); got != tt.want {
			t.Errorf("%q for {%s}: %v, want %v", tt.name, tt.variable, got, tt.want)
		}
	}
}
