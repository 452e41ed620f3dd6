package contract_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// served judges a mock over loopback, so that commands reach it.
func served(t *testing.T, path string, opts ...mock.Option) *contract.Report {
	t.Helper()
	doc, conv := loadDocument(t, path)
	opts = append([]mock.Option{mock.WithConventions(conv), mock.WithItems(120)}, opts...)
	s, err := mock.New(doc, append(parents(doc), opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	target, err := contract.NewTarget(server.URL, append(asked(doc), contract.Bearer("token"), credentials(path), contract.Write())...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, conv, target, checks.All())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// capricious are defects that show at times, or of which each request changes what the next ones get: a command that shows one may have to be run
// again, or against a server that is started anew.
var capricious = map[string]bool{"fails-at-times": true, "order-unstable": true, "delete-refused-kept": true, "retry-after-missing": true, "item-gone-at-times": true, "created-beside-lost": true, "answers-mixed": true, "names-raced": true, "match-raced": true,
	"created-fourth-lost": true, "total-wrong-at-times": true, "members-lost-at-times": true, "ties-unstable": true, "cursor-once": true, "delete-takes-more": true, "gzip-broken": true, "broken-at-times": true, "item-missing-at-times": true,
	"idempotency-key-answered": true, "idempotency-key-one": true, "idempotency-key-raced": true, "idempotency-key-unread": true, "read-lags": true, "open-at-times": true, "total-grows": true, "next-lost-at-times": true, "patches-raced": true,
	"nobody-without-password": true} // a nonce is good for one answer, or for a time

var statusLine = regexp.MustCompile(`(?m)^HTTP/[0-9.]+ ([0-9]{3})`)

// TestCommandsShow executes the commands of every finding that the text report prints, for every planted defect: the last of them is answered
// as the exchange says that the finding was found in.
func TestCommandsShow(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: make test runs the commands without the race detector")
	}
	for _, tool := range []string{"sh", "curl", "grep", "cut"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("skipped: this machine has no %s", tool)
		}
	}
	for _, d := range mock.Defects() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			ran := map[string]bool{}
			for _, path := range []string{shop, ""} { // the default document where the small one has no room for the defect
				if len(ran) > 0 {
					break
				}
				r := served(t, path, mock.WithDefect(d.Name))
				printed := text(t, r)
				for _, o := range r.Outcomes {
					for _, f := range o.Findings {
						script := strings.Join(f.Curl, "\n")
						if f.Level == contract.Advice || ran[script] || !strings.Contains(printed, f.Curl[len(f.Curl)-1]) {
							continue
						}
						ran[script] = true
						show(t, d.Name, o, f, script)
					}
				}
				if len(ran) == 0 && strings.Contains(printed, "  show ") {
					t.Error("no command was executed")
				}
			}
		})
	}
}

// show executes the commands of a finding.
func show(t *testing.T, defect string, o contract.Outcome, f contract.Finding, script string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, "sh", "-c", strings.ReplaceAll(script, "\ncurl", "\necho\ncurl")) // a body may end without a line feed
	command.Env = append(command.Environ(), "TROTH_DIGEST=public:private", "TROTH_HEADER_X_KEY=key", "TROTH_BEARER=token")
	out, err := command.Output()
	last := f.Exchanges[len(f.Exchanges)-1]
	statuses := statusLine.FindAllStringSubmatch(string(out), -1)
	switch {
	case last.Status == 0:
		if err == nil && len(statuses) > 0 && !capricious[defect] {
			t.Errorf("%s: answered, want none: %s", o.Case, script)
		}
	case len(statuses) == 0:
		t.Errorf("%s: %v, no answer to: %s\n%s", o.Case, err, script, out)
	case o.Check == "read-only-ignored" && statuses[len(statuses)-1][1] == "409": // the item that the run made has that ID
	case statuses[len(statuses)-1][1] != fmt.Sprint(last.Status) && !capricious[defect]:
		t.Errorf("%s: %s, want %d: %s", o.Case, statuses[len(statuses)-1][1], last.Status, script)
	}
}
