package mock

import (
	"fmt"
	"strings"
	"testing"
)

// teamsOf is a mock of the teams' document with parts replaced.
func teamsOf(t *testing.T, replaced ...string) *Server {
	t.Helper()
	d := parsed(t, strings.NewReplacer(replaced...).Replace(string(teams(t).Root.File.Data)))
	s, err := New(d, WithItems(5))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// teamNames are those of the teams, in order.
func teamNames(t *testing.T, s *Server) (list []string) {
	t.Helper()
	_, _, v := client{s}.do("GET", "/api/teams", "")
	for _, team := range member(v, "items").([]any) {
		list = append(list, fmt.Sprint(member(team, "name")))
	}
	return list
}

const (
	long  = "a name of twenty-two c"
	other = "one of twenty and more"
)

// TestAside gives back what did not fit a document meanwhile, at its place, and tells each drop once.
func TestAside(t *testing.T) {
	first := teamsOf(t)
	make := func(s *Server, name string) {
		if code, _, v := (client{s}).do("POST", "/api/teams", `{"name":"`+name+`"}`, "Content-Type", "application/json"); code != 201 {
			t.Fatal(code, v)
		}
	}
	url, _ := firstTeam(t, client{first})
	if code, _, v := (client{first}).do("PUT", url, `{"name":"`+other+`"}`, "Content-Type", "application/json"); code != 200 {
		t.Fatal(code, v)
	}
	make(first, "short")
	make(first, long)
	make(first, "new")
	want := teamNames(t, first)
	if fmt.Sprint(want[:4]) != fmt.Sprint([]string{"new", long, "short", other}) {
		t.Fatal(want)
	}
	narrow := func(s *Server) *Server {
		next := teamsOf(t, "maxLength: 30", "maxLength: 10")
		next.Adopt(s)
		return next
	}
	second := teamsOf(t, "maxLength: 30", "maxLength: 10")
	if dropped := second.Adopt(first); len(dropped) != 2 {
		t.Errorf("dropped %v", dropped)
	}
	third := teamsOf(t, "maxLength: 30", "maxLength: 9")
	if dropped := third.Adopt(second); len(dropped) != 0 {
		t.Errorf("told again: %v", dropped)
	}
	make(third, "newest")
	wide := teamsOf(t)
	if dropped := wide.Adopt(third); len(dropped) > 0 || fmt.Sprint(teamNames(t, wide)) != fmt.Sprint(append([]string{"newest"}, want...)) {
		t.Errorf("dropped %v, there are %v", dropped, teamNames(t, wide))
	}

	rewritten := narrow(first)
	if code, _, v := (client{rewritten}).do("PUT", url, `{"name":"own"}`, "Content-Type", "application/json"); code != 200 {
		t.Fatal(code, v)
	}
	wide = teamsOf(t)
	if wide.Adopt(rewritten); teamNames(t, wide)[1] != long || teamNames(t, wide)[3] != "own" {
		t.Errorf("what was written meanwhile is lost: %v", teamNames(t, wide))
	}
	deleted := narrow(first)
	if code, _, v := (client{deleted}).do("DELETE", url, ""); code != 204 {
		t.Fatal(code, v)
	}
	wide = teamsOf(t)
	if wide.Adopt(deleted); len(teamNames(t, wide)) != len(want)-1 {
		t.Errorf("what was deleted meanwhile is there: %v", teamNames(t, wide))
	}
	reset := narrow(first)
	reset.Reset()
	wide = teamsOf(t)
	if wide.Adopt(reset); fmt.Sprint(teamNames(t, wide)) != fmt.Sprint(teamNames(t, teamsOf(t))) {
		t.Errorf("a reset leaves something: %v", teamNames(t, wide))
	}
}

// TestAsideCollection gives back a collection, and what was issued, that the document did not have meanwhile.
func TestAsideCollection(t *testing.T) {
	first := teamsOf(t)
	_, _, made := client{first}.do("POST", "/api/teams", `{"name":"made"}`, "Content-Type", "application/json")
	child := "/api/teams/" + member(made, "id").(string) + "/members"
	client{first}.do("POST", child, `{"role":"owner"}`, "Content-Type", "application/json")
	_, _, want := client{first}.do("GET", child, "")
	without := teamsOf(t, "/members", "/fellows")
	if dropped := without.Adopt(first); len(dropped) != 1 || !strings.Contains(dropped[0].Error(), "/members") {
		t.Errorf("dropped %v", dropped)
	}
	wide := teamsOf(t)
	wide.Adopt(without)
	if _, _, got := (client{wide}).do("GET", child, ""); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("members %v, want %v", got, want)
	}
	if code, _, v := (client{without}).do("DELETE", "/api/teams/"+member(made, "id").(string), ""); code != 204 {
		t.Fatal(code, v)
	}
	wide = teamsOf(t)
	wide.Adopt(without)
	for _, c := range wide.State().Collections {
		if strings.Contains(c.Path, "members") {
			t.Errorf("members of a team that was deleted: %v", c)
		}
	}
}

// TestAsideBounded lays aside no more than a bound.
func TestAsideBounded(t *testing.T) {
	var a aside
	var dropped []drop
	for i := range maxAside + 5 {
		dropped = append(dropped, drop{issued: &IssuedItem{Path: "/exports", Item: Item{ID: itoa(i)}}})
	}
	a.lay(dropped)
	if state, known := a.added(State{}); len(state.Issued) != maxAside || len(known) != maxAside {
		t.Errorf("%d items, %d known", len(state.Issued), len(known))
	}
}
