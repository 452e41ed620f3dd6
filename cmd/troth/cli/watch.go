package cli

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"troth/mock"
	"troth/openapi/convention"
)

// quiet is how long files must rest before they are read: editors and checkouts write in several steps.
const quiet = 100 * time.Millisecond

// watchOver serves a document anew when one of its files, or its troth.yaml, changes, until the context ends.
// more is to be called when all of the document's files are read.
func (f *mockFlags) watchOver(ctx context.Context, s *streams, group *mock.Group, i int, d *served, m *meter, log func(mock.Entry)) (more func()) {
	if d.doc.Path == "" || !f.watch {
		return func() {}
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		fmt.Fprintln(s.err, "warning: changes of", d.doc.Name, "are not seen:", err)
		return func() {}
	}
	r := &reloader{
		flags: f, streams: s, group: group, at: i, now: d, meter: m, log: log, watcher: w, seen: map[string][32]byte{}, more: make(chan struct{}, 1),
	}
	r.follow()
	go r.loop(ctx)
	return func() {
		select {
		case r.more <- struct{}{}:
		default:
		}
	}
}

// reloader keeps one document of a group up to date.
type reloader struct {
	flags   *mockFlags
	streams *streams
	group   *mock.Group
	at      int
	now     *served
	meter   *meter
	log     func(mock.Entry)
	watcher *fsnotify.Watcher
	seen    map[string][32]byte // digests of the files, by path
	more    chan struct{}       // the document has more files than were known
}

func (r *reloader) loop(ctx context.Context) {
	defer func() { _ = r.watcher.Close() }()
	rest := time.NewTimer(time.Hour)
	defer rest.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.more:
			r.follow()
		case _, ok := <-r.watcher.Events:
			if !ok {
				return
			}
			rest.Reset(quiet)
		case err, ok := <-r.watcher.Errors:
			if !ok {
				return
			}
			fmt.Fprintln(r.streams.err, "warning: changes of", r.now.doc.Name, "may be missed:", err)
		case <-rest.C:
			r.look()
		}
	}
}

// look reads the document again where a file is not what it was. Digests tell: a file may be replaced, linked elsewhere or only touched.
func (r *reloader) look() {
	found := digests(r.now)
	if maps.Equal(r.seen, found) {
		return
	}
	r.seen = found
	next, err := r.flags.build(r.streams, r.now.args, r.log)
	if err == nil {
		err = worse(r.now, next)
	}
	r.meter.reloaded(err == nil)
	if err != nil {
		fmt.Fprintf(r.streams.err, "%s changed and cannot be served, the old one stays: %v\n", r.now.doc.Name, err)
		return
	}
	dropped := r.group.Replace(r.at, next.server)
	fmt.Fprintf(r.streams.err, "%s changed and is served: %d operations, before %d\n", next.doc.Name, len(next.doc.Operations), len(r.now.doc.Operations))
	for _, err := range dropped {
		fmt.Fprintln(r.streams.err, "warning: what a client wrote does not fit any more:", err)
	}
	r.now = next
	r.follow()
}

// worse is the first error of a document that has more operations which cannot be compiled than the one that is served.
func worse(now, next *served) error {
	before, after := broken(now), broken(next)
	if len(after) > len(before) {
		return after[0]
	}
	return nil
}

// broken compiles all operations, on a fork that does not stay in memory; so every file that the document reaches is read, too.
func broken(d *served) []error {
	fork, err := d.doc.Fork()
	if err != nil {
		return []error{err}
	}
	errs, _ := fork.CompileAll()
	return errs
}

// follow watches the folders of the document's files: a file that is replaced is a new one, which a watch of the file would not see.
func (r *reloader) follow() {
	for path, digest := range digests(r.now) {
		if _, known := r.seen[path]; known {
			continue
		}
		r.seen[path] = digest
		if err := r.watcher.Add(filepath.Dir(path)); err != nil {
			fmt.Fprintln(r.streams.err, "warning: changes of", path, "are not seen:", err)
		}
	}
}

// digests are those of the document's files and of its conventions; an absent file has one, too.
func digests(d *served) map[string][32]byte {
	paths := []string{d.config}
	if d.config == "" {
		paths[0] = filepath.Join(filepath.Dir(d.doc.Path), convention.FileName)
	}
	for _, file := range d.doc.Files() {
		paths = append(paths, file.Name)
	}
	all := map[string][32]byte{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			data = []byte(err.Error())
		}
		all[path] = sha256.Sum256(data)
	}
	return all
}
