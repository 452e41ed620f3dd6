package contract_test

import (
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
)

// TestOnTheWay judges one operation alone: what its checks read by another is judged, too.
func TestOnTheWay(t *testing.T) {
	doc, conv := loadDocument(t, shelf)
	s, err := mock.New(doc, mock.WithConventions(conv), mock.WithDefect("created-mistyped"))
	if err != nil {
		t.Fatal(err)
	}
	target, err := contract.NewTarget("http://mock.example", contract.Handler(s), contract.Write())
	if err != nil {
		t.Fatal(err)
	}
	r, err := contract.Run(t.Context(), doc, conv, target, checks.All(), contract.Only("createBox/*"))
	if err != nil {
		t.Fatal(err)
	}
	for id := range identities(r, "body-matches-schema") {
		t.Log(id)
	}
	if len(identities(r, "body-matches-schema")) == 0 {
		t.Errorf("nothing is wrong with an item that is read behind creating it\n%s", text(t, r))
	}
}
