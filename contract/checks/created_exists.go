package checks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

// creates tells whether an operation makes items: a POST with a body, whose answer has what the item's own operation is asked by.
func creates(s *contract.Subject) bool {
	return s.Op.Method == http.MethodPost && s.Op.Body != nil && itemOperation(s, http.MethodGet) != nil
}

// made is an item that a check created.
type made struct {
	sent     map[string]any
	answer   *contract.Exchange
	body     map[string]any
	id       string
	variable *openapi.Parameter
	one      *contract.Case
}

// create makes an item with changes to a small valid body.
func create(ctx context.Context, c *contract.Case, name string, change func(map[string]any), more ...contract.Change) (*made, error) {
	return createBut(ctx, c, name, change, nil, more...)
}

// createBut is create that leaves members as they are, whatever names are taken.
func createBut(ctx context.Context, c *contract.Case, name string, change func(map[string]any), but []string, more ...contract.Change) (*made, error) {
	content, value, err := c.Small()
	if err != nil {
		return nil, err
	}
	object, ok := value.(map[string]any)
	if content == nil || !ok {
		return nil, contract.Skip("the request body is no object")
	}
	if change != nil {
		change(object)
	}
	m := &made{sent: object, one: c.Other(itemOperation(&c.Subject, http.MethodGet))}
	for range 3 { // a failure that passes by itself is told, and must not hide all else; nor must a name that is taken
		c.Distinct(object, but...)
		text, contentType, err := content.Encode(object)
		if err != nil {
			return nil, err
		}
		if m.answer, err = c.Ask(ctx, name, append([]contract.Change{contract.Body(contentType, string(text)), contract.Again()}, more...)...); err != nil {
			return nil, err
		}
		if m.answer.Status < 500 && !c.Taken(m.answer) {
			break
		}
	}
	if !m.answer.OK() {
		return m, contract.Skip("creating was answered %d", m.answer.Status)
	}
	body, _ := m.answer.JSON()
	m.body, _ = c.Plain(m.answer, body).(map[string]any)
	if m.one == nil || !m.one.PicksItem() {
		return m, contract.Skip("the item's operation cannot be asked")
	}
	m.variable = m.one.Last()
	if id := m.answer.CreatedID(m.body, m.variable); id != nil {
		m.id, _ = openapi.Text(id)
		return m, nil
	}
	return m, errNoID
}

// errNoID is why a created item cannot be asked for.
var errNoID = contract.Skip("the answer to creating does not tell the item's ID")

// fresh gives an item that is named by its client another name than those that were created before.
func fresh(c *contract.Case) func(map[string]any) {
	return func(object map[string]any) {
		if content, _, err := c.Small(); err == nil {
			c.Fresh(content, object)
		}
	}
}

// clean deletes what a check made, where the document offers that.
func (m *made) clean(ctx context.Context, c *contract.Case) {
	op := itemOperation(&c.Subject, http.MethodDelete)
	if m == nil || m.id == "" || op == nil {
		return
	}
	if other := c.Other(op); other != nil && other.PicksItem() {
		_, _ = other.Ask(ctx, "clean-up", contract.Beside(m.answer), contract.Path(other.Last().Name, m.id), contract.Again()) // what cannot be cleaned up is no finding
	}
}

// read asks for the item; says is its object, nil where the answer is none.
func (m *made) read(ctx context.Context, name string) (x *contract.Exchange, says map[string]any, err error) {
	if x, err = m.one.Ask(ctx, name, contract.Beside(m.answer), contract.Path(m.variable.Name, m.id), contract.Again()); err != nil {
		return nil, nil, err
	}
	body, _ := x.JSON()
	says, _ = m.one.Plain(x, body).(map[string]any)
	return x, says, nil
}

