package stubserver

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"
)

// envelope is the shape of a success for clients that cannot see a status: JSON of an object in, JSON of an object out.
type envelope func(body []byte) []byte

// addStatus puts the status beside a list's members.
func addStatus(body []byte) []byte { return append([]byte(`{"status":200,`), body[1:]...) }

// wrapContent makes the status and a single object two members.
func wrapContent(body []byte) []byte {
	return append(append([]byte(`{"status":200,"content":`), bytes.TrimSpace(body)...), '}')
}

// present honours the parameters envelope and pretty. An error keeps its shape under envelope, which the documentation
// leaves open.
func present(wrap envelope) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			response := c.Response()
			kept := &keeper{ResponseWriter: response.Writer}
			response.Writer = kept
			if err := next(c); err != nil {
				c.Error(err)
			}
			response.Writer = kept.ResponseWriter
			body := kept.body.Bytes()
			if c.QueryParam("envelope") == "true" && kept.status == http.StatusOK {
				body = wrap(body)
			}
			if c.QueryParam("pretty") == "true" {
				body = indented(body)
			}
			response.Writer.WriteHeader(kept.status)
			_, err := response.Writer.Write(body)
			return err
		}
	}
}

func indented(body []byte) []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		return body
	}
	return b.Bytes()
}

// keeper keeps a response back; its header fields go straight to the writer behind it.
type keeper struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (k *keeper) WriteHeader(status int) { k.status = status }

func (k *keeper) Write(p []byte) (int, error) { return k.body.Write(p) }
