package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// asProgram in the environment makes the test binary behave as troth, for scripts that call it.
const asProgram = "TROTH_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if role := os.Getenv(asProgram); role != "" {
		os.Exit(play(role, os.Args[1:]))
	}
	os.Exit(m.Run())
}

// program writes a script that runs troth to a file named troth in a directory.
func program(t *testing.T, dir string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "troth")
	script := fmt.Sprintf("#!/bin/sh\nexec env %s=troth %s \"$@\"\n", asProgram, shellWord(self))
	if err := os.WriteFile(file, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return file
}
