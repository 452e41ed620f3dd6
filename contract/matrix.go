package contract

import "strconv"

// htmlRow is an operation of the matrix with what each check came to.
type htmlRow struct {
	ID, Method, Path string
	Has              string // letters of the cells' classes
	Cells            []htmlCell
}

type htmlCell struct {
	Class, Text, Anchor string
	Reason              string // number of its reason, "" for none
}

// cells are how the verdicts are shown.
var cells = map[Verdict]htmlCell{Pass: {Class: "p", Text: "✓"}, Fail: {Class: "f", Text: "✗"}, Skipped: {Class: "s", Text: "–"}, Error: {Class: "e", Text: "!"}}

// matrix lays the outcomes out: operations × checks. anchors are where the findings of cases stand.
func (h *htmlReport) matrix(anchors map[string]string) {
	at := map[string]Outcome{}
	used, operations := map[string]bool{}, map[string]bool{}
	var order []string
	for _, o := range h.Outcomes {
		at[o.Operation+"\x00"+o.Check] = o
		used[o.Check] = true
		if !operations[o.Operation] {
			operations[o.Operation] = true
			order = append(order, o.Operation)
		}
	}
	for _, c := range h.Checks {
		if used[c.ID] {
			h.Columns = append(h.Columns, c)
		}
	}
	numbers := map[string]int{}
	h.Reasons = []string{}
	for _, id := range order {
		row := h.row(id)
		for _, c := range h.Columns {
			o, ok := at[id+"\x00"+c.ID]
			row.add(h.cell(o, ok, anchors[o.Case], numbers))
		}
		h.Rows = append(h.Rows, row)
	}
}

func (h *htmlReport) row(id string) htmlRow {
	for _, o := range h.Report.Operations {
		if o.ID == id {
			return htmlRow{ID: id, Method: o.Method, Path: o.Path}
		}
	}
	return htmlRow{ID: id}
}

func (r *htmlRow) add(c htmlCell) {
	r.Cells = append(r.Cells, c)
	r.Has += c.Class
}

func (h *htmlReport) cell(o Outcome, applies bool, anchor string, numbers map[string]int) htmlCell {
	if !applies {
		return htmlCell{}
	}
	c := cells[o.Verdict]
	switch {
	case o.Verdict == Fail:
		c.Anchor = anchor
	case len(o.Known) > 0:
		c.Class, c.Text = "k", "k"
	case o.Reason != "":
		n, ok := numbers[o.Reason]
		if !ok {
			n, numbers[o.Reason] = len(h.Reasons), len(h.Reasons)
			h.Reasons = append(h.Reasons, o.Reason)
		}
		c.Reason = strconv.Itoa(n)
	}
	return c
}
