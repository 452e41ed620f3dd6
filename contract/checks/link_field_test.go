package checks

import "testing"

func TestUnread(t *testing.T) {
	for line, rest := range map[string]string{
		`<https://a.example/x?page=2>; rel="next"`:                                         "",
		`<https://a.example/x?page=2>; rel="next", <https://a.example/x?page=9>; rel=last`: "",
		`</x?a=1,2;3>; rel="next"; title="a, b", </y>;rel=prev`:                            "",
		`</x>; title*=UTF-8''n%c3%a4chstes; rel="next last";`:                              "",
		``:                                "",
		`https://a.example/x; rel="next"`: `https://a.example/x; rel="next"`,
		`</x>`:                            `</x>`,
		`</x>; rel=next, /y; rel=prev`:    `/y; rel=prev`,
		`</a b>; rel=next`:                `</a b>; rel=next`,
		`</x>, rel="next"`:                `</x>, rel="next"`,
	} {
		if got := unread(line); got != rest {
			t.Errorf("%s: %q, want %q", line, got, rest)
		}
	}
}

func TestHeaderLink(t *testing.T) {
	for line, href := range map[string]string{
		`</x?page=2>; rel="next", </x?page=9>; rel=last`:       "/x?page=2",
		`</x?ids=1,2>; rel=prev, </x?ids=1,2&at=3>; rel=next`:  "/x?ids=1,2&at=3",
		`</x>; title="a, b", </y>; rel="last Next"`:            "/y",
		`</x>; rel="nextish", </y>; rel="first"; title="next"`: "",
		`</x?of=a & b>; rel="next", </y>; rel="last"`:          "/x?of=a & b",
		`/x; rel="next"`: "",
		``:               "",
	} {
		if got := headerLink([]string{line}, "next"); got != href {
			t.Errorf("%s: %q, want %q", line, got, href)
		}
	}
}
