package mock

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

const dishes = `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /orders:
    get:
      operationId: listOrders
      responses: {"200": {description: all, content: {application/json: {schema: {type: array, items: &order {type: object, required: [id, dish], properties: {id: {type: string, format: uuid, readOnly: true}, dish: {type: string, minLength: 1}, seat: {type: integer}}}}}}}}
    post:
      operationId: createOrder
      parameters: [{name: X-Idempotency-Key, in: header, schema: {type: string}}, {name: to, in: query, schema: {type: string}}]
      callbacks: {made: {"{$request.query.to}/made": {post: {responses: {"204": {description: seen}}}}}}
      requestBody: {required: true, content: {application/json: {schema: *order}}}
      responses:
        "201": {description: made, headers: {Location: {schema: {type: string}}}, content: {application/json: {schema: *order}}}
        "400": &refused {description: why, content: {application/problem+json: {schema: {type: object, required: [status, title], properties: {status: {type: integer}, title: {type: string}, detail: {type: string}}}}}}
        "409": *refused
        "422": *refused
  /orders/{orderId}:
    parameters: [{name: orderId, in: path, required: true, schema: {type: string, format: uuid}}]
    get: {operationId: getOrder, responses: {"200": {description: one, content: {application/json: {schema: *order}}}, "404": *refused}}
    patch:
      operationId: patchOrder
      parameters: [{name: idempotency-key, in: header, schema: {type: string}}]
      requestBody: {required: true, content: {application/merge-patch+json: {schema: {type: object, properties: {dish: {type: string}, seat: {type: integer}}}}}}
      responses: {"200": {description: one, content: {application/json: {schema: *order}}}, "404": *refused, "409": *refused}
    delete: {operationId: deleteOrder, responses: {"204": {description: gone}, "404": *refused}}
`

// kitchen serves the orders over loopback.
type kitchen struct {
	*Server
	url string
}

