# Prerequisites: Go 1.26, Node 20.19 or later, make. `make test` needs PostgreSQL,
# Chromium and CJK fonts too: it installs them on Debian/Ubuntu when run as root,
# and otherwise names the command.
export GOFLAGS := -trimpath
export CGO_ENABLED := 0
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)

.PHONY: all build demo test soak bench lint generate notices sbom release vuln drift web-deps web clean

all: build

build: web bin/yunchou

.PHONY: bin/yunchou
bin/yunchou:
	go build -ldflags '$(LDFLAGS)' -o bin/yunchou ./cmd/yunchou

web/node_modules/.done: web/package.json web/package-lock.json
	# Not `npm ci`: it wants every platform's optional packages in the lock file, and
	# npm leaves those out where addresses are left out, as they are here.
	cd web && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --no-save --no-fund --no-audit --loglevel=error
	touch $@

web-deps: web/node_modules/.done

WEB_SOURCES := $(shell find web/src web/public -type f 2>/dev/null) web/index.html web/vite.config.ts web/compress.mjs
web/dist/index.html: web/node_modules/.done $(WEB_SOURCES)
	cd web && npm run build --silent

web: web/dist/index.html

demo: build
	./bin/yunchou demo --data .demo

# Go on both databases, web unit tests, browser tests, lint, drift of generated files. One that fails keeps no
# other from telling what it finds. The longest packages begin first, so that none is waited for at the end; lint
# has vetted all, and three at a time are not too many: half of the time is waiting for PostgreSQL.
LONGEST := ./internal/app ./internal/server ./cmd/yunchou ./internal/intake

test: web
	./scripts/install-test-tools.sh
	$(MAKE) lint
	$(MAKE) drift
	$(MAKE) bin/yunchou
	failed=; \
	(cd web && npm test --silent) || failed="$$failed web"; \
	./scripts/with-postgres.sh go test -vet=off -timeout 30m -p 3 $(LONGEST) ./... || failed="$$failed go"; \
	(cd web && npx playwright test) || failed="$$failed browser"; \
	[ -z "$$failed" ] || { echo "failed:$$failed" >&2; exit 1; }

# The long versions, with their figures: a thousand kills, storms, thousands of random
# histories, an hour of mixed load (or YUNCHOU_SOAK_MINUTES). SOAK='-run TestKilled ./cmd/yunchou'
# is one of them, YUNCHOU_SOAK_PART=2/4 the second quarter of its rounds.
SOAK ?= ./...

soak: build
	./scripts/install-test-tools.sh
	YUNCHOU_SOAK=1 ./scripts/with-postgres.sh ./scripts/figures.sh -timeout 300m $(SOAK)
	[ "$(SOAK)" != ./... ] || (cd web && YUNCHOU_SOAK=1 npx playwright test)

# Sizes of the benchmarks of the funnel and of lists. Above 100000 the reference's reports take minutes each
# and are left out; the single questions by hand are asked at every size. The whole takes
# about half an hour; docs/performance.md is written from what it prints.
BENCH_SIZES ?= 10000,100000,1000000

bench: build
	./scripts/install-test-tools.sh
	go test -run '^$$' -bench . -benchtime 2s ./internal/funnel/engine
	npm install --prefix bin/duckdb --no-save --no-fund --no-audit --loglevel=error @duckdb/node-api@1.4.4-r.1
	for n in 100000 1000000; do YUNCHOU_DUCKDB=$(CURDIR)/bin/duckdb YUNCHOU_BENCH_DEALS=$$n go test -count=1 -v -run TestBesideDuckDB ./internal/funnel/engine || exit 1; done
	./scripts/with-postgres.sh go test -run '^$$' -bench . -benchtime 2s ./internal/app
	YUNCHOU_BENCH=$(BENCH_SIZES) ./scripts/with-postgres.sh go test -count=1 -v -timeout 90m -run 'TestFunnelRatios|TestMoveRates|TestImportRates|TestTrailRates' ./internal/app
	YUNCHOU_BENCH=1 ./scripts/with-postgres.sh go test -count=1 -v -run TestWhatReadersAndTheTimetableCost ./internal/reader
	YUNCHOU_BENCH=1 ./scripts/with-postgres.sh go test -count=1 -v -timeout 30m -run 'TestRequestCosts|TestDeskCosts|TestManyCompanies|TestWhatOpenPagesCost' -bench BenchmarkRefused ./internal/server
	YUNCHOU_BENCH=1 ./scripts/with-postgres.sh go test -count=1 -v -timeout 30m -run TestKnowersCost ./internal/tie
	YUNCHOU_BENCH=1 ./scripts/with-postgres.sh go test -count=1 -v -timeout 30m -run TestChangeCost ./internal/change
	YUNCHOU_BENCH=1 YUNCHOU_BENCH_DEALS=$(BENCH_SIZES) ./scripts/with-postgres.sh go test -count=1 -v -timeout 300m -run 'TestSlowestLists|TestFirstPages' ./internal/server
	cd web && YUNCHOU_BENCH=1 npx playwright test e2e/weight.spec.ts

lint: web-deps
	go vet ./...
	@test -z "$$(gofmt -l cmd internal web/*.go)" || { echo 'run gofmt on:'; gofmt -l cmd internal web/*.go; exit 1; }
	cd web && npm run lint --silent

generate: web-deps
	go generate ./...
	go run ./cmd/yunchou openapi > docs/openapi.json.tmp && mv docs/openapi.json.tmp docs/openapi.json
	cd web && npm run generate --silent
	$(MAKE) --no-print-directory notices

# The licences and notices of what the program contains; fails where one may not be shipped.
notices: web-deps
	go run ./scripts/supply notices

# What the program is made of, as CycloneDX JSON: bin/yunchou.cdx.json.
sbom: web-deps
	@mkdir -p bin
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) go run ./scripts/supply sbom $(VERSION) > bin/yunchou.cdx.json

# Programs for each system, with the bill of materials, the notices and SHA-256 sums: release/.
release: web
	./scripts/release.sh $(VERSION)

# Known vulnerabilities in what is called. It needs the network: the tool by the module proxy,
# the list of vulnerabilities from vuln.go.dev (or a copy: VULNDB=file:///DIR), npm's from its registry.
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
vuln: web-deps
	go run $(GOVULNCHECK) $(if $(VULNDB),-db $(VULNDB)) ./...
	cd web && npm audit --omit=dev

# Generated files must be what the sources make of them.
drift: web-deps
	@cp docs/openapi.json /tmp/openapi.$$$$ && cat web/src/api/*.gen.ts > /tmp/schema.$$$$ && cat internal/database/migrations/postgres/*.sql > /tmp/sql.$$$$ && \
	cp internal/notices/THIRD_PARTY_NOTICES.txt /tmp/notices.$$$$ && \
	$(MAKE) --no-print-directory generate && \
	cmp docs/openapi.json /tmp/openapi.$$$$ && cat web/src/api/*.gen.ts | cmp - /tmp/schema.$$$$ && cat internal/database/migrations/postgres/*.sql | cmp - /tmp/sql.$$$$ && \
	cmp internal/notices/THIRD_PARTY_NOTICES.txt /tmp/notices.$$$$ && \
	rm -f /tmp/openapi.$$$$ /tmp/schema.$$$$ /tmp/sql.$$$$ /tmp/notices.$$$$

clean:
	rm -rf bin web/dist/* web/node_modules .demo
