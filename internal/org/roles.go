package org

// Permission is what an endpoint asks for. Deny is the default.
type Permission string

const (
	AccountRead    Permission = "account.read"
	AccountWrite   Permission = "account.write"
	ContactErase   Permission = "contact.erase" // and take out, at the person's request
	OppRead        Permission = "opportunity.read"
	OppWrite       Permission = "opportunity.write"
	OppHandOver    Permission = "opportunity.handover"
	EvidenceDecide Permission = "evidence.decide"
	ReportRead     Permission = "report.read"
	PipelineRead   Permission = "pipeline.read"
	PipelineEdit   Permission = "pipeline.edit"
	OrgRead        Permission = "org.read"
	OrgEdit        Permission = "org.edit"
	FieldEdit      Permission = "field.edit"
	SettingsEdit   Permission = "settings.edit"
	ImportRun      Permission = "import.run"
	AuditRead      Permission = "audit.read"
	// SignedIn is held by every member: own sessions, own password.
	SignedIn Permission = "signed-in"
)

// Reach is how far a role sees or changes records.
type Reach int

const (
	Nothing    Reach = iota
	Own              // records the member owns
	DealTeam         // and those whose deal team the member is in
	Subtree          // and those owned in the teams the member leads, down the tree
	Lines            // records with one of the grant's product lines
	Regions          // records of one of the grant's regions
	Everything       // the whole company
)

// RoleKey names a preset.
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

// Role is a preset: permissions, and how far they reach for reading and writing.
type Role struct {
	Key         RoleKey
	Permissions []Permission
	Read, Write Reach
}

var selling = []Permission{SignedIn, AccountRead, AccountWrite, OppRead, OppWrite, ReportRead, PipelineRead, OrgRead}

func with(base []Permission, more ...Permission) []Permission {
	return append(append([]Permission{}, base...), more...)
}

// Roles are the presets, by growth of a sales organisation.
var Roles = map[RoleKey]Role{
	Rep:            {Rep, selling, DealTeam, Own},
	Assistant:      {Assistant, selling, Own, Own}, // own and the principals'
	Manager:        {Manager, with(selling, OppHandOver, EvidenceDecide), Subtree, Subtree},
	Director:       {Director, with(selling, OppHandOver, EvidenceDecide, AuditRead), Everything, Subtree},
	ProductManager: {ProductManager, []Permission{SignedIn, AccountRead, OppRead, ReportRead, PipelineRead, OrgRead}, Lines, Nothing},
	Operations: {Operations, with(selling, OppHandOver, EvidenceDecide, PipelineEdit, FieldEdit, ImportRun, AuditRead, SettingsEdit, OrgEdit, ContactErase),
		Everything, Everything},
	Partner: {Partner, []Permission{SignedIn, OppRead, PipelineRead, OrgRead}, DealTeam, Nothing},
	Admin: {Admin, with(selling, OppHandOver, EvidenceDecide, PipelineEdit, FieldEdit, ImportRun, AuditRead, SettingsEdit, OrgEdit, ContactErase),
		Everything, Everything},
}

// Scope is the data a request may touch: one definition that compiles to an SQL
// predicate (scopedb) and to the engine's owner set. The zero value is nothing.
type Scope struct {
	All          bool
	Owners       []string // members whose records are in scope, today's relation
	DealTeams    []string // members whose deal teams are in scope
	ProductLines []string
	Regions      []string
}

// Empty reports whether nothing at all is in scope.
func (s Scope) Empty() bool {
	return !s.All && len(s.Owners)+len(s.DealTeams)+len(s.ProductLines)+len(s.Regions) == 0
}

// Allows decides for one record in memory; a test compares it with the SQL.
func (s Scope) Allows(owner string, dealTeam, productLines []string, region string) bool {
	return s.All || contains(s.Owners, owner) || overlap(s.DealTeams, dealTeam) ||
		overlap(s.ProductLines, productLines) || contains(s.Regions, region)
}

func contains(set []string, v string) bool {
	for _, s := range set {
		if s == v && v != "" {
			return true
		}
	}
	return false
}

func overlap(a, b []string) bool {
	for _, v := range b {
		if contains(a, v) {
			return true
		}
	}
	return false
}
