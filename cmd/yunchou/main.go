// Command yunchou is the whole product: server, demo, import, reports, operation.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	// A container has neither: whom connections trust, and the time zones of companies.
	_ "time/tzdata"

	_ "golang.org/x/crypto/x509roots/fallback"

	"yunchou/internal/app"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/notices"
	"yunchou/internal/safekeep"
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
	"check":   {"check [--replay] [--data DIR | --database-url URL]", "look for damage; play the journal and compare", runCheck},
	"backup":  {"backup --data DIR --to FILE", "copy a running SQLite database", runBackup},
	"restore": {"restore --data DIR --from FILE [--erasures FILE | --no-erasures]", "put a backup back (the server must be stopped)", runRestore},
	"user":    {"user add|list|reset-password|… --data DIR", "people who sign in, beside a running server", runUser},
	"company": {"company add|list|export|delete --data DIR", "companies of this installation, beside a running server", runCompany},
	"licenses": {"licenses", "print the licences and notices of what the program contains", plain("licenses", func(out io.Writer) error {
		_, err := io.WriteString(out, notices.Text)
		return err
	})},
	"health":  {"health [--listen ADDR]", "ask a server on this machine whether it is ready", runHealth},
	"openapi": {"openapi", "print the OpenAPI document", plain("openapi", printOpenAPI)},
	"version": {"version", "print the version", plain("version", func(out io.Writer) error {
		_, err := fmt.Fprintln(out, "yunchou", version)
		return err
	})},
}

func main() {
	err := dispatch(interrupted(), os.Args[1:], os.Stdout)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "yunchou:", explain(err))
	}
	os.Exit(status(err))
}

// status is what the program ends with: 0 where it did what was asked for, help too, 2 where that
// was mistyped, 1 where it could not.
func status(err error) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errTyped):
		return 2
	}
	return 1
}

// dispatch runs a command. `help COMMAND [ACT]` is `COMMAND [ACT] --help`.
func dispatch(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 1 && asksForHelp(args[0]) {
		args = append(slices.Clone(args[1:]), "--help")
	}
	if len(args) == 0 || asksForHelp(args[0]) {
		return usage(out)
	}
	c, ok := commands[args[0]]
	if !ok {
		return typo(fmt.Errorf("no command %q%s; `yunchou help` lists them", brief(args[0]), meant(args[0], slices.Collect(maps.Keys(commands)))))
	}
	return c.run(ctx, args[1:], out)
}

func asksForHelp(word string) bool {
	return slices.Contains([]string{"help", "-h", "-help", "--help"}, word)
}

// plain is a command that takes nothing.
func plain(name string, run func(io.Writer) error) func(context.Context, []string, io.Writer) error {
	return func(_ context.Context, args []string, out io.Writer) error {
		if err := flagsAlone(flag.NewFlagSet("yunchou "+name, flag.ContinueOnError), args); err != nil {
			return err
		}
		return run(out)
	}
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
	_, err := fmt.Fprintln(out, "`yunchou help COMMAND` tells more of one.")
	return err
}

// explain words an expected fault for the command line.
func explain(err error) string {
	f := fault.As(err)
	if f == nil && errors.Is(err, fs.ErrPermission) {
		return fmt.Sprintf("%v: the user who runs the program (now number %d) must be the owner of its data directory, and may run it as nobody else: "+
			"runuser -u USER -- yunchou …, or chown -R USER DIR", err, os.Geteuid())
	}
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
	fs.StringVar(&t.url, "database-url", "", "PostgreSQL `URL`; SQLite in --data without it")
	fs.StringVar(&t.passwordFile, "database-password-file", "", "`FILE` with the password of --database-url")
	t.log = logFlags(fs)
	fs.BoolVar(&t.backupDone, "backup-done", false, "a backup of the PostgreSQL database was made; change its schema")
	return fs, t
}

// target is the database a command works on.
type target struct {
	dir, url     string
	passwordFile string
	backupDone   bool
	log          logging
}