// createFull creates an item with every member, else without those that servers compare with others, else with the usual ones: all members together
// may make no sense.
func createFull(ctx context.Context, c *contract.Case, why string) (m *made, err error) {
	_, value, _ := c.Small() // create tells what is wrong
	small, _ := value.(map[string]any)
	every := optional(c, small)
	type body struct {
		name string
		more map[string]any
	}
	attempts := []body{{"create with every member", every}}
	if some := independent(c, every); len(some) < len(every) {
		attempts = append(attempts, body{"create with members that depend on no other", some})
	}
	for _, with := range append(attempts, body{"create", nil}) {
		m, err = create(ctx, c, with.name+why, func(object map[string]any) {
			maps.Copy(object, with.more)
			fresh(c)(object)
		})
		if m == nil || m.answer == nil || m.answer.Status < 400 || m.answer.Status >= 500 {
			break
		}
	}
	return m, err
}

// independent are those of some members that servers compare with nothing.
func independent(c *contract.Case, members map[string]any) map[string]any {
	content, _, err := c.Small()
	if err != nil || content == nil {
		return nil
	}
	const several = 2
	some := map[string]any{}
	for name, v := range members {
		if !dependent(name, content.Schema.Find(name), several) {
			some[name] = v
		}
	}
	return some
}

func createdExists() contract.Check {
	return contract.Check{
		ID:      "created-exists",
		Promise: "What was created can be read, stands in its list, and is what was sent.",
		Why:     "A client is told that its data is stored while it is lost or changed.",
		Source:  "RFC 9110 §9.3.3, §15.3.2",
		Level:   contract.Must,
		Applies: creates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			m, err := createFull(ctx, c, "")
			if errors.Is(err, errNoID) && m.answer.Header.Get("Location") == "" {
				return unnamed(ctx, c, m)
			}
			if err != nil {
				return nil, err
			}
			defer m.clean(ctx, c)
			findings := sentBack(c, c.Op, m, m.answer, m.body)
			x, alone, err := m.read(ctx, "read what was created")
			if err != nil {
				return nil, err
			}
			if !x.OK() {
				f := c.New(x, "created item", "", "read", "the item "+m.id, strconv.Itoa(x.Status), c.Op.Place.FileLine())
				f = f.After(m.answer)
				return append(findings, f), nil
			}
			findings = append(findings, sentBack(c, m.one.Op, m, x, alone)...)
			if lost, err := lostMembers(ctx, c, m, x, alone); err != nil {
				return findings, err
			} else if len(findings) == 0 {
				findings = append(findings, lost...)
			}
			for _, judge := range []func() ([]contract.Finding, error){
				func() ([]contract.Finding, error) { return inList(ctx, c, m) },
				func() ([]contract.Finding, error) { return belowOther(ctx, c, m) },
				func() ([]contract.Finding, error) { return readAgain(ctx, c, m, alone) },
				func() ([]contract.Finding, error) { return selfOfCreated(ctx, c, m) },
			} {
				more, err := judge()
				if findings = append(findings, more...); err != nil {
					return findings, err
				}
			}
			return findings, nil
		},
	}
}

// optional are values of the members that a body lacks, an example as well, as far as the schema takes them.
func optional(c *contract.Case, object map[string]any) map[string]any {
	content, _, err := c.Small()
	if err != nil || content == nil {
		return nil
	}
	return others(content, object)
}

// others are values of the members that a body lacks, as far as the schema takes them; none of a body that is no object.
func others(content *openapi.Content, object map[string]any) map[string]any {
	if object == nil {
		return nil
	}
	body, added := maps.Clone(object), map[string]any{}
	for part := range content.Schema.Parts(false) {
		for _, p := range part.Properties {
			if _, has := body[p.Name]; has || !p.Schema.Travels(schema.Request) {
				continue
			}
			v, err := sample.Value(p.Schema, 3, sample.For(schema.Request), sample.Named(p.Name))
			if err != nil {
				continue
			}
			if body[p.Name] = v; content.Schema.Valid(body, schema.Request) {
				added[p.Name] = v
			} else {
				delete(body, p.Name)
			}
		}
	}
	return added
}

