package mock

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"troth/openapi/schema"
	"troth/openapi/source"
)

// statusMembers are names, lower case without separators, of members that hold the status where their value is one.
var statusMembers = []string{"status", "statuscode", "httpstatus", "httpstatuscode", "httpcode", "code", "error"}

// errorHomes are where errors stand in their bodies: at the top, in a wrapper, or in a list (JSON:API).
var errorHomes = [...]string{"", "/error", "/fault", "/errors/0"}

// tells tells whether an example of an error says no other status than the one that it is sent with: an example of a response for many statuses
// (default, 4XX) is of one of them. One that has to be this one is made to tell it, where the schema allows that.
func tells(reply *Reply, must bool) bool {
	for _, home := range errorHomes {
		object, _ := source.Get(reply.Body, home)
		members, _ := object.(map[string]any)
		for name, v := range members {
			told := statusOf(name, v)
			if told == 0 || told == reply.Status {
				continue
			}
			if !must {
				return false
			}
			retell(reply, members, name, told)
		}
	}
	return true
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

// retell has a member tell the status of the reply, and its neighbours the phrase that goes with it.
func retell(reply *Reply, members map[string]any, name string, told int) {
	status := any(json.Number(strconv.Itoa(reply.Status)))
	if _, ok := members[name].(string); ok {
		status = strconv.Itoa(reply.Status)
	}
	change := map[string]any{name: status}
	for neighbour, v := range members {
		if v == http.StatusText(told) {
			change[neighbour] = http.StatusText(reply.Status)
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
