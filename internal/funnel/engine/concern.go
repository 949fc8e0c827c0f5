package engine

// Concern is what an entry about a kind of record makes stale.
type Concern int

// Concerns of a kind of record.
const (
	Surroundings  Concern = iota // the small tables: versions, rates, names
	Opportunities                // the opportunity itself
	Accounts                     // the account, and its opportunities
	Contacts                     // the person at an account
	Hanging                      // the opportunities it hangs on
	Nothing                      // no column speaks of it
)

// Concerns says what each kind of record concerns. A kind that is not in it may concern
// anything: an entry of it stales what its scope is, where that is known, else the small
// tables. So a kind nobody registered costs a few reads, and never a wrong figure.
type Concerns map[string]Concern

// Usual is the kinds columns are made of.
var Usual = Concerns{"opportunity": Opportunities, "account": Accounts, "contact": Contacts, "task": Hanging, "follow_up": Hanging}

// of is what an entry makes stale, and the id of it.
func (c Concerns) of(x Touch) (Concern, string) {
	if about, known := c[x.SubjectKind]; known {
		return about, x.SubjectID
	}
	return c[x.ScopeKind], x.ScopeID
}
