package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"yunchou/internal/app"
	"yunchou/internal/calendar"
	"yunchou/internal/funnel"
	"yunchou/internal/intake"
	"yunchou/internal/money"
	"yunchou/internal/org"
)

// company picks the company to work on: the only one, or the one named by its name or id.
func company(ctx context.Context, a *app.App, name string) (org.Actor, error) {
	all, err := a.Org.Companies(ctx)
	if err != nil {
		return org.Actor{}, err
	}
	c, err := pick(all, name)
	if err != nil {
		return org.Actor{}, err
	}
	return a.Org.System(ctx, c.ID, "", "console")
}

// pick is the company that is meant, and says which there are where that is not clear.
func pick(all []org.Company, name string) (org.Company, error) {
	meant := all
	if name != "" {
		meant = org.Called(all, name)
	}
	if len(meant) == 1 {
		return meant[0], nil
	}
	var names []string
	for _, c := range all {
		names = append(names, c.Name+" ("+c.ID+")")
	}
	switch {
	case len(all) == 0:
		return org.Company{}, errors.New("the database has no company yet; `yunchou company add` makes one")
	case len(meant) > 1 && name != "":
		return org.Company{}, fmt.Errorf("%q may be several companies; say the id with --company: %s", name, strings.Join(names, ", "))
	case name != "":
		return org.Company{}, fmt.Errorf("no company is called %q; there are: %s", brief(name), strings.Join(names, ", "))
	}
	return org.Company{}, fmt.Errorf("choose a company with --company: %s", strings.Join(names, ", "))
}

// runImport imports files in the foreground; an empty data directory first gets its company.
func runImport(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("import")
	mappingFile := fs.String("mapping", "", "mapping `FILE` (YAML); see docs/import.md")
	name := fs.String("company", "", "company to import into; made where there is none")
	dry := fs.Bool("dry-run", false, "check every row and write nothing but the batch's account")
	issues := fs.String("issues", "", "write the cells that could not be taken to this CSV `FILE`")
	asJSON := fs.Bool("json", false, "print the whole account as JSON")
	allow := fs.Bool("allow-refused", false, "end well also where rows were refused")
	if err := parse(fs, args); err != nil {
		return err
	}
	if *mappingFile == "" {
		return errors.New("say what the columns mean: --mapping FILE (docs/import.md)")
	}
	if fs.NArg() == 0 {
		return errors.New("say what is imported: one FILE or more after the flags (CSV or Excel)")
	}
	if err := errors.Join(importable(fs.Args()), readable("--mapping", *mappingFile), writable("--issues", *issues)); err != nil {
		return err
	}
	raw, err := os.ReadFile(*mappingFile)
	if err != nil {
		return err
	}
	m, err := intake.ParseMapping(raw)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "yunchou-import-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	var files []intake.File
	for _, f := range fs.Args() {
		path, err := intake.Unpack(f, scratch)
		if err != nil {
			return err
		}
		files = append(files, intake.File{Name: strings.TrimSuffix(f, ".gz"), Path: path})
	}
	a, err := t.open(ctx, true)
	if err != nil {
		return err
	}
	defer a.DB.Close()
	if err := a.Intake.Check(m); err != nil {
		return err
	}
	actor, err := importCompany(ctx, a, *name, m)
	if err != nil {
		return err
	}
	b, failed := a.Intake.Import(ctx, actor, m, files, *dry)
	if b.Summary == nil { // it never began
		return failed
	}
	if *issues != "" {
		if err := writeIssues(ctx, a, actor, b.ID, *issues); err != nil {
			return errors.Join(failed, err)
		}
	}
	print := func() error { return printBatch(ctx, a, actor, out, b, *issues) }
	if *asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		print = func() error { return enc.Encode(b) }
	}
	return errors.Join(print(), outcome(b, failed, *allow))
}

// outcome is what an import ends with: it says where one that failed stood, and that rows were
// refused.
func outcome(b intake.Batch, failed error, allow bool) error {
	s := b.Summary
	switch {
	case failed != nil && s.StoodAt != nil && !b.DryRun:
		return fmt.Errorf("it ended at %s line %d: %w; what was written before is there whole, and the same files again go on from it",
			s.StoodAt.File, s.StoodAt.Line, failed)
	case failed != nil:
		return failed
	case s.Refused > 0 && !allow:
		return fmt.Errorf("%d rows were refused (--issues FILE names each; --allow-refused ends well all the same)", s.Refused)
	}
	return nil
}

// importable refuses files that are not there, and a flag that stands after them.
func importable(files []string) error {
	for _, f := range files {
		if _, err := os.Stat(f); err != nil && strings.HasPrefix(f, "-") {
			return fmt.Errorf("%s stands after the files; flags come before them", brief(f))
		}
		if err := readable("import", f); err != nil {
			return err
		}
	}
	return nil
}

