package checks

import (
	"testing"

	"troth/openapi"
	"troth/openapi/schema"
)

func TestCounted(t *testing.T) {
	of := func(ids ...string) *page {
		p := &page{}
		for _, id := range ids {
			p.items = append(p.items, map[string]any{"id": id})
		}
		return p
	}
	for _, test := range []struct {
		pages       []*page
		least, most int
	}{
		{[]*page{of("a", "b"), of("c")}, 3, 3},
		{[]*page{of("a", "b"), of("b", "c")}, 3, 4}, // b may be one, or two of one name
		{[]*page{of("a", "a"), of("c")}, 3, 3},      // on one page there are two
	} {
		if least, most := counted(test.pages); least != test.least || most != test.most {
			t.Errorf("%d to %d items, want %d to %d", least, most, test.least, test.most)
		}
	}
}

// TestChangedAlone leaves members alone that servers compare with others, unless there is nothing else to change.
func TestChangedAlone(t *testing.T) {
	doc, err := openapi.Parse("events.yaml", []byte(`{openapi: 3.1.0, info: {title: t, version: "1"}, paths: {"/events/{eventId}": {put: {operationId: put,
  parameters: [{name: eventId, in: path, required: true, schema: {type: string}}],
  requestBody: {content: {application/json: {schema: {type: object, properties: {title: {type: string}, begins: {type: string, format: date-time}, ends: {type: string, format: date-time}, roomId: {type: string}, maxGuests: {type: integer}}}}}},
  responses: {"200": {description: ok}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	op, err := doc.Operation("put").Compile()
	if err != nil {
		t.Fatal(err)
	}
	s := op.Body.Content[0].Schema
	small := map[string]any{"begins": "2026-01-01T10:00:00Z", "ends": "2026-01-01T11:00:00Z", "roomId": "room1"}
	sent := changed(op, s, small)
	for name, v := range small {
		if !schema.Equal(sent[name], v) {
			t.Errorf("%s is changed to %v", name, sent[name])
		}
	}
	if _, has := sent["maxGuests"]; has || sent["title"] == nil {
		t.Errorf("%v: want a title and no bound", sent)
	}
	if all := changedAll(op, s, small); schema.Equal(all["ends"], small["ends"]) {
		t.Errorf("%v: want another end", all)
	}
}
