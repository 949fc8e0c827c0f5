package org

import "slices"

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
	// ComplianceRead reads which ties are to be avoided, and nothing else of them.
	ComplianceRead Permission = "compliance.read"
	// SignedIn is held by every member: own sessions, own password.
	SignedIn Permission = "signed-in"
)

var (
	selling   = []Permission{SignedIn, AccountRead, AccountWrite, OppRead, OppWrite, ReportRead, PipelineRead, OrgRead}
	operating = with(selling, OppHandOver, EvidenceDecide, PipelineEdit, FieldEdit, ImportRun, AuditRead, SettingsEdit,
		OrgEdit, ContactErase)
	administering = with(operating, ComplianceRead)
)

func with(base []Permission, more ...Permission) []Permission {
	return append(append([]Permission{}, base...), more...)
}

// AllPermissions lists what a role may hold, beside being signed in.
func AllPermissions() []Permission { return slices.Clone(administering[1:]) }
