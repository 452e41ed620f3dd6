package mock_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"troth/mock"
	"troth/openapi"
)

// A mock is an http.Handler.
func ExampleNew() {
	doc, err := openapi.Load("testdata/shop.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := mock.New(doc, mock.WithoutAuth(), mock.WithItems(7))
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequest("GET", "/v1/shops/shop1/orders?perPage=3", nil))
	var page struct {
		Results    []struct{ ID string }
		TotalCount int
	}
	fmt.Println(w.Code, json.Unmarshal(w.Body.Bytes(), &page), len(page.Results), "of", page.TotalCount)
	// Output: 200 <nil> 3 of 7
}

// A test gets a server of its own, which stops with it. Requests that break the document fail the test, and so do calls that were
// expected and did not come.
func ExampleStart() {
	var status, call string
	passed := inTest(func(t *testing.T) {
		doc, err := openapi.Load("testdata/shop.yaml")
		if err != nil {
			t.Fatal(err)
		}
		m := mock.Start(t, doc)
		m.Expect("createOrder").Times(1)

		body := strings.NewReader(`{"kind":"sale","shopId":"shop1"}`)
		resp, err := m.Client().Post(m.URL+"/v1/shops/shop1/orders", "application/json", body)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		status, call = resp.Status, m.Calls("createOrder")[0].String()
	})
	fmt.Println(status)
	fmt.Println(call)
	fmt.Println("passed:", passed)
	// Output:
	// 201 Created
	// POST /v1/shops/shop1/orders {"kind":"sale","shopId":"shop1"} -> 201
	// passed: true
}

// A client whose base URL cannot be changed is given a transport that needs no socket.
func ExampleTransport() {
	doc, err := openapi.Load("testdata/shop.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	transport, err := mock.Transport(doc, mock.WithoutAuth())
	if err != nil {
		fmt.Println(err)
		return
	}
	client := &http.Client{Transport: transport}
	resp, err := client.Get("https://shop.example.com/v1/shops/nowhere/orders")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Status)
	// Output: 404 Not Found
}

// One operation is answered by hand; the answer is judged by the document, and all others are faked.
func ExampleHTTP() {
	doc, err := openapi.Load("testdata/shop.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := mock.New(doc, mock.WithHandler("plain", mock.HTTP(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"a":"seven"}`)
	}))))
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequest("GET", "/plain", nil))
	fmt.Println(w.Code, strings.Contains(w.Body.String(), "body at /a: type: want integer, got"))
	// Output: 500 true
}

// A handler can change while the server runs. A refusal is a Fault, which is answered in the error schema of the document.
func ExampleServer_Handle() {
	doc, err := openapi.Load("testdata/shop.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := mock.New(doc, mock.WithoutAuth())
	if err != nil {
		fmt.Println(err)
		return
	}
	err = server.Handle("getOrder", func(_ context.Context, call *mock.Call) (*mock.Reply, error) {
		return nil, &mock.Fault{Status: http.StatusNotFound, Detail: "order " + call.Match.Values[1].Value + " is at the harbour"}
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequest("GET", "/v1/shops/shop1/orders/00000000000a", nil))
	fmt.Println(w.Code, w.Header().Get("Content-Type"), strings.Contains(w.Body.String(), "00000000000a is at the harbour"))
	// Output: 404 application/json true
}

// inTest runs f as a test does; it tells whether the test passed. Examples have no *testing.T, tests do.
func inTest(f func(t *testing.T)) (passed bool) {
	every := func(string, string) (bool, error) { return true, nil }
	out := os.Stdout
	os.Stdout, _ = os.Open(os.DevNull)
	defer func() { os.Stdout = out }()
	return testing.RunTests(every, []testing.InternalTest{{Name: "TestExample", F: f}})
}
