package cli

import (
	"fmt"
	"net/http"

	"github.com/VictoriaMetrics/metrics"

	"troth/mock"
)

// meter counts what the mock does, for Prometheus: GET /_troth/metrics.
type meter struct{ set *metrics.Set }

func newMeter() *meter {
	metrics.ExposeMetadata(true) // TYPE lines: without them Prometheus takes every metric for untyped
	return &meter{metrics.NewSet()}
}

// observed counts an answer and hands it on to the log, which may be nil.
func (m *meter) observed(log func(mock.Entry)) func(mock.Entry) {
	return func(e mock.Entry) {
		m.set.GetOrCreateCounter(fmt.Sprintf("troth_requests_total{operation=%q,method=%q,status=\"%d\"}", e.Operation, method(e.Method), e.Status)).Inc()
		m.set.GetOrCreateCounter(fmt.Sprintf("troth_response_bytes_total{operation=%q}", e.Operation)).Add(e.Bytes)
		m.set.GetOrCreatePrometheusHistogram(fmt.Sprintf("troth_request_duration_seconds{operation=%q}", e.Operation)).Update(e.Duration.Seconds())
		if log != nil {
			log(e)
		}
	}
}

// method keeps what clients may invent out of the labels: each new value is a series for ever.
func method(name string) string {
	switch name {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY":
		return name
	}
	return "other"
}

// reloaded counts a document that was read again, ok where it is served now.
func (m *meter) reloaded(ok bool) {
	m.set.GetOrCreateCounter(fmt.Sprintf("troth_reloads_total{served=\"%v\"}", ok)).Inc()
}

// admin adds the metrics to the group's own resources.
func (m *meter) admin(group *mock.Group) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", group.Admin())
	mux.HandleFunc("GET "+mock.AdminPrefix+"metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		m.set.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})
	return mux
}
