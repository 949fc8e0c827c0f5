package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"yunchou/internal/app"
	companies "yunchou/internal/company"
	"yunchou/internal/org"
	"yunchou/internal/safekeep"
	"yunchou/internal/text"
)

// Taking a company out, and deleting it.

// typed is where an operator's confirmation is read from.
var typed io.Reader = os.Stdin

func runCompanyExport(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("company export")
	name := fs.String("company", "", "the company's `NAME` or id, where there are several")
	to := fs.String("to", "", "the new `FILE` to write (a zip archive, described in docs/company.md)")
	keys := fs.String("recipient", "", "public `KEY` (age1…) it is encrypted for; with it nothing is read back")
	if err := flagsAlone(fs, args); err != nil {
		return err
	}
	if *to == "" {
		return errors.New("say where: --to FILE")
	}
	if err := writable("--to", *to); err != nil {
		return err
	}
	recipients, err := safekeep.Recipients(*keys)
	if err != nil {
		return fmt.Errorf("--recipient: %w", err)
	}
	c, _, err := t.find(ctx, *name)
	if err != nil {
		return err
	}
	m, err := t.export(ctx, c.ID, *to, recipients)
	if err != nil {
		return err
	}
	return tellExport(out, *to, m)
}

// find is the company that is meant, and how it stands.
func (t *target) find(ctx context.Context, name string) (c org.Company, state string, err error) {
	a, err := t.beside(ctx)
	if err != nil {
		return c, "", err
	}
	defer a.DB.Close()
	all, err := a.Org.Companies(ctx)
	if err != nil {
		return c, "", err
	}
	if c, err = pick(all, name); err != nil {
		return c, "", err
	}
	state, err = a.Companies.State(ctx, c.ID)
	return c, state, err
}

// export writes all a company has to a new file, beside whoever has the database, and reads it
// back. Cut short it leaves FILE.part at most.
func (t *target) export(ctx context.Context, id, to string, recipients safekeep.Keys) (m companies.Manifest, err error) {
	a, err := t.beside(ctx)
	if err != nil {
		return m, err
	}
	defer a.DB.Close()
	err = safekeep.WriteSealed(to, recipients, func(w io.Writer) (err error) {
		buffered := bufio.NewWriterSize(w, 1<<20)
		m, err = a.Companies.Export(ctx, id, version, buffered)
		return errors.Join(err, buffered.Flush())
	})
	if err != nil || len(recipients) > 0 {
		return m, err
	}
	_, err = companies.Verify(to)
	return m, err
}

func tellExport(out io.Writer, to string, m companies.Manifest) error {
	rows := int64(0)
	for _, p := range m.Tables {
		rows += p.Rows
	}
	_, err := fmt.Fprintf(out, "%s is in %s as of %s: %d rows of %d tables, %d files (%d bytes). Without secrets: passwords, sessions, factors.\n",
		m.Company.Name, to, m.At, rows, len(m.Tables), m.Files.Count, m.Files.Bytes)
	return err
}

func runCompanyDelete(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("company delete")
	name := fs.String("company", "", "the company's `NAME` or id")
	yes := fs.String("yes", "", "the company's `NAME` once more, instead of typing it")
	to := fs.String("export", "", "first take all of it out to this new `FILE`, as `company export` does")
	keys := fs.String("recipient", "", "public `KEY` (age1…) the export is encrypted for")
	without := fs.Bool("without-export", false, "delete without taking it out first")
	if err := flagsAlone(fs, args); err != nil {
		return err
	}
	if *name == "" {
		return errors.New("say which: --company NAME (`yunchou company list` tells the names)")
	}
	if err := writable("--export", *to); err != nil {
		return err
	}
	recipients, err := safekeep.Recipients(*keys)
	if err != nil {
		return fmt.Errorf("--recipient: %w", err)
	}
	c, state, err := t.find(ctx, *name)
	if err != nil {
		return err
	}
	if state != companies.Deleting && (*to == "") == !*without {
		return errors.New("say either where all of it is taken out to first (--export FILE) or that it is not (--without-export)")
	}
	if err := confirmed(c, *yes, out); err != nil {
		return err
	}
	if *to != "" && state != companies.Deleting {
		if err := t.exportClosed(ctx, c, *to, recipients, out); err != nil {
			return err
		}
	}
	return t.act(ctx, "company.delete", which{c.ID}, false, out)
}

