package intake

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// File is one file to import: the name the mapping knows it by, and where it lies.
type File struct {
	Name string `json:"name"`
	Path string `json:"-"`
}

// Options of a run. Progress is called after each chunk; Stop is asked before each.
type Options struct {
	DryRun   bool
	BatchID  string
	Scratch  string // folder for grouping, and for the rows of files
	Issue    func(Issue)
	Progress func(done, total int64)
	Stop     func() bool
}

// errStopped ends a run somebody cancelled; what was written stays, and can be undone.
var errStopped = errors.New("intake: stopped")

// Run is one import in progress, as importers see it.
type Run struct {
	Ctx     context.Context
	DB      *database.DB
	Actor   org.Actor // its structure is as it was when last reloaded
	Mapping Mapping
	DryRun  bool
	BatchID string
	// Sum is what was done so far: importers count in it what they make, change and leave.
	Sum Summary

	service *Service
	opt     Options
	kinds   []Kind // in the order they are read
	parts   []Part
	waits   []Waits // the parts whose records wait, in the order they are written
	notes   map[Note]*Note
	total   int64
	at      Place // the row being read

	fields            map[string]map[string]field.Field // record kind → key → field
	external          map[string]*Index                 // record kind → this source's ids → records
	seen              map[sum]uint32                    // external ids of this run
	wouldBe           string                            // the id of all a dry run would make
	broken            error                             // what is wrong with us, not with a file
	spools            []*spool                          // rows of files
	chunks, analyzeAt int
}

// Run reads the files and writes, or in a dry run only checks. A cell that cannot
// be read is an issue; anything else that goes wrong ends the run with an error
// and leaves the chunks before it in place.
func (s *Service) Run(ctx context.Context, a org.Actor, m Mapping, files []File, opt Options) (did Summary, err error) {
	if err := a.Need(org.ImportRun); err != nil {
		return Summary{}, err
	}
	if opt.Scratch == "" {
		opt.Scratch = os.TempDir()
	}
	a.Path = "import"
	r := &Run{Ctx: ctx, DB: s.DB, Actor: a, Mapping: m, DryRun: opt.DryRun, BatchID: opt.BatchID,
		service: s, opt: opt, kinds: s.inOrder(), notes: map[Note]*Note{},
		seen: map[sum]uint32{}, wouldBe: record.NewID(a.Now), analyzeAt: 2}
	r.Sum = Summary{Created: map[string]int64{}, Updated: map[string]int64{}, Unchanged: map[string]int64{},
		Notes: []Note{}, Files: []FileSummary{}}
	defer func() {
		for _, kept := range r.spools {
			err = errors.Join(err, kept.close())
		}
	}()
	err = errors.Join(r.all(files), r.end())
	if err != nil && r.at.File != "" {
		r.Sum.StoodAt = &r.at
	}
	for _, n := range r.notes {
		r.Sum.Notes = append(r.Sum.Notes, *n)
	}
	sort.Slice(r.Sum.Notes, func(i, j int) bool {
		x, y := r.Sum.Notes[i], r.Sum.Notes[j]
		if x.File != y.File {
			return x.File < y.File
		}
		if x.Count != y.Count {
			return x.Count > y.Count
		}
		return x.Code+x.Field+x.Value < y.Code+y.Field+y.Value
	})
	return r.Sum, err
}

func (r *Run) all(files []File) error {
	if err := r.service.Check(r.Mapping); err != nil {
		return err
	}
	err := r.DB.Read(r.Ctx, func(tx database.Tx) (err error) {
		r.fields, err = r.service.ownFields(r.Ctx, tx, r.Actor) // how their columns are written is learned too
		return err
	})
	if err != nil {
		return err
	}
	byKind := map[string][]*Table{}
	for _, f := range files {
		specs := r.Mapping.For(f.Name)
		if len(specs) == 0 {
			base := filepath.Base(f.Name)
			return fault.New(fault.Invalid, "mapping.file_unknown", "the mapping describes no file named %s", base).With("file", base)
		}
		for _, spec := range specs {
			t, err := r.learn(f, spec, len(specs) > 1)
			if err != nil {
				return err
			}
			byKind[spec.Kind] = append(byKind[spec.Kind], t)
			r.total += t.rows
			r.Sum.Files = append(r.Sum.Files, t.summary())
		}
	}
	giveBack, err := r.takeRows()
	if err != nil {
		return err
	}
	defer giveBack()
	if err := r.begin(); err != nil {
		return err
	}
	for _, kind := range r.kinds {
		for _, t := range byKind[kind.Name] {
			if err := kind.Read(t); err != nil {
				return err
			}
		}
	}
	if err := r.Flush(); err != nil || r.DryRun || r.Sum.Rows < 500 {
		return err
	}
	return r.DB.Analyze(r.Ctx)
}

