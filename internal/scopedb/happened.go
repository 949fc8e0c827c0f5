package scopedb

import (
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Happening is what is asked of the journal: what happened with a record and those that went into
// it, to a reader who sees that record and, of deals, what lies in a scope.
type Happening struct {
	Kind  string
	IDs   []string
	Deals org.Scope
	Talks org.Reading
	Only  string // contact, step or change; "" is all of them
}

// Entries narrows the table journal, aliased j; company is the placeholder of a company's id.
type Entries = func(args *database.Args, company string) string

// elsewhere tells that the index of scopes does not hold what an entry is about.
const elsewhere = "(j.scope_id <> j.subject_id OR j.scope_kind <> j.subject_kind)"

// Parts are the entries, each found by an index of its own; some are in two.
func (h Happening) Parts() []Entries {
	parts := []Entries{h.with, h.hanging("follow_up"), h.hanging("task"), h.talks, h.changes}
	switch h.Kind {
	case record.Account:
		parts = append(parts, h.ofDeals)
	case record.Contact:
		parts = append(parts, h.about, h.tookPart)
	}
	for i, part := range parts {
		parts[i] = func(args *database.Args, company string) string {
			return part(args, company) + h.only() + h.spoken(args)
		}
	}
	return parts
}

// with are the entries seen with the record itself.
func (h Happening) with(args *database.Args, _ string) string {
	return "j.scope_kind = " + args.Add(h.Kind) + " AND j.scope_id " + among(args, h.IDs)
}

// hanging are those about what hangs on it beside another record.
func (h Happening) hanging(kind string) Entries {
	return func(args *database.Args, company string) string {
		return elsewhere + " AND j.subject_kind = '" + kind + "' AND j.subject_id IN (SELECT l.id FROM record_link l WHERE l.tenant_id = " + company +
			" AND l.to_kind = " + args.Add(h.Kind) + " AND l.to_id " + among(args, h.IDs) + " AND l.kind = '" + kind + "')"
	}
}

// changes are those about who changed, with a person who went or follows, or an opportunity it touches.
func (h Happening) changes(args *database.Args, company string) string {
	var of string
	switch h.Kind {
	case record.Contact:
		of = "SELECT cc.id FROM contact_change cc WHERE cc.tenant_id = " + company + " AND cc.contact_id " + among(args, h.IDs) +
			" UNION ALL SELECT cc.id FROM contact_change cc WHERE cc.tenant_id = " + company + " AND cc.successor_id " + among(args, h.IDs)
	case record.Opportunity:
		of = "SELECT cd.change_id FROM contact_change_deal cd WHERE cd.tenant_id = " + company + " AND cd.opportunity_id " + among(args, h.IDs)
	default:
		return "1 = 0"
	}
	return elsewhere + " AND j.subject_kind = 'contact_change' AND j.subject_id IN (" + of + ")"
}

// talks are the first messages of each day in the threads on it that the reader reads.
func (h Happening) talks(args *database.Args, company string) string {
	return "j.kind = 'message.said' AND j.scope_kind = 'thread' AND j.scope_id IN (SELECT t.id FROM thread t WHERE t.tenant_id = " + company +
		" AND t.on_kind = " + args.Add(h.Kind) + " AND t.on_id " + among(args, h.IDs) + " AND " + Thread(args, h.Talks) +
		") AND EXISTS (SELECT 1 FROM message m WHERE m.tenant_id = j.tenant_id AND m.id = j.subject_id AND m.opens_day)"
}

// ofDeals are talks, tasks and files of an account's deals in scope; their moves are told by their stays.
func (h Happening) ofDeals(args *database.Args, company string) string {
	return "j.scope_kind = 'opportunity' AND j.scope_id IN (SELECT o.id FROM opportunity o WHERE o.tenant_id = " + company + " AND o.account_id " +
		among(args, h.IDs) + " AND o.deleted_at IS NULL AND " + Opportunity(args, h.Deals) + ") AND j.subject_kind IN ('follow_up', 'task', 'file')"
}

// about are the entries about a person, seen with the accounts he was at.
func (h Happening) about(args *database.Args, _ string) string {
	return elsewhere + " AND j.subject_kind = " + args.Add(h.Kind) + " AND j.subject_id " + among(args, h.IDs)
}

// tookPart are the talks a person took part in.
func (h Happening) tookPart(args *database.Args, company string) string {
	return elsewhere + " AND j.subject_kind = 'follow_up' AND j.subject_id IN (SELECT fc.follow_up_id FROM follow_up_contact fc WHERE fc.tenant_id = " +
		company + " AND fc.contact_id " + among(args, h.IDs) + ")"
}

// spoken leaves out talks about deals out of sight. Whoever sees a deal sees all that was said in it.
func (h Happening) spoken(args *database.Args) string {
	if h.Kind == record.Opportunity || h.Deals.All {
		return ""
	}
	return " AND (j.subject_kind <> 'follow_up' OR EXISTS (SELECT 1 FROM follow_up f WHERE f.tenant_id = j.tenant_id AND f.id = j.subject_id AND " +
		FollowUp(args, h.Deals) + "))"
}

// only narrows to one sort of what happened. Moves of deals are told by their stays.
func (h Happening) only() string {
	const moves = " AND j.kind NOT IN ('opportunity.created', 'opportunity.moved')"
	switch h.Only {
	case "contact":
		return " AND j.subject_kind = 'follow_up'"
	case "step":
		return " AND j.subject_kind = 'task'"
	case "change":
		return moves + " AND j.subject_kind NOT IN ('follow_up', 'task', 'message')"
	}
	return moves
}

// among compares with one id, which an index answers in its order, or with several.
func among(args *database.Args, ids []string) string {
	if len(ids) == 1 {
		return "= " + args.Add(ids[0])
	}
	return "IN " + database.In(args, ids)
}

// DealsWith tells which rows of the table opportunity, aliased o, are those of an account or of a
// person, or one of some ids, in scope.
func DealsWith(args *database.Args, company, kind string, ids []string, s org.Scope) string {
	switch kind {
	case record.Account:
		return "o.account_id " + among(args, ids) + " AND o.deleted_at IS NULL AND " + Opportunity(args, s)
	case record.Contact:
		return "o.id IN (SELECT oc.opportunity_id FROM opportunity_contact oc WHERE oc.tenant_id = " + company + " AND oc.contact_id " +
			among(args, ids) + ") AND o.deleted_at IS NULL AND " + Opportunity(args, s)
	}
	return "o.id " + among(args, ids) + " AND " + Opportunity(args, s)
}
