package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/database"
	"yunchou/internal/server"
)

// printOpenAPI writes the API description; `make generate` keeps docs/openapi.json
// and the UI's types equal to it.
func printOpenAPI(out io.Writer) error {
	dir, err := os.MkdirTemp("", "yunchou-openapi-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	db, err := database.OpenSQLite(dir)
	if err != nil {
		return err
	}
	defer db.Close()
	api := server.API(app.New(db, dir, slog.Default(), time.Now), "1")
	raw, err := json.MarshalIndent(api.OpenAPI(), "", "  ")
	if err != nil {
		return err
	}
	_, err = out.Write(append(raw, '\n'))
	return err
}
