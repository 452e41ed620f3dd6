package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"troth/gen"
)

// Write writes files into a directory. One that holds anything is an error, unless force is given: then files of the same
// names are replaced, and no other is touched. All is written beside the directory first, and moved there when it is whole:
// a failure leaves nothing half-written.
func Write(dir string, files []gen.File, force bool) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("init: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("init: %w", err)
	}
	if len(entries) > 0 && !force {
		return fmt.Errorf("init: %s is not empty: name another directory, or say --force to replace files of the same names", dir)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return fmt.Errorf("init: %w", err)
	}
	stage, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-")
	if err != nil {
		return fmt.Errorf("init: %w", err)
	}
	defer os.RemoveAll(stage)
	if err := fill(stage, files); err != nil {
		return fmt.Errorf("init: %w", err)
	}
	if len(entries) > 0 {
		err = merge(stage, dir, files)
	} else {
		err = move(stage, dir)
	}
	if err != nil {
		return fmt.Errorf("init: %w", err)
	}
	return nil
}

func fill(dir string, files []gen.File) error {
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// move puts the whole directory in place of one that is empty or absent.
func move(stage, dir string) error {
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Chmod(stage, 0o755); err != nil { // temporary directories are private
		return err
	}
	return os.Rename(stage, dir)
}

// merge moves file by file. What can be known to fail is looked at before the first is moved.
func merge(stage, dir string, files []gen.File) error {
	for _, f := range files {
		to := filepath.Join(dir, filepath.FromSlash(f.Name))
		if info, err := os.Lstat(to); err == nil && !info.Mode().IsRegular() {
			return fmt.Errorf("%s is no regular file", to)
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return err
		}
	}
	for _, f := range files {
		name := filepath.FromSlash(f.Name)
		if err := os.Rename(filepath.Join(stage, name), filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}
