package mock

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"troth/openapi"
)

// TestWritesAreNotForgotten asks for more collections than the server keeps between choosing the collection of a POST and the write, as
// another client may: what is created is found.
func TestWritesAreNotForgotten(t *testing.T) {
	s, err := New(shop(t), WithoutAuth(), WithOpenWorld(), WithItems(2))
	if err != nil {
		t.Fatal(err)
	}
	call := &Call{Request: httptest.NewRequest("POST", "/shops/mine/orders", nil), Body: map[string]any{"kind": "sale", "shopId": "mine"}}
	s.match(call)
	call.plan = s.plans[call.Match.Operation]
	if err := call.plan.ready(); err != nil {
		t.Fatal(err)
	}
	call.Operation, call.Response, call.Status, call.Content = call.plan.compiled, call.plan.response, call.plan.status, call.plan.offers[0]
	c, create := s.action(call)
	orders := s.world.resources[openapi.Unnamed(call.Match.Operation.Route)]
	for i := range 2 * keep {
		s.world.collection(orders, []openapi.PathValue{{Name: "shopId", Value: fmt.Sprint("other", i)}})
	}
	reply, err := create(c, call)
	if err != nil {
		t.Fatal(err)
	}
	id := member(reply.Body, "id").(string)
	if code, _, v := (client{s}).do("GET", "/shops/mine/orders/"+id, ""); code != 200 {
		t.Errorf("%d %v", code, v)
	}
}