// importCompany finds the company, or makes it as the mapping or --company says.
func importCompany(ctx context.Context, a *app.App, name string, m intake.Mapping) (org.Actor, error) {
	all, err := a.Org.Companies(ctx)
	if err != nil {
		return org.Actor{}, err
	}
	if err := a.Prepare(ctx); err != nil { // one whose making was cut short
		return org.Actor{}, err
	}
	if name == "" && m.Company != nil && len(all) != 1 {
		name = m.Company.Name
	}
	for _, c := range all {
		if c.Name == name {
			return company(ctx, a, name)
		}
	}
	if len(all) > 0 && name == "" {
		return company(ctx, a, "")
	}
	if len(all) > 0 {
		return org.Actor{}, fmt.Errorf("there is no company %q here; leave --company out, or use an empty data directory", name)
	}
	if name == "" {
		return org.Actor{}, errors.New("the data directory is empty: name the company with --company or in the mapping")
	}
	in := org.Setup{Company: name}
	if m.Company != nil {
		in.Currency, in.Zone, in.Locale = m.Company.Currency, m.Company.TimeZone, m.Company.Locale
	}
	return a.NewCompany(ctx, in)
}

func printBatch(ctx context.Context, a *app.App, actor org.Actor, out io.Writer, b intake.Batch, issuesFile string) error {
	s := b.Summary
	w := &bytes.Buffer{}
	verb := "Imported"
	if b.DryRun {
		verb = "Dry run over"
	}
	fmt.Fprintf(w, "%s %d rows (%s).\n", verb, s.Rows, b.Status)
	for _, f := range s.Files {
		as := f.Format.Encoding + " " + strconv.Quote(f.Format.Separator)
		if f.Format.Sheet != "" {
			as = strconv.Quote(f.Format.Sheet)
		}
		fmt.Fprintf(w, "  %s: %s, %d rows, %s %s\n", f.Name, f.Kind, f.Rows, f.Format.Type, as)
		for i, x := range f.Aside {
			if i == 10 {
				fmt.Fprintf(w, "    … and %d more set aside; --json has the first 200\n", f.AsideCount-i)
				break
			}
			fmt.Fprintf(w, "    set aside: line %d (%s) %s\n", x.Line, x.Why, x.Text)
		}
	}
	for _, k := range []struct {
		word string
		n    map[string]int64
	}{{"created", s.Created}, {"updated", s.Updated}, {"unchanged", s.Unchanged}} {
		for _, kind := range []string{"pipeline", "product", "account", "team", "manager", "member", "contact", "opportunity"} {
			if n := k.n[kind]; n > 0 {
				fmt.Fprintf(w, "  %-9s %7d %s\n", k.word, n, kind)
			}
		}
	}
	fmt.Fprintf(w, "  refused   %7d rows (%d errors, %d warnings)\n", s.Refused, s.Errors, s.Warnings)
	for i, n := range s.Notes {
		if i == 40 {
			fmt.Fprintf(w, "  … and %d more kinds of notes; --json has them all\n", len(s.Notes)-40)
			break
		}
		value := ""
		if n.Value != "" {
			value = fmt.Sprintf(" %q", n.Value)
		}
		if n.To != "" {
			value += fmt.Sprintf(" → %q", n.To)
		}
		fmt.Fprintf(w, "  note: %s %s: %s%s, %d times, first in line %d\n", n.File, n.Field, n.Code, value, n.Count, n.Line)
	}
	if s.Errors+s.Warnings > 0 && issuesFile == "" {
		list, err := a.Intake.Issues(ctx, actor, b.ID, 0, 10)
		if err != nil {
			return err
		}
		for _, x := range list {
			fmt.Fprintf(w, "  %s: %s line %d %s: %s\n", x.Level, x.File, x.Line, x.Field, x.Detail)
		}
		fmt.Fprintln(w, "  --issues FILE writes them all.")
	}
	_, err := out.Write(w.Bytes())
	return err
}

func writeIssues(ctx context.Context, a *app.App, actor org.Actor, batch, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // it quotes cells
	if err != nil {
		return err
	}
	defer f.Close()
	w := csv.NewWriter(f)
	if err := w.Write(intake.Header); err != nil {
		return err
	}
	for after := 0; ; {
		list, err := a.Intake.Issues(ctx, actor, batch, after, 1000)
		if err != nil {
			return err
		}
		for _, x := range list {
			if err := w.Write(x.Cells()); err != nil {
				return err
			}
		}
		after += len(list)
		if len(list) < 1000 {
			w.Flush()
			return errors.Join(w.Error(), f.Sync())
		}
	}
}

const reportUsage = `yunchou report WHICH --data DIR | --database-url URL, beside a running server or without one:

  funnel  --pipeline NAME [--from DAY] [--to DAY] [--as-of DAY] [--group-by WHAT] [--json]   stages, rates and days

-h after its name lists the flags.`

