package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/sample"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func updateKept() contract.Check {
	return contract.Check{
		ID:      "update-kept",
		Promise: "What a change says is what the item says from then on, and nothing else of it changes; the same change again changes nothing more.",
		Why:     "A client that is told its change was made does not look again.",
		Source:  "RFC 9110 §9.2.2, §9.3.4; RFC 5789 §2",
		Level:   contract.Must,
		Applies: updates,
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			content, object, err := jsonObject(c)
			if err != nil {
				return nil, err
			}
			sent := changedAll(c.Op, content.Schema, object)
			if c.Op.Method == http.MethodPatch {
				sent = single(content.Schema, sent)
			}
			if len(sent) == 0 {
				return nil, contract.Skip("no member of the request body can be changed")
			}
			item, before, err := itemToChange(ctx, c, "item before a change")
			if err != nil {
				return nil, err
			}
			defer item.clean(ctx)
			naming(c, sent, before)
			findings, err := changeTwice(ctx, c, item, content.Schema, before, sent)
			if less := changed(c.Op, content.Schema, object); contract.WasSkipped(err) && c.Op.Method == http.MethodPut && len(less) > 0 && !maps.EqualFunc(sent, less, schema.Equal) {
				naming(c, less, before)
				return changeTwice(ctx, c, item, content.Schema, before, less)
			}
			return findings, err
		},
	}
}

// askChange is askBody that gives a change other names where another item has them by now: in the body that the caller has, too.
func askChange(ctx context.Context, c *contract.Case, name, but string, value any, changes ...contract.Change) (*contract.Exchange, error) {
	x, err := askBody(ctx, c, name, but, value, changes...)
	object, isObject := value.(map[string]any)
	if err != nil || !isObject || !c.Taken(x) || !c.Distinct(object, slices.DeleteFunc(slices.Collect(maps.Keys(object)), func(member string) bool { return !named(c.Op, member) })...) {
		return x, err
	}
	return askBody(ctx, c, name, but, object, changes...)
}

// changeTwice sends a change two times and reads the item behind each.
func changeTwice(ctx context.Context, c *contract.Case, item *own, s *schema.Schema, before, sent map[string]any) ([]contract.Finding, error) {
	var last *contract.Exchange
	for i := range 2 {
		ask := askBody
		if i == 0 {
			ask = askChange
		}
		change, err := ask(ctx, c, "change "+strconv.Itoa(i+1)+" of 2", "", sent, append(item.at, contract.Again())...)
		if err != nil {
			return nil, err
		}
		if !change.OK() {
			if i > 0 && c.Op.Method == http.MethodPut {
				f := c.New(change, "status", "", "idempotent", fmt.Sprintf("%d, as the first time", last.Status), strconv.Itoa(change.Status), c.Op.Place.FileLine())
				return []contract.Finding{f}, nil
			}
			return nil, contract.Skip("the change was answered %d", change.Status)
		}
		body, _ := change.JSON()
		answer, _ := body.(map[string]any)
		if findings := fixed(c, s, before, change, change, answer); len(findings) > 0 {
			return findings, nil
		}
		read, alone, err := item.read(ctx, "item behind change "+strconv.Itoa(i+1))
		if err != nil {
			return nil, err
		}
		findings := kept(c, item.one, change, read, sent, alone)
		findings = append(findings, answered(c, item.one, change, read, alone)...)
		findings = append(findings, fixed(c, s, before, change, read, alone)...)
		if findings = append(findings, untouched(c, s, before, change, read, sent, alone)...); len(findings) > 0 {
			return findings, nil
		}
		last = change
	}
	return nil, nil
}

// fixed wants what names an item, and what tells of its creation, to stay as it was in what an exchange shows of it.
func fixed(c *contract.Case, s *schema.Schema, before map[string]any, change, x *contract.Exchange, now map[string]any) []contract.Finding {
	for _, name := range slices.Sorted(maps.Keys(before)) {
		v, has := now[name]
		member := s.Find(name)
		settable := member != nil && !member.ReadOnly
		if !has || settable || schema.Equal(before[name], v) {
			continue
		}
		names, _ := openapi.Text(before[name])
		finding := func(keyword, why string) []contract.Finding {
			f := c.New(x, "item", "/"+source.Escape(name), keyword, quote(fmt.Sprint(before[name]))+", as before: "+why, quote(fmt.Sprint(v)), c.Op.Place.FileLine())
			if x != change {
				f = f.After(change)
			}
			return []contract.Finding{f}
		}
		switch {
		case contract.Identifies(c.Last().Name, name) && strings.HasSuffix(strings.Split(change.URL, "?")[0], "/"+names):
			return finding("identity", "the path names the item by it")
		case x != change && tellsCreation(name): // answers to changes and reads may tell it to another fraction of a second
			found := finding("created", "a change creates nothing")
			found[0] = found[0].At(contract.Should)
			return found
		}
	}
	return nil
}

// answered compares the answer to a change with the item as it is read behind it, as far as each has a form that the other may have: an answer
// may tell of the change ("pending") instead of the item.
func answered(c, one *contract.Case, change, read *contract.Exchange, alone map[string]any) []contract.Finding {
	body, err := change.JSON()
	object, ok := declaredIn(c, change, body).(map[string]any)
	if err != nil || !ok {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		other, has := alone[name]
		if !has || isLinks(other) || isTime(other) || !takes(one.Op, read, name, object[name]) || !takes(c.Op, change, name, other) {
			continue
		}
		if pointer, same := agree(object[name], other, "/"+source.Escape(name)); !same {
			return []contract.Finding{c.New(read, "answer to the change", pointer, "answered", quote(fmt.Sprint(object[name]))+", as the change was answered", quote(fmt.Sprint(other)), c.Op.Place.FileLine()).After(change)}
		}
	}
	return nil
}

