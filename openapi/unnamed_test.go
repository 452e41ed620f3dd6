package openapi

import "testing"

func TestUnnamed(t *testing.T) {
	tests := map[string]string{
		"/jobs":                     "/jobs",
		"/jobs/{id}":                "/jobs/{}",
		"/{a}/x-{b}:verb":           "/{}/x-{}:verb",
		"/jobs/{id}/parts/{partId}": "/jobs/{}/parts/{}",
		"/open/{id":                 "/open/{id",
		"/back/}{":                  "/back/}{",
	}
	for template, want := range tests {
		if got := Unnamed(template); got != want {
			t.Errorf("%s: %s, want %s", template, got, want)
		}
	}
}
