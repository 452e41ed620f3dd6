package checks

import (
	"testing"
	"time"
)

func TestDeprecation(t *testing.T) {
	for text, want := range map[string]int64{"@1688169599": 1688169599, "Fri, 30 Jun 2023 23:59:59 GMT": 1688169599, "": 0, "@soon": 0, "1688169599": 0, "true": 0} {
		at, ok := deprecation(text)
		if ok != (want != 0) || ok && !at.Equal(time.Unix(want, 0)) {
			t.Errorf("%q: %v %v", text, at, ok)
		}
	}
}
