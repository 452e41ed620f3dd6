package checks

import (
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

// otherForms are texts that careless parsing takes for a valid value: a number or boolean as other languages write it, and around a name that exists
// a blank or a line feed, or SQL's wildcards in it. The operations of single items are asked with all of them, a list with one for each parameter.
func otherForms(c *contract.Case, p *openapi.Parameter, known string) (list []miss) {
	var texts []string
	keyword, form := "type", true
	switch {
	case p.In == "query" && p.Schema.Types == schema.TypeInteger:
		texts = []string{"0x1"}
	case p.In == "query" && p.Schema.Types == schema.TypeBoolean:
		if texts = []string{"1", "TRUE"}; c.Page != nil {
			at := slices.Index(c.Op.Parameters, p) % 2
			texts = texts[at : at+1]
		}
	case p.In == "path" && p.Schema.Pattern != nil && c.PicksItem() && len(known) > 1:
		keyword, form = "pattern", false
		texts = []string{known + "\n", known + " ", known[:len(known)-1] + "_", known[:len(known)-1] + ".", "%"} // "_", "%" and "." stand for others in LIKE and in regular expressions
	}
	if numbered(&c.Subject) && p.In == "query" && p.Name == c.Page.Page && p.Schema.Minimum != "" && !strings.HasPrefix(string(p.Schema.Minimum), "-") {
		list = append(list, miss{keyword: "minimum", text: "-2", from: keywordLine(p.Schema, "minimum"), edge: string(p.Schema.Minimum)}) // not 2 without its sign
	}
	for _, text := range texts {
		if m := (miss{keyword: keyword, text: text, from: keywordLine(p.Schema, keyword), form: form}); refusable(c, p, m) {
			list = append(list, m)
		}
	}
	return list
}

// implied tells whether a miss needs no request of a list: a boolean that refuses another form of a valid value refuses what is nothing like one. Numbers
// are read in other ways: what begins like one is refused where any word stands for the default.
func implied(c *contract.Case, p *openapi.Parameter, misses []miss, m miss) bool {
	return c.Page != nil && p.Schema.Types == schema.TypeBoolean && m.keyword == "type" && !m.form && slices.ContainsFunc(misses, func(other miss) bool { return other.form })
}