func newKitchen(t *testing.T, opts ...Option) kitchen {
	t.Helper()
	d := parsed(t, dishes)
	s, err := New(d, append(opts, WithItems(0))...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return kitchen{s, server.URL}
}

// send returns the status, the text of the body, and the member id or detail.
func (k kitchen) send(t *testing.T, method, path, key, body string) (status int, text, told string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, k.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		r.Header.Set("Content-Type", "application/merge-patch+json")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
		r.Header.Set("X-Idempotency-Key", key)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return 0, "", ""
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	var says struct{ ID, Detail string }
	_ = json.Unmarshal(data, &says)
	return resp.StatusCode, resp.Header.Get("Location") + " " + string(data), says.ID + says.Detail
}

func (k kitchen) count(t *testing.T) int {
	t.Helper()
	_, text, _ := k.send(t, "GET", "/orders", "", "")
	return strings.Count(text, `"id"`)
}

func TestIdempotencyKey(t *testing.T) {
	k := newKitchen(t)
	status, first, id := k.send(t, "POST", "/orders", "a", `{"dish":"soup"}`)
	if status != 201 || id == "" || !strings.HasPrefix(first, k.url+"/orders/"+id) {
		t.Fatalf("first: %d %s", status, first)
	}
	if status, again, _ := k.send(t, "POST", "/orders", "a", `{"dish":"soup"}`); status != 201 || again != first {
		t.Errorf("again: %d %s, want 201 %s", status, again, first)
	}
	if status, text, told := k.send(t, "POST", "/orders", "a", `{"dish": "soup"}`); status != 422 || !strings.Contains(told, "X-Idempotency-Key") {
		t.Errorf("another body: %d %s", status, text)
	}
	for _, key := range []string{"b", ""} {
		if status, text, other := k.send(t, "POST", "/orders", key, `{"dish":"soup"}`); status != 201 || other == id {
			t.Errorf("key %q: %d %s", key, status, text)
		}
	}
	if n := k.count(t); n != 3 {
		t.Errorf("%d orders, want 3", n)
	}
}

// TestIdempotencyKeyOfChange takes a change once: what was changed meanwhile stays.
func TestIdempotencyKeyOfChange(t *testing.T) {
	k := newKitchen(t)
	_, _, id := k.send(t, "POST", "/orders", "a", `{"dish":"soup"}`)
	_, first, _ := k.send(t, "PATCH", "/orders/"+id, "a", `{"seat":1}`)
	k.send(t, "PATCH", "/orders/"+id, "b", `{"seat":2}`)
	if status, again, _ := k.send(t, "PATCH", "/orders/"+id, "a", `{"seat":1}`); status != 200 || again != first {
		t.Errorf("again: %d %s, want %s", status, again, first)
	}
	if _, text, _ := k.send(t, "GET", "/orders/"+id, "", ""); !strings.Contains(text, `"seat":2`) {
		t.Errorf("the change was made twice: %s", text)
	}
	if status, text, _ := k.send(t, "PATCH", "/orders/"+id, "a", `{"seat":3}`); status != 409 {
		t.Errorf("another body, where no 422 is declared: %d %s", status, text)
	}
}

// TestIdempotencyKeyOfRefusal keeps no key of what was refused.
func TestIdempotencyKeyOfRefusal(t *testing.T) {
	k := newKitchen(t)
	if status, text, _ := k.send(t, "POST", "/orders", "a", `{"dish":""}`); status != 400 {
		t.Fatalf("%d %s", status, text)
	}
	_, _, id := k.send(t, "POST", "/orders", "a", `{"dish":"soup"}`)
	k.send(t, "DELETE", "/orders/"+id, "", "")
	if status, text, _ := k.send(t, "PATCH", "/orders/"+id, "a", `{"seat":1}`); status != 404 {
		t.Errorf("%d %s", status, text)
	}
	if status, _, again := k.send(t, "POST", "/orders", "a", `{"dish":"soup"}`); status != 201 || again != id {
		t.Errorf("the answer is kept although the order is deleted: %d %q", status, again)
	}
	if n := k.count(t); n != 0 {
		t.Errorf("%d orders", n)
	}
}

// TestIdempotencyKeysLiveWithState forgets keys with what was created.
func TestIdempotencyKeysLiveWithState(t *testing.T) {
	k := newKitchen(t)
	k.send(t, "POST", "/orders", "a", `{"dish":"soup"}`)
	k.Reset()
	if status, text, _ := k.send(t, "POST", "/orders", "a", `{"dish":"stew"}`); status != 201 || k.count(t) != 1 {
		t.Errorf("%d %s, %d orders", status, text, k.count(t))
	}
}

// TestIdempotencyKeysAreBounded forgets the oldest.
func TestIdempotencyKeysAreBounded(t *testing.T) {
	k := newKitchen(t)
	c := client{k.Server}
	for i := range maxKeys + 1 {
		c.do("POST", "/orders", `{"dish":"soup"}`, "Content-Type", "application/json", "X-Idempotency-Key", fmt.Sprint(i))
	}
	if n, sorted := len(k.keys.known), len(k.keys.sorted); n != maxKeys || sorted != maxKeys {
		t.Errorf("%d keys, %d sorted", n, sorted)
	}
	if status, text, _ := k.send(t, "POST", "/orders", "1", `{"dish":"stew"}`); status != 422 {
		t.Errorf("a young key: %d %s", status, text)
	}
	if status, text, _ := k.send(t, "POST", "/orders", "0", `{"dish":"stew"}`); status != 201 {
		t.Errorf("the oldest key: %d %s", status, text)
	}
	large := `{"dish":"` + strings.Repeat("x", keyBytes/3) + `"}`
	for i := range 5 {
		c.do("POST", "/orders", large, "Content-Type", "application/json", "X-Idempotency-Key", fmt.Sprint("large", i))
	}
	if k.keys.bytes > keyBytes || len(k.keys.known) == 0 || len(k.keys.known) != len(k.keys.sorted) {
		t.Errorf("%d bytes of %d keys, %d sorted", k.keys.bytes, len(k.keys.known), len(k.keys.sorted))
	}
}

// TestIdempotencyKeyAtOnce creates one item of many requests at the same time.
func TestIdempotencyKeyAtOnce(t *testing.T) {
	k := newKitchen(t)
	var ids sync.Map
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, text, id := k.send(t, "POST", "/orders", "a", `{"dish":"soup"}`)
			ids.Store(id, text)
		})
	}
	all.Wait()
	n := 0
	ids.Range(func(_, _ any) bool { n++; return true })
	if n != 1 || k.count(t) != 1 {
		t.Errorf("%d IDs, %d orders", n, k.count(t))
	}
}

// TestIdempotencyKeyTellsOnce sends a callback for what was created, and none where the request is sent again.
func TestIdempotencyKeyTellsOnce(t *testing.T) {
	var got received
	receiver := httptest.NewServer(&got)
	defer receiver.Close()
	k := newKitchen(t, WithCallbacks(nil, nil))
	for range 2 {
		k.send(t, "POST", "/orders?to="+receiver.URL, "a", `{"dish":"soup"}`)
	}
	k.Wait()
	if sent := got.sent(); len(sent) != 1 {
		t.Errorf("%q", sent)
	}
}
