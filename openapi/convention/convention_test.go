package convention

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"troth/openapi"
)

const document = `
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /pages:
    get:
      operationId: pages
      parameters:
      - {name: pageNum, in: query, schema: {type: integer, minimum: 1, default: 1}}
      - {name: itemsPerPage, in: query, schema: {type: integer, minimum: 1, maximum: 500, default: 100}}
      - {name: includeCount, in: query, schema: {type: boolean}}
      - {name: envelope, in: query, schema: {type: boolean}}
      - {name: pretty, in: query, schema: {type: boolean}}
      responses:
        "200": {description: ok, content: {application/vnd.shop.2024-01-01+json: {schema: {type: object, properties: {
          results: {type: array, items: {$ref: '#/components/schemas/Job'}}, totalCount: {type: integer, description: an estimate},
          links: {type: array, items: {type: object, properties: {href: {type: string}, rel: {type: string}}}}}}}}}
        "400": {description: bad, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
  /offsets:
    get:
      operationId: offsets
      parameters: [{name: offset, in: query, schema: {type: integer}}, {name: limit, in: query, schema: {type: integer}}]
      responses: {"200": {description: ok, headers: {Link: {schema: {type: string}}}, content: {application/json: {schema: {type: array, items: {type: object}}}}}}
  /cursors:
    get:
      operationId: cursors
      parameters: [{name: page_token, in: query, schema: {type: string}}, {name: max-results, in: query, schema: {type: integer}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
        cursors: {type: array, items: {type: object}}, tags: {type: array, items: {type: string}},
        meta: {type: object, properties: {next_page_token: {type: string}, total: {type: integer}, has_more: {type: boolean}}}}}}}}}
  /urls:
    get:
      operationId: urls
      parameters: [{name: $skip, in: query, schema: {type: integer}}, {name: $top, in: query, schema: {type: integer}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
        value: {type: array, items: {type: object}}, nextLink: {type: string}, previous: {type: string, format: uri}, next_offset: {type: integer}, self: {type: string}}}}}}}
  /hal:
    get:
      operationId: hal
      parameters: [{name: after, in: query, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/hal+json: {schema: {type: object, properties: {
        _embedded: {type: object, properties: {jobs: {type: array, items: {type: object}}}}, next: {type: string, description: a token for URLs},
        _links: {type: object, properties: {next: {type: object, properties: {href: {type: string}}}}}}}}}}}
  /graph:
    get:
      operationId: graph
      parameters: [{name: after, in: query, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
        data: {type: array, items: {type: object}}, paging: {type: object, properties: {next: {type: string}, cursors: {type: object, properties: {after: {type: string}}}}}}}}}}}
  /single:
    get:
      operationId: single
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object}}}}}
components:
  schemas:
    Job: {type: object, properties: {kind: {type: string}, url: {type: string}, failed: {type: boolean}}}
    Error: {type: object, properties: {error: {type: integer}, reason: {type: string}, errorCode: {type: string}, detail: {type: string}, parameters: {type: array},
      badRequestDetail: {type: object, properties: {fields: {type: array, items: {type: object, properties: {field: {type: string}, description: {type: string}}}}}}}}
`

