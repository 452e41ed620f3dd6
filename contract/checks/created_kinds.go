package checks

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

func createdKinds() contract.Check {
	return contract.Check{
		ID:      "created-kinds",
		Promise: "Each word of an enumeration can be created, and what is created is of the word that was sent.",
		Why:     "One kind of item cannot be made, or is made as another kind than was asked for.",
		Source:  "JSON Schema validation §6.1.2; RFC 9110 §9.3.3",
		Level:   contract.Must,
		Applies: func(s *contract.Subject) bool { return creates(s) && len(enumerations(s)) > 0 },
		Run: func(ctx context.Context, c *contract.Case) ([]contract.Finding, error) {
			var findings []contract.Finding
			var listable []*made
			taken := 0
			for _, member := range enumerations(&c.Subject) {
				for _, word := range member.words[:min(len(member.words), mostWords)] {
					found, m, ok, err := createWord(ctx, c, member.name, word)
					if m != nil {
						defer m.clean(ctx, c)
					}
					if err != nil {
						return findings, err
					}
					if findings = append(findings, found...); ok {
						taken++
					}
					if m != nil && namesKind(member.name) && !chosenByDefault(c, member.name) {
						listable = append(listable, m)
					}
				}
			}
			kinds, err := bodyKinds(ctx, c)
			if err != nil {
				return findings, err
			}
			for _, kind := range kinds {
				found, err := createKind(ctx, c, kind)
				if err != nil {
					return findings, err
				}
				findings = append(findings, found...)
			}
			found, err := unlistedKinds(ctx, c, listable)
			if findings = append(findings, found...); err != nil {
				return findings, err
			}
			if taken+len(kinds) == 0 && len(findings) == 0 {
				return nil, contract.Skip("no body with another word of an enumeration is taken")
			}
			return findings, nil
		},
	}
}

// mostWords is how many words of an enumeration are created.
const mostWords = 6

type enumeration struct {
	name  string
	words []any
}

// enumerations are the members of a body's object of which a few words are valid.
func enumerations(s *contract.Subject) (list []enumeration) {
	content := s.BodyContent()
	if content == nil || content.Schema == nil || !content.Type.IsJSON() {
		return nil
	}
	seen := map[string]bool{}
	for part := range content.Schema.Parts(false) {
		for _, p := range part.Properties {
			if len(p.Schema.Enum) > 1 && !seen[p.Name] && p.Schema.Travels(schema.Request) {
				seen[p.Name] = true
				list = append(list, enumeration{p.Name, p.Schema.Enum})
			}
		}
	}
	return list
}

// formOfWord is a body for a word: its members beside the usual ones.
type formOfWord struct {
	name    string
	members map[string]any
}

// formsOf are bodies for a word: with every member, since a kind may need members of its own, with every member but one, since two may exclude each other,
// and with the usual ones.
func formsOf(c *contract.Case, name string, word any) (list []formOfWord) {
	const mostLeft = 4
	title := "create " + wordOf(word)
	_, value, _ := c.Small() // create tells what is wrong
	small, _ := value.(map[string]any)
	if small != nil {
		small[name] = word
	}
	every := others(c.BodyContent(), small)
	list = append(list, formOfWord{title + " with every member", every})
	for i, left := range slices.Backward(slices.Sorted(maps.Keys(every))) {
		if len(every) > 1 && len(every)-i <= mostLeft {
			but := maps.Clone(every)
			delete(but, left)
			list = append(list, formOfWord{title + " without " + left, but})
		}
	}
	return append(list, formOfWord{title, nil})
}

// createWord creates an item with a word, in the first form that is taken. A server
// may have reasons to refuse either; where it does so in the words that it has for one that nobody declared, it does not know the word.
func createWord(ctx context.Context, c *contract.Case, name string, word any) (findings []contract.Finding, m *made, taken bool, err error) {
	var refused *contract.Exchange
	for _, form := range formsOf(c, name, word) {
		m, err := createAs(ctx, c, form.name, name, word, form.members)
		if m == nil || m.answer == nil {
			return nil, nil, false, err
		}
		if refusesValue(m.answer.Status) {
			refused = m.answer
			continue
		}
		if err != nil {
			return nil, nil, m.answer.OK(), nil // others tell
		}
		findings, err = sameKind(ctx, c, m)
		return findings, m, true, err
	}
	if refused == nil {
		return nil, nil, false, nil
	}
	other, err := createAs(ctx, c, "create a word that nobody declared", name, nobodys, nil)
	if other == nil || other.answer == nil || !refusesValue(other.answer.Status) {
		return nil, nil, false, err
	}
	if alike(refused, name, word, other.answer) {
		findings = append(findings, c.New(refused, "request body", "/"+name, "enum", "taken: the document declares "+wordOf(word), fmt.Sprintf("%d, in the words for an undeclared one", refused.Status), c.Op.Place.FileLine()).And(other.answer))
	}
	return findings, nil, false, nil
}

