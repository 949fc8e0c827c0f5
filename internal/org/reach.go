package org

import (
	"encoding/json"
	"fmt"
	"slices"

	"yunchou/internal/fault"
	"yunchou/internal/record"
)

// Reach is how far a role sees or changes records of a kind. What a record's owner is, its
// deal team, product lines and region, the kind's predicate says (scopedb): an account is
// reached with a deal at it, a contact with the account, a task is its member's.
type Reach int

const (
	Nothing    Reach = iota
	Own              // records the member owns, or whom the member may act for
	DealTeam         // and those whose deal team the member is in
	Subtree          // and those owned in the teams the member leads, down the tree
	Lines            // records with one of the grant's product lines
	Regions          // records of one of the grant's regions
	Everything       // the whole company
)

// reachNames are how a table of a role's reach is stored and shown.
var reachNames = []string{"nothing", "own", "deal_team", "subtree", "lines", "regions", "everything"}

func (r Reach) String() string { return reachNames[r] }

// MarshalJSON writes the name.
func (r Reach) MarshalJSON() ([]byte, error) { return json.Marshal(r.String()) }

// UnmarshalJSON reads the name.
func (r *Reach) UnmarshalJSON(raw []byte) (err error) {
	var name string
	if err := json.Unmarshal(raw, &name); err != nil {
		return err
	}
	*r, err = ParseReach(name)
	return err
}

// ParseReach reads the name of a reach. Fault: org.reach_unknown.
func ParseReach(name string) (Reach, error) {
	i := slices.Index(reachNames, name)
	if i < 0 {
		return Nothing, fault.New(fault.Invalid, "org.reach_unknown", "a reach is one of %v", reachNames)
	}
	return Reach(i), nil
}

// within reports whether a reach goes no further than another, whatever a member owns,
// leads and was granted.
func (r Reach) within(o Reach) bool {
	return r == Nothing || r == o || o == Everything || r <= o && o <= Subtree
}

// Verb is what is done with a record.
type Verb int

const (
	Read Verb = iota
	Write
)

// Reaches is how far a role sees and changes records of one kind.
type Reaches struct {
	Read  Reach `json:"read"`
	Write Reach `json:"write"`
}

func (r Reaches) of(v Verb) Reach {
	if v == Write {
		return r.Write
	}
	return r.Read
}

// Reached are the kinds of record a role's reach is stated for, in the order they are
// shown. Credit is what is credited and every figure that adds up: nobody writes it.
var Reached = []string{record.Opportunity, record.Account, record.Contact, record.Task, record.Credit}

// RoleKey names a role: a preset, or one the company made.
type RoleKey string

const (
	Rep            RoleKey = "rep"
	Assistant      RoleKey = "assistant"
	Manager        RoleKey = "manager"
	Director       RoleKey = "director"
	ProductManager RoleKey = "product_manager"
	Operations     RoleKey = "operations"
	Partner        RoleKey = "partner"
	Admin          RoleKey = "admin"
)

// Role is permissions, and how far they reach by kind of record; a kind that is not stated
// is not reached. A preset has no name of its own: the screen words it.
type Role struct {
	Key         RoleKey
	Name        string
	Permissions []Permission
	Reach       map[string]Reaches
	Preset      bool
	Retired     bool
	Version     int
}

// reaches states a role's reach for the records of selling, and for what is its own.
func reaches(deals, accounts, tasks Reaches, figures Reach) map[string]Reaches {
	return map[string]Reaches{record.Opportunity: deals, record.Account: accounts, record.Contact: accounts,
		record.Task: tasks, record.Credit: {figures, Nothing}}
}

func preset(key RoleKey, permissions []Permission, reach map[string]Reaches) Role {
	return Role{Key: key, Permissions: permissions, Reach: reach, Preset: true, Version: 1}
}

var all = Reaches{Everything, Everything}

// Roles are the presets, by growth of a sales organisation. A rep writes his own
// deals, the accounts of those and of the deals he is in the team of, and no others. A
// partner changes nothing but finishes what he promised.
var Roles = map[RoleKey]Role{
	Rep: preset(Rep, selling,
		reaches(Reaches{DealTeam, Own}, Reaches{DealTeam, DealTeam}, Reaches{DealTeam, Own}, Own)),
	Assistant: preset(Assistant, selling,
		reaches(Reaches{Own, Own}, Reaches{Own, Own}, Reaches{Own, Own}, Own)), // own and the principals'
	Manager: preset(Manager, with(selling, OppHandOver, EvidenceDecide),
		reaches(Reaches{Subtree, Subtree}, Reaches{Subtree, Subtree}, Reaches{Subtree, Subtree}, Subtree)),
	Director: preset(Director, with(selling, OppHandOver, EvidenceDecide, AuditRead),
		reaches(Reaches{Everything, Subtree}, Reaches{Everything, Subtree}, Reaches{Everything, Subtree}, Everything)),
	ProductManager: preset(ProductManager, []Permission{SignedIn, AccountRead, OppRead, ReportRead, PipelineRead, OrgRead},
		reaches(Reaches{Lines, Nothing}, Reaches{Lines, Nothing}, Reaches{Own, Own}, Lines)),
	Operations: preset(Operations, administering, reaches(all, all, all, Everything)),
	Partner: preset(Partner, []Permission{SignedIn, OppRead, PipelineRead, OrgRead},
		reaches(Reaches{DealTeam, Nothing}, Reaches{DealTeam, Nothing}, Reaches{DealTeam, Own}, Own)),
	Admin: preset(Admin, administering, reaches(all, all, all, Everything)),
}

// Role finds a role by its key, a preset or one of the company's.
func (s *Structure) Role(key RoleKey) (Role, bool) {
	if r, ok := Roles[key]; ok {
		return r, true
	}
	r, ok := s.Roles[key]
	return r, ok
}

// check refuses a role that cannot be meant. Faults: org.permission_unknown,
// record.kind_unknown, org.write_beyond_read.
func (r Role) check() error {
	for _, p := range r.Permissions {
		if !slices.Contains(administering, p) {
			return fault.Input("/permissions", "org.permission_unknown", "no such permission")
		}
	}
	for kind, reach := range r.Reach {
		switch {
		case !slices.Contains(Reached, kind):
			return fault.Input("/reach", "record.kind_unknown", "no reach is stated for records of this kind")
		case !reach.Write.within(reach.Read):
			return fault.Input(fmt.Sprintf("/reach/%s/write", kind), "org.write_beyond_read",
				"a role that changes what it cannot see").With("kind", kind)
		case kind == record.Credit && reach.Write != Nothing:
			return fault.Input("/reach/credit/write", "org.write_beyond_read", "nobody changes what was credited").With("kind", kind)
		}
	}
	return nil
}