// unnamed judges an answer to creating that tells neither ID nor Location: where the items of the list have IDs, nobody can find the new one.
func unnamed(ctx context.Context, c *contract.Case, m *made) ([]contract.Finding, error) {
	list := listOf(c)
	if list == nil {
		return nil, errNoID
	}
	p, err := ask(ctx, list.Below(m.answer), "list behind creating", contract.Again())
	if err != nil {
		return nil, err
	}
	content := contentOf(c.Op.Response(m.answer.Status), m.answer)
	declared := content != nil && content.Schema != nil && (content.Schema.Find("id") != nil || content.Schema.Find("_id") != nil || content.Schema.Find("uuid") != nil)
	if !slices.ContainsFunc(p.items, hasID) || !declared {
		return nil, errNoID
	}
	return []contract.Finding{c.New(m.answer, "created item", "", "id", "the ID of the new item, as the items of the list have, or its Location", "neither", c.Op.Place.FileLine()).And(p.Exchange).At(contract.Should)}, nil
}

// sentBack compares what was sent with an answer, member by member; members that all answers leave out are not judged.
func sentBack(c *contract.Case, op *openapi.Compiled, m *made, x *contract.Exchange, body map[string]any) []contract.Finding {
	for _, name := range slices.Sorted(maps.Keys(m.sent)) {
		got, has := body[name]
		member, ok := comparable(op, x, name, m.sent[name])
		if !ok || !has && !promises(m, x, name) {
			continue
		}
		if !has {
			f := c.New(x, "created item", "/"+source.Escape(name), "kept", quote(fmt.Sprint(m.sent[name]))+", as creating was answered", "no such member", c.Op.Place.FileLine())
			return []contract.Finding{f.After(m.answer).At(contract.Should)}
		}
		if pointer, same := agreeAs(member, m.sent[name], got, "/"+source.Escape(name)); !same {
			f := c.New(x, "created item", pointer, "sent", quote(fmt.Sprint(m.sent[name]))+", as it was sent", quote(fmt.Sprint(got)), c.Op.Place.FileLine())
			f = f.After(m.answer)
			return []contract.Finding{f}
		}
	}
	return nil
}

// promises tells whether creating was answered with a member as it was sent: the item, read, has to have it, too. What is as good as absent may be
// left out.
func promises(m *made, x *contract.Exchange, name string) bool {
	echo, has := m.body[name]
	if x == m.answer || !has || asAbsent(echo) {
		return false
	}
	_, same := agree(m.sent[name], echo, "")
	return same
}

// asAbsent tells whether a value is as good as none: servers have it where they know nothing.
func asAbsent(v any) bool {
	return slices.ContainsFunc([]any{nil, "", false, []any{}, map[string]any{}, json.Number("0")}, func(none any) bool { return schema.Equal(none, v) })
}

// lostMembers finds a member that was sent, that other items of the list show, and that the created item does not: members that a server never
// shows are its own affair.
func lostMembers(ctx context.Context, c *contract.Case, m *made, x *contract.Exchange, alone map[string]any) ([]contract.Finding, error) {
	list := listOf(c)
	if list == nil {
		return nil, nil
	}
	p, err := ask(ctx, list.Below(m.answer), "list behind creating", contract.Again())
	if contract.WasSkipped(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(m.sent)) {
		_, has := alone[name]
		if _, ok := comparable(m.one.Op, x, name, m.sent[name]); has || !ok || !shown(m.one, p, name, m.id, alone) {
			continue
		}
		f := c.New(x, "created item", "/"+source.Escape(name), "kept", quote(fmt.Sprint(m.sent[name]))+", as it was sent", "no such member, which other items have", c.Op.Place.FileLine())
		return []contract.Finding{f.After(m.answer)}, nil
	}
	return nil, nil
}

