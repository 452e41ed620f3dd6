package mock

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// statusMembers are names, lower case without separators, of members that hold the status where their value is one.
var statusMembers = []string{"status", "statuscode", "httpstatus", "httpstatuscode", "httpcode", "code", "error"}

// phraseMembers are those of members that hold the status by its reason phrase where their value is one.
var phraseMembers = append([]string{"title", "reason", "reasonphrase", "statustext", "message", "name", "type"}, statusMembers...)

// errorHomes are where errors stand in their bodies: at the top, in a wrapper, or in a list (JSON:API).
var errorHomes = [...]string{"", "/error", "/fault", "/errors/0", "/0"}

// retelling is what of an example of an error is changed so that it tells the status that it is sent with.
type retelling int

const (
	retellNothing retelling = iota
	retellPhrases           // what the rendered error would lose: reason phrases, and what is in a bare list
	retellAll
)

// tells tells whether an example of an error says no other status than the one that it is sent with: an example of a response for many statuses
// (default, 4XX: wide) is of one of them, and may say which by its reason phrase. What may be is made to tell this one, where the schema
// allows that.
func tells(reply *Reply, wide bool, may retelling) bool {
	for _, home := range errorHomes {
		object, _ := source.Get(reply.Body, home)
		members, _ := object.(map[string]any)
		for name, v := range members {
			told, needs := statusOf(name, v), retellAll
			if told == 0 && wide {
				told = phraseOf(name, v)
			}
			if told == 0 || told == reply.Status {
				continue
			}
			if statusOf(name, v) == 0 || home == "/0" {
				needs = retellPhrases
			}
			if may < needs {
				return false
			}
			if retell(reply, members, name, told); may < retellAll && members[name] == v {
				return false
			}
		}
	}
	return true
}

// tellsError tells whether a body holds the status of an error.
func tellsError(body any) bool {
	for _, home := range errorHomes {
		object, _ := source.Get(body, home)
		members, _ := object.(map[string]any)
		for name, v := range members {
			if statusOf(name, v) >= 400 {
				return true
			}
		}
	}
	return false
}

// isFallback tells whether a success is answered by the response default: what it says of errors is not what a success says.
func (c *Call) isFallback() bool {
	return c.Status < 400 && c.Response != nil && c.Response.Code == "default"
}

// statusOf is the status that a member of an error holds, as a number or text; 0 for none.
func statusOf(name string, v any) int {
	digits, _ := v.(string)
	if n, ok := v.(json.Number); ok {
		digits = n.String()
	}
	status, err := strconv.Atoi(digits)
	if err != nil || http.StatusText(status) == "" || !slices.Contains(statusMembers, plain(name)) {
		return 0
	}
	return status
}

// phraseOf is the status of an error whose reason phrase a member holds ("Not Found", "NOT_FOUND", "404 Not Found"); 0 for none. A word in
// lower case may mean anything.
func phraseOf(name string, v any) int {
	text, _ := v.(string)
	if !slices.Contains(phraseMembers, plain(name)) || text == strings.ToLower(text) && !strings.ContainsAny(text, " _-") {
		return 0
	}
	for status := 400; status < 600; status++ {
		if phrase := http.StatusText(status); phrase != "" && slices.Contains(spellings(phrase), strings.TrimPrefix(text, strconv.Itoa(status)+" ")) {
			return status
		}
	}
	return 0
}

// spellings are how a reason phrase is written, always in the same order.
func spellings(phrase string) (list []string) {
	for _, blank := range []string{" ", "_", "-", ""} {
		joined := strings.ReplaceAll(phrase, " ", blank)
		list = append(list, joined, strings.ToUpper(joined), strings.ToLower(joined))
	}
	return list
}

// retell has a member tell the status of the reply, and its neighbours the phrase that goes with it.
func retell(reply *Reply, members map[string]any, name string, told int) {
	change := map[string]any{name: json.Number(strconv.Itoa(reply.Status))}
	for neighbour, v := range members {
		if text, ok := v.(string); ok && (neighbour == name || phraseOf(neighbour, v) == told) {
			change[neighbour] = rephrased(text, told, reply.Status)
		}
	}
	for member, v := range change {
		old := members[member]
		if members[member] = v; reply.Content.Schema != nil && !reply.Content.Schema.Valid(reply.Body, schema.Response) {
			members[member] = old
			continue
		}
		reply.Encoded = nil
	}
}

// rephrased is a text with one status in the place of another, as a number and as a phrase in the usual spellings.
func rephrased(text string, told, status int) string {
	pairs := []string{strconv.Itoa(told), strconv.Itoa(status)}
	if from, to := http.StatusText(told), http.StatusText(status); to != "" {
		as := spellings(to)
		for i, spelling := range spellings(from) {
			pairs = append(pairs, spelling, as[i])
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
