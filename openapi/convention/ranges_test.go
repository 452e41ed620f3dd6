package convention

import (
	"encoding/json"
	"fmt"
	"testing"

	"troth/openapi"
)

// listWith is a document with a list whose items have some members, and one parameter.
const listWith = `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /things:
    get:
      operationId: list
      parameters:
      - {name: limit, in: query, schema: {type: integer}}
%s
      responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {type: object, properties: {
        id: {type: integer}, price: {type: number}, size: {type: integer}, title: {type: string}, sale_price: {type: [integer, "null"]}, tags: {type: array, items: {type: string}},
        createdAt: {type: string, format: date-time}, day: {type: string, format: date}, date: {type: string, format: date},
        openedOn: {type: string, format: date}, openedDate: {type: string, format: date}, index: {type: integer},
        startsAt: {anyOf: [{type: string, format: date-time}, {type: "null"}]}, code: {type: [string, integer]}, secret: {type: integer, writeOnly: true}}}}}}}}
`

func selectionOf(t *testing.T, parameters string) *Selection {
	t.Helper()
	d, err := openapi.Parse("list.yaml", fmt.Appendf(nil, listWith, parameters))
	if err != nil {
		t.Fatal(err)
	}
	op, err := d.Operation("list").Compile()
	if err != nil {
		t.Fatal(err)
	}
	return Infer(d).Selection(op, "")
}

// TestRanges reads bounds out of names in every notation, and none where a name or a type leaves it open what is meant.
func TestRanges(t *testing.T) {
	const number, date, dateTime = "{type: number}", "{type: string, format: date}", "{type: string, format: date-time}"
	for _, want := range []struct{ name, schema, more, is string }{
		{"minPrice", number, "", "price from "},
		{"priceMax", number, "", "price to "},
		{"max_price", "{type: integer}", "", "price to "},
		{"price-min", number, "", "price from "},
		{"price_gte", number, "", "price from included"},
		{"price[lt]", number, "", "price to excluded"},
		{"price__lte", number, "", "price to included"},
		{"priceGT", number, "", "price from excluded"},
		{"fromPrice", number, "", "price from "},
		{"minSalePrice", number, "", "sale_price from "},
		{"createdFrom", date, "", "createdAt from "},
		{"createdAtTo", dateTime, "", "createdAt to "},
		{"created_since", dateTime, "", "createdAt from "},
		{"created-until", date, "", "createdAt to "},
		{"createdAfter", dateTime, "", "createdAt from "},
		{"createdBefore", dateTime, ", description: Those created on or before this day.", "createdAt to included"},
		{"createdFrom", date, ", description: This day is not included.", "createdAt from "},
		{"createdFrom", date, ", description: Exclusive.", "createdAt from excluded"},
		{"createdFrom", date, ", description: In version 2 or later.", "createdAt from "},
		{"minSale", number, ", description: Those of at least this sale_price.", "sale_price from included"},
		{"minSale", number, ", description: Those of at least this price.", ""},
		{"startDate", date, "", "date from "},
		{"endDate", date, "", "date to "},
		{"date_from", date, "", "date from "},
		{"startsAfter", "{anyOf: [{type: string, format: date-time}, {type: 'null'}]}", "", "startsAt from "},
		{"dayFrom", date, "", "day from "},

		{"minPrice", "{type: string}", "", ""},
		{"minPrice", number, ", required: true", ""},
		{"minPrice", number, ", description: This can only be used where title is given.", ""},
		{"minPrice", number, ", description: Ignored for guests.", ""},
		{"minTitle", "{type: string}", "", ""},
		{"minTags", "{type: integer}", "", ""},
		{"minCode", "{type: integer}", "", ""},
		{"minSecret", "{type: integer}", "", ""},
		{"maxSize", "{type: integer}", "", ""}, // a limit of the page, perhaps
		{"createdAfter", "{type: integer}", "", ""},
		{"createdFrom", "{type: string}", "", ""},
		{"openedFrom", date, "", ""}, // of which of two
		{"fromIndex", "{type: integer}", "", ""},
		{"max_id", "{type: integer}", "", ""},
		{"after", "{type: string}", "", ""},
		{"from", date, "", ""},
		{"since", dateTime, "", ""},
		{"gtPrice", number, "", ""},
		{"priceAfter", number, "", ""},
		{"minimal", number, "", ""},
		{"minprice", number, "", ""},
		{"startPrice", number, "", ""},
		{"updatedSince", dateTime, "", ""},
	} {
		s := selectionOf(t, fmt.Sprintf("      - {name: %q, in: query, schema: %s%s}", want.name, want.schema, want.more))
		got := ""
		if s != nil && len(s.Ranges) > 0 {
			b := s.Ranges[want.name]
			got = b.Member + " " + b.Side + " " + b.Edge
		}
		if got != want.is {
			t.Errorf("%s %s%s: %q, want %q", want.name, want.schema, want.more, got, want.is)
		}
	}
}