// password gives PostgreSQL the password a file holds: in a URL it would be in the list of
// processes. The driver takes it, as libpq does, from the environment.
func (t *target) password() error {
	if t.passwordFile == "" {
		return nil
	}
	raw, err := os.ReadFile(t.passwordFile)
	if err != nil {
		return fmt.Errorf("--database-password-file: %w", err)
	}
	return os.Setenv("PGPASSWORD", strings.TrimRight(string(raw), "\r\n"))
}

// check says whether the flags name a database.
func (t *target) check(create bool) error {
	if t.dir == "" && t.url == "" {
		return errors.New("say where the data is: --data DIR, or --database-url URL")
	}
	if t.url != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(t.dir, database.FileName)); err != nil && !create && safekeep.Pending(t.dir) == nil {
		return fmt.Errorf("%s holds no database; begin with `yunchou serve --data %s` or an import", t.dir, t.dir)
	}
	return nil
}

// connect opens the database as it is, beside whoever else has it, and only to read.
func (t *target) connect(ctx context.Context) (*database.DB, error) {
	if err := errors.Join(t.check(false), t.password()); err != nil {
		return nil, err
	}
	if t.url != "" {
		return database.OpenPostgreSQL(ctx, t.url)
	}
	if err := safekeep.Pending(t.dir); err != nil {
		return nil, err
	}
	return database.OpenSQLite(t.dir)
}

// hold opens the database for this process alone, which on SQLite the directory is held for;
// PostgreSQL may have several. It ends a restore that was cut short. create makes a new database
// where there is none. Fault: database.ErrHeld.
func (t *target) hold(ctx context.Context, create bool, log *slog.Logger) (*database.DB, error) {
	if err := errors.Join(t.check(create), t.password()); err != nil {
		return nil, err
	}
	if t.url != "" {
		return database.OpenPostgreSQL(ctx, t.url)
	}
	h, err := database.HoldDir(t.dir)
	if err != nil {
		return nil, err
	}
	did, err := safekeep.Settle(h)
	if err != nil {
		return nil, errors.Join(err, h.Release())
	}
	if did != "" {
		log.Warn(did)
	}
	was, err := h.Tighten()
	if len(was) > 0 {
		log.Warn("others on this machine could read the database; its files are their owner's alone now", "were", was)
	}
	if err != nil {
		log.Warn("others on this machine may read the database, and that cannot be changed", "error", err)
	}
	return h.Open()
}

// open opens and migrates the database; create makes a new one where there is none.
func (t *target) open(ctx context.Context, create bool) (*app.App, error) {
	log := t.log.logger()
	db, err := t.hold(ctx, create, log)
	if err != nil {
		return nil, err
	}
	if err := upToDate(ctx, db, t.backupDone, log); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	a := app.New(db, t.dir, log, time.Now)
	if t.dir != "" {
		a.Lists = []string{filepath.Join(t.dir, safekeep.ListName)}
	}
	if err := tellNow(ctx, a); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return a, nil
}

// upToDate brings schema, histories and statistics up to date.
func upToDate(ctx context.Context, db *database.DB, backupDone bool, log *slog.Logger) error {
	if err := db.Migrate(ctx, backupDone); err != nil {
		return err
	}
	if err := carryOver(ctx, db, log); err != nil {
		return fmt.Errorf("carrying histories over (start again to go on): %w", err)
	}
	return db.Optimize(ctx)
}

// beside opens the database to read, beside a server; one that must first be brought up to
// date is no server's.
func (t *target) beside(ctx context.Context) (*app.App, error) {
	db, err := t.connect(ctx)
	if errors.Is(err, safekeep.ErrCutShort) {
		return t.open(ctx, false)
	}
	if err != nil {
		return nil, err
	}
	if err := ready(ctx, db); err != nil {
		if err := db.Close(); err != nil {
			return nil, err
		}
		return t.open(ctx, false)
	}
	return app.New(db, t.dir, t.log.logger(), time.Now), nil
}
