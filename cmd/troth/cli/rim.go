package cli

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/spf13/cobra"

	"troth/mock"
)

// rimFlags are about how the mock is reached.
type rimFlags struct {
	addr  string
	admin string
	cors  []string
	tlsFlags
}

func (f *rimFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.addr, "addr", cmp.Or(os.Getenv("TROTH_ADDR"), "127.0.0.1:4010"), "`ADDRESS` to listen on ($TROTH_ADDR); port 0 picks a free one")
	c.Flags().StringVar(&f.admin, "admin", "on", "the mock's own resources (health, state, metrics, webhooks) below "+mock.AdminPrefix+": on, off, or an `ADDRESS` of their own")
	c.Flags().StringArrayVar(&f.cors, "cors", nil, "`ORIGIN` whose scripts may read answers (CORS), or *; may be repeated")
	f.tlsFlags.flags(c)
}

// rim is what stands between the network and the mock.
type rim struct {
	url      string
	told     []string // what the greeting says of it
	insecure bool     // the certificate is self-signed
	servers  []*echo.Echo
}

// open listens where the flags say.
func (f *rimFlags) open(group *mock.Group, m *meter) (*rim, error) {
	r := &rim{}
	certificate, told, err := f.tlsFlags.certificate()
	if err != nil {
		return nil, err
	}
	listener, err := listen("addr", f.addr)
	if err != nil {
		return nil, err
	}
	scheme := "http://"
	if certificate != nil {
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{*certificate}, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12})
		scheme, r.told, r.insecure = "https://", told, f.selfSigned
	}
	r.url = scheme + reachable(listener.Addr())
	public, admin := http.Handler(group), m.admin(group)
	switch f.admin {
	case "off":
	case "on":
		public = withAdmin(public, admin)
	default:
		own, err := listen("admin", f.admin)
		if err != nil {
			_ = listener.Close()
			return nil, err
		}
		r.told = append(r.told, "admin resources on http://"+own.Addr().String()+mock.AdminPrefix)
		r.servers = append(r.servers, newEcho(own, admin, nil))
	}
	r.servers = append(r.servers, newEcho(listener, public, f.cors))
	return r, nil
}

// reachable is an address as clients on this machine write it: a listener on every interface is shown by the loopback one.
func reachable(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	return addr.String()
}

func withAdmin(public, admin http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, mock.AdminPrefix) {
			admin.ServeHTTP(w, r)
			return
		}
		public.ServeHTTP(w, r)
	})
}

// What a client may take: to send a header, to send a request, to be quiet between two. Sending an answer has no limit, since faults may
// make it slow on purpose.
const (
	headerTime = 10 * time.Second
	readTime   = time.Minute
	idleTime   = 2 * time.Minute
)

func newEcho(listener net.Listener, handler http.Handler, cors []string) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Listener = listener
	e.Server.ReadHeaderTimeout, e.Server.ReadTimeout, e.Server.IdleTimeout = headerTime, readTime, idleTime
	e.Server.Protocols = new(http.Protocols)
	e.Server.Protocols.SetHTTP1(true)
	e.Server.Protocols.SetHTTP2(true)
	e.Server.Protocols.SetUnencryptedHTTP2(true) // h2c with prior knowledge, RFC 9113 §3.3
	e.Pre(middleware.Recover())
	if len(cors) > 0 {
		e.Pre(allowOrigins(cors), exposeHeaders)
	}
	// As a middleware in front of routing, so that every path and method reaches the document's own router.
	e.Pre(func(echo.HandlerFunc) echo.HandlerFunc { return echo.WrapHandler(handler) })
	return e
}

// shutdown is how long running requests may take when the mock is told to stop.
const shutdown = 5 * time.Second

// serve answers until the context ends.
func (r *rim) serve(ctx context.Context) error {
	ended := make(chan error, len(r.servers))
	requests, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	for _, e := range r.servers {
		e.Server.BaseContext = func(net.Listener) context.Context { return requests } // a latency does not outlive the mock
		go func() { ended <- e.Start("") }()
	}
	var failure error
	select {
	case <-ctx.Done():
		stop(mock.ErrStopping)
	case failure = <-ended:
	}
	grace, cancel := context.WithTimeout(context.Background(), shutdown)
	defer cancel()
	for _, e := range r.servers {
		if err := e.Shutdown(grace); failure == nil && err != nil {
			failure = fmt.Errorf("requests were still running %v after the signal to stop: %w", shutdown, err)
		}
	}
	if errors.Is(failure, http.ErrServerClosed) {
		return nil
	}
	return failure
}
