package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/text"
)

// File is one file to import: the name the mapping knows it by, and where it lies.
type File struct {
	Name string `json:"name"`
	Path string `json:"-"`
}

// Issue is something about one cell. An error keeps its row out; a warning does not. Column is
// called as in the file and Value is what stands there, cut short: the list is for whoever
// imported the file.
type Issue struct {
	File   string         `json:"file"`
	Line   int            `json:"line"`
	Field  string         `json:"field"`
	Column string         `json:"column"`
	Value  string         `json:"value"`
	Level  string         `json:"level" enum:"error,warning"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
	Detail string         `json:"detail"`
}

// Header names the columns of a list of issues.
var Header = []string{"file", "line", "column", "value", "field", "level", "code", "detail"}

// Cells are an issue's.
func (i Issue) Cells() []string {
	return []string{i.File, strconv.Itoa(i.Line), i.Column, i.Value, i.Field, i.Level, i.Code, i.Detail}
}

// Note counts one kind of dirt, or of reading between the lines, in one field.
type Note struct {
	File  string `json:"file"`
	Field string `json:"field"`
	Code  string `json:"code"`
	Value string `json:"value"`
	To    string `json:"to,omitempty"`
	Count int64  `json:"count"`
	Line  int    `json:"firstLine"`
}

// Summary is what an import did, or, in a dry run, would do.
type Summary struct {
	Rows      int64            `json:"rows"`
	Created   map[string]int64 `json:"created"`
	Updated   map[string]int64 `json:"updated"`
	Unchanged map[string]int64 `json:"unchanged"`
	Refused   int64            `json:"refused" doc:"rows kept out by an error"`
	Deleted   int64            `json:"deleted" doc:"rows of records that are deleted, left as they are"`
	Errors    int64            `json:"errors"`
	Warnings  int64            `json:"warnings"`
	Notes     []Note           `json:"notes"`
	Files     []FileSummary    `json:"files"`
}

// FileSummary is how one file was understood.
type FileSummary struct {
	Name        string            `json:"name"`
	Kind        string            `json:"kind"`
	Rows        int64             `json:"rows"`
	Format      Format            `json:"format"`
	DateFormats map[string]string `json:"dateFormats"`
	Unused      []string          `json:"unusedColumns"`
}

// Options of a run. Progress is called after each chunk; Stop is asked before each.
type Options struct {
	DryRun   bool
	BatchID  string
	Scratch  string // folder for grouping
	Issue    func(Issue)
	Progress func(done, total int64)
	Stop     func() bool
}

// errStopped ends a run somebody cancelled; what was written stays, and can be undone.
var errStopped = errors.New("intake: stopped")

// run is one import in progress.
type run struct {
	*Service
	ctx   context.Context
	a     org.Actor
	m     Mapping
	opt   Options
	sum   Summary
	notes map[Note]*Note
	total int64

	accounts, members, products map[string]string // match key → id
	newAccounts                 []newAccount      // to be written, with the opportunities that name them
	versions                    map[string]pipeline.Version
	fields                      map[string]map[string]field.Field // record → key → field
	seen                        map[string]int                    // external ids of this run
	external                    map[string]map[string]string      // kind → this source's ids → records
	made                        map[string]bool                   // ids a dry run would have given
	pending                     []newDeal
	broken                      error // what is wrong with us, not with a file
	chunks, analyzeAt           int
}

// Run reads the files and writes, or in a dry run only checks. A cell that cannot
// be read is an issue; anything else that goes wrong ends the run with an error
// and leaves the chunks before it in place.
func (s *Service) Run(ctx context.Context, a org.Actor, m Mapping, files []File, opt Options) (Summary, error) {
	if err := a.Need(org.ImportRun); err != nil {
		return Summary{}, err
	}
	if opt.Scratch == "" {
		opt.Scratch = os.TempDir()
	}
	a.Path = "import"
	r := &run{Service: s, ctx: ctx, a: a, m: m, opt: opt, notes: map[Note]*Note{}, made: map[string]bool{}, versions: map[string]pipeline.Version{}, fields: map[string]map[string]field.Field{}, seen: map[string]int{}, analyzeAt: 2}
	r.sum = Summary{Created: map[string]int64{}, Updated: map[string]int64{}, Unchanged: map[string]int64{}, Notes: []Note{}, Files: []FileSummary{}}
	err := r.all(files)
	for _, n := range r.notes {
		r.sum.Notes = append(r.sum.Notes, *n)
	}
	sort.Slice(r.sum.Notes, func(i, j int) bool {
		x, y := r.sum.Notes[i], r.sum.Notes[j]
		if x.File != y.File {
			return x.File < y.File
		}
		if x.Count != y.Count {
			return x.Count > y.Count
		}
		return x.Code+x.Field+x.Value < y.Code+y.Field+y.Value
	})
	return r.sum, err
}

func (r *run) all(files []File) error {
	if err := r.m.Check(); err != nil {
		return err
	}
	byKind := map[string][]*table{}
	for _, f := range files {
		spec, ok := r.m.For(f.Name)
		if !ok {
			return fault.New(fault.Invalid, "mapping.file_unknown", "the mapping describes no file named %s", filepath.Base(f.Name)).With("file", filepath.Base(f.Name))
		}
		t, err := r.learn(f, spec)
		if err != nil {
			return err
		}
		byKind[spec.Kind] = append(byKind[spec.Kind], t)
		r.total += t.rows
		r.sum.Files = append(r.sum.Files, t.summary())
	}
	if err := r.prepare(); err != nil {
		return err
	}
	for _, kind := range kinds {
		for _, t := range byKind[kind] {
			var err error
			switch kind {
			case "product":
				err = r.rows(t, r.product)
			case "account":
				if err = r.rows(t, r.account); err == nil {
					err = r.parents(t)
				}
			case "member":
				err = r.membersOf(t)
			case "contact":
				err = r.rows(t, r.contact)
			case "opportunity":
				err = r.opportunities(t)
			case "events":
				err = r.events(t)
			}
			if err != nil {
				return err
			}
		}
	}
	if err := r.flush(); err != nil || r.opt.DryRun || r.sum.Rows < 500 {
		return err
	}
	return r.DB.Analyze(r.ctx)
}

// prepare makes what the mapping states: pipelines, fields, rates; and reads the
// names that rows may refer to.
func (r *run) prepare() error {
	existing := map[string]bool{}
	err := r.DB.Read(r.ctx, func(tx database.Tx) error {
		all, err := r.Pipelines.InForceIn(r.ctx, tx, r.a.TenantID)
		for _, v := range all {
			existing[text.Match(v.Name)] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range r.m.Pipelines {
		v := p.Version()
		if existing[text.Match(p.Name)] {
			continue
		}
		if r.opt.DryRun {
			for i := range v.Stages {
				v.Stages[i].ID = fmt.Sprintf("new-%d", i)
			}
			if err := v.Check(); err != nil {
				return err
			}
			r.versions[text.Match(p.Name)] = v
		} else if _, err := r.Pipelines.Create(r.ctx, r.a, v); fault.CodeOf(err) == "pipeline.name_taken" {
			continue // somebody else made it in the meantime
		} else if err != nil {
			return err
		}
		r.sum.Created["pipeline"]++
	}
	err = r.prepareFields()
	if fault.CodeOf(err) == "field.key_taken" { // by somebody else in the meantime: it is seen now
		err = r.prepareFields()
	}
	if err != nil {
		return err
	}
	for _, rate := range r.m.Rates {
		v, err := money.Parse(rate.Rate+"e6", "JPY")
		if err != nil {
			return fault.Input("/rates", "mapping.rate_malformed", "%s: a rate is a decimal such as 7.1234", rate.Currency)
		}
		day, err := calendar.Parse(rate.From)
		if err != nil {
			return fault.Input("/rates", "calendar.bad_date", "%s: dates are written 2026-02-28", rate.Currency)
		}
		if rate.Currency != r.a.Company.Currency && !r.opt.DryRun {
			if err := r.Org.SetRate(r.ctx, r.a, org.Rate{Currency: rate.Currency, From: day, Rate: v}); err != nil {
				return err
			}
		}
	}
	return r.names()
}

func (r *run) prepareFields() error {
	fields, err := database.Write(r.ctx, r.DB, func(tx database.Tx) (map[string]map[string]field.Field, error) {
		fields := map[string]map[string]field.Field{"account": {}, "contact": {}, "opportunity": {}}
		if err := r.alone(r.ctx, tx); err != nil {
			return nil, err
		}
		all, err := r.Fields.List(r.ctx, tx, r.a.TenantID, "")
		if err != nil {
			return nil, err
		}
		for _, f := range all {
			fields[f.Record][f.Key] = f
		}
		for _, spec := range r.m.Fields {
			if _, ok := fields[spec.Record][spec.Key]; ok {
				continue
			}
			f := field.Field{Record: spec.Record, Key: spec.Key, Label: spec.Label, Type: spec.Type, Options: spec.Options}
			if f.Label == "" {
				f.Label = f.Key
			}
			if r.opt.DryRun {
				f.ID = "new-" + f.Key
			} else if f, err = r.Fields.DefineIn(r.ctx, tx, r.a, f); err != nil {
				return nil, err
			}
			if fields[spec.Record] == nil {
				return nil, fault.Input("/fields", "field.record_unknown", "account, contact or opportunity")
			}
			fields[spec.Record][spec.Key] = f
		}
		return fields, nil
	})
	r.fields = fields
	return err
}

// names reads the match keys of everything a row may refer to by name.
func (r *run) names() error {
	r.members, r.products = memberNames(r.a.Structure), map[string]string{}
	return r.DB.Read(r.ctx, func(tx database.Tx) error {
		var err error
		if r.accounts, err = r.Accounts.IDsByName(r.ctx, tx, r.a); err != nil {
			return err
		}
		r.external = map[string]map[string]string{}
		for _, kind := range []string{"opportunity", "account", "contact"} {
			if r.external[kind], err = r.Records.ByExternal(r.ctx, tx, r.a.TenantID, kind, r.m.Source); err != nil {
				return err
			}
		}
		lines, err := r.Accounts.ProductLinesIn(r.ctx, tx, r.a)
		for _, p := range lines {
			r.products[text.Match(p.Name)] = p.ID
		}
		return err
	})
}

// version returns the pipeline a file's records go to.
func (r *run) version(t *table) (pipeline.Version, error) {
	name := t.spec.Pipeline
	if name == "" && len(r.m.Pipelines) == 1 {
		name = r.m.Pipelines[0].Name
	}
	if v, ok := r.versions[text.Match(name)]; ok {
		return v, nil
	}
	var v pipeline.Version
	err := r.DB.Read(r.ctx, func(tx database.Tx) (err error) {
		if name == "" {
			v, err = r.Pipelines.Default(r.ctx, tx, r.a.TenantID)
			return err
		}
		v, err = r.Pipelines.Current(r.ctx, tx, r.a.TenantID, name)
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.Invalid, "mapping.pipeline_unknown", "%s: there is no pipeline %q; describe it under pipelines", t.spec.Match, name).With("pipeline", name)
		}
		return err
	})
	r.versions[text.Match(name)] = v
	return v, err
}

func (r *run) note(n Note) {
	key := n
	key.Count, key.Line = 0, 0
	if r.notes[key] == nil {
		if len(r.notes) > 5000 {
			return // dirt of more than 5000 kinds: the issues file has the cells
		}
		n.Count = 0
		r.notes[key] = &n
	}
	r.notes[key].Count++
}

// rows reads a table row by row, in chunks of one transaction each.
func (r *run) rows(t *table, each func(*row) error) error {
	rd, err := open(t.file.Path, t.spec)
	if err != nil {
		return err
	}
	defer rd.close()
	for {
		cells, line, err := rd.next()
		if errors.Is(err, io.EOF) {
			return r.flush()
		} else if err != nil {
			return err
		}
		if blank(cells) {
			continue
		}
		if err := r.one(&row{run: r, t: t, cells: append([]string{}, cells...), line: line}, each); err != nil {
			return err
		}
	}
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// one handles a row or a group of rows: a fault about the input becomes an issue.
func (r *run) one(x *row, each func(*row) error) error {
	err := r.refused(x, each(x))
	n := int64(max(1, len(x.more)+1))
	r.sum.Rows += n
	if err != nil {
		return err
	}
	if len(r.pending)+len(r.newAccounts) >= chunkSize {
		err = r.flush()
	}
	if r.sum.Rows%500 < n && r.opt.Progress != nil {
		r.opt.Progress(r.sum.Rows, r.total)
	}
	if err == nil && r.sum.Rows%100 < n && (r.opt.Stop != nil && r.opt.Stop() || r.ctx.Err() != nil) {
		return errStopped
	}
	return err
}

// refused makes a fault about the input an issue of its row.
func (r *run) refused(x *row, err error) error {
	if r.broken != nil {
		return r.broken
	}
	if f := fault.As(err); f != nil {
		where := f.Code
		if len(f.Fields) > 0 {
			where = strings.TrimPrefix(f.Fields[0].Pointer, "/")
		}
		x.tell(Issue{Level: "error", Field: where, Code: f.Code, Params: f.Params, Detail: f.Detail})
		err = nil
	}
	if x.failed {
		r.sum.Refused++
	}
	return err
}

// chunkSize is the records of one transaction: with stays, lines and entries it
// stays under database.MaxRecords journal entries and well under a second.
const chunkSize = 400

// flush writes what is pending in one transaction.
func (r *run) flush() error {
	accounts, deals := r.newAccounts, r.pending
	r.pending, r.newAccounts = nil, nil
	if r.opt.DryRun || len(deals)+len(accounts) == 0 {
		return nil
	}
	m, err := written(r, func(tx database.Tx) (made, error) { return r.writeNew(tx, accounts, deals) })
	if err != nil {
		return err
	}
	if err := r.taken(accounts, deals, m); err != nil {
		return err
	}
	// Early on, and again each time the tables have grown fourfold.
	if r.chunks++; r.chunks == r.analyzeAt {
		r.analyzeAt *= 4
		return r.DB.Analyze(r.ctx)
	}
	return nil
}

// write writes for the batch as long as it is this process's to work on: the record and
// what an undo needs to know of it are there together or not at all.
func (r *run) write(fn func(tx database.Tx) error) error {
	_, err := written(r, func(tx database.Tx) (struct{}, error) { return struct{}{}, fn(tx) })
	return err
}

// written is write for a function with an answer.
func written[T any](r *run, fn func(tx database.Tx) (T, error)) (T, error) {
	return database.Write(r.ctx, r.DB, func(tx database.Tx) (T, error) {
		if err := r.hold(r.ctx, tx, r.a.TenantID, r.opt.BatchID); err != nil && !errors.Is(err, errStopped) {
			var none T
			return none, err
		}
		return fn(tx)
	})
}
