package contract

import (
	"fmt"
	"io"
	"strings"
)

// GitHub writes each cause of findings as a workflow command of GitHub Actions, which shows it at the document's line. GitHub shows ten of a
// kind: those that most cases have come first.
func (r *Report) GitHub(w io.Writer) error {
	var b strings.Builder
	for _, c := range r.causes() {
		command := map[Level]string{Must: "error", Should: "warning", Advice: "notice"}[c.Level]
		at := ""
		if file, line, ok := sourceLine(r.lineOf(c.Outcome, c.Finding)); ok {
			at = fmt.Sprintf("file=%s,line=%d,", property(file), line)
		}
		check := r.Check(c.Outcome.Check)
		text := check.Promise + " " + check.Why + "\n" + findingsText([]Finding{c.Finding})
		if places := c.places(); len(places) > 0 {
			text += "also at " + few(places, 6) + "\n"
		}
		if cases := c.cases(); len(cases) > 0 {
			text += "also in " + few(cases, 3) + "\n"
		}
		fmt.Fprintf(&b, "::%s %stitle=%s::%s\n", command, at, property(c.Outcome.Case), data(text))
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

// mostRows bounds the table of a summary: GitHub takes pages up to 1 MiB.
const mostRows = 200

// Markdown writes a summary for a job's page ($GITHUB_STEP_SUMMARY): the verdict, a row for each cause of findings with the commands that show
// it, what was exercised, and what was not.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	s := r.Summary
	verdict, _ := r.verdict()
	fmt.Fprintf(&b, "### troth: %s: %d findings in %d cases\n\n%d must, %d should, %d advice; %d passed, %d failed, %d skipped, %d not judged; %d requests. %s %s at %s.\n",
		verdict, s.Must+s.Should+s.Advice, s.Cases, s.Must, s.Should, s.Advice, s.Passed, s.Failed, s.Skips, s.Errors, r.Requests, r.Document.Title, r.Document.Version, r.Target)
	if c := r.Coverage; c.Operations.Of > 0 {
		fmt.Fprintf(&b, "\nExercised: %s operations, %s statuses, %s parameters and bodies, %s constraints.\n", c.Operations, c.Statuses, c.Inputs, c.Constraints)
	}
	r.table(&b)
	if lack := append(r.reasons(Error), r.reasons(Skipped)...); len(lack) > 0 {
		b.WriteString("\n<details><summary>Not exercised</summary>\n\n| cases | why |\n|---|---|\n")
		for _, reason := range lack[:min(len(lack), mostRows)] {
			fmt.Fprintf(&b, "| %s | %s |\n", cell(few(reason.Cases, 3)), cell(reason.Text))
		}
		b.WriteString("\n</details>\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) table(b *strings.Builder) {
	causes := r.causes()
	if len(causes) == 0 {
		return
	}
	b.WriteString("\n| level | case | where | want | got | document |\n|---|---|---|---|---|---|\n")
	for i, c := range causes {
		if i == mostRows {
			fmt.Fprintf(b, "\n%d causes more are in the other reports.\n", len(causes)-mostRows)
			break
		}
		name := c.Outcome.Case
		if len(c.More) > 0 {
			name += fmt.Sprintf(" and %d more", len(c.More))
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", c.Level, cell(name), cell(c.place()), cell(shortened(c.Want, widest)), cell(shortened(c.Got, widest)), cell(r.lineOf(c.Outcome, c.Finding)))
	}
	b.WriteString("\n<details><summary>Commands that show them</summary>\n\n")
	for _, c := range causes[:min(len(causes), 20)] {
		fmt.Fprintf(b, "%s\n\n```sh\n%s\n```\n\n", c.Outcome.Case, strings.ReplaceAll(strings.Join(c.Curl, "\n"), "```", "` ` `"))
	}
	b.WriteString("</details>\n")
}

func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ", "<", "&lt;").Replace(s)
}
