package mock

import (
	"flag"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"troth/openapi"
)

var (
	documents  = flag.String("documents", "", "`folder` or file of documents to sweep (make sweep DOCUMENTS=…)")
	sweepSeeds = flag.Int("seeds", 3, "how many seeds each operation of a swept document is called with")
	sweepEvery = flag.Int("every", 1, "sweep each n-th document only")
	sweepWidth = flag.Int("width", 600, "bytes of each printed broken or refused answer")
	sweepShow  = flag.Int("show", 5, "how many broken or refused answers of each document are printed")
)

// TestSweep serves every document of a folder, calls every operation with several seeds and has each answer judged by
// santhosh-tekuri/jsonschema and regexp2. It fails on any answer that breaks its document.
func TestSweep(t *testing.T) {
	if *documents == "" {
		t.Skip("skipped: needs -documents FOLDER (make sweep DOCUMENTS=FOLDER)")
	}
	files := documentFiles(t, *documents)
	var total sweeper
	var mu sync.Mutex
	var workers sync.WaitGroup
	work := make(chan string)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for file := range work {
				started := time.Now()
				result := sweep(file)
				mu.Lock()
				name, _ := filepath.Rel(*documents, file)
				fmt.Printf("%-60s %s %v\n", name, result.line(), time.Since(started).Round(time.Millisecond))
				for _, note := range result.notes {
					fmt.Println("    " + note)
				}
				total.add(result)
				mu.Unlock()
			}
		})
	}
	for _, file := range files {
		work <- file
	}
	close(work)
	workers.Wait()
	fmt.Printf("\n%d documents: %s\n", total.documents, total.line())
	if total.broken > 0 || total.documents == 0 {
		t.Errorf("%d of %d answers break their document", total.broken, total.answers)
	}
}

