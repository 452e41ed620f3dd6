package cli

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"

	"troth/mock"
	"troth/openapi/convention"
	"troth/openapi/schema"
	places "troth/openapi/source"
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
	awaited []string            // files of a document that could not be served: what is wrong may be set right in one of them
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
	found := digests(r.now, r.awaited)
	if maps.Equal(r.seen, found) {
		r.follow() // a folder that was awaited may be there now
		return
	}
	r.seen = found
	next, lost, err := r.read()
	r.meter.reloaded(err == nil)
	if err != nil {
		fmt.Fprintf(r.streams.err, "%s changed and cannot be served, the old one stays: %v\n", r.now.doc.Name, err)
		r.await(next, err)
		return
	}
	r.awaited = nil
	dropped := r.group.Replace(r.at, next.server)
	fmt.Fprintf(r.streams.err, "%s changed and is served: %d operations, before %d\n", next.doc.Name, len(next.doc.Operations), len(r.now.doc.Operations))
	for _, u := range lost {
		fmt.Fprintln(r.streams.err, "warning: cannot be checked any more:", u)
	}
	for _, err := range dropped {
		fmt.Fprintln(r.streams.err, "warning: what a client wrote does not fit any more:", err)
	}
	r.now = next
	r.follow()
}

// read loads the document as it is now; it may be there beside an error. lost is what could be checked before.
func (r *reloader) read() (next *served, lost []schema.Unchecked, err error) {
	if next, err = r.flags.read(r.streams, r.now.args); err != nil {
		return next, nil, err
	}
	docs := r.group.Documents()
	docs[r.at] = next.doc
	if err := r.flags.build(r.streams, next, docs, r.log); err != nil {
		return next, nil, err
	}
	lost, err = worse(r.now, next)
	return next, lost, err
}

// await watches the files of a document that cannot be served, too, and the one that the error is about: it may be missing.
func (r *reloader) await(next *served, err error) {
	r.awaited = nil
	if next.doc != nil {
		for _, file := range next.doc.Files() {
			r.awaited = append(r.awaited, file.Name)
		}
	}
	var missing *fs.PathError
	if errors.As(err, &missing) {
		r.awaited = append(r.awaited, missing.Path)
		r.seen[missing.Path] = sha256.Sum256([]byte(missing.Error()))
	}
	var wrong *places.Error
	if errors.As(err, &wrong) {
		r.awaited = append(r.awaited, wrong.File)
	}
	r.follow()
}

// worse is the first error of a document that has more operations which cannot be compiled than the one that is served, and what cannot be
// checked of it and could be of the other.
func worse(now, next *served) (lost []schema.Unchecked, err error) {
	before, uncheckedBefore := broken(now)
	after, unchecked := broken(next)
	if len(after) > len(before) {
		return nil, after[0]
	}
	known := map[string]bool{}
	for _, u := range uncheckedBefore {
		known[unplaced(u)] = true
	}
	return slices.DeleteFunc(unchecked, func(u schema.Unchecked) bool { return known[unplaced(u)] }), nil
}

// unplaced is what cannot be checked, whatever its line.
func unplaced(u schema.Unchecked) string {
	return u.Place.File.Name + "#" + u.Place.Pointer + ": " + u.Reason
}

// broken compiles all operations, on a fork that does not stay in memory; so every file that the document reaches is read, too.
func broken(d *served) ([]error, []schema.Unchecked) {
	fork, err := d.doc.Fork()
	if err != nil {
		return []error{err}, nil
	}
	return fork.CompileAll()
}

// follow watches the folders of the document's files: a file that is replaced is a new one, which a watch of the file would not see.
func (r *reloader) follow() {
	watched := r.watcher.WatchList()
	for path, digest := range digests(r.now, r.awaited) {
		if _, known := r.seen[path]; !known {
			r.seen[path] = digest
		}
		folder := present(filepath.Dir(path))
		if slices.Contains(watched, folder) {
			continue
		}
		if err := r.watcher.Add(folder); err != nil {
			fmt.Fprintln(r.streams.err, "warning: changes of", path, "are not seen:", err)
		}
	}
}

// present is a folder, or the nearest one above it that exists.
func present(folder string) string {
	for {
		if info, err := os.Stat(folder); err == nil && info.IsDir() {
			return folder
		}
		above := filepath.Dir(folder)
		if above == folder {
			return folder
		}
		folder = above
	}
}

// digests are those of the document's files, of its conventions and of more files; an absent file has one, too.
func digests(d *served, more []string) map[string][32]byte {
	paths := append([]string{d.config}, more...)
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
