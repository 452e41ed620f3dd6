package contract_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"troth/contract"
	"troth/mock"
)

// browser opens a tab of a headless Chromium; the test is skipped where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		t.Skip("skipped: this machine has no Chromium to look at the page with")
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) }) // waits for the browser to end, so that its directory can go
	do(t, ctx, chromedp.Steps())
	return ctx
}

// do runs steps in the tab.
func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// eval is the value of a script in the page.
func eval[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// script runs one, and lets the page settle.
func script(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.Evaluate[chromedp.Void](text), chromedp.Sleep(300*time.Millisecond))
}

// call is a command of the protocol.
func call[P, R any](t *testing.T, ctx context.Context, command cdp.Command[P, R], params P) R {
	t.Helper()
	r, err := chromedp.Call(ctx, command, params)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// written writes a report's page to a file and returns its URL.
func written(t *testing.T, r *contract.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.HTML(&b); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d cases, %d bytes", len(r.Outcomes), b.Len())
	name := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return "file://" + name
}

// watch collects what a page must not do: load something from elsewhere, or fail in its script.
func watch(t *testing.T, ctx context.Context) (complaints func() []string) {
	t.Helper()
	var mu sync.Mutex
	var list []string
	add := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		list = append(list, fmt.Sprintf(format, args...))
	}
	call(t, ctx, network.Enable, network.EnableParams{})
	call(t, ctx, runtime.Enable, cdp.Empty{})
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; !strings.HasPrefix(u, "file://") && !strings.HasPrefix(u, "data:") {
				add("it loads %s", u)
			}
		case *runtime.EventExceptionThrown:
			add("its script fails: %v", e.ExceptionDetails)
		case *runtime.EventConsoleAPICalled:
			add("its script says %s", e.Type)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return list
	}
}

