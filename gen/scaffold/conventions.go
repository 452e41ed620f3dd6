package scaffold

import (
	"encoding/json"
	"fmt"
	"strings"

	"troth/openapi"
	"troth/openapi/convention"
)

// conventionsText is a troth.yaml: the document's own, else one that says nothing and shows in comments what is inferred.
func conventionsText(doc *openapi.Document, conv *convention.Conventions) []byte {
	if f := conv.Source.File; f != nil {
		return f.Data
	}
	var b strings.Builder
	b.WriteString(`# What the API promises beyond OpenAPI's vocabulary: how lists are paged, which members an error has.
# All behind a "#:" was inferred from the document and holds as it is; remove the "#:" in front of what you want to change.
# The members are explained in docs/conventions.md of troth.
format: 1
`)
	b.WriteString("\n# Which lists are paged, and how; none: no paginated list.\n")
	if lists := pagedLists(doc, conv); lists != nil {
		b.WriteString("#:pagination:\n#:  operations:\n" + strings.Join(lists, ""))
	} else {
		b.WriteString("# No paginated list was found.\n")
	}
	b.WriteString("\n# Members of an error's body, as JSON pointers.\n")
	if e := commonErrors(doc, conv); e != "" {
		b.WriteString("#:errors: " + e + "\n")
	} else {
		b.WriteString("# No error body was found: errors are problem details (RFC 9457).\n")
	}
	b.WriteString("\n# Query parameters that change the representation, dated media types, and the challenge of a 401.\n")
	for _, m := range []struct {
		name  string
		value any
	}{{"envelope", conv.Envelope}, {"pretty", conv.Pretty}, {"versions", conv.Versions}, {"authentication", conv.Authentication}} {
		if text := flow(m.value); text != "" {
			fmt.Fprintf(&b, "#:%s: %s\n", m.name, text)
		}
	}
	return []byte(b.String())
}

// pagedLists has a line for each list that is paged.
func pagedLists(doc *openapi.Document, conv *convention.Conventions) (lines []string) {
	for _, o := range doc.Operations {
		compiled, err := o.Compile()
		if err != nil {
			continue // what cannot be served is the business of lint
		}
		if page := conv.Pagination(compiled); page != nil {
			lines = append(lines, fmt.Sprintf("#:    %s: %s\n", flow(o.ID), flow(page)))
		}
	}
	return lines
}

// commonErrors are the members of the error that most responses of the document have.
func commonErrors(doc *openapi.Document, conv *convention.Conventions) string {
	count, best := map[string]int{}, ""
	for _, o := range doc.Operations {
		compiled, err := o.Compile()
		if err != nil {
			continue
		}
		for _, r := range compiled.Responses {
			content := r.JSON()
			if class := r.Code[0]; class != '4' && class != '5' && r.Code != "default" || content == nil || content.Schema == nil {
				continue
			}
			text := flow(conv.ErrorsFor(content.Schema))
			count[text]++
			if text != "" && (best == "" || count[text] > count[best]) {
				best = text
			}
		}
	}
	return best
}

// flow writes a value as JSON, which is YAML, without members that say nothing; "" where none is left.
func flow(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	var plain any
	if err := json.Unmarshal(data, &plain); err != nil {
		return ""
	}
	object, ok := plain.(map[string]any)
	if !ok {
		if plain == nil {
			return ""
		}
		return string(data)
	}
	for name, member := range object {
		switch member {
		case "", nil, 0.0:
			if name != "items" && name != "first" { // "" and 0 say something there
				delete(object, name)
			}
		}
	}
	if len(object) == 0 {
		return ""
	}
	data, err = json.Marshal(object)
	if err != nil {
		return ""
	}
	return string(data)
}