func runReport(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "funnel" {
		return asking(reportUsage, args, out)
	}
	fs, t := flags("report funnel")
	name := fs.String("pipeline", "", "pipeline `NAME`")
	from := fs.String("from", "", "first `DAY` of the window, 2026-01-01")
	to := fs.String("to", "", "`DAY` after the window (exclusive)")
	asOf := fs.String("as-of", "", "report date (`DAY`), today where left out")
	group := fs.String("group-by", "", "owner, team, product, region, account-industry, account-class, source or month")
	companyName := fs.String("company", "", "company, where there are several")
	asJSON := fs.Bool("json", false, "print JSON")
	if err := flagsAlone(fs, args[1:]); err != nil {
		return err
	}
	a, err := t.beside(ctx)
	if err != nil {
		return err
	}
	defer a.DB.Close()
	actor, err := company(ctx, a, *companyName)
	if err != nil {
		return err
	}
	r, err := a.Funnel.Report(ctx, actor, funnel.Ask{Pipeline: *name, From: calendar.Date(*from), To: calendar.Date(*to), AsOf: calendar.Date(*asOf), Group: funnel.GroupBy(*group)})
	if err != nil {
		return err
	}
	if *asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	return printReport(out, r)
}

func printReport(out io.Writer, r funnel.Report) error {
	w := &bytes.Buffer{}
	bp := func(p *int) string {
		if p == nil {
			return "—"
		}
		return fmt.Sprintf("%d.%02d%%", *p/100, *p%100)
	}
	num := func(p *float64) string {
		if p == nil {
			return "—"
		}
		return strconv.FormatFloat(*p, 'f', -1, 64)
	}
	amount := func(minor int64) string {
		d := money.Digits(r.Currency)
		s := fmt.Sprintf("%0*d", d+1, minor)
		if d == 0 {
			return s
		}
		return s[:len(s)-d] + "." + s[len(s)-d:]
	}
	p := r.Population
	fmt.Fprintf(w, "%s v%d, as of %s\n", r.Pipeline, r.VersionNumber, r.AsOf)
	fmt.Fprintf(w, "created %d = open %d + won %d + lost %d + withdrawn %d\n", p.Created, p.Open, p.Won, p.Lost, p.Withdrawn)
	fmt.Fprintf(w, "closed win rate %s (%d won, %d lost); won %s %s, open %s\n", bp(r.ClosedWinRate.BP), r.ClosedWinRate.Won, r.ClosedWinRate.Lost, amount(r.WonMinor), r.Currency, amount(r.OpenMinor))
	fmt.Fprintf(w, "cycle days: won median %s mean %s (n %d), lost median %s (n %d), unknown %d\n", num(r.Cycle.Won.Median), num(r.Cycle.Won.Mean), r.Cycle.Won.N, num(r.Cycle.Lost.Median), r.Cycle.Lost.N, r.Cycle.Unknown)
	l := r.LeftOut
	fmt.Fprintf(w, "left out: %d undated, %d closed on an unknown day, %d closed by stages nobody knows (beyond the first), %d without amount\n\n",
		l.Undated, l.ClosedUndated, l.Pathless, l.NoAmount)
	for _, s := range r.Stages {
		fmt.Fprintf(w, "%-24s %-5s reached %7d", s.Name, s.Kind, s.Reached)
		if s.Cohort != nil {
			fmt.Fprintf(w, "  onward %s lost %s open %s  median %s working days, %s of those left forward", bp(s.Cohort.AdvancedBP), bp(s.Cohort.LostBP), bp(s.Cohort.OpenBP), num(s.Dwell.Working.Median), num(s.Dwell.Forward.Median))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, narrowest(r, bp))
	for _, g := range r.Groups {
		fmt.Fprintf(w, "%-24s created %6d won %6d lost %6d rate %s won %s\n", g.Key, g.Population.Created, g.ClosedWinRate.Won, g.ClosedWinRate.Lost, bp(g.ClosedWinRate.BP), amount(g.WonMinor))
	}
	_, err := out.Write(w.Bytes())
	return err
}

// narrowest tells the bottleneck in a line, or why there is none.
func narrowest(r funnel.Report, bp func(*int) string) string {
	b := r.Bottleneck
	switch {
	case b == nil || b.Why == "too_few":
		return "no bottleneck can be told: two stages with 20 settled deals each are needed"
	case b.Why != "":
		return fmt.Sprintf("no bottleneck: of the lowest stage %s went on (n %d), of the others %s (n %d)", bp(b.OnwardBP), b.N, bp(b.OthersBP), b.OthersN)
	}
	name := ""
	for _, s := range r.Stages {
		if s.ID == b.StageID {
			name = s.Name
		}
	}
	return fmt.Sprintf("bottleneck %s: %s went on (n %d, 95%% interval %s to %s), of the others %s (n %d), worse by %s at least",
		name, bp(b.OnwardBP), b.N, bp(b.LowBP), bp(b.HighBP), bp(b.OthersBP), b.OthersN, bp(b.AtLeastBP))
}
