package mock

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"troth/openapi"
)

func teams(t testing.TB) *openapi.Document {
	t.Helper()
	d, err := openapi.Load("testdata/teams.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if errs, unchecked := d.CompileAll(); len(errs)+len(unchecked) > 0 {
		t.Fatal(errs, unchecked)
	}
	return d
}

// client sends requests to a handler in process.
type client struct{ h http.Handler }

func (c client) do(method, url, body string, headers ...string) (int, http.Header, any) {
	r := httptest.NewRequest(method, url, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	var v any
	_ = json.Unmarshal(w.Body.Bytes(), &v)
	return w.Code, w.Header(), v
}

// TestModel runs random sequences of writes and reads of 64 clients, each in a team of its own, against a map each: every client
// reads its own writes and nobody else's.
func TestModel(t *testing.T) {
	s, err := New(teams(t), WithItems(5))
	if err != nil {
		t.Fatal(err)
	}
	var clients sync.WaitGroup
	for n := range 64 {
		clients.Go(func() {
			if err := model(client{s}, n); err != nil {
				t.Errorf("client %d: %v", n, err)
			}
		})
	}
	clients.Wait()
}

func model(c client, n int) error {
	code, _, made := c.do("POST", "/api/teams", fmt.Sprintf(`{"name":"team %d"}`, n), "Content-Type", "application/json")
	if code != 201 {
		return fmt.Errorf("team: %d %v", code, made)
	}
	url := "/api/teams/" + made.(map[string]any)["id"].(string)
	members := map[string]string{} // role by ID
	dice := rand.New(rand.NewPCG(1, uint64(n)))
	roles := []string{"owner", "editor", "reader"}
	for step := range 60 {
		var err error
		switch dice.IntN(4) {
		case 0, 1:
			err = addMember(c, url, roles[dice.IntN(3)], members)
		case 2:
			err = dropMember(c, url, members)
		case 3:
			err = checkMembers(c, url, members)
		}
		if err == nil {
			err = renameTeam(c, url, fmt.Sprintf("n%d-%d", n, step), dice.IntN(3))
		}
		if err != nil {
			return fmt.Errorf("step %d: %w", step, err)
		}
	}
	return checkMembers(c, url, members)
}

func addMember(c client, url, role string, members map[string]string) error {
	code, _, v := c.do("POST", url+"/members", `{"role":"`+role+`"}`, "Content-Type", "application/json")
	object, _ := v.(map[string]any)
	id := fmt.Sprint(object["id"])
	if _, taken := members[id]; code != 201 || taken || object["role"] != role {
		return fmt.Errorf("create: %d %v", code, v)
	}
	members[id] = role
	return nil
}

func dropMember(c client, url string, members map[string]string) error {
	for id := range members {
		if code, _, v := c.do("DELETE", url+"/members/"+id, ""); code != 204 {
			return fmt.Errorf("delete %s: %d %v", id, code, v)
		}
		if code, _, _ := c.do("GET", url+"/members/"+id, ""); code != 404 {
			return fmt.Errorf("deleted %s is answered %d", id, code)
		}
		delete(members, id)
		return nil
	}
	return nil
}

func checkMembers(c client, url string, members map[string]string) error {
	seen, cursor := map[string]string{}, ""
	for {
		code, _, v := c.do("GET", url+"/members?limit=3&after="+cursor, "")
		body, _ := v.(map[string]any)
		if code != 200 {
			return fmt.Errorf("list: %d %v", code, v)
		}
		for _, item := range body["data"].([]any) {
			object := item.(map[string]any)
			seen[fmt.Sprint(object["id"])] = object["role"].(string)
		}
		meta := body["meta"].(map[string]any)
		if meta["count"] != float64(len(members)) || meta["limit"] != 3.0 {
			return fmt.Errorf("meta %v, want %d members by 3", meta, len(members))
		}
		if cursor, _ = meta["nextCursor"].(string); cursor == "" {
			break
		}
	}
	if !reflect.DeepEqual(seen, members) {
		return fmt.Errorf("listed %v, want %v", seen, members)
	}
	return nil
}

// renameTeam changes the team by PUT, merge patch or JSON Patch and reads it back.
func renameTeam(c client, url, name string, how int) error {
	var code int
	var v any
	switch how {
	case 0:
		code, _, v = c.do("PUT", url, `{"name":"`+name+`"}`, "Content-Type", "application/json")
	case 1:
		code, _, v = c.do("PATCH", url, `{"name":"`+name+`"}`, "Content-Type", "application/merge-patch+json")
	default:
		code, _, v = c.do("PATCH", url, `[{"op":"replace","path":"/name","value":"`+name+`"}]`, "Content-Type", "application/json-patch+json")
	}
	if code != 200 {
		return fmt.Errorf("rename: %d %v", code, v)
	}
	_, _, read := c.do("GET", url, "")
	if object, _ := read.(map[string]any); object["name"] != name || !reflect.DeepEqual(read, v) {
		return fmt.Errorf("read %v, wrote %v", read, v)
	}
	return nil
}
