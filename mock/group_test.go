package mock

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// TestReplace replaces a server while clients write and read: no request fails, nothing that was written is lost.
func TestReplace(t *testing.T) {
	make := func() *Server {
		s, err := New(teams(t), WithItems(5))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	g := NewGroup(make())
	const name = "kept"
	code, _, v := client{g}.do("POST", "/api/teams", `{"name":"`+name+`"}`)
	if code != 201 {
		t.Fatal(code, v)
	}
	url := "/api/teams/" + member(v, "id").(string)
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for range 200 {
				if code, _, v := (client{g}).do("GET", url, ""); code != 200 || member(v, "name") != name {
					t.Errorf("%d %v", code, v)
					return
				}
			}
		})
	}
	clients.Go(func() {
		for range 50 {
			code, _, v := client{g}.do("POST", "/api/teams", `{"name":"more"}`)
			if code != 201 {
				t.Errorf("%d %v", code, v)
				return
			}
			id := member(v, "id").(string)
			if code, _, v := (client{g}).do("GET", "/api/teams/"+id, ""); code != 200 {
				t.Errorf("a write was lost: %d %v", code, v)
			}
		}
	})
	for range 20 {
		if dropped := g.Replace(0, make()); len(dropped) > 0 {
			t.Error(dropped)
		}
	}
	clients.Wait()
}

// TestGroup sends each request to the document that has its path, and asks which one is meant where that cannot be told.
func TestGroup(t *testing.T) {
	shopServer, err := New(shop(t), WithoutAuth())
	if err != nil {
		t.Fatal(err)
	}
	teamServer, err := New(teams(t))
	if err != nil {
		t.Fatal(err)
	}
	g := NewGroup(shopServer, teamServer)
	for target, want := range map[string]int{"/plain": 200, "/v1/plain": 200, "/api/teams": 200, "/nothing": 404} {
		if code, _, v := (client{g}).do("GET", target, ""); code != want {
			t.Errorf("%s: %d %v", target, code, v)
		}
	}
	admin := func(target string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		g.Admin().ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		return w
	}
	if w := admin("/_troth/health"); w.Code != 200 || !strings.Contains(w.Body.String(), shopServer.doc.Title) || !strings.Contains(w.Body.String(), teamServer.doc.Title) {
		t.Error(w.Code, w.Body)
	}
	if w := admin("/_troth/state"); w.Code != 400 || !strings.Contains(w.Body.String(), "teams.yaml") {
		t.Error(w.Code, w.Body)
	}
	if w := admin("/_troth/health?document=1"); w.Code != 200 || !strings.Contains(w.Body.String(), teamServer.doc.Title) {
		t.Error(w.Code, w.Body)
	}
}
