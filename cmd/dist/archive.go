package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// entry is a file of an archive: what stands in file, or data.
type entry struct {
	name string
	file string
	data []byte
	mode fs.FileMode // 0644 where it is 0
}

func (e entry) content() ([]byte, fs.FileMode, error) {
	mode := e.mode
	if mode == 0 {
		mode = 0o644
	}
	if e.file == "" {
		return e.data, mode, nil
	}
	data, err := os.ReadFile(e.file)
	return data, mode, err
}

// archive is what is released for one platform. Its bytes depend on its members alone, not on the machine or the hour.
type archive struct {
	platform string // such as linux/amd64
	version  string
	when     time.Time
	entries  []entry
}

// write writes the archive into a directory, a zip for Windows and a gzipped tar else, and returns its file's name.
func (a *archive) write(dir string) (string, error) {
	folder := "troth_" + a.version + "_" + strings.ReplaceAll(a.platform, "/", "_")
	name, pack := folder+".tar.gz", a.tar
	if strings.HasPrefix(a.platform, "windows/") {
		name, pack = folder+".zip", a.zip
	}
	file, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return "", err
	}
	defer file.Close()
	if err := pack(file, folder); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return name, file.Close()
}

func (a *archive) tar(w io.Writer, folder string) error {
	compressed, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(compressed)
	for _, e := range a.entries {
		data, mode, err := e.content()
		if err != nil {
			return err
		}
		h := &tar.Header{Name: folder + "/" + e.name, Mode: int64(mode), Size: int64(len(data)), ModTime: a.when, Format: tar.FormatPAX}
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		if _, err := t.Write(data); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return compressed.Close()
}

func (a *archive) zip(w io.Writer, folder string) error {
	z := zip.NewWriter(w)
	for _, e := range a.entries {
		data, mode, err := e.content()
		if err != nil {
			return err
		}
		h := &zip.FileHeader{Name: folder + "/" + e.name, Method: zip.Deflate, Modified: a.when}
		h.SetMode(mode)
		to, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := to.Write(data); err != nil {
			return err
		}
	}
	return z.Close()
}

// checksums writes checksums.txt, in the form that sha256sum -c reads.
func checksums(dir string, names []string) error {
	var b strings.Builder
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(data), name)
	}
	return os.WriteFile(filepath.Join(dir, "checksums.txt"), []byte(b.String()), 0o644)
}
