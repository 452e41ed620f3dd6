package checks

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/convention"
	"troth/openapi/sample"
	"troth/openapi/schema"
)

// rulesInvited creates items that break what a rule promises, where the request's schema takes them: a server refuses them or leaves out what breaks
// the rule, and does not answer with it.
func rulesInvited(ctx context.Context, c *contract.Case) (findings []contract.Finding, err error) {
	response, _ := c.Op.Success()
	content, usual, err := c.Small()
	if !creates(&c.Subject) || !c.Writes() || content == nil || content.Schema == nil || response == nil || response.JSON() == nil || err != nil {
		return nil, nil
	}
	object, _ := usual.(map[string]any)
	for i := range c.Conv.Rules {
		if rule := &c.Conv.Rules[i]; !rule.Chosen && len(rule.When) > 0 && rule.Of(response.JSON().Schema) {
			found, err := ruleInvited(ctx, c, content, object, i)
			if findings = append(findings, found...); err != nil {
				return findings, err
			}
		}
	}
	return findings, nil
}

// ruleInvited tries what breaks one rule: all of it, all but one, each by itself, until something is taken.
func ruleInvited(ctx context.Context, c *contract.Case, content *openapi.Content, usual map[string]any, rule int) ([]contract.Finding, error) {
	for _, bait := range baits(content.Schema, usual, &c.Conv.Rules[rule]) {
		valid := false
		m, err := create(ctx, c, "create against a rule", func(object map[string]any) {
			fresh(c)(object)
			maps.Copy(object, bait.when)
			maps.Copy(object, bait.against)
			valid = content.Schema.Valid(object, schema.Request)
		}, contract.Provoking())
		if m != nil {
			defer m.clean(ctx, c)
		}
		if m == nil || m.answer == nil || !m.answer.OK() {
			if err != nil && !contract.WasSkipped(err) {
				return nil, err
			}
			continue
		}
		if !valid {
			return nil, nil // body-constraints tells
		}
		return bait.taken(c, m, rule), nil
	}
	return nil, nil
}

// bait is what a rule holds for, and members that it forbids then.
type bait struct{ when, against map[string]any }

// baits are those that a request's schema takes.
func baits(s *schema.Schema, usual map[string]any, rule *convention.Rule) (list []bait) {
	when, all := map[string]any{}, map[string]any{}
	for member, values := range rule.When {
		m := s.Find(member)
		if m == nil || m.ReadOnly || len(values) == 0 || !m.Valid(values[0], schema.Request) {
			return nil
		}
		when[member] = values[0]
		if slices.ContainsFunc(values, func(v any) bool { return schema.Equal(v, usual[member]) }) {
			when[member] = usual[member]
		}
	}
	for _, name := range rule.Absent {
		if m := s.Find(name); m != nil && !m.ReadOnly && !m.WriteOnly && m.Travels(schema.Request) {
			if v, err := sample.Value(m, 3, sample.For(schema.Request), sample.Named(name)); err == nil && v != nil {
				all[name] = v
			}
		}
	}
	for name, wanted := range rule.Set {
		if m := s.Find(name); m != nil && !m.ReadOnly && !m.WriteOnly {
			if v, ok := another(m, name, wanted); ok {
				all[name] = v
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	list = append(list, bait{when, all})
	names := slices.Sorted(maps.Keys(all))
	for _, name := range names {
		rest := maps.Clone(all)
		if delete(rest, name); len(rest) > 1 {
			list = append(list, bait{when, rest})
		}
	}
	for _, name := range names[:min(len(names), mostAlone)] {
		if len(names) > 1 {
			list = append(list, bait{when, map[string]any{name: all[name]}})
		}
	}
	return list
}

// taken finds a member in the answer that breaks the rule as it was sent to.
func (b bait) taken(c *contract.Case, m *made, rule int) (findings []contract.Finding) {
	if m.answer.Status == http.StatusAccepted || m.body == nil {
		return nil
	}
	response, _ := c.Op.Success()
	s := sighting{m.answer, "", response.JSON().Schema, m.body}
	for _, breach := range c.Conv.Breaches(s.schema, s.object) {
		if sent, was := b.against[breach.Member]; breach.Rule == rule && was && schema.Equal(sent, m.body[breach.Member]) {
			findings = append(findings, s.breach(c, breach).At(contract.Should))
		}
	}
	return findings[:min(len(findings), 1)]
}
