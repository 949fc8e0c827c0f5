#!/bin/sh
# Builds one static program for each system into release/, with the bill of materials, the notices and
# the SHA-256 sums of all of them. The same commit and Go give the same bytes. The web is built before
# (make release).
#
#   scripts/release.sh VERSION [SYSTEM/PROCESSOR …]
set -eu
version=$1
shift
[ $# -gt 0 ] || set -- linux/amd64 linux/arm64 windows/amd64 darwin/amd64 darwin/arm64
cd "$(dirname "$0")/.."
export CGO_ENABLED=0 GOFLAGS=-trimpath
# The toolchain go.mod names, or a later one; where Go is told to stay what it is, too.
export GOTOOLCHAIN="${GOTOOLCHAIN:-$(sed -n 's/^toolchain //p' go.mod)+auto}"
# Go before this has vulnerabilities in what the program calls (make vuln): HTTP/2 and TLS servers.
least=go1.26.10
if [ "$(printf '%s\n%s\n' "$least" "$(go env GOVERSION)" | sort -V | head -1)" != "$least" ]; then
	echo "$(go env GOVERSION) has known vulnerabilities: build releases with $least or later (export GOTOOLCHAIN=…)" >&2
	[ "${ALLOW_OLD_GO:-}" = 1 ] || exit 1
fi
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
rm -rf release
mkdir release
for target in "$@"; do
	os=${target%/*}
	arch=${target#*/}
	case $os in windows) ext=.exe ;; *) ext= ;; esac
	echo "building $os $arch"
	GOOS=$os GOARCH=$arch go vet ./... # files of this system alone are seen by nobody else
	GOOS=$os GOARCH=$arch go build -ldflags "-s -w -X main.version=$version" -o "release/yunchou-$version-$os-$arch$ext" ./cmd/yunchou
done
go run ./scripts/supply sbom "$version" >"release/yunchou-$version.cdx.json"
cp internal/notices/THIRD_PARTY_NOTICES.txt LICENSE release/
cd release
sha256sum -- * >SHA256SUMS
cat SHA256SUMS
