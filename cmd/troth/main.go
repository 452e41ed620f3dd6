// Command troth mocks an HTTP API from its OpenAPI document, judges implementations by it, and generates Go code from it.
package main

import (
	"context"
	"os"

	"troth/cmd/troth/cli"
)

func main() {
	os.Exit(cli.Run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
