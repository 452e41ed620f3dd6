//go:build nogen

package cli

import (
	"errors"

	"github.com/spf13/cobra"
)

// The container image is built with this tag: code is generated where Go is, and without the generator the program is a fifth smaller.

func newGen(*streams) *cobra.Command  { return absent("gen [DOCUMENT]") }
func newInit(*streams) *cobra.Command { return absent("init DOCUMENT DIR") }

// absent is a command that this program was built without.
func absent(use string) *cobra.Command {
	c := &cobra.Command{Use: use, Hidden: true, DisableFlagParsing: true}
	c.RunE = func(*cobra.Command, []string) error {
		return errors.New(c.Name() + ": this program was built without the generator (tag nogen, as in the container image): use a release binary, or go run ./cmd/troth " + c.Name() + " in a checkout")
	}
	return c
}
