package openapi

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

const later = `
openapi: 3.2.0
info: {title: t, version: "1"}
servers: [{url: /x, name: main}]
tags: [{name: a, summary: s, parent: b, kind: nav}, {name: b}]
paths:
  /a:
    query: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"200": {summary: s, description: ok}}}
    get:
      responses:
        "200":
          content:
            application/json: {schema: {type: integer}, examples: {a: {dataValue: 1, serializedValue: "1"}, b: {serializedValue: "1"}}}
            text/event-stream: {$ref: '#/components/mediaTypes/m'}
        default: {content: {application/json: {schema: {$ref: '#pet'}}}}
components:
  mediaTypes: {m: {itemSchema: {type: object}}}
  schemas: {Pet: {$anchor: pet, type: object, properties: {value: {$ref: '#pet'}}}}
  securitySchemes:
    o: {type: oauth2, deprecated: true, oauth2MetadataUrl: 'https://x', flows: {deviceAuthorization: {deviceAuthorizationUrl: 'https://x', tokenUrl: 'https://y', scopes: {}}}}
`

const anchored = `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#pet'}}}}}}
  /b:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: 'https://example.com/pet#/properties/id'}}}}}}
  /c:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: 'cat.yaml#cat'}}}}}}
  /d:
    get: {responses: {"200": {$ref: 'https://example.com/parts.yaml#/answer'}}}
components:
  schemas:
    Pet: {$id: 'https://example.com/pet', type: object, properties: {id: {type: integer}, other: {$ref: '#/properties/id'}, value: {$ref: '#pet'}}}
    Named: {$anchor: pet, type: object}
`

const whole = `
openapi: 3.1.0
info: {title: t, version: "1"}
paths: {/a: {get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: 'cat.yaml#cat'}}}}}}}}
`

// TestLintKnowsLaterVersions has no finding about what is valid in OpenAPI 3.1 and 3.2 and troth loads, and finds what is wrong all the same.
func TestLintKnowsLaterVersions(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	parts := write("parts.yaml", "answer: {description: ok}\n")
	write("cat.yaml", "{$anchor: cat, type: object}")
	lint := func(path string) []error {
		d, err := Load(path, WithResource("https://example.com/parts.yaml", parts))
		if err != nil {
			t.Fatal(err)
		}
		return d.Lint()
	}
	for name, text := range map[string]string{"later.yaml": later, "anchored.yaml": anchored, "whole.yaml": whole} {
		path := write(name, text)
		d, err := Load(path, WithResource("https://example.com/parts.yaml", parts))
		if err != nil {
			t.Fatal(err)
		}
		if broken, _ := d.CompileAll(); len(broken) > 0 {
			t.Errorf("%s: %v", name, broken)
		}
		if findings := lint(path); len(findings) > 0 {
			t.Errorf("%s: %v", name, findings)
		}
		wrong := write("wrong-"+name, strings.Replace(text, `, version: "1"}`, "}", 1))
		if findings := lint(wrong); len(findings) != 1 || !strings.Contains(findings[0].Error(), "version") {
			t.Errorf("%s without info.version: %v", name, findings)
		}
	}
	old := write("old.yaml", "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'200': {}}}}}\n")
	if len(lint(old)) == 0 {
		t.Error("a response without description is valid in OpenAPI 3.2 only")
	}
}

// TestLintFetchesNothing wants a remote reference to be named, not followed.
func TestLintFetchesNothing(t *testing.T) {
	d, err := Parse("api.yaml", []byte("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n"))
	if err != nil {
		t.Fatal(err)
	}
	asked := false
	remote := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer remote.Close()
	at, _ := url.Parse(remote.URL + "/a.yaml")
	if _, err := d.legible().read(openapi3.NewLoader(), at); asked || err == nil || !strings.Contains(err.Error(), "--resource") {
		t.Errorf("asked %v, %v", asked, err)
	}
}