// takes tells whether a member of an answer could have another value, by the answer's schema.
func takes(op *openapi.Compiled, x *contract.Exchange, name string, v any) bool {
	content := contentOf(op.Response(x.Status), x)
	if content == nil || content.Schema == nil {
		return true
	}
	member := content.Schema.Find(name)
	return member == nil && !names(content.Schema) || member != nil && member.Valid(v, schema.Response)
}

// untouched wants a PATCH to leave what it does not name (RFC 5789 §2, RFC 7396).
func untouched(c *contract.Case, s *schema.Schema, before map[string]any, change, read *contract.Exchange, sent, alone map[string]any) []contract.Finding {
	if c.Op.Method != http.MethodPatch {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		_, named := sent[name]
		if member := s.Find(name); named || member == nil || member.ReadOnly {
			continue // what the request cannot name is the server's
		}
		now, has := alone[name]
		if pointer, same := agree(before[name], now, "/"+source.Escape(name)); !has || !same {
			return []contract.Finding{c.New(read, "item", pointer, "untouched", quote(fmt.Sprint(before[name]))+", as before: the change does not name it", quote(fmt.Sprint(now)), c.Op.Place.FileLine()).After(change)}
		}
	}
	return nil
}

// isTime tells whether a value is an instant, which servers set anew.
func isTime(v any) bool {
	text, _ := v.(string)
	_, err := time.Parse(time.RFC3339, text)
	return err == nil
}

// kept compares what was sent with what the item says, member by member; members that requests and answers give another form are not judged.
func kept(c, one *contract.Case, change, read *contract.Exchange, sent, alone map[string]any) []contract.Finding {
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		got, has := alone[name]
		member, ok := comparable(one.Op, read, name, sent[name])
		if !has || !ok || named(c.Op, name) {
			continue
		}
		if pointer, same := agreeAs(member, sent[name], got, "/"+source.Escape(name)); !same {
			f := c.New(read, "item", pointer, "sent", quote(fmt.Sprint(sent[name]))+", as it was sent", quote(fmt.Sprint(got)), c.Op.Place.FileLine())
			f = f.After(change)
			return []contract.Finding{f}
		}
	}
	return nil
}

// changed is changedAll but for members whose values servers compare with others, as far as there are more: times where there are several, bounds,
// and IDs of other items.
func changed(op *openapi.Compiled, s *schema.Schema, small map[string]any) map[string]any {
	all := changedAll(op, s, small)
	times := 0
	for name := range all {
		if isInstant(s.Find(name)) {
			times++
		}
	}
	less := maps.Clone(all)
	for name := range all {
		if before, had := small[name]; dependent(name, s.Find(name), times) {
			if delete(less, name); had {
				less[name] = before
			}
		}
	}
	if maps.EqualFunc(less, small, schema.Equal) || !s.Valid(less, schema.Request) {
		return all
	}
	return less
}

// dependent tells whether servers compare a member with another one, by its name and schema.
func dependent(name string, s *schema.Schema, times int) bool {
	if s == nil {
		return false
	}
	lower := strings.ToLower(name)
	bounds := strings.HasPrefix(lower, "min") || strings.HasPrefix(lower, "max")
	refers := strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID") || strings.HasSuffix(name, "_id") || s.Format == "uuid"
	return isInstant(s) && times > 1 || refers || bounds
}

// isInstant tells whether a schema is a time's or a date's.
func isInstant(s *schema.Schema) bool {
	return s != nil && (s.Format == "date-time" || s.Format == "date")
}

// changedAll is a request body with values that differ from those of the small one, as far as the schema allows; IDs and what is told apart by
// them stay.
func changedAll(op *openapi.Compiled, s *schema.Schema, small map[string]any) map[string]any {
	body := make(map[string]any, len(small)) // maps.Clone leaves none for none
	maps.Copy(body, small)
	differs := false
	for part := range s.Parts(false) {
		for _, p := range part.Properties {
			if !p.Schema.Travels(schema.Request) || p.Schema.Types&(schema.TypeObject|schema.TypeArray) != 0 || p.Schema.Enum != nil || named(op, p.Name) {
				continue // a word may say which kind of item it is, and what the path names the request cannot rename
			}
			v, err := sample.Value(p.Schema, 7, sample.For(schema.Request), sample.Named(p.Name))
			if err != nil {
				continue
			}
			before, had := body[p.Name]
			if body[p.Name] = v; !s.Valid(body, schema.Request) {
				if delete(body, p.Name); had {
					body[p.Name] = before
				}
				continue
			}
			differs = differs || !schema.Equal(before, v)
		}
	}
	if !differs {
		return nil
	}
	return body
}

// named tells whether a member is what a path parameter names an item or its parent by: "name" of "clusterName".
func named(op *openapi.Compiled, member string) bool {
	last := (&contract.Subject{Op: op}).Last()
	return last != nil && contract.Identifies(last.Name, member) || slices.ContainsFunc(op.Parameters, func(p *openapi.Parameter) bool {
		return p.In == "path" && strings.HasSuffix(strings.ToLower(p.Name), strings.ToLower(member))
	})
}

// single is a change of one member alone, where the schema takes that.
func single(s *schema.Schema, change map[string]any) map[string]any {
	for _, name := range slices.Sorted(maps.Keys(change)) {
		if alone := map[string]any{name: change[name]}; s.Valid(alone, schema.Request) {
			return alone
		}
	}
	return change
}