func load(t *testing.T) *openapi.Document {
	t.Helper()
	d, err := openapi.Parse("shop.yaml", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func compiled(t *testing.T, d *openapi.Document, id string) *openapi.Compiled {
	t.Helper()
	op, err := d.Operation(id).Compile()
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func TestInferPagination(t *testing.T) {
	d := load(t)
	c := Infer(d)
	want := map[string]string{
		"pages": `{"style":"page","page":"pageNum","size":"itemsPerPage","first":1,"default":100,"minimum":1,"maximum":500,"items":"/results","total":"/totalCount",` +
			`"totalExact":false,"totalParam":"includeCount","next":"-","more":"-","links":{"pointer":"/links","rel":"rel","href":"href","self":"self","next":"next","previous":"prev","object":false},"linkHeader":false}`,
		"offsets": `{"style":"offset","page":"offset","size":"limit","first":0,"default":0,"minimum":0,"maximum":0,"items":"","total":"-","totalExact":true,"totalParam":"","next":"-","more":"-","links":null,"linkHeader":true}`,
		"cursors": `{"style":"cursor","page":"page_token","size":"max-results","first":0,"default":0,"minimum":0,"maximum":0,"items":"/cursors","total":"/meta/total",` +
			`"totalExact":true,"totalParam":"","next":"/meta/next_page_token","more":"/meta/has_more","links":null,"linkHeader":false}`,
		"urls": `{"style":"offset","page":"$skip","size":"$top","first":0,"default":0,"minimum":0,"maximum":0,"items":"/value","total":"-","totalExact":true,"totalParam":"","next":"/next_offset","more":"-",` +
			`"links":{"pointer":"","rel":"","href":"","self":"","next":"nextLink","previous":"previous","object":true},"linkHeader":false}`,
		"hal": `{"style":"cursor","page":"after","size":"","first":0,"default":0,"minimum":0,"maximum":0,"items":"/_embedded/jobs","total":"-","totalExact":true,"totalParam":"","next":"/next","more":"-",` +
			`"links":{"pointer":"/_links","rel":"","href":"href","self":"","next":"next","previous":"","object":true},"linkHeader":false}`,
		"graph": `{"style":"cursor","page":"after","size":"","first":0,"default":0,"minimum":0,"maximum":0,"items":"/data","total":"-","totalExact":true,"totalParam":"","next":"/paging/cursors/after","more":"-",` +
			`"links":null,"linkHeader":false}`,
		"single": `null`,
	}
	for id, text := range want {
		got, _ := json.Marshal(c.Pagination(compiled(t, d, id)))
		if string(got) != text {
			t.Errorf("%s:\n%s, want\n%s", id, got, text)
		}
	}
	if c.Envelope == nil || c.Envelope.Parameter != "envelope" || c.Pretty == nil || c.Versions == nil || *c.Versions != (Versions{Prefix: "application/vnd.shop.", Suffix: "+json"}) {
		t.Errorf("envelope %v, pretty %v, versions %v", c.Envelope, c.Pretty, c.Versions)
	}
}

func TestInferErrors(t *testing.T) {
	d := load(t)
	e := Infer(d).ErrorsFor(compiled(t, d, "pages").Response(400).JSON().Schema)
	want := Errors{Status: "/error", Reason: "/reason", Code: "/errorCode", Detail: "/detail", Parameters: "/parameters", Fields: "/badRequestDetail/fields", FieldName: "field", FieldText: "description"}
	if !reflect.DeepEqual(*e, want) {
		t.Errorf("%+v", *e)
	}
}

func TestResolve(t *testing.T) {
	v := Versions{Prefix: "application/vnd.shop.", Suffix: "+json"}
	parse := func(s string) openapi.MediaType {
		m, err := openapi.ParseMediaType(s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	offers := []openapi.MediaType{parse("application/vnd.shop.2023-01-01+json"), parse("application/vnd.shop.2024-05-30+json"), parse("text/csv")}
	for accept, want := range map[string]string{
		"application/vnd.shop.2023-01-01+json": "0 true true", "application/vnd.shop.2024-01-01+json": "0 true true", "application/vnd.shop.2030-01-01+json": "1 true true",
		"application/vnd.shop.2022-12-31+json": "0 true false", "application/json": "0 false false", "application/vnd.shop.preview+json": "0 false false",
	} {
		i, dated, ok := v.Resolve(parse(accept), offers)
		if got := fmt.Sprintf("%d %v %v", i, dated, ok); got != want {
			t.Errorf("%s: %s, want %s", accept, got, want)
		}
	}
}

const conventions = `
format: 1
charset: utf-8
headers: {X-Limit: "5"}
authentication: {realm: Realm, algorithms: [MD5], domain: ""}
pagination:
  default: {totalExact: true}
  operations:
    pages: {maximum: 50, links: {previous: previous}}
    offsets: none
errors:
  situations:
    "unknown-parent:shop": {code: NO_SHOP, detail: "No shop {value} in {city}."}
    "404": {code: NONE}
rules:
- {schema: Job, when: {kind: [download, both]}, present: [url]}
- {schema: Job, when: {kind: [none]}, absent: [url], set: {failed: false}}
`

func TestParse(t *testing.T) {
	d := load(t)
	c, err := Parse(d, "troth.yaml", []byte(conventions))
	if err != nil {
		t.Fatal(err)
	}
	p := c.Pagination(compiled(t, d, "pages"))
	if p.Maximum != 50 || p.Default != 100 || !p.TotalExact || p.Links.Previous != "previous" || p.Links.Self != "self" {
		t.Errorf("pages: %+v %+v", p, p.Links)
	}
	if p := c.Pagination(compiled(t, d, "offsets")); p != nil {
		t.Errorf("offsets: %+v, want none", p)
	}
	if a := c.Authentication; a.Realm != "Realm" || !reflect.DeepEqual(a.Algorithms, []string{"MD5"}) || a.Domain == nil || c.Charset != "utf-8" {
		t.Errorf("authentication %+v, charset %q", a, c.Charset)
	}
	e := c.ErrorsFor(compiled(t, d, "pages").Response(400).JSON().Schema)
	if code, detail := e.Say("unknown-parent:shop", 404, map[string]string{"value": "7", "city": "Rome"}); code != "NO_SHOP" || detail != "No shop 7 in Rome." {
		t.Errorf("said %q %q", code, detail)
	}
	if code, _ := e.Say("unknown-item:x", 404, nil); code != "NONE" {
		t.Errorf("said %q by status", code)
	}
	job := compiled(t, d, "pages").Response(200).JSON().Schema.Find("results").Items
	object := map[string]any{"kind": "none", "url": "u", "failed": true}
	if broken := c.Breaches(job, object); !reflect.DeepEqual(broken, []Breach{{1, "url", "absent", nil}, {1, "failed", "set", false}}) {
		t.Errorf("breaches %v", broken)
	}
	if broken := c.Breaches(job, map[string]any{"kind": "none", "url": nil}); len(broken) > 0 {
		t.Errorf("breaches by null %v", broken)
	}
	if c.Apply(job, object); !reflect.DeepEqual(object, map[string]any{"kind": "none", "failed": false}) {
		t.Errorf("applied: %v", object)
	}
	if broken := c.Breaches(job, map[string]any{"kind": "both"}); !reflect.DeepEqual(broken, []Breach{{0, "url", "present", nil}}) {
		t.Errorf("breaches %v", broken)
	}
	c.Rules = append(c.Rules, Rule{Schema: "Job", When: map[string][]any{"failed": {true}}, Absent: []string{"url"}})
	if broken := c.Breaches(job, map[string]any{"kind": "both", "failed": true}); len(broken) > 0 {
		t.Errorf("breaches of rules that contradict each other %v", broken)
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"charset: utf-8":       `required`,
		"format: 2":            "troth.yaml:1",
		"format: 1\npages: {}": "troth.yaml:2",
		"format: 1\npagination: {default: {size: 5}}":        "/pagination/default/size",
		"format: 1\npagination: {operations: {nope: none}}":  `operation "nope"`,
		"format: 1\nerrors: {situations: {lost: {code: X}}}": `situation "lost"`,
		"format: 1\nerrors: {status: error}":                 "pattern",
		"format: 1\nauthentication: {algorithms: [ROT13]}":   "MD5",
		"format: [": "troth.yaml",
	} {
		if _, err := Parse(load(t), "troth.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "troth.yaml") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestTimeIsNoCursor reads "after" as the bound that it is where it holds a time.
func TestTimeIsNoCursor(t *testing.T) {
	for format, want := range map[string]string{"": "cursor", "date-time": "link"} {
		doc, err := openapi.Parse("test.yaml", []byte(`{openapi: 3.0.3, info: {title: t, version: "1"}, paths: {/x: {get: {operationId: list, parameters: [
  {name: after, in: query, schema: {type: string, format: "`+format+`"}}, {name: limit, in: query, schema: {type: integer}}],
  responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {items: {type: array, items: {type: object}}, next: {type: string}}}}}}}}}}}`))
		if err != nil {
			t.Fatal(err)
		}
		op, err := doc.Operation("list").Compile()
		if err != nil {
			t.Fatal(err)
		}
		if p := Infer(doc).Pagination(op); p == nil || p.Style != want {
			t.Errorf("after of format %q: %+v, want style %s", format, p, want)
		}
	}
}
