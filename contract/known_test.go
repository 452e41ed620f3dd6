package contract

import (
	"bytes"
	"strings"
	"testing"
)

func broken(cases ...string) *Report {
	r := &Report{}
	for _, name := range cases {
		r.Outcomes = append(r.Outcomes, Outcome{Case: name, Verdict: Fail, Level: Must, Findings: []Finding{{Level: Must, Where: "body", Keyword: "x"}}})
	}
	r.Outcomes = append(r.Outcomes, Outcome{Case: "kept/a", Verdict: Pass})
	r.count()
	return r
}

func list(t *testing.T, text string) *Known {
	t.Helper()
	k, err := ReadKnown("known.txt", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestKnownExpiry mutes until the day that a reason says, and fails from the next one on.
func TestKnownExpiry(t *testing.T) {
	for day, want := range map[string]int{"2026-12-31": 0, "2027-01-01": 2} {
		r := broken("a/b", "c/d")
		if r.Mute(list(t, "# until 2026-12-31: ticket 7\na/b body x\n# for ever\nc/d body x\n"), day); r.Summary.Must != want {
			t.Errorf("%s: %d findings, want %d", day, r.Summary.Must, want)
		}
	}
}

// TestKnownExitCodes keeps apart what is kept, what is broken and what nobody knows.
func TestKnownExitCodes(t *testing.T) {
	errs := broken()
	errs.Outcomes = append(errs.Outcomes, Outcome{Case: "e/x", Verdict: Error, Reason: "refused"}, Outcome{Case: "s/x", Verdict: Skipped, Reason: "no items"})
	part := broken()
	part.Part = "1/2"
	for name, tt := range map[string]struct {
		report *Report
		list   string
		code   int
		says   string
	}{
		"all known":             {broken("a/b"), "# why\na/b body x\n", ExitKept, ""},
		"another one":           {broken("a/b", "c/d"), "# why\na/b body x\n", ExitBroken, ""},
		"no longer occurs":      {broken(), "# why\nkept/a body x\n", ExitBroken, "none: remove the line"},
		"matches no case":       {broken(), "# why\ntypo/a body x\n", ExitBroken, "no case typo/a in the plan"},
		"over":                  {broken("a/b"), "# until 2020-01-01: x\na/b body x\n", ExitBroken, "give it more time"},
		"case was skipped":      {errs, "# why\ns/x body x\n", ExitUnsure, "known.txt:2: whether it still occurs is not known: s/x was not judged: no items"},
		"case was not judged":   {errs, "# why\ne/x body x\n", ExitUnsure, "e/x was not judged: refused"},
		"case of another part":  {part, "# why\nother/x body x\n", ExitKept, ""},
		"of this part, is gone": {part, "# why\nkept/a body x\n", ExitBroken, "none: remove the line"},
	} {
		r := *tt.report
		r.count()
		r.Mute(list(t, tt.list), "2026-11-24")
		var b bytes.Buffer
		if err := r.Text(&b, false); err != nil {
			t.Fatal(err)
		}
		if code := r.ExitCode(Should); code != tt.code || !strings.Contains(b.String(), tt.says) {
			t.Errorf("%s: exit %d, want %d and %q\n%s", name, code, tt.code, tt.says, b.String())
		}
	}
}

// TestKnownRefuses what no list should hold.
func TestKnownRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"# until 2026-13-01: x\na/b\n":     "known.txt:2",
		"a/b body x\n":                     "no reason",
		"# about the list\n\na/b body x\n": "known.txt:3: no reason",
		"# why\na/b\n# why\na/b\n":         "known.txt:4: \"a/b\" stands in line 2, too",
	} {
		if _, err := ReadKnown("known.txt", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestKnownUpdate keeps the reasons of what still occurs, drops what does not, asks for reasons of what is new, and keeps what was not judged.
func TestKnownUpdate(t *testing.T) {
	const before = "# of staging\n\n# why gone\nkept/a body x\n# why a\na/b body x\n# later\nother/z body x\n"
	const added = "# found on 2026-11-24: say why it is known\nnew/n body x\n"
	for part, want := range map[string]string{
		"":    "# of staging\n\n# why a\na/b body x\n" + added,
		"1/2": "# of staging\n\n# why a\na/b body x\n# later\nother/z body x\n" + added,
	} {
		r := broken("a/b", "new/n")
		r.Part = part
		var b bytes.Buffer
		if err := list(t, before).Update(&b, r, "2026-11-24"); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("part %q: %s, want %s", part, b.String(), want)
		}
	}
}
