package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/database"
	"yunchou/internal/replay/replaydb"
	"yunchou/internal/upgrade"
	"yunchou/internal/upgrade/upgradedb"
)

// errDiffers is answered where the journal does not give back the tables.
var errDiffers = errors.New("the journal does not give back the tables")

// runCheck looks for what contradicts itself in a database, or with --replay plays its journal
// into an empty temporary one and tells which rows are not the same. The database itself is
// only read, as it was at one instant; a server that has it writes down that it was checked.
func runCheck(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("check")
	play := fs.Bool("replay", false, "play the journal into an empty temporary database and compare")
	if err := flagsAlone(fs, args); err != nil {
		return err
	}
	db, err := t.connect(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	what := "tables"
	if !*play {
		err = walk(ctx, db, t.dir, out)
	} else if what, err = "journal", ready(ctx, db); err == nil {
		err = again(ctx, db, out)
	}
	if err == nil || errors.Is(err, errUnsound) || errors.Is(err, errDiffers) { // it came to its end
		t.checked(ctx, what, err != nil, out)
	}
	return err
}

// again plays the journal of a database and compares.
func again(ctx context.Context, db *database.DB, out io.Writer) error {
	scratch, err := os.MkdirTemp("", "yunchou-check-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	empty, err := database.OpenSQLite(scratch)
	if err != nil {
		return err
	}
	defer empty.Close()
	if err := empty.Migrate(ctx, true); err != nil {
		return err
	}
	return db.Read(ctx, func(was database.Tx) error {
		if err := playInto(ctx, was, empty, scratch); err != nil {
			return err
		}
		return empty.Read(ctx, func(now database.Tx) error { return compare(ctx, was, now, out) })
	})
}

// ready refuses a database whose journal does not hold everything yet.
func ready(ctx context.Context, db *database.DB) error {
	if err := db.Current(ctx); err != nil {
		return err
	}
	s := upgrade.Service{DB: db, Rows: upgradedb.Rows{}, Now: time.Now}
	waiting, err := s.Waiting(ctx)
	if err == nil && len(waiting) > 0 {
		err = errors.New("its histories are not carried over yet: start the server once")
	}
	return err
}

// playInto copies the journal and plays each company's entries.
func playInto(ctx context.Context, was database.Tx, again *database.DB, scratch string) error {
	companies, err := replaydb.Companies(ctx, was)
	if err != nil {
		return err
	}
	if err := replaydb.Copy(ctx, was, again, "journal"); err != nil {
		return err
	}
	a := app.New(again, scratch, slog.New(slog.NewJSONHandler(os.Stderr, nil)), time.Now)
	for _, id := range companies {
		if err := a.Replay().Run(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// compare prints what differs, by table: ids and columns, no value.
func compare(ctx context.Context, was, now database.Tx, out io.Writer) error {
	tables, err := replaydb.Tables(ctx, now)
	if err != nil {
		return err
	}
	differ := 0
	for _, table := range tables {
		d, err := replaydb.Compare(ctx, was, now, table)
		if err != nil {
			return err
		}
		if d.Misses+d.Extras == 0 {
			continue
		}
		differ++
		tell(out, d)
	}
	if differ > 0 {
		return fmt.Errorf("%w: %d of %d tables differ", errDiffers, differ, len(tables))
	}
	_, err = fmt.Fprintf(out, "The journal gives back all %d tables.\n", len(tables))
	return err
}

// shown is how many rows of a kind of difference are printed: enough to begin with.
const shown = 20

// tell prints the rows of a table that differ: one that differs is counted in both, and
// printed once.
func tell(out io.Writer, d replaydb.Difference) {
	fmt.Fprintf(out, "%s: %d rows only in the table, %d only from the journal\n", d.Table, d.Misses, d.Extras)
	key := func(r replaydb.Row) string { return r.Company + " " + r.Name }
	there := map[string]replaydb.Row{}
	for _, r := range d.Extra {
		there[key(r)] = r
	}
	lines := []string{}
	for _, r := range d.Missing {
		if other, both := there[key(r)]; both {
			delete(there, key(r))
			lines = append(lines, "differs                "+r.Name+": "+strings.Join(columns(r, other), ", "))
		} else {
			lines = append(lines, "only in the table      "+r.Name)
		}
	}
	for _, r := range d.Extra {
		if _, left := there[key(r)]; left {
			delete(there, key(r))
			lines = append(lines, "only from the journal  "+r.Name)
		}
	}
	for _, l := range lines[:min(shown, len(lines))] {
		fmt.Fprintln(out, " ", l)
	}
	if more := len(lines) - shown; more > 0 {
		fmt.Fprintf(out, "  … and %d more\n", more)
	}
}

// columns are those in which two rows differ.
func columns(one, other replaydb.Row) (out []string) {
	for c, v := range one.Values {
		if other.Values[c] != v {
			out = append(out, c)
		}
	}
	slices.Sort(out)
	return out
}
