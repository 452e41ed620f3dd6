package mock

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"troth/openapi"
	"troth/openapi/refusal"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// asked is the ID that an item path names.
func asked(call *Call) string { return call.Match.Values[len(call.Match.Values)-1].Value }

// named returns the record of an ID; one that only --world open, -p or PUT makes exist is made.
func (c *collection) named(id string) *record {
	if r := c.get(id); r != nil {
		return r
	}
	return &record{id: id}
}

func (c *collection) answerRead(call *Call) (*Reply, error) {
	r := c.named(asked(call))
	if fresh, err := c.precondition(call, r); err != nil || fresh != nil {
		return fresh, err
	}
	return c.reply(call, r)
}

// reply shows a record as the call's content says.
func (c *collection) reply(call *Call, r *record) (*Reply, error) {
	reply := &Reply{Status: call.Status, Header: http.Header{}, Content: call.Content, Rule: "collection"}
	if declares(call.Response, "ETag") {
		tag, err := c.etag(r, call)
		if err != nil {
			return nil, err
		}
		reply.Header.Set("ETag", tag)
	}
	if call.Content == nil {
		return reply, nil
	}
	var err error
	var text raw
	if reply.Body, text, err = c.as(r, call.Content.Schema); call.Content.Type.IsJSON() {
		reply.Encoded = text
	}
	return reply, err
}

// forbids tells whether the request body's schema says that clients may not send a member.
func (c *Call) forbids(name string) bool {
	return slices.ContainsFunc(c.bodies(), func(content *openapi.Content) bool {
		member := content.Schema.Find(name)
		return member != nil && member.ReadOnly
	})
}

// echoSent gives an answer the members that were sent, where it has them and its schema takes them: the answer to creating may show more
// than the item keeps. A name that the item did not get is not among them.
func echoSent(reply *Reply, call *Call, refused func(name string, v any) bool) {
	object, ok := source.Clone(reply.Body).(map[string]any)
	given, isObject := call.Body.(map[string]any)
	if !ok || !isObject || reply.Content == nil || reply.Content.Schema == nil {
		return
	}
	changed := false
	for _, name := range slices.Sorted(maps.Keys(given)) {
		old, has := object[name]
		member := reply.Content.Schema.Find(name)
		if !has || member == nil || member.ReadOnly || call.forbids(name) || schema.Equal(old, given[name]) || refused(name, given[name]) {
			continue
		}
		replace(reply.Content.Schema, object, name, given[name])
		changed = changed || !schema.Equal(object[name], old)
	}
	if changed {
		reply.Body, reply.Encoded = object, nil
	}
}

func (c *collection) answerCreate(call *Call) (*Reply, error) {
	c, done := c.write()
	defer done()
	call, around := c.unwrapped(call), call
	given := c.writable(call)
	for _, spoil := range c.resource.server.tweaks.given {
		spoil(c.resource.shape.base, call, given)
	}
	r, err := c.add(func(n int) (*record, error) {
		r, err := c.newRecord(call, given, n)
		if err != nil {
			return nil, err
		}
		return r, c.taken(call, r.id, r.value)
	})
	if err != nil {
		return nil, err
	}
	if t := &c.resource.server.tweaks; t.lost || t.lostBeside && call.overlapped || t.fourthLost && c.counter%4 == 0 {
		c.remove(r.id)
	}
	call, unwrapped := around, call != around
	c.noted(call, r)
	if made := c.resource.server.tweaks.made; made != nil {
		made(c, call, nil, r)
	}
	reply, err := c.reply(call, r)
	if err == nil && !unwrapped {
		echoSent(reply, call, func(name string, v any) bool {
			return r.id != "" && (name == c.resource.shape.idMember || plain(name) == plain(c.resource.idParam)) && text(v) != r.id
		})
	}
	if path := c.itemPath(r.id); err == nil && path != "" && declares(call.Response, "Location") {
		reply.Header.Set("Location", base+path+c.demanded(call, r.id))
	}
	return reply, err
}

