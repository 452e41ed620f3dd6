package contract_test

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// judged judges the default list at a URL.
func judged(t *testing.T, rawURL string) *contract.Report {
	t.Helper()
	doc, conv := loadDocument(t, "")
	target, err := contract.NewTarget(rawURL, credentials(""))
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, conv, target, checks.All(), contract.Only("listServerlessRestoreJobs/*"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestBrokenHeader wants connections that break in the middle of the header told, once and with their rate.
func TestBrokenHeader(t *testing.T) {
	doc, conv := loadDocument(t, "")
	s, err := mock.New(doc, mock.WithConventions(conv))
	if err != nil {
		t.Fatal(err)
	}
	var count atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if count.Add(1)%9 != 0 {
			s.ServeHTTP(w, r)
			return
		}
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Ty"))
			_ = conn.Close()
		}
	}))
	defer server.Close()
	r, told := judged(t, server.URL), 0
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			if o.Check == "not-a-server-error" {
				if told++; f.Where != "connection" {
					t.Errorf("%s: %s", f.Where, f.Got)
				}
			}
		}
	}
	if told != 1 {
		t.Errorf("told %d times\n%s", told, text(t, r))
	}
}

// TestHeadWithContent wants content behind the header of answers to HEAD found, and no other.
func TestHeadWithContent(t *testing.T) {
	doc, conv := loadDocument(t, "")
	s, err := mock.New(doc, mock.WithConventions(conv))
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"", "{}"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			s.ServeHTTP(answer, r)
			if r.Method != http.MethodHead || answer.Code != http.StatusOK {
				maps.Copy(w.Header(), answer.Header())
				w.WriteHeader(answer.Code)
				_, _ = w.Write(answer.Body.Bytes())
				return
			}
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_, _ = fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\n")
				_ = answer.Header().Write(conn)
				_, _ = fmt.Fprint(conn, "\r\n", content)
				_ = conn.Close()
			}
		}))
		found := false
		for _, o := range judged(t, server.URL).Outcomes {
			for _, f := range o.Findings {
				found = found || o.Check == "head-equals-get" && f.Where == "content of HEAD"
			}
		}
		if server.Close(); found != (content != "") {
			t.Errorf("content %q: found %t", content, found)
		}
	}
}

// TestNeverAnswered wants nothing found where connections are taken and closed.
func TestNeverAnswered(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4096))
			_ = conn.Close()
		}
	}()
	if r := judged(t, "http://"+l.Addr().String()); r.ExitCode(contract.Advice) != contract.ExitUnsure {
		t.Errorf("exit %d\n%s", r.ExitCode(contract.Advice), text(t, r))
	}
}
