package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

type mockFlags struct {
	source
	faultFlags
	rimFlags
	seed        uint64
	items       int
	auth        string
	credentials []string
	tokens      []string
	params      []string
	empty       []string
	world       string
	defects     []string
	variations  []string
	log         string
	explain     bool
	callbacks   bool
	webhooks    string
	maxBody     int64
	watch       bool
}

func newMock(s *streams) *cobra.Command {
	f := &mockFlags{}
	c := &cobra.Command{
		Use:   "mock [DOCUMENT...]",
		Short: "Serve documents: every answer keeps what it promises",
		Long: `Serves every operation of an OpenAPI document. Lists hold --items seeded items each; what clients create, change and
delete is kept in memory. The same document, seed and requests give the same answers.

Values of path parameters that exist are the document's examples and those given with -p; any other is answered 404. A file that changes
is read again and served at once, with what clients wrote; one that is broken is told, and the old one goes on being served. Several
documents are served side by side, each below the paths of its server URLs; a path that two have is the first one's.

` + faultHelp(),
		Example: `  troth mock
  troth mock api.yaml --addr 127.0.0.1:8080 --auth off -p shopId=7
  troth mock orders.yaml billing.yaml --tls --cors '*'
  troth mock --defect page-overlap
  troth mock --fault latency=p50=20ms,p95=200ms,p99=1s --fault listOrders:error=10%,status=503,429,rate=100/1m
  curl -H '` + mock.FaultHeader + `: latency=2s,truncate=100%' http://127.0.0.1:4010/orders`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error { return f.run(c.Context(), s, args) },
	}
	f.source.flags(c)
	f.faultFlags.flags(c)
	f.rimFlags.flags(c)
	f.flags(c)
	return c
}

func (f *mockFlags) flags(c *cobra.Command) {
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of all generated values")
	c.Flags().IntVar(&f.items, "items", 250, "items in each list")
	c.Flags().StringVar(&f.auth, "auth", "on", "check credentials: on or off")
	c.Flags().StringArrayVar(&f.credentials, "credentials", nil, "`user:password` for digest and basic, and client:secret for OAuth2; may be repeated (default public:private and client:secret)")
	c.Flags().StringArrayVar(&f.tokens, "token", nil, "bearer `TOKEN` or API key to accept; may be repeated (default token, and API key key)")
	c.Flags().StringArrayVarP(&f.params, "param", "p", nil, "`name=value` of a path parameter that exists; may be repeated")
	c.Flags().StringArrayVar(&f.empty, "empty", nil, "`name=value` of a path parameter that exists, below which lists are empty; may be repeated")
	c.Flags().StringVar(&f.world, "world", "closed", "closed: only known parents exist; open: every well-formed one does")
	c.Flags().StringArrayVar(&f.defects, "defect", nil, "break one promise on purpose: "+strings.Join(defectNames(), ", "))
	c.Flags().StringArrayVar(&f.variations, "variation", nil, "differ from other servers in a way that keeps every promise; may be repeated: "+strings.Join(variationNames(), ", "))
	c.Flags().StringVar(&f.log, "log", "text", "log of requests on standard error: text, json or off")
	c.Flags().BoolVar(&f.explain, "explain", false, "tell in the header X-Troth-Explain of every answer how it came about; a request asks for it by X-Troth-Explain: true")
	c.Flags().BoolVar(&f.callbacks, "callbacks", false, "send the callbacks that operations declare, and webhooks to the URLs that clients register (POST /webhooks, /subscriptions, …)")
	c.Flags().StringVar(&f.webhooks, "webhooks", "", "`URL` that webhooks are sent to after the writes that they tell of, and by POST "+mock.AdminPrefix+"webhooks/NAME")
	c.Flags().Int64Var(&f.maxBody, "max-body", 10<<20, "largest request body, in `BYTES`; a larger one is answered 413")
	c.Flags().BoolVar(&f.watch, "watch", true, "serve a document anew when one of its files changes")
}

func variationNames() (names []string) {
	for _, v := range mock.Variations() {
		names = append(names, v.Name)
	}
	return names
}

func defectNames() (names []string) {
	for _, d := range mock.Defects() {
		names = append(names, d.Name)
	}
	return names
}

// served is one document on its way through the command.
type served struct {
	source
	args   []string // the document's name, none for the embedded one
	doc    *openapi.Document
	conv   *convention.Conventions
	server *mock.Server
	faults []string
}

// read loads a document and its conventions.
func (f *mockFlags) read(s *streams, args []string) (*served, error) {
	d := &served{source: f.source, args: args}
	var err error
	d.doc, d.conv, err = d.load(args, s.in)
	return d, err
}

// build makes the server of a document that is served beside others; docs are all of them.
func (f *mockFlags) build(s *streams, d *served, docs []*openapi.Document, log func(mock.Entry)) error {
	opts, err := f.options(d.conv)
	if err != nil {
		return err
	}
	faults, told, err := f.faultFlags.options(d.doc, docs)
	if err != nil {
		return err
	}
	opts = append(append(opts, faults...), mock.WithLog(log))
	if f.callbacks {
		opts = append(opts, mock.WithCallbacks(nil, deliveryLog(f.log, s.err)))
	}
	if f.webhooks != "" {
		opts = append(opts, mock.WithWebhooks(f.webhooks, nil, deliveryLog(f.log, s.err)))
	}
	d.faults = told
	d.server, err = mock.New(d.doc, opts...)
	return err
}