func documentFiles(t *testing.T, root string) []string {
	var files []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && slices.Contains([]string{".json", ".yaml", ".yml"}, filepath.Ext(path)) {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var chosen []string
	for i := 0; i < len(files); i += *sweepEvery {
		chosen = append(chosen, files[i])
	}
	return chosen
}

// sweeper counts what a sweep saw.
type sweeper struct {
	documents, loaded, operations, answers, bodies, headers, broken, refused, rejected, unjudged int
	notes                                                                                        []string
	reason                                                                                       string // of the last refusal
}

func (c *sweeper) line() string {
	return fmt.Sprintf("%d operations, %d answers (%d with a body judged, %d headers judged), %d broken, %d operations refused, %d ordinary requests rejected, %d bodies not understood by the judge",
		c.operations, c.answers, c.bodies, c.headers, c.broken, c.refused, c.rejected, c.unjudged)
}

func (c *sweeper) add(d *sweeper) {
	c.documents++
	c.loaded += d.loaded
	c.operations += d.operations
	c.answers += d.answers
	c.bodies += d.bodies
	c.headers += d.headers
	c.broken += d.broken
	c.refused += d.refused
	c.rejected += d.rejected
	c.unjudged += d.unjudged
}

func (c *sweeper) note(format string, args ...any) {
	if len(c.notes) < *sweepShow {
		text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
		c.notes = append(c.notes, text[:min(len(text), *sweepWidth)])
	}
}

// sweep serves one document with each seed.
func sweep(file string) *sweeper {
	c := &sweeper{}
	d, err := openapi.Load(file)
	if err != nil {
		c.note("refused: %v", err)
		return c
	}
	c.loaded, c.operations = 1, len(d.Operations)
	j, err := newJudge(d)
	if err != nil {
		c.note("the judge cannot read it: %v", err)
		return c
	}
	refused := map[string]bool{}
	for seed := range *sweepSeeds {
		s, err := New(d, WithSeed(uint64(seed+1)), WithoutAuth(), WithItems(3), WithLog(func(e Entry) { c.reason = e.Reason }))
		if err != nil {
			c.note("refused: %v", err)
			return c
		}
		for _, op := range deletesLast(d.Operations) {
			c.call(s, j, op, refused)
		}
	}
	c.refused = len(refused)
	return c
}

// call sends one operation's ordinary request and has the answer judged.
func (c *sweeper) call(s *Server, j *judge, op *openapi.Operation, refused map[string]bool) {
	refuse := func(why any) {
		if !refused[op.ID] {
			c.note("refused: %s: %v", op.ID, why)
		}
		refused[op.ID] = true
	}
	r, err := s.Ordinary(op)
	if err != nil {
		refuse(err)
		return
	}
	compiled, err := op.Compile()
	if err != nil {
		refuse(err)
		return
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code == 500 && !success(compiled, 500) {
		refuse(c.reason)
		return
	}
	if w.Code >= 400 && !success(compiled, w.Code) {
		c.rejected++
		c.note("rejected: %s: %d %s: %s", op.ID, w.Code, c.reason, r.URL)
		return
	}
	c.answers++
	if problem := c.problem(j, compiled, w); problem != "" {
		c.broken++
		c.note("BROKEN: %s %s: %s: %s", op.ID, r.URL, problem, w.Body)
	}
}

// success tells whether a status is the one that the operation's ordinary answer has.
func success(op *openapi.Compiled, status int) bool {
	_, want := op.Success()
	return status == want
}

// jsonBody is what a body of any media type says, as JSON; nil where that cannot be told.
func jsonBody(content *openapi.Content, t openapi.MediaType, body []byte) (text []byte, problem string) {
	if t.IsJSON() {
		return body, ""
	}
	v, judged, violations := openapi.DecodeBody(content, t, body)
	if len(violations) > 0 {
		return nil, violations[0].String()
	}
	if items := content.Schema.Items; !judged || items != nil && items.Place == content.Schema.Place { // a sequence of what the schema describes
		return nil, ""
	}
	return appendJSON(nil, v), ""
}

func (c *sweeper) problem(j *judge, op *openapi.Compiled, w *httptest.ResponseRecorder) string {
	declared := op.Response(w.Code)
	if declared == nil {
		if r, _ := op.Success(); r == nil {
			return "" // no success is declared: nothing can be kept or broken
		}
		return fmt.Sprintf("status %d is not declared", w.Code)
	}
	if problem := c.headerProblem(j, declared, w); problem != "" {
		return problem
	}
	if len(declared.Content) == 0 || op.Method == "HEAD" {
		return ""
	}
	t, err := openapi.ParseMediaType(w.Header().Get("Content-Type"))
	if err != nil {
		return err.Error()
	}
	for _, content := range declared.Content {
		if !content.Type.Matches(t) {
			continue
		}
		if content.Schema == nil {
			return ""
		}
		body, problem := jsonBody(content, t, w.Body.Bytes())
		if body == nil {
			return problem
		}
		broken, err := j.broken(content.Place.Pointer+"/schema", body)
		if err != nil {
			c.unjudged++
			c.note("not understood by the judge: %s: %v", op.ID, err)
			return ""
		}
		c.bodies++
		return broken
	}
	return fmt.Sprintf("content type %s is not declared", t)
}

// headerProblem tells what is wrong with the declared headers of an answer.
func (c *sweeper) headerProblem(j *judge, declared *openapi.Response, w *httptest.ResponseRecorder) string {
	for _, h := range declared.Headers {
		lines := w.Header().Values(h.Name)
		if len(lines) == 0 {
			if h.Required && !strings.EqualFold(h.Name, "Content-Type") {
				return "no header " + h.Name
			}
			continue
		}
		value, violations := h.Value(lines)
		if len(violations) > 0 {
			return fmt.Sprintf("header %s %q: %s", h.Name, lines, violations[0])
		}
		if !h.Place.Child("schema").Exists() {
			continue
		}
		c.headers++
		if broken, err := j.broken(h.Place.Pointer+"/schema", appendJSON(nil, value)); err == nil && broken != "" {
			return fmt.Sprintf("header %s %q: %s", h.Name, lines, broken)
		}
	}
	return ""
}
