package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"yunchou/internal/database"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/replay/replaydb"
	"yunchou/internal/safekeep/safekeepdb"
)

// errUnsound is answered where a database contradicts itself.
var errUnsound = errors.New("not everything is as it should be")

// walk looks through the file, the tables and the columns kept on disk, and prints what is
// wrong by rule: companies and ids, nothing that people wrote.
func walk(ctx context.Context, db *database.DB, dir string, out io.Writer) error {
	if err := db.Whole(ctx); err != nil {
		return err
	}
	if err := ready(ctx, db); err != nil {
		return err
	}
	found := map[string][]safekeepdb.Finding{}
	see := func(f safekeepdb.Finding) { found[f.Rule] = append(found[f.Rule], f) }
	err := db.Read(ctx, func(tx database.Tx) error {
		if err := safekeepdb.Walk(ctx, tx, see); err != nil {
			return err
		}
		companies, err := replaydb.Companies(ctx, tx)
		if err != nil || dir == "" {
			return err
		}
		for _, id := range companies {
			broken, err := engine.Broken(filepath.Join(dir, "columns"), id)
			if err != nil {
				return err
			}
			if broken {
				see(safekeepdb.Finding{Rule: columnsRule, Company: id, ID: id + ".columns"})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tellFindings(out, found)
}

// columnsRule is that a file of columns is what was written; it may be deleted, but the disk
// it lies on wants looking after.
const columnsRule = "columns.file"

func tellFindings(out io.Writer, found map[string][]safekeepdb.Finding) error {
	rules := append(safekeepdb.Rules(), columnsRule)
	for _, rule := range rules {
		list := found[rule]
		if len(list) == 0 {
			continue
		}
		fmt.Fprintf(out, "%s: %d\n", rule, len(list))
		for _, f := range list[:min(shown, len(list))] {
			fmt.Fprintf(out, "  company %s  %s\n", f.Company, f.ID)
		}
		if more := len(list) - shown; more > 0 {
			fmt.Fprintf(out, "  … and %d more\n", more)
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("%w: %d of %d rules are broken (docs/operation.md)", errUnsound, len(found), len(rules))
	}
	_, err := fmt.Fprintf(out, "Whole: pages, indexes and references, and %d rules over the tables hold.\n", len(rules))
	return err
}