func (f *mockFlags) run(ctx context.Context, s *streams, args []string) error {
	log, err := logger(f.log, s.err)
	if err != nil {
		return err
	}
	m := newMeter()
	log = m.observed(log)
	all, group, err := f.buildAll(s, args, log)
	if err != nil {
		return err
	}
	rim, err := f.rimFlags.open(group, m)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- rim.serve(ctx) }()
	f.greet(s, all, rim)
	more := make([]func(), len(all))
	for i, d := range all {
		more[i] = f.watchOver(ctx, s, group, i, d, m, log)
	}
	time.AfterFunc(settle, func() {
		for i, d := range all {
			d.report(d.doc, s.err, time.Now().Add(trial), mock.WithSeed(f.seed))
			more[i]()
		}
		debug.FreeOSMemory() // reading a document of megabytes leaves as much garbage again
	})
	err = <-ended
	group.Wait()
	return err
}

func (f *mockFlags) buildAll(s *streams, args []string, log func(mock.Entry)) ([]*served, *mock.Group, error) {
	if len(args) > 1 && f.config != "" {
		return nil, nil, errors.New("--config is for one document: put a troth.yaml beside each")
	}
	lists := [][]string{nil}
	for i, arg := range args {
		if i == 0 {
			lists = nil
		}
		lists = append(lists, []string{arg})
	}
	var all []*served
	var docs []*openapi.Document
	for _, list := range lists {
		d, err := f.read(s, list)
		if err != nil {
			return nil, nil, err
		}
		all, docs = append(all, d), append(docs, d.doc)
	}
	var servers []*mock.Server
	for _, d := range all {
		if err := f.build(s, d, docs, log); err != nil {
			return nil, nil, err
		}
		servers = append(servers, d.server)
	}
	return all, mock.NewGroup(servers[0], servers[1:]...), nil
}

// options turns flags into options of the mock.
func (f *mockFlags) options(conv *convention.Conventions) ([]mock.Option, error) {
	opts := []mock.Option{
		mock.WithConventions(conv), mock.WithSeed(f.seed), mock.WithItems(f.items), mock.WithLimits(mock.Limits{Body: f.maxBody}),
	}
	switch f.auth {
	case "on":
	case "off":
		opts = append(opts, mock.WithoutAuth())
	default:
		return nil, fmt.Errorf("--auth %q: want on or off", f.auth)
	}
	switch f.world {
	case "closed":
	case "open":
		opts = append(opts, mock.WithOpenWorld())
	default:
		return nil, fmt.Errorf("--world %q: want closed or open", f.world)
	}
	params, err := named("--param", f.params, mock.WithParam)
	if err != nil {
		return nil, err
	}
	empty, err := named("--empty", f.empty, mock.WithEmpty)
	if err != nil {
		return nil, err
	}
	opts = append(append(opts, params...), empty...)
	for _, name := range f.defects {
		opts = append(opts, mock.WithDefect(name))
	}
	for _, name := range f.variations {
		opts = append(opts, mock.WithVariation(name))
	}
	if f.explain {
		opts = append(opts, mock.WithExplain())
	}
	creds, err := f.creds()
	return append(opts, mock.WithCredentials(creds)), err
}

// creds are the credentials that the flags give, the defaults for what they do not give.
func (f *mockFlags) creds() (mock.Credentials, error) {
	creds := mock.DefaultCredentials()
	if len(f.credentials) > 0 {
		creds.Users, creds.Clients = map[string]string{}, map[string]string{}
	}
	for _, pair := range f.credentials {
		user, password, ok := strings.Cut(pair, ":")
		if !ok || user == "" {
			return creds, errors.New("--credentials: want user:password")
		}
		creds.Users[user], creds.Clients[user] = password, password
	}
	if len(f.tokens) > 0 {
		creds.Tokens, creds.Keys = f.tokens, f.tokens
	}
	return creds, nil
}

// settle is how long the first requests have the machine to themselves, before every operation is tried and what of the document cannot
// be served or checked is told; trial is how long that may take.
const (
	settle = 300 * time.Millisecond
	trial  = 5 * time.Second
)

// greeted is how many operations are shown with a command.
const greeted = 8

// greet tells where the mock listens, and a curl command that works for each operation.
func (f *mockFlags) greet(s *streams, all []*served, rim *rim) {
	for _, d := range all {
		fmt.Fprintf(s.out, "troth mock: %s %s, %d operations, on %s\n", d.doc.Title, d.doc.Version, len(d.doc.Operations), rim.url)
	}
	for _, line := range rim.told {
		fmt.Fprintln(s.out, line)
	}
	for _, name := range f.defects {
		fmt.Fprintf(s.out, "planted defect: %s\n", name)
	}
	for _, name := range f.variations {
		fmt.Fprintf(s.out, "variation: %s\n", name)
	}
	told := map[string]bool{}
	for _, d := range all {
		for _, fault := range d.faults {
			if !told[fault] {
				fmt.Fprintf(s.out, "fault on request: %s\n", fault)
			}
			told[fault] = true
		}
	}
	for _, d := range all {
		prefix := ""
		if prefixes := d.server.Prefixes(); len(all) > 1 && len(prefixes) > 0 {
			prefix = prefixes[0]
		}
		f.commands(s, d, rim, prefix)
	}
	fmt.Fprintln(s.out, "\nStop with Ctrl-C.")
}

func (f *mockFlags) commands(s *streams, d *served, rim *rim, prefix string) {
	for i, op := range d.doc.Operations {
		if i == greeted {
			fmt.Fprintf(s.out, "… and %d more operations\n", len(d.doc.Operations)-greeted)
			break
		}
		line, err := f.curl(d.server, op, rim, prefix)
		if err != nil {
			line = "# " + err.Error()
		}
		fmt.Fprintf(s.out, "\n%s\n  %s\n", op.ID, line)
	}
}

// listen opens the address of a flag.
func listen(flag, addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on --%s %s: %w", flag, addr, err)
	}
	return l, nil
}
