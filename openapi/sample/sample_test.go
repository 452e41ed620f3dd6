package sample

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"troth/openapi"
	"troth/openapi/schema"
	"troth/openapi/source"
)

func compile(t testing.TB, text string) *schema.Schema {
	t.Helper()
	set, err := source.Read("schema.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := schema.NewCompiler(schema.JSONSchema202012).Compile(set.Root())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestValueIsAlwaysValid(t *testing.T) {
	schemas := []string{
		`true`, `{}`, `type: string`, `{type: string, minLength: 40, maxLength: 41}`, `{type: string, maxLength: 1}`,
		`{type: string, pattern: '^([a-f0-9]{24})$'}`, `{type: string, pattern: '^[a-zA-Z0-9][a-zA-Z0-9-]*$', maxLength: 5}`,
		`{type: string, pattern: '^[a-z]+$', minLength: 30}`, `{type: string, pattern: '^(?!x)[a-z]{3}$'}`, `{type: string, pattern: 'b'}`,
		`{type: integer, minimum: 5, exclusiveMaximum: 6}`, `{type: integer, multipleOf: 7, minimum: 8}`, `{type: number, exclusiveMinimum: 0, exclusiveMaximum: 0.001}`,
		`{type: number, multipleOf: 0.25, maximum: -3}`, `{type: integer, format: int32, minimum: 1199145600}`, `{type: number, minimum: 1e30}`,
		`{enum: [1, a, null]}`, `{const: null}`, `{type: [string, 'null'], enum: [null]}`,
		`{type: array, items: {type: integer, minimum: 1, maximum: 3}, minItems: 3, uniqueItems: true}`, `{type: array, maxItems: 0}`,
		`{type: array, prefixItems: [{type: string}, {type: integer}], items: false, minItems: 2}`, `{type: array, contains: {const: 5}, minContains: 2}`,
		`{type: object, required: [a, b], properties: {a: {type: string}}}`, `{type: object, minProperties: 3, additionalProperties: {type: integer}}`,
		`{type: object, additionalProperties: false, minProperties: 1, properties: {a: {type: integer}, b: {type: string}}}`,
		`{type: object, patternProperties: {'^x-[a-z]+$': {type: integer}}, minProperties: 2, additionalProperties: false}`,
		`{type: object, propertyNames: {pattern: '^[A-Z]{3}$'}, minProperties: 2}`,
		`{type: object, properties: {a: {type: integer}}, dependentRequired: {a: [b]}, required: [a]}`,
		`{allOf: [{type: object, properties: {n: {minimum: 5}}}, {properties: {n: {type: integer, maximum: 6}}, required: [n]}]}`,
		`{oneOf: [{type: string, maxLength: 3}, {type: integer, minimum: 10}]}`, `{anyOf: [{type: object, required: [a]}, {type: object, required: [b]}]}`,
		`{type: object, required: [k], properties: {k: {enum: [a, b]}}, if: {properties: {k: {const: a}}}, then: {required: [x]}, else: {required: [y]}}`,
		`{type: object, properties: {n: {type: integer}}, not: {required: [n]}}`,
		"type: object\nrequired: [next]\nproperties:\n  v: {type: integer}\n  next: {oneOf: [{type: 'null'}, {$ref: '#'}]}",
		"type: object\nproperties:\n  children: {type: array, items: {$ref: '#'}}\nrequired: [children]",
		`{type: object, properties: {email: {type: string, format: email, maxLength: 12}}}`,
		`{oneOf: [{type: object, properties: {a: {type: string}, b: {type: integer}}, required: [a]}, {type: object, properties: {a: {type: string}}, required: [a]}]}`,
		`{type: string, format: date-time}`, `{type: string, format: uuid}`, `{type: string, format: ipv6}`, `{type: string, format: uri}`, `{type: string, format: byte}`,
	}
	for _, text := range schemas {
		s := compile(t, text)
		for seed := range uint64(40) {
			v, err := Value(s, seed)
			if err != nil {
				t.Errorf("%s: seed %d: %v", text, seed, err)
				break
			}
			if broken := s.Validate(v, schema.Response); len(broken) > 0 {
				t.Errorf("%s: seed %d: %v breaks %v", text, seed, v, broken)
			}
			again, _ := Value(s, seed)
			if !reflect.DeepEqual(v, again) {
				t.Errorf("%s: seed %d: %v, then %v", text, seed, v, again)
			}
		}
	}
}

func TestValueThatCannotBe(t *testing.T) {
	for text, want := range map[string]string{
		`false`: "nothing is allowed",
		`{type: string, minLength: 5, maxLength: 2}`:                           "Length",
		`{type: integer, minimum: 3, maximum: 2}`:                              "imum",
		`{allOf: [{type: string}, {type: integer}]}`:                           "nothing is allowed",
		"type: object\nrequired: [a]\nproperties:\n  a: {$ref: '#'}":           "without end",
		`{type: array, items: {enum: [1, 2]}, uniqueItems: true, minItems: 3}`: "minItems",
	} {
		v, err := Value(compile(t, text), 1)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v; want an error with %q", text, v, err, want)
		}
	}
}

