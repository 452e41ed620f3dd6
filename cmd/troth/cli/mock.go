package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/spf13/cobra"

	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

type mockFlags struct {
	source
	faultFlags
	addr        string
	seed        uint64
	items       int
	auth        string
	credentials []string
	tokens      []string
	params      []string
	world       string
	defects     []string
	log         string
}

func newMock(s *streams) *cobra.Command {
	f := &mockFlags{}
	c := &cobra.Command{
		Use:   "mock [DOCUMENT]",
		Short: "Serve a document: every answer keeps what it promises",
		Long: `Serves every operation of an OpenAPI document. Lists hold --items seeded items each; what clients create, change and
delete is kept in memory. The same document, seed and requests give the same answers.

Values of path parameters that exist are the document's examples and those given with -p; any other is answered 404.

` + faultHelp(),
		Example: `  troth mock
  troth mock api.yaml --addr 127.0.0.1:8080 --auth off -p shopId=7
  troth mock --defect page-overlap
  troth mock --fault latency=p50=20ms,p95=200ms,p99=1s --fault listOrders:error=10%,status=503,429,rate=100/1m
  curl -H '` + mock.FaultHeader + `: latency=2s,truncate=100%' http://127.0.0.1:4010/orders`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c.Context(), s, args) },
	}
	f.source.flags(c)
	f.faultFlags.flags(c)
	c.Flags().StringVar(&f.addr, "addr", "127.0.0.1:4010", "address to listen on; port 0 picks a free one")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of all generated values")
	c.Flags().IntVar(&f.items, "items", 250, "items in each list")
	c.Flags().StringVar(&f.auth, "auth", "on", "check credentials: on or off")
	c.Flags().StringArrayVar(&f.credentials, "credentials", nil, "`user:password` for digest and basic, and client:secret for OAuth2; may be repeated (default public:private and client:secret)")
	c.Flags().StringArrayVar(&f.tokens, "token", nil, "bearer `TOKEN` or API key to accept; may be repeated (default token, and API key key)")
	c.Flags().StringArrayVarP(&f.params, "param", "p", nil, "`name=value` of a path parameter that exists; may be repeated")
	c.Flags().StringVar(&f.world, "world", "closed", "closed: only known parents exist; open: every well-formed one does")
	c.Flags().StringArrayVar(&f.defects, "defect", nil, "break one promise on purpose: "+strings.Join(defectNames(), ", "))
	c.Flags().StringVar(&f.log, "log", "text", "log of requests on standard error: text, json or off")
	return c
}

func defectNames() (names []string) {
	for _, d := range mock.Defects() {
		names = append(names, d.Name)
	}
	return names
}

func (f *mockFlags) run(ctx context.Context, s *streams, args []string) error {
	doc, conv, err := f.load(args, s.in)
	if err != nil {
		return err
	}
	opts, err := f.options(s, conv)
	if err != nil {
		return err
	}
	faults, told, err := f.faultFlags.options(doc)
	if err != nil {
		return err
	}
	opts = append(opts, faults...)
	server, err := mock.New(doc, opts...)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return fmt.Errorf("cannot listen on --addr %s: %w", f.addr, err)
	}
	served := make(chan error, 1)
	go func() { served <- serve(ctx, listener, server) }()
	f.greet(s, doc, server, told, "http://"+listener.Addr().String())
	time.AfterFunc(settle, func() {
		f.report(doc, s.err, time.Now().Add(trial), mock.WithSeed(f.seed))
		debug.FreeOSMemory() // reading a document of megabytes leaves as much garbage again
	})
	return <-served
}

// options turns flags into options of the mock.
func (f *mockFlags) options(s *streams, conv *convention.Conventions) ([]mock.Option, error) {
	opts := []mock.Option{mock.WithConventions(conv), mock.WithSeed(f.seed), mock.WithItems(f.items)}
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
	for _, p := range f.params {
		name, value, ok := strings.Cut(p, "=")
		if !ok {
			return nil, fmt.Errorf("--param %q: want name=value", p)
		}
		opts = append(opts, mock.WithParam(name, value))
	}
	for _, name := range f.defects {
		opts = append(opts, mock.WithDefect(name))
	}
	creds, err := f.creds()
	if err != nil {
		return nil, err
	}
	log, err := logger(f.log, s.err)
	if err != nil {
		return nil, err
	}
	return append(opts, mock.WithCredentials(creds), mock.WithLog(log)), nil
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

// shutdown is how long running requests may take when the mock is told to stop.
const shutdown = 5 * time.Second

// serve runs the mock on echo until the context ends.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Listener = listener
	e.Server.ReadHeaderTimeout = 10 * time.Second
	e.Server.IdleTimeout = 2 * time.Minute
	e.Server.BaseContext = func(net.Listener) context.Context { return ctx } // a latency does not outlive the mock
	// As a middleware in front of routing, so that every path and method reaches the document's own router.
	e.Pre(middleware.Recover(), func(echo.HandlerFunc) echo.HandlerFunc { return echo.WrapHandler(handler) })
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), shutdown)
		defer cancel()
		stopped <- e.Shutdown(grace)
	}()
	if err := e.Start(""); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// greeted is how many operations are shown with a command.
const greeted = 8

// greet tells where the mock listens, and a curl command that works for each operation.
func (f *mockFlags) greet(s *streams, doc *openapi.Document, server *mock.Server, faults []string, url string) {
	fmt.Fprintf(s.out, "troth mock: %s %s, %d operations, on %s\n", doc.Title, doc.Version, len(doc.Operations), url)
	for _, name := range f.defects {
		fmt.Fprintf(s.out, "planted defect: %s\n", name)
	}
	for _, fault := range faults {
		fmt.Fprintf(s.out, "fault on request: %s\n", fault)
	}
	for i, op := range doc.Operations {
		if i == greeted {
			fmt.Fprintf(s.out, "… and %d more operations\n", len(doc.Operations)-greeted)
			break
		}
		line, err := f.curl(server, op, url)
		if err != nil {
			line = "# " + err.Error()
		}
		fmt.Fprintf(s.out, "\n%s\n  %s\n", op.ID, line)
	}
	fmt.Fprintln(s.out, "\nStop with Ctrl-C.")
}
