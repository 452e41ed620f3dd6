package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newMan(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages of all commands",
		Long: `Writes a manual page for each command into DIR, which is made where it is not there: troth.1, troth-mock.1 and so on. They are
dated by $SOURCE_DATE_EPOCH where it is set, so that the same program writes the same pages.`,
		Example: `  troth man ~/.local/share/man/man1
  man troth-mock`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := writeManual(c.Root(), args[0]); err != nil {
				return fmt.Errorf("man: %w", err)
			}
			fmt.Fprintln(s.out, args[0])
			return nil
		},
	}
}

func writeManual(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root.DisableAutoGenTag = true
	markdown(root)
	return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "troth " + Version(), Manual: "troth"}, dir)
}

// markdown makes the texts of a command and those below it what the manual's writer reads: in Markdown lines that are indented by two
// blanks would run together, and * and _ would be marks.
func markdown(c *cobra.Command) {
	c.Long = preformatted(c.Long)
	for _, below := range c.Commands() {
		markdown(below)
	}
}

func preformatted(text string) string {
	var b strings.Builder
	inside, ended := false, true
	for line := range strings.Lines(text) {
		indented := strings.HasPrefix(line, "  ")
		if indented != inside && !ended {
			b.WriteString("\n") // a block stands between blank lines
		}
		inside, ended = indented, strings.TrimSpace(line) == ""
		switch {
		case indented:
			b.WriteString("  ")
		default:
			line = escaper.Replace(line)
		}
		b.WriteString(line)
	}
	return b.String()
}

var escaper = strings.NewReplacer("*", `\*`, "_", `\_`, "<", `\<`)
