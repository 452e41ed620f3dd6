package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

// printPlan prints every request of a run. They are those that the cases themselves send to a healthy server, which the built-in mock of the
// document stands in for, in process: nothing is sent to the target. A second rehearsal with other items shows which of them depend on
// what the server answers.
func (f *testFlags) printPlan(ctx context.Context, out io.Writer, doc *openapi.Document, conv *convention.Conventions, opts []contract.Option) error {
	first, err := f.rehearse(ctx, doc, conv, opts, mock.WithSeed(f.seed))
	if err != nil {
		return err
	}
	second, err := f.rehearse(ctx, doc, conv, opts, mock.WithSeed(f.seed+1), mock.WithItems(otherItems))
	if err != nil {
		return err
	}
	first.compare(second)
	to := first.report.Target // without credentials
	if f.target == "" {
		to = "the built-in mock"
	}
	return first.print(out, to)
}

// otherItems is how many items a list of the second rehearsal holds: fewer than a page of most, and than the mock has else.
const otherItems = 40

// rehearsal is a run against the built-in mock, with what it sent.
type rehearsal struct {
	report *contract.Report
	sent   map[string][]*planned // by case
	all    []*planned
}

// planned is one request of a plan.
type planned struct {
	*contract.Exchange
	number  int
	depends string // what of the answers before it depends on, "" where on nothing
}

func (f *testFlags) rehearse(ctx context.Context, doc *openapi.Document, conv *convention.Conventions, opts []contract.Option, mocked ...mock.Option) (*rehearsal, error) {
	target, err := f.stage(doc, conv, mocked)
	if err != nil {
		return nil, err
	}
	r := &rehearsal{sent: map[string][]*planned{}}
	note := func(name string, x *contract.Exchange) {
		p := &planned{Exchange: x, number: len(r.all) + 1}
		r.sent[name], r.all = append(r.sent[name], p), append(r.all, p)
	}
	opts = append(slices.Clone(opts), contract.Trace(note), contract.Shrinks(0), contract.Rate(0))
	r.report, err = contract.Run(ctx, doc, conv, target, checks.All(), opts...)
	return r, err
}

// stage is the mock under the target's URL: with the values that the flags name, and what they allow.
func (f *testFlags) stage(doc *openapi.Document, conv *convention.Conventions, mocked []mock.Option) (*contract.Target, error) {
	mocked = append(mocked, mock.WithConventions(conv))
	opts, err := f.stageCredentials(doc)
	if err != nil {
		return nil, err
	}
	for _, known := range []struct {
		flag   string
		values []string
		mocked func(name, value string) mock.Option
		target func(name, value string) contract.TargetOption
	}{{"--param", f.params, mock.WithParam, contract.Param}, {"--empty", f.empty, mock.WithEmpty, contract.Empty}} {
		there, err := named(known.flag, known.values, known.mocked)
		if err != nil {
			return nil, err
		}
		given, err := named(known.flag, known.values, known.target)
		if err != nil {
			return nil, err
		}
		mocked, opts = append(mocked, there...), append(opts, given...)
	}
	if f.write || f.target == "" {
		opts = append(opts, contract.Write())
	}
	server, err := mock.New(doc, mocked...)
	if err != nil {
		return nil, err
	}
	url := f.target
	if url == "" {
		url = "http://mock.example"
	}
	return contract.NewTarget(url, append(opts, contract.Handler(below(url, server)))...)
}

