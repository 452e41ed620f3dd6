package contract_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"testing"

	"troth/contract"
	"troth/contract/checks"
	"troth/mock"
	"troth/openapi"
	"troth/openapi/convention"
)

// An implementation is judged by its document; here it is the mock, with a promise broken on purpose.
func ExampleRun() {
	doc, err := openapi.Load("../mock/testdata/shop.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	conv, err := convention.Beside(doc)
	if err != nil {
		fmt.Println(err)
		return
	}
	broken, err := mock.New(doc, mock.WithDefect("page-overlap"))
	if err != nil {
		fmt.Println(err)
		return
	}
	target := contract.InProcess(broken, contract.Bearer("token"))
	report, err := contract.Run(context.Background(), doc, conv, target, checks.All(), contract.Only("listOrders/page-disjoint"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range report.Outcomes {
		fmt.Println(o.Case, o.Verdict, o.Findings[0].Want)
	}
	// Output: listOrders/page-disjoint fail each item once
}

// A contract test in Go: one subtest for each promise.
func ExampleTest() {
	passed := inTest(func(t *testing.T) {
		doc, err := openapi.Load("../mock/testdata/shop.yaml")
		if err != nil {
			t.Fatal(err)
		}
		target := contract.InProcess(implementation(t, doc), contract.Bearer("token"))
		contract.Test(t, doc, target, checks.All(), contract.Only("getOrder/*"))
	})
	fmt.Println("passed:", passed)
	// Output: passed: true
}

// implementation is the server under test.
func implementation(t *testing.T, doc *openapi.Document) http.Handler {
	t.Helper()
	server, err := mock.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// A handler is judged in process, as if it were at the URL.
func ExampleHandler() {
	doc, err := openapi.Load("../mock/testdata/shop.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := mock.New(doc)
	if err != nil {
		fmt.Println(err)
		return
	}
	target, err := contract.NewTarget("https://shop.example.com/v1", contract.Handler(server), contract.Bearer("token"))
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := contract.Run(context.Background(), doc, convention.Infer(doc), target, checks.All(), contract.Only("plain/*"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("exit status", report.ExitCode(contract.Should))
	// Output: exit status 0
}

// inTest runs f as a test does; it tells whether the test passed. Examples have no *testing.T, tests do.
func inTest(f func(t *testing.T)) (passed bool) {
	every := func(string, string) (bool, error) { return true, nil }
	out := os.Stdout
	os.Stdout, _ = os.Open(os.DevNull)
	defer func() { os.Stdout = out }()
	return testing.RunTests(every, []testing.InternalTest{{Name: "TestExample", F: f}})
}
