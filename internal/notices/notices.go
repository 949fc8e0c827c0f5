// Package notices holds the licences and notices of what others made and the program ships. They
// are made by `make notices`.
package notices

import _ "embed"

// Text is all of them, for people to read.
//
//go:embed THIRD_PARTY_NOTICES.txt
var Text string
