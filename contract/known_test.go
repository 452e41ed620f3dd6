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
	return r
}

// TestKnownExpiry mutes until the day that a reason says, and fails from the next one on.
func TestKnownExpiry(t *testing.T) {
	const list = "# until 2026-12-31: ticket 7\na/b body x\n# for ever\nc/d body x\n"
	for day, want := range map[string]int{"2026-12-31": 0, "2027-01-01": 2} {
		k, err := ReadKnown("known.txt", strings.NewReader(list))
		if err != nil {
			t.Fatal(err)
		}
		r := broken("a/b", "c/d")
		if r.Mute(k, day); r.Summary.Must != want {
			t.Errorf("%s: %d findings, want %d", day, r.Summary.Must, want)
		}
	}
	if _, err := ReadKnown("known.txt", strings.NewReader("# until 2026-13-01: x\na/b\n")); err == nil || !strings.Contains(err.Error(), "known.txt:2") {
		t.Error(err)
	}
}

// TestKnownUpdate keeps the reasons of what still occurs, drops what does not, and asks for reasons of what is new.
func TestKnownUpdate(t *testing.T) {
	k, err := ReadKnown("known.txt", strings.NewReader("# why a\na/b body x\n# why gone\ngone/z body x\n"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := k.Update(&b, broken("a/b", "new/n"), "2026-11-24"); err != nil {
		t.Fatal(err)
	}
	if want := "# why a\na/b body x\n# found on 2026-11-24: say why it is known\nnew/n body x\n"; b.String() != want {
		t.Errorf("%s, want %s", b.String(), want)
	}
}
