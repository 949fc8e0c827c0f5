// Package migrations holds the numbered schema of each engine: forward only, the
// same numbers for both, each with a comment on why.
package migrations

import "embed"

//go:generate ./postgres.sh

// SQLite and PostgreSQL are the migration files by engine. The PostgreSQL ones
// are the SQLite ones with text collated as bytes, so that both engines order,
// page and compare alike; where an engine needs more, edit its file and take it
// out of the generate line.
var (
	//go:embed sqlite/*.sql
	SQLite embed.FS
	//go:embed postgres/*.sql
	PostgreSQL embed.FS
)
