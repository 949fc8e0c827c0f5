package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/safekeep"
)

// runBackup copies a SQLite database beside whoever has it, and changes nothing in it.
func runBackup(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("backup")
	to := fs.String("to", "", "new `FILE`")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *to == "" {
		return errors.New("say where: --to FILE")
	}
	db, err := t.connect(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	made, err := db.Backup(ctx, *to)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "Backed up to", *to)
	return tellRows(out, made)
}

// tellRows prints what is in a database that was looked through.
func tellRows(out io.Writer, in database.Inspected) error {
	tables := make([]string, 0, len(in.Rows))
	for t := range in.Rows {
		tables = append(tables, t)
	}
	slices.Sort(tables)
	fmt.Fprintf(out, "Schema %d, whole (integrity_check); rows:\n", in.Schema)
	for _, t := range tables {
		fmt.Fprintf(out, "  %-24s %9d\n", t, in.Rows[t])
	}
	return nil
}

// runRestore puts a backup in place of the database, which is kept beside it.
func runRestore(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("restore")
	from := fs.String("from", "", "backup `FILE`, or a directory a restore has kept")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *from == "" || t.dir == "" || t.url != "" {
		return errors.New("restore is for SQLite: --data DIR --from FILE (PostgreSQL: pg_restore)")
	}
	h, err := database.HoldDir(t.dir)
	if err != nil {
		return err
	}
	done, err := safekeep.Restore{From: *from, Now: time.Now}.Run(ctx, h)
	if err := errors.Join(err, h.Release()); err != nil {
		return err
	}
	fmt.Fprintln(out, "Restored", *from)
	if done.Kept != "" {
		fmt.Fprintf(out, "The database before it is kept whole in %s; to go back: yunchou restore --data %s --from %s\n", done.Kept, t.dir, done.Kept)
	}
	return tellRows(out, done.In)
}
