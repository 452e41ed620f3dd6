package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// completed are the values of flags that are words, for the completions of shells; other flags complete to files.
func completed() map[string][]string {
	return map[string][]string{
		"auth":    {"on", "off"},
		"world":   {"closed", "open"},
		"admin":   {"on", "off"},
		"log":     {"text", "json", "off"},
		"defect":  defectNames(),
		"fail-on": {"must", "should", "advice"},
		"report":  {"text", "html=", "json=", "junit=", "sarif=", "github", "markdown=", "coverage="},
	}
}

// documents are the endings of the files that an argument DOCUMENT completes to.
var documents = []string{"yaml", "yml", "json"}

// completions tells the shells what the arguments and flags of a command, and of those below it, may be.
func completions(c *cobra.Command) {
	if c.ValidArgsFunction == nil && strings.Contains(c.Use, "DOCUMENT") {
		c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return slices.Clone(documents), cobra.ShellCompDirectiveFilterFileExt
		}
	}
	for name, values := range completed() {
		if c.Flags().Lookup(name) == nil {
			continue
		}
		// It fails only for a flag that is absent, or that has its values already.
		_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, directive(values)))
	}
	for _, below := range c.Commands() {
		completions(below)
	}
}

// directive keeps the cursor behind a value that goes on with a file name.
func directive(values []string) cobra.ShellCompDirective {
	if slices.ContainsFunc(values, func(v string) bool { return strings.HasSuffix(v, "=") }) {
		return cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	return cobra.ShellCompDirectiveNoFileComp
}
