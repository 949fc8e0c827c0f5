package intake

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/sheet"
)

// Importer is how a capability takes part in imports. This package reads files and mappings,
// counts, reports, writes in chunks and undoes; what a row means, an importer knows. Importers
// are wired into Service.Importers; one that needs another's records or names asks for its
// part with PartOf.
type Importer interface {
	// Kinds are the kinds of file it reads; none where it only helps others.
	Kinds() []Kind
	// Begin makes what it keeps during one run, and what the mapping states of its own. All
	// are begun before the first row is read; Run.Fields and Run.External answer by then,
	// other importers' parts may not be there yet.
	Begin(r *Run) (Part, error)
}

// Part is what an importer keeps during one run: names it looked up, records that wait. It
// may be a Waits and an Ends besides.
type Part any

// Kind is a kind of file.
type Kind struct {
	Name    string
	Targets []Target
	// Of is the kind of record it speaks of, where that has another name.
	Of string
	// After are the kinds whose files are read first, whatever the order they are given in,
	// and whose records are undone later: this one's records name or hang on theirs.
	After []string
	// Read takes in one file: it hands Table.Rows or Table.Grouped what is to be done with a
	// row. A fault it returns is about the row and becomes an issue; any other error ends the
	// run.
	Read func(t *Table) error
	// Undo is given where a run makes records of this name: they may have external ids and
	// own fields, and are taken back. Nil where an undo leaves what a file made.
	Undo *Undo
	// Points names the target a fault's pointer (without its slash) or code is about, where
	// they are called differently: {"ownerId": "owner"}.
	Points map[string]string
	// Suggest completes a guess beyond the columns' names; may be nil.
	Suggest func(ctx context.Context, tx database.Tx, a org.Actor, f *FileSpec, s *Sample) error
	// Ours tells whether some ids are those of records of this kind that the actor sees; nil where its
	// files name none.
	Ours func(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (bool, error)
	// Choices are what may be chosen in the columns of a table to be filled, by target; nil for none.
	Choices func(ctx context.Context, tx database.Tx, a org.Actor, locale string) (map[string][]string, error)
	// Own are words that stand before the names of its columns and say no more than the kind
	// does: 商机 in 商机阶段.
	Own []string
	// Called are the targets one of which tells its records apart: a file that fills none is hardly of the kind.
	Called []string
	// Weight is added to the columns found when a file's kind is guessed: of two it fits nearly
	// alike, the one with more to say.
	Weight float64
	// Usual is what a file is taken for where nothing fits.
	Usual bool

	others []string // words before the names of other kinds' columns
}

// Target is a field a file may fill. A name ending in "." takes a suffix: "custom." an own
// field's key.
type Target struct {
	Name     string
	Required bool
	Date     bool // its column's form is learned from the whole file, as that of the next two
	Ahead    bool // of days: of what may be to come
	Amount   bool
	Rate     bool // 0 to 100 percent
	// Label is its heading in the tables that we write ourselves, "" where they have none; Note says how
	// its cells are filled, and Exported that only lists have it.
	Label, Note sheet.Label
	Exported    bool
	// Columns are what people call it; a column whose name says nearly the same is one too.
	Columns []string
	// Holds tells what its cells look like, where that helps to find it; Values are some of them.
	Holds  Holds
	Values []string
}

// Holds is what the cells of a target's column look like.
type Holds string

// What columns hold.
const (
	OneEach   Holds = "one each" // of every record another
	Repeated  Holds = "repeated" // the same in many rows
	Few       Holds = "few"      // some texts, again and again
	Persons   Holds = "persons"
	Companies Holds = "companies"
	Phones    Holds = "phones"
	Emails    Holds = "emails"
	Codes     Holds = "codes" // of currencies
	Words     Holds = "words" // neither days nor numbers
)

// Undo takes back what an import did to a record, in the transaction that says so.
type Undo struct {
	// Unmake takes back one that the import made, unless somebody touched it since: it never
	// was.
	Unmake func(ctx context.Context, tx database.Tx, a org.Actor, left record.Left) (gone bool, err error)
	// Restore gives back what a change found where the record still holds what the change
	// left: whether it gave something back, and whether it kept something somebody touched.
	// Nil where imports change no such record.
	Restore func(ctx context.Context, tx database.Tx, a org.Actor, c Change) (back, kept bool, err error)
	// Along are the ids of other records that are held with these; nil where none are.
	Along func(ctx context.Context, tx database.Tx, a org.Actor, ids []string) ([]string, error)
}

// Waits is a part that lets new records wait, so that many are written in one transaction.
// What waits in all parts is written together, in the order of their kinds: a record and
// those it names are there at once or not at all.
type Waits interface {
	Waiting() int
	// Take hands over what waits; nothing does then.
	Take() Writing
}

// Writing is new records on their way. What a run found when it began to read may be other by
// the time it writes: somebody imports the same file, or types in an account of the same
// name. New records are written by one import of a company after the other, and what is
// there by then is taken, not made again.
type Writing interface {
	// Write writes those that are not there and names them. It tells of all in met, which
	// holds what the parts before it told, and sets nothing else: it may run again.
	Write(tx database.Tx, met Met) ([]record.Ref, error)
	// Settle counts those that were written, and goes on with those that were not, once the
	// others are there. Nothing is counted before: a run that ends early tells what is there.
	Settle(met Met) error
}

// Leaves is a Writing that keeps something beside a record it made, for the imports that come
// after: Change.After holds it. Nil is nothing.
type Leaves interface{ Leaves(ref record.Ref) any }

// Met is what became of records that waited, by the id the run gave them.
type Met map[string]Meeting

// Meeting is empty for a record that was written. ID is that of one that was there already;
// Refused is why there is none.
type Meeting struct {
	ID      string
	Refused error
}

// Ends is a part with something to do when a run has ended, whether well or not; not after a
// dry run.
type Ends interface{ End() error }

// PartOf returns the part of its type in a run. It panics where its importer is not wired.
func PartOf[P Part](r *Run) P {
	for _, p := range r.parts {
		if found, ok := p.(P); ok {
			return found
		}
	}
	panic("intake: an importer another one needs is not wired")
}

// kinds are those of all importers, in the order they are wired.
func (s *Service) kinds() (out []Kind) {
	for _, i := range s.Importers {
		out = append(out, i.Kinds()...)
	}
	for i := range out {
		for _, k := range out {
			if k.record() != out[i].record() {
				out[i].others = append(out[i].others, k.Own...)
			}
		}
	}
	return out
}

// inOrder are the kinds in the order they are read: each after those it names, else as wired.
func (s *Service) inOrder() (out []Kind) {
	taken, left := map[string]bool{}, s.kinds()
	for len(left) > 0 {
		i := slices.IndexFunc(left, func(k Kind) bool {
			return !slices.ContainsFunc(k.After, func(name string) bool { return !taken[name] })
		})
		if i < 0 {
			panic("intake: kinds that wait for one another, or for one that is not wired: " + left[0].Name)
		}
		taken[left[i].Name] = true
		out, left = append(out, left[i]), slices.Delete(left, i, i+1)
	}
	return out
}

// undone are the kinds whose records an undo takes back, in the order they are made.
func (s *Service) undone() []Kind {
	return slices.DeleteFunc(s.inOrder(), func(k Kind) bool { return k.Undo == nil })
}

// recordKinds are the names of kinds whose records have external ids and own fields.
func (s *Service) recordKinds() (out []string) {
	for _, k := range s.undone() {
		out = append(out, k.Name)
	}
	return out
}

// record is the kind of record whose own fields its files may fill.
func (k Kind) record() string { return cmp.Or(k.Of, k.Name) }

func kindNamed(kinds []Kind, name string) (Kind, bool) {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return kinds[i], true
}

// Target finds the target a mapping's field fills.
func (k Kind) Target(field string) (Target, bool) {
	for _, t := range k.Targets {
		if t.Name == field || strings.HasSuffix(t.Name, ".") && strings.HasPrefix(field, t.Name) && len(field) > len(t.Name) {
			return t, true
		}
	}
	return Target{}, false
}

func (k Kind) targetNames() (out []string) {
	for _, t := range k.Targets {
		out = append(out, t.Name)
	}
	return out
}
