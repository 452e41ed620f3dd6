package contract

import (
	"fmt"
	"io"
	"strings"
)

// GitHub writes each finding as a workflow command of GitHub Actions, which shows it at the document's line.
func (r *Report) GitHub(w io.Writer) error {
	var b strings.Builder
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			command := map[Level]string{Must: "error", Should: "warning", Advice: "notice"}[f.Level]
			at := ""
			if file, line, ok := sourceLine(f.Source); ok {
				at = fmt.Sprintf("file=%s,line=%d,", property(file), line)
			}
			fmt.Fprintf(&b, "::%s %stitle=%s::%s\n", command, at, property(o.Case), data(findingsText([]Finding{f})))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// data and property escape as the workflow commands' form asks
// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string { return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s)) }

// Markdown writes a summary for a job's page ($GITHUB_STEP_SUMMARY): the verdict, then a row for each finding.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	s := r.Summary
	fmt.Fprintf(&b, "### troth: %d findings in %d cases\n\n%d must, %d should, %d advice; %d passed, %d failed, %d skipped, %d not judged. %s %s at %s.\n",
		s.Must+s.Should+s.Advice, s.Cases, s.Must, s.Should, s.Advice, s.Passed, s.Failed, s.Skips, s.Errors, r.Document.Title, r.Document.Version, r.Target)
	if s.Must+s.Should+s.Advice > 0 {
		b.WriteString("\n| level | case | where | want | got | document |\n|---|---|---|---|---|---|\n")
	}
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			where := strings.TrimSpace(f.Where + " " + f.Pointer + " " + f.Keyword)
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", f.Level, cell(o.Case), cell(where), cell(f.Want), cell(f.Got), cell(f.Source))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ", "<", "&lt;").Replace(s)
}
