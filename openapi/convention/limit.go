package convention

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"troth/openapi"
)

var (
	sizeInBytes = regexp.MustCompile(`(?i)\b(\d{1,6}(?:\.\d+)?)\s?(bytes|kb|kib|kilobytes?|mb|mib|megabytes?)\b`)
	asTooLarge  = regexp.MustCompile(`\b413\b`)
)

// BodyLimit is how many bytes a request body of an operation may have, by what the document says of the status 413: in its response, or in a sentence of the
// operation, its request body or the whole document that names it. 0 where nothing is said, or not the same everywhere.
func (c *Conventions) BodyLimit(op *openapi.Compiled) int {
	if op.Body == nil || op.Response(http.StatusRequestEntityTooLarge) == nil || op.Response(http.StatusRequestEntityTooLarge).Code != "413" {
		return 0
	}
	if n, ok := c.limits.Load(op); ok {
		return n.(int)
	}
	n := bodyLimit(op)
	c.limits.Store(op, n)
	return n
}

func bodyLimit(op *openapi.Compiled) int {
	said := map[int]bool{}
	limitsIn(op.Response(http.StatusRequestEntityTooLarge).Place.Child("description").Node.Text(), said)
	for _, text := range []string{op.Place.Child("description").Node.Text(), op.Body.Place.Child("description").Node.Text(), op.Document.Root.Child("info").Child("description").Node.Text()} {
		plain := strings.Join(strings.Fields(text), " ")
		for _, sentence := range sentenceEnd.Split(plain, -1) {
			if asTooLarge.MatchString(sentence) {
				limitsIn(sentence, said)
			}
		}
	}
	if len(said) != 1 {
		return 0
	}
	for n := range said {
		return n
	}
	return 0
}

// limitsIn adds the sizes that a text names, the same one once: "64 KiB (65536 bytes)".
func limitsIn(text string, said map[int]bool) {
	for _, m := range sizeInBytes.FindAllStringSubmatch(text, -1) {
		n, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			continue
		}
		switch unit := strings.ToLower(m[2]); {
		case strings.HasPrefix(unit, "k"):
			n *= 1 << 10 // or 1,000: what is well above one is above the other
		case strings.HasPrefix(unit, "m"):
			n *= 1 << 20
		}
		said[int(n)] = true
	}
}
