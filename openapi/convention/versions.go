package convention

import (
	"strings"
	"time"

	"troth/openapi"
	"troth/openapi/source"
)

// Versions are dated media types: the newest version not later than the date asked for is served; none: 406.
type Versions struct {
	Prefix string `json:"prefix"` // "application/vnd.example."
	Suffix string `json:"suffix"` // "+json"

	Promised bool `json:"-"` // troth.yaml says so; else it was read off the document, and nobody promised what days behind the newest are answered
}

// Resolve returns the index of the offer that an Accept media type with a date (YYYY-MM-DD) is served with: the newest not
// later; ok is false where a dated type of this form finds none, and dated is false where the type is not of this form.
func (v *Versions) Resolve(accept openapi.MediaType, offers []openapi.MediaType) (i int, dated, ok bool) {
	asked := v.Date(accept)
	if asked == "" {
		return 0, false, false
	}
	best := ""
	for j, offer := range offers {
		if d := v.Date(offer); d != "" && d <= asked && d > best {
			i, best = j, d
		}
	}
	return i, true, best != ""
}

// Date is the date of a media type of this form, "" where it is not of this form.
func (v *Versions) Date(m openapi.MediaType) string {
	rest, ok := strings.CutPrefix(m.Type+"/"+m.Subtype, v.Prefix)
	if !ok {
		return ""
	}
	rest, ok = strings.CutSuffix(rest, v.Suffix)
	if !ok || !isDate(rest) {
		return ""
	}
	return rest
}

// isDate tells whether a text is a day that can be, as YYYY-MM-DD.
func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// inferVersions finds the first media type of a response that has a date in it.
func inferVersions(doc *openapi.Document) *Versions {
	for _, item := range doc.Root.Node.Get("paths").Members() {
		for _, operation := range item.Members() {
			for _, response := range operation.Get("responses").Members() {
				if v := datedContent(response.Get("content")); v != nil {
					return v
				}
			}
		}
	}
	for _, response := range doc.Root.Node.Get("components").Get("responses").Members() {
		if v := datedContent(response.Get("content")); v != nil {
			return v
		}
	}
	return nil
}

func datedContent(content *source.Node) *Versions {
	for name := range content.Members() {
		for i := 0; i+10 <= len(name); i++ {
			if isDate(name[i : i+10]) {
				return &Versions{Prefix: name[:i], Suffix: name[i+10:]}
			}
		}
	}
	return nil
}