// demanded is the query without which the item cannot be read, as the request that created it had it: "?api-version=2". The ID may be asked for in the
// query, too: "?record_id=7".
func (c *collection) demanded(call *Call, id string) string {
	read := c.resource.server.prepare(c.resource.read)
	if read == nil {
		return ""
	}
	query, sent := url.Values{}, call.Request.URL.Query()
	for _, p := range read.compiled.Parameters {
		if values, has := sent[p.Name]; p.In == "query" && p.Required && has {
			query[p.Name] = values
		} else if p.In == "query" && p.Required && plain(p.Name) == plain(c.resource.idParam) {
			query.Set(p.Name, id)
		}
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

// idTries is how many IDs are made until one is new: small numbers are nearly all taken in a long list.
const idTries = 1000

// newRecord makes the n-th item that clients created, within a write: nobody else changes what it reads.
func (c *collection) newRecord(call *Call, given map[string]any, n int) (*record, error) {
	shape := &c.resource.shape
	seed := hashed(c.seed, "created", itoa(n))
	id := c.sentID(call, given)
	if _, taken := c.index[id]; id != "" && (c.made(id) != nil || taken && !c.gone[id]) {
		return nil, &Fault{
			Status: conflict(call), Situation: "conflict", Parameters: []any{id}, Values: pathTexts(call, id),
			Detail: fmt.Sprintf("%s %s exists already", shape.idMember, id),
		}
	}
	for try := 0; id == "" && try < idTries; try++ {
		id = c.resource.newID(hashed(seed, "id", itoa(try)), func(made string) bool {
			_, taken := c.index[made]
			return taken || c.made(made) != nil
		})
	}
	if id == "" && shape.idMember != "" {
		return nil, &Fault{Status: conflict(call), Situation: "conflict", Detail: "there is an item of each " + shape.idMember + " that may be"}
	}
	if made := c.resource.id(hashed(c.seed, "id")); c.resource.server.tweaks.sameID {
		id = made
	}
	value, err := c.make(id, seed, given)
	if err == nil {
		c.leftOut(call, value)
	}
	return &record{id: id, value: value}, err
}

// sentID is the ID that a client gives to a new item, by its member or by the name of the path's variable where items have no such member; "" where
// it gives none, or one that no item can have.
func (c *collection) sentID(call *Call, given map[string]any) string {
	shape, variable := &c.resource.shape, c.resource.idParam
	if shape.pathName.member != "" {
		return c.askedID(call)
	}
	member := shape.base.Find(shape.idMember)
	if id := text(given[shape.idMember]); id != "" && accepts(member, id) {
		return id
	}
	sent, _ := call.Body.(map[string]any)
	if shape.idMember == "" || variable == "" || find(shape.base, plain(variable)) != "" {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		if id := text(sent[name]); plain(name) == plain(variable) && accepts(member, id) && accepts(shape.idSchema, id) {
			return id
		}
	}
	return ""
}

// conflict is 409 where the document declares it, else the status of an invalid request; where it declares neither, a status of its own that it
// describes so ("481: ConflictException").
func conflict(call *Call) int {
	if call.Operation.Response(http.StatusConflict) != nil {
		return http.StatusConflict
	}
	invalid := refusal.BadRequest(call.Operation)
	if call.Operation.Response(invalid) != nil {
		return invalid
	}
	for _, r := range call.Operation.Responses {
		if status, err := strconv.Atoi(r.Code); err == nil && status > 400 && status < 500 && saysConflict.MatchString(r.Description) {
			return status
		}
	}
	return invalid
}

// saysConflict is how documents describe the status of what there is already.
var saysConflict = regexp.MustCompile(`(?i)conflict|already ?exists|duplicate`)

// writable are the members of a request body that a client may set: those that are not readOnly.
func (c *collection) writable(call *Call) map[string]any {
	sent, _ := call.Body.(map[string]any)
	given := make(map[string]any, len(sent))
	for name, v := range sent {
		if c.settable(call, name) {
			given[name] = v
		}
	}
	return given
}

// settable tells whether clients may set a member of the item: what the request body's schema says of it, else what the item's says.
func (c *collection) settable(call *Call, name string) bool {
	s := c.resource.shape.base.Find(name)
	if name != "" && name == c.resource.shape.pathName.member {
		return false
	}
	if s != nil && !s.WriteOnly {
		forbidden := false
		for _, content := range call.bodies() {
			sent := content.Schema.Find(name)
			if sent != nil && !sent.ReadOnly {
				return true
			}
			forbidden = forbidden || sent != nil
		}
		if forbidden {
			return c.resource.server.tweaks.takeReadOnly
		}
	}
	return s != nil && (!s.ReadOnly && !call.tellsReadOnly(name) || c.resource.server.tweaks.takeReadOnly) && !s.WriteOnly
}

// tellsReadOnly tells whether the answer's schema calls a member readOnly: documents describe one item by several schemas.
func (c *Call) tellsReadOnly(name string) bool {
	response, _ := c.Operation.Success()
	return response != nil && slices.ContainsFunc(response.Content, func(content *openapi.Content) bool {
		if content.Schema == nil {
			return false
		}
		member := content.Schema.Find(name)
		return member != nil && member.ReadOnly
	})
}

func (c *collection) answerDelete(call *Call) (*Reply, error) {
	c, done := c.write()
	defer done()
	r := c.named(asked(call))
	if _, err := c.precondition(call, r); err != nil {
		return nil, err
	}
	reply := &Reply{Status: call.Status, Header: http.Header{}, Content: call.Content, Rule: "collection"}
	if call.Content != nil && c.resource.server.shows(call, c.resource) {
		shown, err := c.reply(call, r)
		if err != nil {
			return nil, err
		}
		reply = shown
	} else if call.Content != nil {
		made, err := c.resource.server.sampled(call.Request.Context(), call)
		if err != nil {
			return nil, err
		}
		reply = made
	}
	if c.resource.server.tweaks.undeleted {
		return reply, nil
	}
	c.noted(call, r)
	c.remove(r.id)
	c.resource.server.world.orphan(c, r.id)
	if removed := c.resource.server.tweaks.removed; removed != nil {
		removed(c, r)
	}
	return reply, nil
}
