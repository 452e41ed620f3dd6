package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

type testFlags struct {
	source
	reportFlags
	shard       string
	target      string
	params      []string
	empty       []string
	bearer      string
	digest      string
	basic       string
	oauth       string
	apiKey      string
	headers     []string
	write       bool
	only        string
	concurrency int
	seed        uint64
	rate        float64
	maxWait     time.Duration
	shrink      int
	plan        bool
}

func newTest(s *streams) *cobra.Command {
	f := &testFlags{}
	c := &cobra.Command{
		Use:   "test [DOCUMENT]",
		Short: "Judge an implementation of a document over HTTP",
		Long: `Sends requests to --target and judges the answers by the document. Without --target it judges the built-in mock.

--plan shows what would be sent, without sending it. The cases themselves run against the built-in mock, in process, in place of the target:
the plan is true as far as the target answers as a healthy server does. A request that depends on an answer says on which.

Secrets may stand in the environment: TROTH_BEARER, TROTH_DIGEST, TROTH_BASIC, TROTH_OAUTH, TROTH_API_KEY. They are never printed.

Exit status: 0 every promise that was judged is kept, 1 some is broken, 2 it could not be judged.`,
		Example: `  troth test
  troth test --target https://api.example.com -p groupId=5 --bearer "$TOKEN"
  troth test api.yaml --target http://127.0.0.1:8080 --only 'listJobs/page-*' --report junit=report.xml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c.Context(), s, args) },
	}
	f.source.flags(c)
	c.Flags().StringVar(&f.target, "target", os.Getenv("TROTH_TARGET"), "`URL` of the implementation; the built-in mock without it")
	c.Flags().StringArrayVarP(&f.params, "param", "p", nil, "`name=value` of a path or query parameter that exists there; may be repeated: what comes second is another tenant's")
	c.Flags().StringArrayVar(&f.empty, "empty", nil, "`name=value` of a path parameter of your own below which a list is empty; may be repeated")
	for _, secret := range []struct {
		to               *string
		name, env, usage string
	}{
		{&f.bearer, "bearer", "TROTH_BEARER", "bearer `TOKEN`"},
		{&f.digest, "digest", "TROTH_DIGEST", "`user:password` for digest"},
		{&f.basic, "basic", "TROTH_BASIC", "`user:password` for basic"},
		{&f.oauth, "oauth", "TROTH_OAUTH", "client `id:secret` for OAuth2 client credentials"},
		{&f.apiKey, "api-key", "TROTH_API_KEY", "`name=value` of an API key"},
	} {
		c.Flags().StringVar(secret.to, secret.name, "", secret.usage+" (default $"+secret.env+")")
	}
	c.Flags().StringArrayVarP(&f.headers, "header", "H", nil, "`'K: V'` header field to send; may be repeated")
	c.Flags().BoolVar(&f.write, "write", false, "send requests that change something, too; by its ID only what the run itself created is changed or deleted")
	c.Flags().IntVar(&f.concurrency, "concurrency", 8, "operations judged at a time; those that change something are judged one by one")
	c.Flags().Float64Var(&f.rate, "rate", 0, "requests a `SECOND` at most, over all workers (0: no limit)")
	c.Flags().DurationVar(&f.maxWait, "max-wait", 5*time.Minute, "time to wait in all where 429 and 503 ask for it by Retry-After; what is still answered 429 then is not judged")
	c.Flags().IntVar(&f.shrink, "shrink", 20, "requests that a finding may take to have its request made smaller (0: none)")
	c.Flags().StringVar(&f.only, "only", "", "cases to judge, a `GLOB` of operationId/check-id")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of sampled values")
	c.Flags().BoolVar(&f.plan, "plan", false, "print every request and send nothing: the requests that a healthy server, for which the built-in mock stands in, would get; those that depend on its answers say so")
	c.Flags().StringVar(&f.shard, "shard", "", "judge the `K/N`-th part of the plan; troth report merge joins the JSON reports of the parts")
	f.reportFlags.flags(c)
	return c
}

func (f *testFlags) run(ctx context.Context, s *streams, args []string) error {
	failOn, err := contract.ParseLevel(f.failOn)
	if err != nil {
		return fmt.Errorf("--fail-on: %w", err)
	}
	writers, err := f.writers(s, failOn)
	if err != nil {
		return err
	}
	doc, conv, err := f.load(args, s.in)
	if err != nil {
		return err
	}
	opts, err := f.options()
	if err != nil {
		return err
	}
	if f.plan {
		return f.printPlan(ctx, s.out, doc, conv, opts)
	}
	target, stop, err := f.aim(doc, conv)
	if err != nil {
		return err
	}
	defer stop()
	r, err := contract.Run(ctx, doc, conv, target, checks.All(), append(opts, f.progress(s)...)...)
	if err != nil {
		return err
	}
	r.Build = Version()
	return f.tell(r, writers, failOn)
}

func (f *testFlags) options() ([]contract.Option, error) {
	if f.rate < 0 {
		return nil, fmt.Errorf("--rate %v: want 0 or more requests a second", f.rate)
	}
	opts := []contract.Option{contract.Seed(f.seed), contract.Only(f.only), contract.Concurrency(f.concurrency),
		contract.Rate(f.rate), contract.MaxWait(f.maxWait), contract.Shrinks(f.shrink)}
	if f.shard == "" {
		return opts, nil
	}
	var k, n int
	if _, err := fmt.Sscanf(f.shard, "%d/%d", &k, &n); err != nil || k < 1 || k > n {
		return nil, fmt.Errorf("--shard %q: want K/N with 1 ≤ K ≤ N, such as 2/8", f.shard)
	}
	return append(opts, contract.Shard(k, n)), nil
}

// aim is the target that the flags name; without one a mock of the document on loopback, which stop ends.
func (f *testFlags) aim(doc *openapi.Document, conv *convention.Conventions) (t *contract.Target, stop func(), err error) {
	opts, err := f.targetOptions()
	if err != nil {
		return nil, nil, err
	}
	url, stop := f.target, func() {}
	if url == "" {
		server, err := mock.New(doc, mock.WithConventions(conv), mock.WithSeed(f.seed))
		if err != nil {
			return nil, nil, err
		}
		listening := httptest.NewServer(server)
		builtin, err := contract.ForSchemes(doc, "public", "private", "token", "key")
		if err != nil {
			return nil, nil, err
		}
		url, stop = listening.URL, listening.Close
		opts = append(append(builtin, contract.Write()), opts...)
	}
	if t, err = contract.NewTarget(url, opts...); err != nil {
		stop()
		return nil, nil, err
	}
	return t, stop, nil
}

// targetOptions turns flags and, where they are absent, environment variables into options of the target.
func (f *testFlags) targetOptions() (opts []contract.TargetOption, err error) {
	params, err := named("--param", f.params, contract.Param)
	if err != nil {
		return nil, err
	}
	empty, err := named("--empty", f.empty, contract.Empty)
	if err != nil {
		return nil, err
	}
	opts = append(params, empty...)
	for _, h := range f.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return nil, errors.New("--header: want 'Name: value'")
		}
		opts = append(opts, contract.Header(strings.TrimSpace(name), strings.TrimSpace(value)))
	}
	if token := or(f.bearer, "TROTH_BEARER"); token != "" {
		opts = append(opts, contract.Bearer(token))
	}
	for _, pair := range []struct {
		value, flag, separator string
		option                 func(string, string) contract.TargetOption
	}{
		{or(f.digest, "TROTH_DIGEST"), "digest", ":", contract.Digest},
		{or(f.basic, "TROTH_BASIC"), "basic", ":", contract.Basic},
		{or(f.oauth, "TROTH_OAUTH"), "oauth", ":", contract.OAuth},
		{or(f.apiKey, "TROTH_API_KEY"), "api-key", "=", contract.APIKey},
	} {
		if pair.value == "" {
			continue
		}
		a, b, ok := strings.Cut(pair.value, pair.separator)
		if !ok {
			return nil, fmt.Errorf("--%s: want two parts with %q between", pair.flag, pair.separator)
		}
		opts = append(opts, pair.option(a, b))
	}
	if f.write {
		opts = append(opts, contract.Write())
	}
	return opts, nil
}

func or(value, env string) string {
	if value != "" {
		return value
	}
	return os.Getenv(env)
}

// progress shows a bar on a terminal.
func (f *testFlags) progress(s *streams) []contract.Option {
	if !terminal(s.err) {
		return nil
	}
	bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(s.err), progressbar.OptionClearOnFinish(), progressbar.OptionSetDescription("judging"))
	return []contract.Option{contract.Progress(func(done, total int) {
		bar.ChangeMax(total)
		_ = bar.Set(done) // a bar that cannot be drawn is no reason to stop
	})}
}

// named turns each name=value of a flag into an option.
func named[O any](flag string, values []string, option func(name, value string) O) (opts []O, err error) {
	for _, v := range values {
		name, value, ok := strings.Cut(v, "=")
		if !ok {
			return nil, fmt.Errorf("%s %q: want name=value", flag, v)
		}
		opts = append(opts, option(name, value))
	}
	return opts, nil
}
