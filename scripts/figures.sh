#!/usr/bin/env bash
# Runs `go test -v …` and shows, test by test, what they tell of themselves and what fails; the
# whole goes to bin/soak.log. Ends as the tests did.
set -uo pipefail
mkdir -p bin
go test -v "$@" 2>&1 | tee bin/soak.log | awk '
  /^=== (RUN|CONT|NAME)/       { test = $3; next }
  /^ *[a-z0-9_]+_test\.go:[0-9]+: / { if (test != told) { print test; told = test } print; fflush(); next }
  /^(ok|FAIL|panic:|---? FAIL| *--- FAIL)/  { print; fflush() }'