// stageCredentials are those of the mock, of the kinds that the flags and the environment give; where they give none, of every kind.
func (f *testFlags) stageCredentials(doc *openapi.Document) ([]contract.TargetOption, error) {
	var opts []contract.TargetOption
	for _, kind := range []struct {
		given string
		opt   contract.TargetOption
	}{
		{or(f.bearer, "TROTH_BEARER"), contract.Bearer("token")},
		{or(f.digest, "TROTH_DIGEST"), contract.Digest("public", "private")},
		{or(f.basic, "TROTH_BASIC"), contract.Basic("public", "private")},
		{or(f.oauth, "TROTH_OAUTH"), contract.OAuth("public", "private")},
	} {
		if kind.given != "" {
			opts = append(opts, kind.opt)
		}
	}
	if name, _, ok := strings.Cut(or(f.apiKey, "TROTH_API_KEY"), "="); ok {
		opts = append(opts, contract.APIKey(name, "key"))
	}
	if len(opts) == 0 {
		return contract.ForSchemes(doc, "public", "private", "token", "key")
	}
	return opts, nil
}

// below serves the mock where a URL has its paths.
func below(rawURL string, server http.Handler) http.Handler {
	target, err := http.NewRequest(http.MethodGet, rawURL, nil)
	if err != nil {
		return server // the target refuses it
	}
	prefix := strings.TrimRight(target.URL.Path, "/")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if prefix != "" && strings.HasPrefix(r.URL.Path, prefix+"/") {
			http.StripPrefix(prefix, server).ServeHTTP(w, r)
			return
		}
		server.ServeHTTP(w, r)
	})
}

// print writes the plan: the cases with what each sends that was not sent before.
func (r *rehearsal) print(out io.Writer, target string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Requests to %s, as a healthy server would be asked. The same request is sent once, for the first case that needs it.\n\n", target)
	if len(r.sent[""]) > 0 {
		b.WriteString("before the cases: what they ask below is made\n")
	}
	for _, p := range r.sent[""] {
		p.print(&b)
	}
	for _, o := range r.report.Outcomes {
		fmt.Fprintf(&b, "%s (%s): %s\n", o.Case, r.report.Check(o.Check).Level, r.report.Check(o.Check).Promise)
		switch {
		case o.Verdict == contract.Skipped:
			fmt.Fprintf(&b, "      skipped: %s\n", o.Reason)
		case o.Verdict == contract.Error:
			fmt.Fprintf(&b, "      cannot be judged: %s\n", o.Reason)
		case len(r.sent[o.Case]) == 0:
			b.WriteString("      judges answers to the requests of other cases\n")
		}
		for _, p := range r.sent[o.Case] {
			p.print(&b)
		}
	}
	fmt.Fprintf(&b, "\n%d requests, %d cases\n", len(r.all), len(r.report.Outcomes))
	_, err := io.WriteString(out, b.String())
	return err
}

func (p *planned) print(b *strings.Builder) {
	fmt.Fprintf(b, "%5d %s %s  (%s)\n", p.number, p.Method, requestURI(p.URL), p.Name)
	if p.Anonymous() {
		b.WriteString("      without the target's credentials\n")
	}
	for _, name := range slices.Sorted(maps.Keys(p.Sent)) {
		for _, value := range p.Sent[name] {
			fmt.Fprintf(b, "      %s: %s\n", name, steady(value))
		}
	}
	if p.SentBody != "" {
		fmt.Fprintf(b, "      body: %s\n", counted(p.SentBody))
	}
	if p.depends != "" {
		fmt.Fprintf(b, "      depends on %s\n", p.depends)
	}
}

// counted is a body with many blanks in front of it counted.
func counted(body string) string {
	const many = 1000
	rest := strings.TrimLeft(body, " ")
	if n := len(body) - len(rest); n > many {
		return fmt.Sprintf("(%d blanks) %s", n, rest)
	}
	return body
}

// challenge is what a server makes anew for each challenge (RFC 7616 §3.3), and the client's answer to it.
var challenge = regexp.MustCompile(`\b(nonce="|response=")[^"]+"`)

// steady is a field with the same words each time.
func steady(field string) string {
	return challenge.ReplaceAllString(field, `${1}of the challenge"`)
}

// requestURI is what of a URL stands behind the host.
func requestURI(rawURL string) string {
	_, rest, _ := strings.Cut(rawURL, "://")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return "/"
}
