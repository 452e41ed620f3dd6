package mock

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"troth/openapi"
)

// TestWebhook sends a webhook when it is asked for.
func TestWebhook(t *testing.T) {
	var got received
	receiver := httptest.NewServer(&got)
	defer receiver.Close()
	s := jobs(t, WithAdmin(), WithWebhooks(receiver.URL+"/teapot", nil, nil))
	if code, _, v := (client{s}).do("POST", "/_troth/webhooks/jobFailed", ""); code != 502 || !strings.Contains(member(v, "detail").(string), "418") {
		t.Errorf("%d %v", code, v)
	}
	if code, _, v := (client{s}).do("POST", "/_troth/webhooks/none", ""); code != 404 || !strings.Contains(member(v, "detail").(string), "jobFailed") {
		t.Errorf("%d %v", code, v)
	}
	if len(got.bodies) != 1 || !strings.Contains(got.bodies[0], "<done>") {
		t.Errorf("%q", got.bodies)
	}
}

func pets(t testing.TB, opts ...Option) *Server {
	t.Helper()
	d, err := openapi.Load("testdata/pets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(d, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sent are the method, path and body of what was received so far, sorted, and forgets them.
func (r *received) sent() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []string
	for i, q := range r.requests {
		list = append(list, q.Method+" "+q.URL.Path+" "+r.bodies[i])
	}
	r.requests, r.bodies = nil, nil
	slices.Sort(list)
	return list
}

// told is what a webhook told of a pet.
type told struct {
	ID, Name, Event string
	Data            struct{ Object struct{ ID, Name string } }
}

func read(t *testing.T, sent string) (v told) {
	t.Helper()
	_, body, _ := strings.Cut(sent, "{")
	if err := json.Unmarshal([]byte("{"+body), &v); err != nil {
		t.Fatal(sent, err)
	}
	return v
}

// TestWebhooksAfterWrites: a webhook goes out when what it tells of is written, with the item in it, and for nothing else.
func TestWebhooksAfterWrites(t *testing.T) {
	var got received
	receiver := httptest.NewServer(&got)
	defer receiver.Close()
	var failed []Delivery
	s := pets(t, WithWebhooks(receiver.URL+"/hook", nil, func(d Delivery) {
		if d.Err != nil || d.Status != 204 && d.Status != 200 {
			failed = append(failed, d)
		}
	}))
	receiver.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.ServeHTTP(httptest.NewRecorder(), r) // which answers 204, undeclared
		w.WriteHeader(http.StatusOK)
	})
	_, _, made := client{s}.do("POST", "/pets", `{"name":"Rex"}`)
	s.Wait()
	sent, id := got.sent(), member(made, "id").(string)
	if len(sent) != 2 || !strings.HasPrefix(sent[0], "POST /hook ") || !strings.HasPrefix(sent[1], "PUT /hook ") {
		t.Fatalf("after POST: %q", sent)
	}
	if pet := read(t, sent[0]); pet.ID != id || pet.Name != "Rex" {
		t.Errorf("newPet told %+v, want %s Rex", pet, id)
	}
	if e := read(t, sent[1]); e.Event != "pet.created" || e.Data.Object.ID != id || e.Data.Object.Name != "Rex" {
		t.Errorf("events told %+v", e)
	}
	client{s}.do("PATCH", "/pets/"+id, `{"name":"Max"}`)
	s.Wait()
	if sent = got.sent(); len(sent) != 1 || read(t, sent[0]).Event != "pet.updated" || read(t, sent[0]).Data.Object.Name != "Max" {
		t.Errorf("after PATCH: %q", sent)
	}
	client{s}.do("DELETE", "/pets/"+id, "")
	s.Wait()
	if sent = got.sent(); len(sent) != 2 || read(t, sent[0]).ID != id || read(t, sent[0]).Name != "Max" || read(t, sent[1]).Event != "pet.deleted" {
		t.Errorf("after DELETE: %q", sent)
	}
	client{s}.do("GET", "/pets", "")
	client{s}.do("POST", "/pets", `{"name":7}`)
	client{s}.do("DELETE", "/pets/none", "")
	if s.Wait(); len(got.sent())+len(failed) > 0 {
		t.Errorf("after what wrote nothing: %q, failed: %v", got.sent(), failed)
	}
}

// TestRegisteredReceivers: with callbacks on, webhooks go to the URLs that clients registered, as long as they are.
func TestRegisteredReceivers(t *testing.T) {
	var got received
	receiver := httptest.NewServer(&got)
	defer receiver.Close()
	s := pets(t, WithCallbacks(nil, nil))
	client{s}.do("POST", "/pets", `{"name":"Rex"}`)
	if s.Wait(); len(got.sent()) > 0 {
		t.Error("sent before anybody registered")
	}
	code, _, made := client{s}.do("POST", "/subscriptions", `{"callbackUrl":"`+receiver.URL+`/mine"}`)
	if code != 201 {
		t.Fatal(code, made)
	}
	client{s}.do("POST", "/pets", `{"name":"Rex"}`)
	s.Wait()
	if sent := got.sent(); len(sent) != 2 || !strings.HasPrefix(sent[0], "POST /mine ") {
		t.Errorf("%q", sent)
	}
	next := pets(t, WithCallbacks(nil, nil))
	next.Adopt(s)
	client{next}.do("POST", "/pets", `{"name":"Rex"}`)
	if next.Wait(); len(got.sent()) != 2 {
		t.Error("the receiver was lost with the document")
	}
	client{s}.do("DELETE", "/subscriptions/"+member(made, "id").(string), "")
	client{s}.do("POST", "/pets", `{"name":"Rex"}`)
	if s.Wait(); len(got.sent()) > 0 {
		t.Error("sent to who unsubscribed")
	}
	next.Reset()
	client{next}.do("POST", "/pets", `{"name":"Rex"}`)
	if next.Wait(); len(got.sent()) > 0 {
		t.Error("sent after a reset")
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		name, route string
		want        bool
	}{
		{"newPet", "/pets", true}, {"pet.updated", "/v1/pets/{petId}", true}, {"repositoryStarred", "/repositories", true},
		{"order-line.created", "/orders/{id}/order-lines", true}, {"lineCreated", "/orders/{id}/order-lines", false},
		{"newPetition", "/pets", false}, {"address_changed", "/addresses/{id}", true}, {"maintenance", "/pets", false},
	} {
		if got := names(split(c.name), c.route); got != c.want {
			t.Errorf("names(%s, %s) is %t", c.name, c.route, got)
		}
	}
}