// confirmed asks for the company's name, as it is written or by its id.
func confirmed(c org.Company, said string, out io.Writer) error {
	if said == "" {
		fmt.Fprintf(out, "This deletes %s with everything it has, for good. Type its name to go on: ", c.Name)
		line, err := bufio.NewReader(typed).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		said = line
		fmt.Fprintln(out)
	}
	if said = text.Fold(said); said != c.Name && said != c.ID {
		return errors.New("that is not its name: nothing was changed")
	}
	return nil
}

// exportClosed takes a company out once nobody can write to it any more; where that fails it is
// opened again.
func (t *target) exportClosed(ctx context.Context, c org.Company, to string, recipients safekeep.Keys, out io.Writer) error {
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("%s is there already: nothing was changed. Where a run that was cut short wrote it, all of %s is in it: "+
			"say --without-export instead, or another file", to, c.Name)
	}
	if err := t.act(ctx, "company.close", which{c.ID}, false, out); err != nil {
		return err
	}
	m, err := t.export(ctx, c.ID, to, recipients)
	if err != nil {
		return errors.Join(fmt.Errorf("not taken out, so not deleted: %w", err),
			t.act(context.WithoutCancel(ctx), "company.reopen", which{c.ID}, false, out))
	}
	return tellExport(out, to, m)
}

func runCompanyReopen(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("company reopen")
	name := fs.String("company", "", "the company's `NAME` or id")
	if err := flagsAlone(fs, args); err != nil {
		return err
	}
	c, _, err := t.find(ctx, *name)
	if err != nil {
		return err
	}
	return t.act(ctx, "company.reopen", which{c.ID}, false, out)
}

// which is a company by its id.
type which struct{ ID string }

func companyClose(ctx context.Context, a *app.App, in which, out io.Writer) error {
	if err := a.Companies.Close(ctx, in.ID); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "Closed: nobody signs in, and nothing is written any more.")
	return err
}

func companyReopen(ctx context.Context, a *app.App, in which, out io.Writer) error {
	if err := a.Companies.Reopen(ctx, in.ID); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "Open: people sign in again.")
	return err
}

func companyDelete(ctx context.Context, a *app.App, in which, out io.Writer) error {
	gone, err := a.Companies.Delete(ctx, in.ID)
	tables := make([]string, 0, len(gone))
	rows := int64(0)
	for t, n := range gone {
		if n > 0 {
			tables, rows = append(tables, t), rows+n
		}
	}
	slices.Sort(tables)
	fmt.Fprintf(out, "Deleted %d rows of %d tables.\n", rows, len(tables))
	if err != nil {
		return err
	}
	cleared, err := a.ClearDeleted(ctx)
	if err != nil {
		return fmt.Errorf("it is deleted; what is left in the file's pages goes when the server starts: %w", err)
	}
	if !cleared {
		fmt.Fprintln(out, "The database is large: the server writes its file anew tonight (from 19:00 UTC), and until then pages may hold what was deleted.")
	}
	_, err = fmt.Fprintf(out, "Backups made before still hold it; %s has it deleted from one that is put back.\n", safekeep.ListName)
	return err
}

// finishing ends, at the start and every hour, what deleting a company has left.
func finishing(ctx context.Context, a *app.App) {
	for hourly := time.NewTicker(time.Hour); ; {
		if err := a.FinishDeleted(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("deleting a company is not done", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-hourly.C:
		}
	}
}
