package contract_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"troth/contract"
)

// tallies puts into crates how many things they hold: those of the list, but for what one kind of change brought.
type tallies struct {
	next  http.Handler
	blind string // method whose changes are not counted, "new" for those in new crates, "one" for one thing of each crate that is not

	mu   sync.Mutex
	off  map[string]int // by which the count is wrong
	made map[string]int
	new  map[string]bool
}

func (s *tallies) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	segments := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(segments) > 2 {
		got := &statusOf{ResponseWriter: w, status: http.StatusOK}
		s.next.ServeHTTP(got, r)
		s.note(r.Method, segments[1], got.status)
		return
	}
	answer := httptest.NewRecorder()
	s.next.ServeHTTP(answer, r)
	body := answer.Body.Bytes()
	if r.Method == http.MethodPost {
		s.noteNew(body)
	}
	if r.Method == http.MethodGet && answer.Code == http.StatusOK {
		body = s.tallied(body, r.Header)
	}
	for name, values := range answer.Header() {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(body)
}

func (s *tallies) noteNew(body []byte) {
	var one struct{ ID string }
	if json.Unmarshal(body, &one) == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.new[one.ID] = true
	}
}

func (s *tallies) note(method, crate string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if status != http.StatusCreated && status != http.StatusNoContent {
		return
	}
	step := map[string]int{http.MethodPost: -1, http.MethodDelete: 1}[method]
	if s.made[crate] -= min(step, 0); method == s.blind {
		s.off[crate] += step
	}
}

func (s *tallies) tallied(body []byte, header http.Header) []byte {
	var one map[string]any
	if json.Unmarshal(body, &one) == nil {
		s.tally(one, header)
		body, _ = json.Marshal(one)
		return body
	}
	var list []map[string]any
	if json.Unmarshal(body, &list) != nil {
		return body
	}
	for _, crate := range list {
		s.tally(crate, header)
	}
	body, _ = json.Marshal(list)
	return body
}

func (s *tallies) tally(crate map[string]any, header http.Header) {
	id, _ := crate["id"].(string)
	r := httptest.NewRequest(http.MethodGet, "http://mock.example/crates/"+id+"/things?limit=50", nil)
	r.Header = http.Header{"Authorization": header.Values("Authorization")}
	answer := httptest.NewRecorder()
	s.next.ServeHTTP(answer, r)
	var total int
	if json.Unmarshal([]byte(answer.Header().Get("X-Total-Count")), &total) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	crate["thingCount"], crate["things_made"] = total+s.off[id], total+s.made[id]
	if s.blind == "new" && s.new[id] {
		crate["thingCount"] = 0
	}
	if s.blind == "one" && total > 0 && !s.new[id] {
		crate["thingCount"] = total - 1
	}
}

// statusOf remembers the status of an answer.
type statusOf struct {
	http.ResponseWriter
	status int
}

func (w *statusOf) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// TestParentCounts judges an item that says how many stand below it, on servers that count right, that do not see one kind of change, and that say
// a number of their own.
func TestParentCounts(t *testing.T) {
	for blind, want := range map[string]bool{"": false, http.MethodDelete: true, http.MethodPost: true, "new": true, "one": true, "no count": false} {
		r := behind(t, "testdata/crates.yaml", []contract.Option{contract.Only("createThing/deleted-gone")}, func(h http.Handler) http.Handler {
			if blind == "no count" {
				return h
			}
			return &tallies{next: h, blind: blind, off: map[string]int{}, made: map[string]int{}, new: map[string]bool{}}
		})
		if found := countFound(r); found != want {
			t.Errorf("not counted %q: found %v, want %v\n%s", blind, found, want, text(t, r))
		}
	}
}

func countFound(r *contract.Report) (found bool) {
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			found = found || o.Check == "deleted-gone" && f.Keyword == "count" && strings.HasSuffix(f.Pointer, "/thingCount")
		}
	}
	return found
}
