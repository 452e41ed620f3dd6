package cli

import (
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"troth/mock"
)

// logger writes a line for each request: text for people, json for machines.
func logger(form string, w io.Writer) (func(mock.Entry), error) {
	switch form {
	case "off":
		return nil, nil
	case "text":
		return textLog(w), nil
	case "json":
		log := slog.New(slog.NewJSONHandler(w, nil))
		return func(e mock.Entry) {
			log.Info("request", "method", e.Method, "url", e.URL, "operation", e.Operation, "status", e.Status, "bytes", e.Bytes,
				"duration_us", e.Duration.Microseconds(), "reason", e.Reason, "content_type", e.ContentType, "proto", e.Request.Proto,
				"remote", e.Request.RemoteAddr, "user_agent", e.Request.UserAgent())
		}, nil
	}
	return nil, fmt.Errorf("--log %q: want text, json or off", form)
}

func textLog(w io.Writer) func(mock.Entry) {
	var mu sync.Mutex
	return func(e mock.Entry) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(w, "%s %s %s %d %dB %s %s", e.Time.Format(time.TimeOnly), e.Method, e.URL, e.Status, e.Bytes, e.Duration.Round(time.Microsecond), e.Operation)
		if e.Reason != "" {
			fmt.Fprintf(w, " (%s)", e.Reason)
		}
		fmt.Fprintln(w)
	}
}

// deliveryLog writes a line for each callback and webhook that was sent; nil where the log is off.
func deliveryLog(form string, w io.Writer) func(mock.Delivery) {
	switch form {
	case "off":
		return nil
	case "json":
		log := slog.New(slog.NewJSONHandler(w, nil))
		return func(d mock.Delivery) {
			problem := ""
			if d.Err != nil {
				problem = d.Err.Error()
			}
			log.Info(kindOf(d), "name", d.Name, "operation", d.Operation, "method", d.Method, "url", d.URL, "status", d.Status,
				"duration_us", d.Duration.Microseconds(), "problem", problem)
		}
	}
	var mu sync.Mutex
	return func(d mock.Delivery) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(w, "%s %s %s: %s %s %d %s", d.Time.Format(time.TimeOnly), kindOf(d), d.Name, d.Method, d.URL, d.Status, d.Duration.Round(time.Microsecond))
		if d.Err != nil {
			fmt.Fprintf(w, " (%v)", d.Err)
		}
		fmt.Fprintln(w)
	}
}

func kindOf(d mock.Delivery) string {
	if d.Operation == "" {
		return "webhook"
	}
	return "callback"
}