func TestCoherence(t *testing.T) {
	s := compile(t, `{type: object, properties: {timestamp: {type: string, format: date-time}, finishedAt: {type: string, format: date-time},
		expiresAt: {type: string, format: date-time}, createdAt: {type: string, format: date-time}, updatedAt: {type: string, format: date-time},
		groupId: {type: string, pattern: '^[a-f0-9]{24}$'}, pageSize: {type: string}, secret: {type: string, writeOnly: true}, id: {type: string, readOnly: true}}}`)
	for seed := range uint64(100) {
		v, err := Value(s, seed, Members(map[string]any{"groupId": "0123456789abcdef01234567", "pageSize": json.Number("5")}))
		if err != nil {
			t.Fatal(err)
		}
		o := v.(map[string]any)
		order := []string{"timestamp", "finishedAt", "expiresAt"}
		for i, name := range order[1:] {
			if o[order[i]].(string) > o[name].(string) {
				t.Errorf("seed %d: %s %v after %s %v", seed, order[i], o[order[i]], name, o[name])
			}
		}
		if o["createdAt"].(string) > o["updatedAt"].(string) || o["groupId"] != "0123456789abcdef01234567" || o["secret"] != nil {
			t.Errorf("seed %d: %v", seed, o)
		}
		if _, isText := o["pageSize"].(string); !isText {
			t.Errorf("a member value that its schema rejects was used: %v", o["pageSize"])
		}
	}
	request, err := Value(s, 1, For(schema.Request), Minimal())
	if err != nil || len(request.(map[string]any)) != 0 {
		t.Errorf("minimal request: %v, %v", request, err)
	}
}

// TestAtlas makes a value for each response and request body of the real document.
func TestAtlas(t *testing.T) {
	const path = "../../../shared/data/atlas-admin-api-v2.yaml"
	if _, err := os.Stat(path); err != nil {
		t.Skip("skipped: the real Atlas document is not beside this repository: ", err)
	}
	d, err := openapi.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	seeds := uint64(3)
	for _, o := range d.Operations {
		c, err := o.Compile()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range c.Responses {
			for _, content := range r.Content {
				for seed := range seeds {
					if content.Schema == nil {
						continue
					}
					if _, err := Value(content.Schema, seed); err != nil {
						t.Errorf("%s %s: %v", o.ID, r.Code, err)
					}
				}
			}
		}
		if c.Body != nil {
			for _, content := range c.Body.Content {
				if content.Schema == nil {
					continue
				}
				if _, err := Value(content.Schema, 1, For(schema.Request)); err != nil {
					t.Errorf("%s body: %v", o.ID, err)
				}
			}
		}
	}
}

func BenchmarkValue(b *testing.B) {
	s := compile(b, `{type: object, properties: {id: {type: string, pattern: '^[a-f0-9]{24}$'}, name: {type: string}, createdAt: {type: string, format: date-time},
		size: {type: integer, minimum: 1}, tags: {type: array, items: {type: string}}, state: {enum: [A, B]}}}`)
	b.ReportAllocs()
	seed := uint64(0)
	for b.Loop() {
		seed++
		if _, err := Value(s, seed); err != nil {
			b.Fatal(err)
		}
	}
}

// TestValueFits makes values for schemas whose keywords have to be read together.
func TestValueFits(t *testing.T) {
	for _, text := range []string{
		`{type: array, prefixItems: [{type: string}], contains: {type: integer}, unevaluatedItems: {type: boolean}, minItems: 4}`,
		`{type: array, prefixItems: [{type: string}, {type: integer}], contains: {const: x}, maxItems: 2}`,
		`{type: array, prefixItems: [{type: string}, {enum: [1, 2]}], items: false, contains: {type: integer, minimum: 2}}`,
		`{type: array, items: {type: integer}, contains: {minimum: 100}, minContains: 2, maxContains: 3, uniqueItems: true, minItems: 2}`,
		`{type: object, required: [card], properties: {card: {type: string}, addr: {type: string}, zip: {type: integer}},
			dependentRequired: {card: [addr]}, dependentSchemas: {addr: {required: [zip], properties: {zip: {minimum: 10000, maximum: 99999}}}}}`,
		`{type: object, properties: {a: {type: integer}}, dependentSchemas: {a: {required: [b], properties: {b: {const: 7}}, dependentSchemas: {b: {required: [c]}}}}}`,
		`{type: object, properties: {a: {type: integer}}, dependentSchemas: {a: false}}`,
		`{type: object, patternProperties: {'^S_': {type: string}, '^I_': {type: integer}}, additionalProperties: false, minProperties: 5}`,
		`{type: array, minItems: 4, uniqueItems: true, items: {type: string, pattern: '^(?=.*[A-Z])(?=.*\d)(?!.*--)[A-Za-z\d-]+$', minLength: 8, maxLength: 12}}`,
		`{type: array, minItems: 3, uniqueItems: true, items: {type: string, pattern: '(?=.*[!@#$%&*?._-])(?=.*[0-9])', minLength: 12}}`,
		`{type: string, format: uri, maxLength: 22}`, `{type: string, format: uri, maxLength: 8}`, `{type: string, format: uri, minLength: 90}`,
		`{type: string, format: hostname, maxLength: 6}`, `{type: string, format: hostname, minLength: 60}`, `{type: string, format: email, maxLength: 10}`,
		`{type: string, format: email, minLength: 50}`, `{type: string, format: uri-reference, maxLength: 1}`, `{type: string, format: json-pointer, minLength: 20}`,
		`{type: string, format: iri, maxLength: 12}`, `{type: string, format: idn-hostname, maxLength: 3}`, `{type: string, format: uri-template, minLength: 30}`,
	} {
		s := compile(t, text)
		for seed := range uint64(30) {
			if v, err := Value(s, seed); err != nil || !s.Valid(v, schema.Response) {
				t.Errorf("%s: seed %d: %v, %v", text, seed, v, err)
				break
			}
		}
	}
}
