package mock

import (
	"fmt"
	"testing"
)

// TestWritesAreNotForgotten writes below many parents while more collections are asked for than the server keeps.
func TestWritesAreNotForgotten(t *testing.T) {
	s, err := New(shop(t), WithoutAuth(), WithOpenWorld(), WithItems(2))
	if err != nil {
		t.Fatal(err)
	}
	c := client{s}
	made := map[string]string{}
	for i := range 3 * keep {
		home := fmt.Sprintf("/shops/s%d/orders", i)
		code, _, v := c.do("POST", home, `{"kind":"sale","shopId":"s"}`, "Content-Type", "application/json")
		if code != 201 && code != 200 {
			t.Fatal(code, v)
		}
		id, _ := member(v, "id").(string)
		made[home] = id
	}
	for home, id := range made {
		if code, _, v := c.do("GET", home+"/"+id, ""); code != 200 {
			t.Errorf("%s/%s: %d %v", home, id, code, v)
		}
	}
}
