package refusal

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"

	"troth/openapi"
)

// codings are the content codings of requests that are undone (RFC 9110 §8.4.1).
var codings = map[string]func(io.Reader) (io.ReadCloser, error){
	"gzip":    func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) },
	"x-gzip":  func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) },
	"deflate": zlib.NewReader,
}

// Body reads a request's body, of at most limit bytes as it is sent and as it is meant, without its content codings. One that is not known is
// refused with 415, which tells those that are (RFC 9110 §12.5.3). The body can be read again afterwards.
func Body(op *openapi.Compiled, r *http.Request, limit int64) ([]byte, error) {
	data, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, limit))
	if err != nil {
		return nil, Unreadable(op, err)
	}
	if len(r.Header["Content-Encoding"]) > 0 && len(data) > 0 {
		if data, err = decoded(op, data, r.Header["Content-Encoding"], limit); err != nil {
			return nil, err
		}
		r.Header.Del("Content-Encoding")
		r.ContentLength = int64(len(data))
	}
	r.Body = io.NopCloser(bytes.NewReader(data))
	return data, nil
}

// decoded undoes codings, the last one first.
func decoded(op *openapi.Compiled, data []byte, lines []string, limit int64) ([]byte, error) {
	applied := strings.Split(strings.Join(lines, ","), ",")
	for i := len(applied) - 1; i >= 0; i-- {
		name := strings.ToLower(strings.TrimSpace(applied[i]))
		if name == "" || name == "identity" {
			continue
		}
		open := codings[name]
		if open == nil {
			return nil, &Fault{
				Status: http.StatusUnsupportedMediaType, Parameters: []any{name}, Header: http.Header{"Accept-Encoding": {"gzip, deflate"}},
				Detail: fmt.Sprintf("Content-Encoding %s: want gzip, deflate or none", name),
			}
		}
		reader, err := open(bytes.NewReader(data))
		if err == nil {
			data, err = io.ReadAll(http.MaxBytesReader(nil, reader, limit))
		}
		if err != nil {
			return nil, Unreadable(op, fmt.Errorf("Content-Encoding %s: %w", name, err))
		}
	}
	return data, nil
}
