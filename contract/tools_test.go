package contract_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

// tools is a document of which a body with every member may be refused for one that names another item, whose changes may name one member of few values
// first, and whose requests do not declare what only the server sets.
const tools = `
openapi: 3.1.0
info: {title: Tools, version: "1"}
paths:
  /tools:
    get:
      operationId: tools
      parameters: [{name: offset, in: query, schema: {type: integer, minimum: 0, default: 0}}, {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 20}}]
      responses: {"200": {description: all, content: {application/json: {schema: {type: object, required: [items, total], properties: {items: {type: array, items: {$ref: '#/components/schemas/Tool'}}, total: {type: integer}}}}}}, "400": &e {description: no, content: {application/json: {schema: {type: object, properties: {message: {type: string}}}}}}}
    post:
      operationId: createTool
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/ToolSent'}}}}
      responses: {"201": &one {description: one, headers: {ETag: {schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Tool'}}}}, "400": *e, "422": *e}
  /tools/{toolId}:
    parameters: [{name: toolId, in: path, required: true, schema: {type: string, pattern: '^t-[0-9a-f]{16}$'}}]
    get: {operationId: tool, responses: {"200": *one, "400": *e, "404": *e}}
    patch:
      operationId: changeTool
      parameters: [{name: If-Match, in: header, schema: {type: string}}]
      requestBody: {required: true, content: {application/merge-patch+json: {schema: {$ref: '#/components/schemas/ToolChange'}}}}
      responses: {"200": *one, "400": *e, "404": *e, "412": *e, "422": *e}
    delete: {operationId: deleteTool, responses: {"204": {description: gone}, "400": *e, "404": *e}}
components:
  schemas:
    Tool:
      type: object
      required: [id, grade, name]
      properties: {id: {type: string, pattern: '^t-[0-9a-f]{16}$', readOnly: true}, grade: {type: integer, minimum: 1, maximum: 3}, name: {type: string, maxLength: 60}, notes: {type: string, maxLength: 60}, siteId: {type: string, pattern: '^s-[0-9a-f]{16}$'}}
    ToolSent:
      type: object
      required: [grade, name]
      properties: {grade: {type: integer, minimum: 1, maximum: 3}, name: {type: string, maxLength: 60}, notes: {type: string, maxLength: 60}, siteId: {type: string, pattern: '^s-[0-9a-f]{16}$'}}
    ToolChange:
      type: object
      properties: {grade: {type: integer, minimum: 1, maximum: 3}, name: {type: string, maxLength: 60}}
`

// ofTools are the findings of a check on a mock of the document, behind something.
func ofTools(t *testing.T, only string, before func(http.Handler) http.Handler, opts ...mock.Option) map[string]bool {
	t.Helper()
	doc, err := openapi.Parse("tools.yaml", []byte(tools))
	if err != nil {
		t.Fatal(err)
	}
	s, err := mock.New(doc, opts...)
	if err != nil {
		t.Fatal(err)
	}
	report, err := contract.Run(t.Context(), doc, convention.Infer(doc), contract.InProcess(before(s), contract.Write()), checks.All(), contract.Only(only))
	if err != nil {
		t.Fatal(err)
	}
	if o := report.Outcomes[0]; o.Verdict != contract.Pass && o.Verdict != contract.Fail {
		t.Errorf("%s: %s %s", only, o.Verdict, o.Reason)
	}
	_, check, _ := strings.Cut(only, "/")
	return identities(report, check)
}

func straight(h http.Handler) http.Handler { return h }

// refuseSites refuses items at sites, none of which exist, and where it is careless forgets the notes of an item.
func refuseSites(careless bool) func(http.Handler) http.Handler {
	notes := regexp.MustCompile(`"notes":"[^"]*",?`)
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			if bytes.Contains(body, []byte("siteId")) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusUnprocessableEntity)
				_, _ = io.WriteString(w, `{"message": "no such site"}`)
				return
			}
			if !careless || r.Method != http.MethodGet {
				h.ServeHTTP(w, r)
				return
			}
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, r)
			w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
			w.WriteHeader(answer.Code)
			_, _ = w.Write(notes.ReplaceAll(answer.Body.Bytes(), nil))
		})
	}
}

// TestMostMembers wants what was sent beside a member that is refused to be there.
func TestMostMembers(t *testing.T) {
	for _, careless := range []bool{false, true} {
		found := ofTools(t, "createTool/created-exists", refuseSites(careless))
		if found["createTool/created-exists created item /notes kept"] != careless {
			t.Errorf("careless %v: %v", careless, found)
		}
	}
}

// TestAnyMemberRaces wants changes side by side to be judged by a member that has values enough.
func TestAnyMemberRaces(t *testing.T) {
	if found := ofTools(t, "changeTool/lost-update", straight); len(found) > 0 {
		t.Error(found)
	}
	if found := ofTools(t, "changeTool/lost-update", straight, mock.WithDefect("match-raced")); len(found) == 0 {
		t.Error("changes side by side are not judged")
	}
}

// TestUndeclaredReadOnly wants members that only the answer declares, of the server's alone, not to be taken from a request.
func TestUndeclaredReadOnly(t *testing.T) {
	if found := ofTools(t, "createTool/read-only-ignored", straight); len(found) > 0 {
		t.Error(found)
	}
	if found := ofTools(t, "createTool/read-only-ignored", straight, mock.WithDefect("read-only-taken")); !found["createTool/read-only-ignored created item /id readOnly"] {
		t.Error(found)
	}
}

// TestCutShort wants a list that shows one item, and says that there are more, to be judged as one that has more.
func TestCutShort(t *testing.T) {
	for _, cut := range []bool{false, true} {
		found := ofTools(t, "tools/page-default", func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if q := r.URL.Query(); cut && r.URL.Path == "/tools" && !q.Has("limit") {
					q.Set("limit", "1")
					r.URL.RawQuery = q.Encode()
				}
				h.ServeHTTP(w, r)
			})
		})
		if found["tools/page-default query limit /items default"] != cut {
			t.Errorf("cut %v: %v", cut, found)
		}
	}
}

// TestFarOffset wants an offset to be asked for behind which 64 bits are too few for the end of the page.
func TestFarOffset(t *testing.T) {
	for _, overflows := range []bool{false, true} {
		found := ofTools(t, "tools/past-the-end", func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if offset, err := strconv.ParseInt(r.URL.Query().Get("offset"), 10, 64); overflows && err == nil && offset+20 < 0 {
					w.WriteHeader(http.StatusInternalServerError)
					return
				}
				h.ServeHTTP(w, r)
			})
		})
		if found["tools/past-the-end query offset  status"] != overflows {
			t.Errorf("overflows %v: %v", overflows, found)
		}
	}
}
