// The modules that the conformance test reads the official JSON-Schema-Test-Suite from; nothing of them is built.
module suite

go 1.26.0

require (
	cuelang.org/go v0.17.1 // the suite
	github.com/google/jsonschema-go v0.4.3 // what its remote references lead to
)