// shown tells whether another item of a page has a member, one whose enumerations say the same: items of another kind may have other members.
func shown(one *contract.Case, p *page, name, but string, like map[string]any) bool {
	return slices.ContainsFunc(p.items, func(item any) bool {
		object, _ := item.(map[string]any)
		_, has := object[name]
		return has && idOf(item) != but && slices.Equal(words(one, object), words(one, like))
	})
}

// comparable is the schema of a member of the answer, nil where it has none, and whether it takes what was sent: requests and answers may give a
// member another form.
func comparable(op *openapi.Compiled, x *contract.Exchange, name string, sent any) (member *schema.Schema, ok bool) {
	content := contentOf(op.Response(x.Status), x)
	if content == nil || content.Schema == nil {
		return nil, true
	}
	member = content.Schema.Find(name)
	if at, isInstant := instant(sent); isInstant && member != nil && !member.Valid(sent, schema.Response) {
		sent = at.UTC().Format(time.RFC3339Nano) // answers may tell every instant in UTC
	}
	return member, member != nil && member.Valid(sent, schema.Response) && !member.ReadOnly
}

// listOf is the case of the list that an operation's items stand in, nil where there is none.
func listOf(c *contract.Case) *contract.Case {
	for _, o := range c.Op.Document.Operations {
		if o.Method == http.MethodGet && o.Route == c.Op.Route {
			if other := c.Other(o); other != nil && other.Page != nil {
				return other
			}
		}
	}
	return nil
}

// listBefore is listOf as it is asked before anything is created: below the parents that the new items will have.
func listBefore(ctx context.Context, c *contract.Case) *contract.Case {
	if list := listOf(c); list != nil {
		return c.Beside(ctx, list.Op.Operation)
	}
	return nil
}

// inList looks for a created item in its list: on all pages, since nothing says where new items stand.
func inList(ctx context.Context, c *contract.Case, m *made) ([]contract.Finding, error) {
	list := listOf(c)
	if list == nil || !walked(&list.Subject) && list.Page.Page != "" {
		return nil, nil
	}
	if list = list.Below(m.answer); list == nil {
		return nil, nil
	}
	found, times, ended, err := onPages(ctx, list, m.id, m.variable)
	if err == nil && times > 1 {
		return []contract.Finding{c.New(found.Exchange, "list", list.Page.Items, "once", "the item "+m.id+" once", strconv.Itoa(times)+" times", c.Op.Place.FileLine()).After(m.answer)}, nil
	}
	if err == nil && found != nil {
		return listedSteady(ctx, c, list, m, found)
	}
	if err != nil || !ended {
		return nil, err
	}
	x, err := list.Ask(ctx, "list behind creating", contract.Again())
	if err != nil {
		return nil, err
	}
	f := c.New(x, "list", list.Page.Items, "listed", "the item "+m.id+", which was created", "none", c.Op.Place.FileLine())
	f = f.After(m.answer)
	return []contract.Finding{f}, nil
}

// onPages finds the first page that shows an item, and how often pages show it. ended tells whether one that is not found is on none: a list
// whose items do not tell the ID may hold it.
func onPages(ctx context.Context, list *contract.Case, id string, variable *openapi.Parameter) (found *page, times int, ended bool, err error) {
	pages := []*page{}
	if walked(&list.Subject) {
		if pages, ended, err = walk(ctx, list, largeSize(ctx, list, 50), true); err != nil {
			return nil, 0, false, err
		}
	} else {
		p, err := ask(ctx, list, "list", contract.Again())
		if err != nil {
			return nil, 0, false, err
		}
		pages, ended = append(pages, p), true
	}
	silent := false
	for _, p := range pages {
		for _, item := range p.items {
			object, _ := item.(map[string]any)
			tells := contract.IDOf(object, variable)
			silent = silent || tells == nil
			if text, _ := openapi.Text(tells); text == id {
				times++
				if found == nil {
					found = p
				}
			}
		}
	}
	return found, times, ended && !silent, nil
}
