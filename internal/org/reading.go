package org

// Reading is which threads of a conversation a member reads today: kinds of thread by what lets him, and
// what that is told by. It is one definition that compiles to an SQL predicate (scopedb.Thread). The zero
// value is nothing.
type Reading struct {
	OfRecord []string // read by whoever reads the record
	Author   []string // read by their author alone
	Two      []string // read by the two they are between, and whoever the giver reports to
	Team     []string // read by the two, the team of whom it is given to, and whoever he reports to
	Turns    []string // read besides by the two and by those who have or had a turn, while somebody is to answer

	Member    string   // who reads
	Effective string   // for whom: himself, or the principal he acts for
	Line      []string // members who report to him, however far
	Peers     []string // members of his team
	InPlace   []string // whose unfinished notes are his: his own, and of who has left and in whose place he stands
	Records   map[string]Scope
}
