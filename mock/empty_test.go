package mock

import (
	"net/http"
	"testing"
)

// TestWithEmpty wants nothing below a parent that was named as empty, and items below others.
func TestWithEmpty(t *testing.T) {
	c := newTeams(t, WithEmpty("teamId", "0a1b2c3d"), WithParam("teamId", "4e5f6a7b"))
	for team, want := range map[string]int{"0a1b2c3d": 0, "4e5f6a7b": 5} {
		code, _, v := c.do("GET", "/api/teams/"+team+"/members", "")
		body, _ := v.(map[string]any)
		if items, ok := body["data"].([]any); code != http.StatusOK || !ok || len(items) != want {
			t.Errorf("%s: %d %v, want %d members", team, code, v, want)
		}
	}
}
