package contract_test

import (
	"troth/contract"
	"troth/mock"
	"troth/openapi"
)

// tenants are one's own and somebody else's.
var tenants = []string{"32b6e34b3d91647abb20e7b8", "5f1e2d3c4b5a69788796a5b4"}

// ofParents are two values of what stands in front of lists, the second another tenant's, as far as a document has it.
func ofParents(doc *openapi.Document) map[string][]string {
	known := map[string][]string{}
	for name, values := range map[string][]string{"groupId": tenants, "shopId": {"shop1", "shop2"}} {
		if doc.CheckName(name) == nil {
			known[name] = values
		}
	}
	return known
}

// parents are one's own; the target is given another tenant's, too.
func parents(doc *openapi.Document) (opts []mock.Option) {
	for name, values := range ofParents(doc) {
		opts = append(opts, mock.WithParam(name, values[0]))
	}
	return opts
}

// asked are the parents that a target is given.
func asked(doc *openapi.Document) (opts []contract.TargetOption) {
	for name, values := range ofParents(doc) {
		opts = append(opts, contract.Param(name, values[0]), contract.Param(name, values[1]))
	}
	return opts
}
