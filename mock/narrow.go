package mock

import (
	"html"
	"net/http"
)

// narrowDefects are those that not every document has room for on which their check judges something.
func narrowDefects() []Defect {
	return []Defect{
		{Name: "conflict-by-change", Breaks: "conflict-unchanged", Text: "takes each name once by POST, and any by a change", plant: onRequest(namesOnce(http.MethodPost))},
		{Name: "link-loses-sort", Breaks: "link-targets", Text: "drops the parameter that sorts from the links of pages", plant: func(t *tweaks) { t.unsortedLinks = true }},
		{Name: "page-one-more", Breaks: "page-size-honoured", Text: "shows one item more on pages of 60 and more", plant: onPage(pageOneMore)},
		{Name: "text-escaped", Breaks: "values-kept", Text: "keeps texts of what is created escaped for HTML", plant: func(t *tweaks) { t.garble = html.EscapeString }},
		{Name: "zero-unread", Breaks: "page-limits-enforced", Text: "takes 0 in the query for no value", plant: onAsked(zeroUnread)},
		{Name: "page-32-bits", Breaks: "past-the-end", Text: "keeps 32 bits of a page's number", plant: onPage(page32Bits)},
		{Name: "condition-bad-request", Breaks: "condition-demanded", Text: "answers 400 to a change without If-Match, where it declares 428", plant: func(t *tweaks) { t.conditionCode = http.StatusBadRequest }},
		{Name: "list-wrapped", Breaks: "representation", Text: "wraps lists as single answers are in an envelope", plant: onWire(listWrapped)},
		{Name: "offset-32-bits", Breaks: "past-the-end", Text: "keeps 32 bits of where a page begins", plant: onPage(offset32Bits)},
		{Name: "next-behind-last", Breaks: "links-walk", Text: "links a full last page to the empty one behind it", plant: func(t *tweaks) { t.linksOn, t.whole = true, true }},
		{Name: "head-field-missing", Breaks: "head-equals-get", Text: "leaves declared headers out of answers to HEAD", plant: onWire(headFieldMissing)},
		{Name: "head-length-wrong", Breaks: "head-equals-get", Text: "tells another Content-Length to HEAD", plant: onWire(headLengthWrong)},
		{Name: "day-impossible", Breaks: "body-matches-schema", Text: "says 30 February in times", plant: onReply(dayImpossible)},
		{Name: "day-unchecked", Breaks: "body-constraints", Text: "takes 30 February in times", plant: onViolation(impossibleDay)},
		{Name: "body-type-unchecked", Breaks: "body-constraints", Text: "takes members of another type", plant: onViolation(mistypedBody)},
		{Name: "truth-in-capitals", Breaks: "parameter-constraints", Text: "takes TRUE for true in the query", plant: onAsked(truthInCapitals)},
		{Name: "number-in-hexadecimal", Breaks: "parameter-constraints", Text: "takes 0x1 for 1 in the query", plant: onAsked(numberInHexadecimal)},
		{Name: "number-in-words", Breaks: "parameter-constraints", Text: "takes a word in the query for no value where a number is wanted", plant: onViolation(inWords)},
		{Name: "name-trimmed", Breaks: "parameter-constraints", Text: "drops blanks and line feeds around names in the path", plant: onAsked(nameTrimmed)},
		{Name: "name-as-pattern", Breaks: "parameter-constraints", Text: "takes % in the path for any name, as LIKE does in SQL", plant: onAsked(nameAsPattern)},
		{Name: "item-gone-at-times", Breaks: "single-agrees", Text: "answers every third read of an item 404", plant: itemGoneAtTimes},
		{Name: "promised-date-form", Breaks: "http-dates", Text: "sends dates that troth.yaml gives as ISO 8601 has them", plant: onWire(promisedDateForm)},
		{Name: "charset-refused", Breaks: "body-boundaries", Text: "refuses a body whose Content-Type has a charset", plant: onRequest(charsetRefused)},
		{Name: "password-blank", Breaks: "authentication-required", Text: "takes an empty password for any user, and for none", plant: func(t *tweaks) { t.blankOpens = true }},
		{Name: "nonce-missing", Breaks: "authentication-required", Text: "leaves the nonce out of the challenge to wrong credentials", plant: onWire(nonceMissing)},
		{Name: "stale-always", Breaks: "authentication-required", Text: "calls the nonce stale whatever is wrong with credentials", plant: onWire(staleAlways)},
		{Name: "parent-wrong-alone", Breaks: "parent-agrees", Text: "names another parent in an item than the path does, on its own and where it is created", plant: onReply(parentWrongAlone)},
		{Name: "rules-unread", Breaks: "rules-kept", Text: "makes items whose members do not agree as troth.yaml says", plant: func(t *tweaks) { t.unruled = true }},
		{Name: "created-mistyped", Breaks: "body-matches-schema", Text: "turns a member of an item that was created into another type where the item is read", plant: ofCreated(memberMistyped)},
		{Name: "created-half", Breaks: "created-exists", Text: "leaves a member out of an item that was created where the item is read", plant: ofCreated(memberForgotten)},
		{Name: "alternative-refused", Breaks: "credentials-accepted", Text: "takes the first kind of credentials only where something is changed", plant: func(t *tweaks) { t.firstAlternative = true }},
		{Name: "items-refused", Breaks: "tenant-isolation", Text: "refuses another tenant's list with items in the refusal", plant: itemsRefused},
		{Name: "letters-unread", Breaks: "unknown-path", Text: "answers a path with letters behind it as that path", plant: onAsked(lettersUnread)},
		{Name: "qop-missing", Breaks: "authentication-required", Text: "leaves qop out of digest challenges", plant: onWire(qopMissing)},
		{Name: "total-lost-at-times", Breaks: "total-steady", Text: "leaves the total out of every sixth page", plant: atTimes(6, totalLost)},
		{Name: "head-finds", Breaks: "unknown-item", Text: "answers HEAD 200 for items that do not exist", plant: func(t *tweaks) { t.headFinds = true }},
		{Name: "broken-at-times", Breaks: "not-a-server-error", Text: "closes the connection in place of every ninth answer to GET", plant: brokenAtTimes},
		{Name: "create-overwrites", Breaks: "created-distinct", Text: "gives the first other item of a list what is created says", plant: func(t *tweaks) { t.made = createOverwrites }},
		{Name: "item-missing-at-times", Breaks: "items-steady", Text: "leaves the last item out of every fifth list", plant: atTimes(5, lastMissing)},
		{Name: "total-wrong-at-times", Breaks: "total-steady", Text: "reports one item more than there are in every fifth answer", plant: atTimes(5, oneMore)},
		{Name: "empty-total", Breaks: "empty-list", Text: "counts one item in a list that has none", plant: onReply(emptyTotal)},
		{Name: "empty-null", Breaks: "body-matches-schema", Text: "answers null for the items of a list that has none", plant: onReply(emptyNull)},
		{Name: "nul-fails", Breaks: "not-a-server-error", Text: "fails where a body has a NUL", plant: nulFails},
		{Name: "sent-echoed", Breaks: "rules-kept", Text: "answers with all that was sent, whatever the rules of troth.yaml say", plant: onReply(sentEchoed)},
		{Name: "pages-cut", Breaks: "page-complete", Text: "shows nothing behind the first four pages", plant: onPage(pagesCut)},
		{Name: "digest-of-anybody", Breaks: "authentication-required", Text: "takes a digest with the right secret whatever its user is called", plant: func(t *tweaks) { t.anyUser = true }},
		{Name: "write-accept-unread", Breaks: "accept-honoured", Text: "answers what changes something whatever Accept says", plant: func(t *tweaks) { t.typesAny = true }},
		{Name: "request-id-constant", Breaks: "request-id", Text: "sends one ID of the request in all answers", plant: onWire(requestIDConstant)},
		{Name: "owner-told", Breaks: "tenant-isolation", Text: "says in refusals whose it is that was asked for", plant: func(t *tweaks) { t.ownerTold = true }},
		{Name: "range-inverted", Breaks: "range-filters", Text: "takes a range whose end is before its beginning, where that is to be refused", plant: func(t *tweaks) { t.choice.inverted = true }},
		{Name: "item-empty", Breaks: "single-agrees", Text: "answers an item as an object without members", plant: onReply(itemEmpty)},
	}
}
