# Everything needs Go and the module proxy, nothing else.
GO ?= go
RUN_FLAGS ?=

.PHONY: help run test generate check-generated format vet lint race bench
help: ## print the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: ## serve the embedded document on http://127.0.0.1:4010 (RUN_FLAGS="--addr … --seed …")
	@$(GO) build -o bin/troth ./cmd/troth
	@exec ./bin/troth mock $(RUN_FLAGS)

test: check-generated format vet lint race ## generated code, format, vet, staticcheck, tests with the race detector

generate: ## generate gen/restorejobs from the default document
	$(GO) run ./cmd/troth gen --out gen/restorejobs --package restorejobs

check-generated:
	@$(GO) run ./cmd/troth gen --out gen/restorejobs --package restorejobs --check

format:
	@unformatted=$$(gofmt -l cmd contract gen mock openapi); test -z "$$unformatted" || { echo "not gofmt-ed: $$unformatted"; exit 1; }

vet:
	$(GO) vet ./...

lint: ## staticcheck
	$(GO) tool staticcheck ./...

race:
	$(GO) test -race ./...

bench: ## benchmarks, with allocations
	$(GO) test -run '^$$' -bench . -benchmem ./openapi/... ./mock
