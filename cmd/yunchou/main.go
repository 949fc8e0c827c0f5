// Command yunchou is the whole product: server, demo, import, reports, operation.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"sort"
	"strings"
	"syscall"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/database"
	"yunchou/internal/fault"
)

// version is set by the build.
var version = "dev"

type command struct {
	usage, help string
	run         func(ctx context.Context, args []string, out io.Writer) error
}

var commands = map[string]command{
	"serve":   {"serve [--data DIR | --database-url URL] [--listen ADDR]", "run the server", serve},
	"demo":    {"demo [--data DIR] [--seed N] [--listen ADDR]", "make a demo company and serve it on this machine", runDemo},
	"import":  {"import --data DIR --mapping FILE FILE…", "import CSV or Excel files", runImport},
	"report":  {"report funnel --data DIR --pipeline NAME [--json]", "print a report", runReport},
	"check":   {"check --replay [--data DIR | --database-url URL]", "play the journal and compare it with the tables", runCheck},
	"backup":  {"backup --data DIR --to FILE", "copy a running SQLite database", runBackup},
	"restore": {"restore --data DIR --from FILE", "put a backup back (the server must be stopped)", runRestore},
	"user":    {"user add|reset-password --data DIR …", "add a sign-in or set a password", runUser},
	"openapi": {"openapi", "print the OpenAPI document", printOpenAPI},
	"version": {"version", "print the version", func(_ context.Context, _ []string, out io.Writer) error {
		_, err := fmt.Fprintln(out, "yunchou", version)
		return err
	}},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := dispatch(ctx, os.Args[1:], os.Stdout); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			os.Exit(2)
		}
		fmt.Fprintln(os.Stderr, "yunchou:", explain(err))
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		return usage(out)
	}
	c, ok := commands[args[0]]
	if !ok {
		return fmt.Errorf("no command %q; `yunchou help` lists them", args[0])
	}
	return c.run(ctx, args[1:], out)
}

func usage(out io.Writer) error {
	names := make([]string, 0, len(commands))
	for n := range commands {
		names = append(names, n)
	}
	sort.Strings(names)
	fmt.Fprintln(out, "Yunchou 运筹: manage the sales process.")
	for _, n := range names {
		fmt.Fprintf(out, "  yunchou %-62s %s\n", commands[n].usage, commands[n].help)
	}
	_, err := fmt.Fprintln(out, "Every command takes -h.")
	return err
}

// explain words an expected fault for the command line.
func explain(err error) string {
	f := fault.As(err)
	if f == nil {
		return err.Error()
	}
	text := f.Detail
	if text == "" {
		text = f.Code
	}
	for _, field := range f.Fields {
		if name := strings.Trim(field.Pointer, "/"); !strings.Contains(text, name) {
			text = name + ": " + text
		}
	}
	return text
}

// flags makes a flag set that prints to stderr and knows how to open the database.
func flags(name string) (*flag.FlagSet, *target) {
	fs := flag.NewFlagSet("yunchou "+name, flag.ContinueOnError)
	t := &target{}
	fs.StringVar(&t.dir, "data", "", "data `DIR` (SQLite database, uploads, backups)")
	fs.StringVar(&t.url, "database-url", os.Getenv("YUNCHOU_DATABASE_URL"), "PostgreSQL `URL`; SQLite in --data without it")
	fs.BoolVar(&t.backupDone, "backup-done", false, "a backup of the PostgreSQL database was made; change its schema")
	return fs, t
}

// target is the database a command works on.
type target struct {
	dir, url   string
	backupDone bool
}

// connect opens the database as it is; create makes a new one where there is none.
func (t *target) connect(ctx context.Context, create bool) (*database.DB, error) {
	if t.dir == "" && t.url == "" {
		return nil, errors.New("say where the data is: --data DIR, or --database-url URL")
	}
	if t.url != "" {
		if t.dir == "" {
			t.dir = os.TempDir()
		}
		return database.OpenPostgreSQL(ctx, t.url)
	}
	if _, err := os.Stat(t.dir + "/" + database.FileName); err != nil && !create {
		return nil, fmt.Errorf("%s holds no database; begin with `yunchou serve --data %s` or an import", t.dir, t.dir)
	}
	return database.OpenSQLite(t.dir)
}

// open opens and migrates the database; create makes a new one where there is none.
func (t *target) open(ctx context.Context, create bool) (*app.App, error) {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	db, err := t.connect(ctx, create)
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, t.backupDone); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := carryOver(ctx, db, log); err != nil {
		return nil, errors.Join(fmt.Errorf("carrying histories over (start again to go on): %w", err), db.Close())
	}
	if err := db.Optimize(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return app.New(db, t.dir, log, time.Now), nil
}
