package mock

import (
	"testing"
)

// TestDiscriminatorNames has a discriminator without a mapping name the schema of the value, where its own schema takes the name.
func TestDiscriminatorNames(t *testing.T) {
	const text = `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /car: {get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Car'}}}}}}}
  /van: {get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Van'}}}}}}}
  /bus: {get: {responses: {"200": {description: ok, content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Named'}, {$ref: '#/components/schemas/Bus'}]}}}}}}}
  /tank: {get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Tank'}}}}}}}
components:
  schemas:
    Named: {type: object, properties: {name: {type: string}}}
    Car: {type: object, discriminator: {propertyName: kind}, required: [kind], properties: {kind: {type: string}}}
    Van: {allOf: [{$ref: '#/components/schemas/Car'}, {type: object, required: [seats], properties: {seats: {type: integer}}}]}
    Bus: {allOf: [{$ref: '#/components/schemas/Van'}, {type: object}]}
    Ship: {type: object, discriminator: {propertyName: kind}, required: [kind], properties: {kind: {type: string, enum: [ship, tank]}}}
    Tank: {allOf: [{$ref: '#/components/schemas/Ship'}, {type: object, properties: {kind: {type: string, enum: [tank]}}}]}
`
	d := parsed(t, text)
	for seed := range uint64(5) {
		s, err := New(d, WithSeed(seed))
		if err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]string{"/car": "Car", "/van": "Van", "/bus": "Bus", "/tank": "tank"} {
			if code, _, body := (client{s}).do("GET", path, ""); code != 200 || member(body, "kind") != want {
				t.Errorf("%s: %d %v, want kind %s", path, code, body, want)
			}
		}
	}
}