// begin makes the own fields the mapping states, reads the ids rows may carry, and has every
// importer begin.
func (r *Run) begin() error {
	err := r.prepareFields()
	if fault.CodeOf(err) == "field.key_taken" { // by somebody else in the meantime: it is seen now
		err = r.prepareFields()
	}
	if err != nil {
		return err
	}
	if err := r.readExternal(); err != nil {
		return err
	}
	of := map[string]Part{}
	for _, i := range r.service.Importers {
		p, err := i.Begin(r)
		if err != nil {
			return err
		}
		r.parts = append(r.parts, p)
		for _, k := range i.Kinds() {
			of[k.Name] = p
		}
	}
	for _, k := range r.kinds {
		if w, ok := of[k.Name].(Waits); ok && !slices.Contains(r.waits, w) {
			r.waits = append(r.waits, w)
		}
	}
	return nil
}

// readExternal reads which records have ids in the mapping's source.
func (r *Run) readExternal() error {
	r.external = map[string]*Index{}
	return r.DB.Read(r.Ctx, func(tx database.Tx) error {
		for _, kind := range r.service.recordKinds() {
			known, err := r.service.Records.ByExternal(r.Ctx, tx, r.Actor.TenantID, kind, r.Mapping.Source)
			if err != nil {
				return err
			}
			r.external[kind] = IndexOf(known)
		}
		return nil
	})
}

func (r *Run) prepareFields() error {
	kinds := r.service.recordKinds()
	fields, err := database.Write(r.Ctx, r.DB, func(tx database.Tx) (map[string]map[string]field.Field, error) {
		fields := map[string]map[string]field.Field{}
		for _, kind := range kinds {
			fields[kind] = map[string]field.Field{}
		}
		if err := r.Alone(r.Ctx, tx); err != nil {
			return nil, err
		}
		all, err := r.service.Fields.List(r.Ctx, tx, r.Actor.TenantID, "")
		if err != nil {
			return nil, err
		}
		for _, f := range all {
			fields[f.Record][f.Key] = f
		}
		for _, spec := range r.Mapping.Fields {
			if _, ok := fields[spec.Record][spec.Key]; ok {
				continue
			}
			f := field.Field{Record: spec.Record, Key: spec.Key, Label: spec.Label, Type: spec.Type, Options: spec.Options}
			if f.Label == "" {
				f.Label = f.Key
			}
			if r.DryRun {
				f.ID = "new-" + f.Key
			} else if f, err = r.service.Fields.DefineIn(r.Ctx, tx, r.Actor, f); err != nil {
				return nil, err
			}
			if fields[spec.Record] == nil {
				return nil, fault.Input("/fields", "field.record_unknown", "one of %s", strings.Join(kinds, ", "))
			}
			fields[spec.Record][spec.Key] = f
		}
		return fields, nil
	})
	r.fields = fields
	return err
}

// end lets the parts do what they do when a run has ended.
func (r *Run) end() (err error) {
	for _, p := range r.parts {
		if e, ok := p.(Ends); ok && !r.DryRun {
			err = errors.Join(err, e.End())
		}
	}
	return err
}

// Fields are the own fields of records of a kind, by key.
func (r *Run) Fields(kind string) map[string]field.Field { return r.fields[kind] }

// External are the records of a kind by their ids in the mapping's source: an importer adds
// those it makes.
func (r *Run) External(kind string) *Index { return r.external[kind] }

// NewID is the id of a new record. All that a dry run would make have one: there is no record to
// look at, and nothing to remember of each.
func (r *Run) NewID() string {
	if r.DryRun {
		return r.wouldBe
	}
	return record.NewID(r.Actor.Now)
}

// Would tells whether an id is that of a record a dry run would have made.
func (r *Run) Would(id string) bool { return r.DryRun && id == r.wouldBe }

// Invented tells whether an id is of what a dry run would have made: nothing can hang on it.
func (r *Run) Invented(id string) bool {
	return r.Would(id) || r.DryRun && strings.HasPrefix(id, "new-")
}

// Definite takes values of own fields apart that only a dry run has: it tells whether there were some,
// which cannot be tried and would be written.
func (r *Run) Definite(kind string, values field.Values) (field.Values, bool) {
	out := field.Values{}
	for k, v := range values {
		if !r.Invented(r.fields[kind][k].ID) {
			out[k] = v
		}
	}
	return out, len(out) < len(values)
}

// Files is how many files of a kind the run reads.
func (r *Run) Files(kind string) (n int) {
	for _, f := range r.Sum.Files {
		if f.Kind == kind {
			n++
		}
	}
	return n
}

// Tell counts a note of a file.
func (r *Run) Tell(n Note) {
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

// Refused makes a fault about the input an issue of its row. Any other error is returned, and
// ends the run.
func (r *Run) Refused(x *Row, err error) error {
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
		r.Sum.Refused++
	}
	return err
}
