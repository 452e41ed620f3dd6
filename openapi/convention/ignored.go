package convention

import (
	"regexp"
	"strings"

	"troth/openapi"
)

// Ignored tells which members of request bodies a document says that the server ignores.
type Ignored struct{ ReadOnly, Unknown bool }

// IgnoredBy reads what an operation ignores: in its own description, in its request body's, and in those of the body's schemas.
func IgnoredBy(op *openapi.Compiled) Ignored {
	ignored := ignoredIn(op.Place.Child("description").Node.Text())
	if op.Body == nil {
		return ignored
	}
	texts := []string{op.Body.Place.Child("description").Node.Text()}
	for _, content := range op.Body.Content {
		if content.Schema == nil {
			continue
		}
		for part := range content.Schema.Parts(false) {
			texts = append(texts, part.Description)
		}
	}
	for _, text := range texts {
		more := ignoredIn(text)
		ignored.ReadOnly, ignored.Unknown = ignored.ReadOnly || more.ReadOnly, ignored.Unknown || more.Unknown
	}
	return ignored
}

const memberWord = `(members?|propert(y|ies)|fields?|attributes?|keys?)`

var (
	inBrackets    = regexp.MustCompile(`\([^()]*\)`)
	sentenceEnd   = regexp.MustCompile(`[.;!?](\s|$)`)
	readOnlyWords = regexp.MustCompile(`(?i)\bread[- ]?only(\s+\w+)?\s+` + memberWord + `\b|\b` + memberWord + `\s+(that\s+are\s+|which\s+are\s+)?(marked\s+)?(as\s+)?read[- ]?only\b`)
	unknownWords  = regexp.MustCompile(`(?i)\b(unknown|additional|extra|unrecogni[sz]ed|undeclared|undocumented|unexpected)(\s+json)?\s+` + memberWord + `\b`)
	isIgnored     = regexp.MustCompile(`(?i)^[^,:]*?\b(is|are|be|gets?)\s+(silently\s+|simply\s+|always\s+|just\s+)?ignored\b`)
	theyAre       = regexp.MustCompile(`(?i)^\s*(they|these|those)\s+are\s+(silently\s+|simply\s+|always\s+|just\s+)?ignored\b`)
	ignores       = regexp.MustCompile(`(?i)\bignores\s+((all|any|the)\s+)?$`)
	leavesOpen    = regexp.MustCompile(`(?i)\b(not|never|may|might|can|could|should|clients?|consumers?|callers?|you|responses?|answers?|unless|except|if|when|where)\b`)
)

// ignoredIn reads sentences such as "Read-only members are ignored." A sentence that speaks of clients, or leaves it open, says nothing.
func ignoredIn(text string) (ignored Ignored) {
	plain := strings.Join(strings.Fields(inBrackets.ReplaceAllString(text, " ")), " ")
	before := ""
	for _, sentence := range sentenceEnd.Split(plain, -1) {
		if theyAre.MatchString(sentence) {
			ignored.ReadOnly = ignored.ReadOnly || readOnlyWords.MatchString(before)
			ignored.Unknown = ignored.Unknown || unknownWords.MatchString(before)
		}
		before = sentence
		if leavesOpen.MatchString(sentence) {
			continue
		}
		ignored.ReadOnly = ignored.ReadOnly || saysIgnored(sentence, readOnlyWords)
		ignored.Unknown = ignored.Unknown || saysIgnored(sentence, unknownWords)
	}
	return ignored
}

func saysIgnored(sentence string, subject *regexp.Regexp) bool {
	at := subject.FindStringIndex(sentence)
	return at != nil && (isIgnored.MatchString(sentence[at[1]:]) || ignores.MatchString(sentence[:at[0]]))
}