// screenshot keeps a picture where TROTH_SCREENSHOTS names a directory.
func screenshot(t *testing.T, ctx context.Context, name string) []byte {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("TROTH_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return png
}

// visible counts the elements of a selector that are shown.
const visible = `[...document.querySelectorAll(%q)].filter(e => e.offsetParent !== null).length`

func count(t *testing.T, ctx context.Context, selector string) int {
	t.Helper()
	return eval[int](t, ctx, fmt.Sprintf(visible, selector))
}

// set gives a control a value as a user would, and waits for the filter.
func set(t *testing.T, ctx context.Context, selector, value string) {
	t.Helper()
	do(t, ctx, script(fmt.Sprintf(`(e => { e.value = %q; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); })(document.querySelector(%q))`, value, selector)))
}

// TestHTML opens the page of a broken server in a browser, filters it, and looks at it in light and dark, wide and narrow.
func TestHTML(t *testing.T) {
	ctx := browser(t)
	r := run(t, shop, mock.WithDefect("stack-trace"))
	complaints := watch(t, ctx)
	do(t, ctx, chromedp.EmulateViewport(1440, 1000), chromedp.Navigate(written(t, r)))
	operations, findings := len(r.Operations), count(t, ctx, ".finding")
	if findings == 0 || count(t, ctx, "#matrix tbody tr") != operations || count(t, ctx, "#matrix td.f a") != r.Summary.Failed {
		t.Errorf("%d findings, %d rows of %d operations, %d links of %d failed cases", findings, count(t, ctx, "#matrix tbody tr"), operations, count(t, ctx, "#matrix td.f a"), r.Summary.Failed)
	}
	light := screenshot(t, ctx, "light")
	set(t, ctx, "#query", "listOrders")
	if rows := count(t, ctx, "#matrix tbody tr"); rows == 0 || rows >= operations {
		t.Errorf("filtered by an operation: %d of %d rows", rows, operations)
	}
	set(t, ctx, "#query", "error-leak")
	if n := count(t, ctx, "#matrix thead th"); n != 2 {
		t.Errorf("filtered by a check: %d columns, want the operations and one check", n)
	}
	set(t, ctx, "#query", "nothing has this text")
	if n := count(t, ctx, ".finding") + count(t, ctx, "#matrix tbody tr"); n != 0 {
		t.Errorf("filtered by nonsense: %d findings and rows", n)
	}
	set(t, ctx, "#query", "")
	set(t, ctx, "#verdict", "f")
	if rows := count(t, ctx, "#matrix tbody tr"); rows == 0 || rows > operations {
		t.Errorf("with failed cases: %d rows", rows)
	}
	set(t, ctx, "#verdict", "")
	do(t, ctx, script(`document.querySelectorAll("input[name=level]").forEach(e => e.click())`))
	if n := count(t, ctx, ".finding"); n != 0 {
		t.Errorf("without levels: %d findings", n)
	}
	do(t, ctx, script(`document.querySelectorAll("input[name=level]").forEach(e => e.click()); document.querySelectorAll("#findings details").forEach(e => e.open = true)`))
	if count(t, ctx, ".exchange pre") < 2*findings {
		t.Errorf("%d parts of exchanges for %d findings", count(t, ctx, ".exchange pre"), findings)
	}
	call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	if dark := screenshot(t, ctx, "dark"); bytes.Equal(light, dark) {
		t.Error("dark is light")
	}
	if background := eval[string](t, ctx, `getComputedStyle(document.body).backgroundColor`); background != "rgb(15, 19, 24)" {
		t.Errorf("dark is %s", background)
	}
	named(t, ctx)
	do(t, ctx, chromedp.EmulateViewport(390, 800))
	if narrow := eval[int](t, ctx, `document.documentElement.scrollWidth`); narrow > 390 {
		t.Errorf("on a screen of 390 the page is %d wide: %s", narrow, eval[string](t, ctx, `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > 400 && !e.closest(".scroll, pre, .inputs")).map(e => e.tagName + "." + e.className).slice(0, 5).join(" ")`))
	}
	screenshot(t, ctx, "narrow")
	if list := complaints(); len(list) > 0 {
		t.Errorf("the page misbehaves: %s", list)
	}
}

// named wants a name of every control and region: what a screen reader says.
func named(t *testing.T, ctx context.Context) {
	t.Helper()
	nodes := call(t, ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes
	controls := 0
	for _, n := range nodes {
		if n.Role == nil || n.Ignored {
			continue
		}
		switch role := string(n.Role.Value); role {
		case `"button"`, `"link"`, `"searchbox"`, `"checkbox"`, `"combobox"`, `"region"`, `"columnheader"`, `"rowheader"`, `"meter"`, `"heading"`:
			controls++
			if n.Name == nil || len(n.Name.Value) <= 2 {
				t.Errorf("a %s has no name", role)
			}
		}
	}
	if controls < 30 {
		t.Errorf("%d controls in the tree of accessibility", controls)
	}
}

// large is a report of about 10,000 cases, some of each verdict.
func large() *contract.Report {
	r := &contract.Report{Format: 1, Tool: "troth", Document: contract.ReportedDocument{Title: "A large API", Version: "1", SHA256: strings.Repeat("0", 64)}, Target: "http://127.0.0.1:1"}
	for i := range 40 {
		r.Checks = append(r.Checks, contract.ReportedCheck{ID: fmt.Sprintf("check-%02d", i), Promise: "A promise is kept.", Why: "Somebody relies on it.", Source: "a clause", Level: contract.Must})
	}
	for i := range 540 {
		op := contract.ReportedOperation{ID: fmt.Sprintf("operation%03d", i), Method: "GET", Path: fmt.Sprintf("/api/things%d/{thingId}", i), Source: fmt.Sprintf("api.yaml:%d", i+1)}
		r.Operations = append(r.Operations, op)
		for j, c := range r.Checks {
			if (i+j)%2 == 0 {
				r.Outcomes = append(r.Outcomes, largeOutcome(op, c, i*len(r.Checks)+j))
			}
		}
	}
	return r
}

func largeOutcome(op contract.ReportedOperation, c contract.ReportedCheck, n int) contract.Outcome {
	o := contract.Outcome{Case: op.ID + "/" + c.ID, Operation: op.ID, Check: c.ID, Order: n, Level: c.Level, Verdict: contract.Pass}
	switch {
	case n%50 == 0:
		o.Verdict = contract.Fail
		o.Findings = []contract.Finding{{Level: c.Level, Where: "body", Pointer: fmt.Sprintf("/member%d", n), Keyword: "type", Want: "a string", Got: fmt.Sprint(n), Source: op.Source, Curl: []string{"curl -i 'http://127.0.0.1:1/'"}}}
	case n%7 == 0:
		o.Verdict, o.Reason = contract.Skipped, "the collection holds none"
	case n%11 == 0:
		o.Verdict, o.Reason = contract.Error, fmt.Sprintf("the ordinary request was answered %d", 400+n%20)
	}
	return o
}

// TestLargeHTML filters a page of 10,000 cases.
func TestLargeHTML(t *testing.T) {
	ctx := browser(t)
	r := large()
	url := written(t, r)
	info, err := os.Stat(strings.TrimPrefix(url, "file://"))
	if err != nil || info.Size() > 4<<20 || len(r.Outcomes) < 10_000 {
		t.Errorf("%d cases in %v: %v", len(r.Outcomes), info, err)
	}
	do(t, ctx, chromedp.EmulateViewport(1440, 1000), chromedp.Navigate(url))
	screenshot(t, ctx, "large")
	set(t, ctx, "#query", "operation111")
	if n := count(t, ctx, "#matrix tbody tr"); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
	do(t, ctx, script(`document.querySelector("#matrix").scrollIntoView()`))
	screenshot(t, ctx, "large-filtered")
	set(t, ctx, "#query", "")
	do(t, ctx, script(`document.querySelector("#matrix").scrollIntoView()`))
	screenshot(t, ctx, "large-matrix")
}