// TestRangeEnds: what may be a limit of the page bounds a member where both ends are there; what names a member itself is equal to it.
func TestRangeEnds(t *testing.T) {
	s := selectionOf(t, "      - {name: minSize, in: query, schema: {type: integer}}\n      - {name: maxSize, in: query, schema: {type: integer}}\n      - {name: price, in: query, schema: {type: number}}")
	if len(s.Ranges) != 2 || s.Ranges["minSize"].Side != From || s.Ranges["maxSize"].Side != To || s.Filters["price"] != "price" {
		t.Errorf("%+v", s)
	}
}

// TestRangeAgainst reads that a value beyond the other end is refused.
func TestRangeAgainst(t *testing.T) {
	for text, want := range map[string]string{
		"A price below `minPrice` is answered with 400.": "minPrice",
		"Less than minPrice: is refused.":                "minPrice",
		"With minPrice, a range.":                        "",
		"Below another one it is answered with 400.":     "",
		"Without minPriceList this is refused.":          "",
	} {
		s := selectionOf(t, fmt.Sprintf("      - {name: minPrice, in: query, schema: {type: number}}\n      - {name: maxPrice, in: query, description: %q, schema: {type: number}}", text))
		if got := s.Ranges["maxPrice"].Against; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// TestRangesGiven: troth.yaml names other bounds, or none.
func TestRangesGiven(t *testing.T) {
	d, err := openapi.Parse("list.yaml", fmt.Appendf(nil, listWith, "      - {name: minPrice, in: query, schema: {type: number}}\n      - {name: cheap, in: query, schema: {type: number}}"))
	if err != nil {
		t.Fatal(err)
	}
	op, err := d.Operation("list").Compile()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]map[string]Bound{
		"none":          nil,
		"{filters: {}}": nil,
		"{ranges: {cheap: {member: price, side: to, edge: excluded}}}": {"cheap": {Member: "price", Side: To, Edge: Excluded}},
	} {
		c, err := Parse(d, "troth.yaml", []byte("format: 1\nselection: {list: "+text+"}\n"))
		if err != nil {
			t.Fatal(err)
		}
		s := c.Selection(op, "")
		if s == nil {
			s = &Selection{}
		}
		if fmt.Sprint(s.Ranges) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", text, s.Ranges, want)
		}
	}
	if _, err := Parse(d, "troth.yaml", []byte("format: 1\nselection: {list: {ranges: {cheap: {member: price, side: below}}}}\n")); err == nil {
		t.Error("a side that there is not is taken")
	}
}

func TestIncludes(t *testing.T) {
	for name, want := range map[string]bool{"createdAfter": false, "before_created": false, "createdFrom": true, "price_max": true, "": true} {
		if got := (Bound{}).Includes(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
	if !(Bound{Edge: Included}).Includes("createdAfter") || (Bound{Edge: Excluded}).Includes("createdFrom") {
		t.Error("the edge that is said does not count")
	}
}

func TestOrder(t *testing.T) {
	for _, want := range []struct {
		a, b any
		d    int
		ok   bool
	}{
		{json.Number("2"), json.Number("10"), -1, true},
		{json.Number("1.50"), json.Number("15e-1"), 0, true},
		{json.Number("9007199254740993"), json.Number("9007199254740992"), 1, true},
		{"2024-02-29", "2024-03-01", -1, true},
		{"2024-03-01T23:30:00Z", "2024-03-01", 0, true},
		{"2024-03-01T23:30:00-02:00", "2024-03-01", 1, true},
		{"2024-03-01t10:00:00z", "2024-03-01T11:00:00+01:00", 0, true},
		{"2024-03-01T10:00:00.5Z", "2024-03-01T10:00:00Z", 1, true},
		{"2024-02-30", "2024-03-01", 0, false},
		{json.Number("1"), "2024-03-01", 0, false},
		{nil, json.Number("1"), 0, false},
	} {
		if d, ok := Order(want.a, want.b); ok != want.ok || ok && d != want.d {
			t.Errorf("%v, %v: %d %v, want %d %v", want.a, want.b, d, ok, want.d, want.ok)
		}
	}
}
