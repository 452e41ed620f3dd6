package gen_test

import (
	"fmt"
	"os"

	"troth/gen"
	"troth/openapi"
)

// Types, server stubs, a client and a typed mock are written into a directory; files that do not change are left alone.
func ExampleWrite() {
	doc, err := openapi.Load("testdata/jobs.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "jobs")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	names, err := gen.Write(doc, dir, "jobs")
	for _, name := range names {
		fmt.Println(name)
	}
	fmt.Println(err)
	// Output:
	// types.gen.go
	// server.gen.go
	// binder.gen.go
	// refusal.gen.go
	// client.gen.go
	// spec.gen.go
	// unwritten.gen.go
	// mock.gen.go
	// <nil>
}
