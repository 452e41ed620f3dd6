# Everything needs Go and the module proxy, nothing else.
GO ?= go
RUN_FLAGS ?=
FUZZTIME ?= 1m
SEEDS ?= 3

.PHONY: help run test trial generate check-generated format vet lint race whole portable bench fuzz sweep silence pairs
help: ## print the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: ## serve the embedded document on http://127.0.0.1:4010 (RUN_FLAGS="--addr … --seed …")
	@$(GO) build -o bin/troth ./cmd/troth
	@exec ./bin/troth mock $(RUN_FLAGS)

test: check-generated format vet lint race whole portable ## generated code, format, vet, staticcheck, tests with the race detector, all planted defects

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

# Of planted defects and variations a twentieth with the race detector, all of them without.
race:
	$(GO) test -race -short -timeout 30m ./...

whole:
	$(GO) test -timeout 30m ./contract
	$(GO) test -timeout 30m -run Selftest ./cmd/troth/cli

# The golden answers on another architecture, where this machine can run one.
portable:
	@if [ "$$($(GO) env GOOS GOARCH | tr "\n" /)" = linux/amd64/ ]; then \
		GOARCH=386 CGO_ENABLED=0 $(GO) test -c -o bin/mock.386.test ./mock || exit 1; \
		if bin/mock.386.test -test.list none >/dev/null 2>&1; then (cd mock && ../bin/mock.386.test -test.run 'Golden|Deterministic'); \
		else echo "skipped: this machine runs no programs for 386"; fi; \
	fi

fuzz: ## every fuzz target for a minute (FUZZTIME=10s)
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test $$package -list '^Fuzz' | grep ^Fuzz); do \
			echo "$$package $$target"; \
			$(GO) test $$package -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x || exit 1; \
		done; \
	done

sweep: ## serve every document in DOCUMENTS=FOLDER, call every operation with SEEDS=3 seeds, have each answer judged
	@test -n "$(DOCUMENTS)" || { echo "make sweep DOCUMENTS=FOLDER (or a file)"; exit 2; }
	@$(GO) test ./mock -run Sweep -v -timeout 6h -documents "$(abspath $(DOCUMENTS))" -seeds $(SEEDS)

trial: ## generate code from every document in DOCUMENTS=FOLDER and compile it (EVERY=20: one document of 20; PROJECTS=true: whole projects)
	@test -n "$(DOCUMENTS)" || { echo "make trial DOCUMENTS=FOLDER (or a file)"; exit 2; }
	@$(GO) test $(if $(PROJECTS),./gen/scaffold,./gen) -run Trial -v -timeout 12h -documents "$(abspath $(DOCUMENTS))" -every $(or $(EVERY),1) -compile=$(or $(COMPILE),true)

pairs: ## plant every two defects at a time and want both reported (EVERY=10: each tenth pair; DEFECTS=page-gap,size-sticks: the pairs of these)
	$(GO) test ./contract -run Pairs -timeout 12h -pairs $(or $(EVERY),1) -paired "$(DEFECTS)"

silence: ## judge healthy mocks of 100 documents in DOCUMENTS=FOLDER, of every style of paging; any finding fails
	@test -n "$(DOCUMENTS)" || { echo "make silence DOCUMENTS=FOLDER"; exit 2; }
	@$(GO) test ./contract -run Silence -v -timeout 2h -silence "$(abspath $(DOCUMENTS))"

.PHONY: dist man image
# What is stamped into released programs, and the time of the files in their archives.
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
STAMP = -X troth/cmd/troth/cli.stamp=$(VERSION)
PLATFORMS ?=

dist: ## static binaries with manual pages and completions, in dist/ (PLATFORMS=linux/amd64,darwin/arm64)
	@SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) $(GO) run -ldflags "$(STAMP)" ./cmd/dist $(if $(PLATFORMS),-platforms $(PLATFORMS))

man: ## manual pages, in dist/man
	@SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) $(GO) run -ldflags "$(STAMP)" ./cmd/troth man dist/man

image: ## container image troth (DOCKER=podman)
	$(or $(DOCKER),docker) build --build-arg VERSION=$(VERSION) --tag troth .

bench: ## benchmarks, with allocations
	$(GO) test -run '^$$' -bench . -benchmem ./openapi/... ./mock ./cmd/...