// namesKind tells whether a member says what kind of item one is: unlike a state, no kind is left out of lists.
func namesKind(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, "type") || strings.HasSuffix(name, "kind")
}

// chosenByDefault tells whether the list shows one kind unless it is asked for others.
func chosenByDefault(c *contract.Case, name string) bool {
	list := listOf(c)
	return list != nil && slices.ContainsFunc(list.Op.Parameters, func(p *openapi.Parameter) bool {
		return p.In == "query" && p.Schema.HasDefault && letters(p.Name) == letters(name)
	})
}

// unlistedKinds looks for what was created of each kind in the list: it shows each kind, if any.
func unlistedKinds(ctx context.Context, c *contract.Case, all []*made) ([]contract.Finding, error) {
	list := listOf(c)
	if len(all) < 2 || list == nil || !walked(&list.Subject) {
		return nil, nil
	}
	list = list.Below(all[0].answer)
	lost := slices.Clone(all)
	for range 2 { // one may be between two pages while others are inserted
		pages, ended, err := walk(ctx, list, largeSize(ctx, list, 50), true)
		if err != nil || !ended {
			return nil, passing(err)
		}
		lost = slices.DeleteFunc(lost, func(m *made) bool {
			return slices.ContainsFunc(pages, func(p *page) bool { return m.among(p.items) })
		})
		if len(lost) == 0 || len(lost) == len(all) {
			return nil, nil // created-exists tells what is on no page
		}
	}
	var findings []contract.Finding
	for _, m := range lost {
		x, err := list.Ask(ctx, "list behind creating", contract.Again())
		if err != nil {
			return findings, err
		}
		f := c.New(x, "list", list.Page.Items, "listed", "the item "+m.id+", which was created, as other kinds are", "none", c.Op.Place.FileLine())
		findings = append(findings, f.After(m.answer).At(contract.Should))
	}
	return findings, nil
}

// nobodys is a word that no enumeration has.
const nobodys = "x-undeclared"

func wordOf(v any) string {
	text, _ := openapi.Text(v)
	return text
}

func createAs(ctx context.Context, c *contract.Case, title, name string, word any, members map[string]any) (*made, error) {
	m, err := create(ctx, c, title, func(object map[string]any) {
		maps.Copy(object, members)
		fresh(c)(object) // last: a name that the server takes only once may be one of the others
		object[name] = word
	})
	if m == nil || m.answer == nil {
		return nil, err
	}
	return m, err
}

// alike tells whether two refusals say the same, but for the words that they refuse; one that names neither member nor word may be for another reason.
func alike(refused *contract.Exchange, name string, word any, other *contract.Exchange) bool {
	if body := string(refused.Body); !strings.Contains(body, name) && !strings.Contains(body, wordOf(word)) {
		return false
	}
	blank := strings.NewReplacer(wordOf(word), "", nobodys, "")
	return refused.Status == other.Status && len(other.Body) > 0 && blank.Replace(string(refused.Body)) == blank.Replace(string(other.Body))
}

// createKind creates an item with members that only its kind has.
func createKind(ctx context.Context, c *contract.Case, kind bodyKind) ([]contract.Finding, error) {
	m, err := create(ctx, c, "create another kind", func(object map[string]any) {
		maps.Copy(object, kind.body)
		fresh(c)(object)
	})
	if m == nil || m.answer == nil || err != nil {
		return nil, nil // body-constraints and others tell
	}
	defer m.clean(ctx, c)
	return sameKind(ctx, c, m)
}

// sameKind compares what was sent with the answer and with the item, which has what other items show.
func sameKind(ctx context.Context, c *contract.Case, m *made) ([]contract.Finding, error) {
	if findings := sentBack(c, c.Op, m, m.answer, m.body); len(findings) > 0 {
		return findings, nil
	}
	x, alone, err := m.read(ctx, "read what was created")
	if err != nil || !x.OK() {
		return nil, err
	}
	if findings := sentBack(c, m.one.Op, m, x, alone); len(findings) > 0 {
		return findings, nil
	}
	return lostMembers(ctx, c, m, x, alone)
}
