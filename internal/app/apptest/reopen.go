package apptest

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/database"
)

// Reopen is the program on a database that somebody else filled.
func Reopen(t testing.TB, db *database.DB, now func() time.Time) *app.App {
	return app.New(db, t.TempDir(), slog.New(slog.NewTextHandler(io.Discard, nil)), now)
}
