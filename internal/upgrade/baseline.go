package upgrade

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// A baseline is what a journal is replayed from: one entry a record, with every row of it
// as the upgrade left it. Its payload has the rows by table, each a list of values in the
// order of the columns that the company's own entry names; texts people wrote are not in it.

// Part is a table with rows of a kind of record, found by the column that holds its id.
type Part struct {
	Table, Key string
	// Kind is the column that says of which kind the row is, where ids alone do not.
	Kind string
}

// Kind is a kind of records with its tables, its own first.
type Kind struct {
	Kind  string
	Parts []Part
}

// Kinds are the kinds of records that a baseline has.
var Kinds = []Kind{
	{"company", []Part{{"tenant", "id", ""}, {"exchange_rate", "tenant_id", ""}, {"holiday_year", "tenant_id", ""},
		{"dated_value", "record_id", ""}}},
	{"member", []Part{{"member", "id", ""}, {"member_role", "member_id", ""}, {"delegation", "principal_id", ""}, {"saved_view", "member_id", ""}}},
	{"team", []Part{{"team", "id", ""}, {"team_parent", "team_id", ""}}},
	{"position", []Part{{"position", "id", ""}}},
	{"seat", []Part{{"seat", "id", ""}, {"seat_holder", "seat_id", ""}}},
	{"field", []Part{{"custom_field", "id", ""}}},
	{"product_line", []Part{{"product_line", "id", ""}}},
	{"competitor", []Part{{"competitor", "id", ""}}},
	{"pipeline", []Part{{"pipeline", "id", ""}, {"stage", "pipeline_id", ""}}},
	{"pipeline_version", []Part{{"pipeline_version", "id", ""}, {"stage_version", "version_id", ""}, {"milestone", "version_id", ""}, {"stage_mapping", "version_id", ""}}},
	{"account", append([]Part{{"account", "id", ""}}, ofRecord...)},
	{"contact", append([]Part{{"contact", "id", ""}, {"employment", "contact_id", ""}}, ofRecord...)},
	{"opportunity", append([]Part{{"opportunity", "id", ""}, {"stay", "opportunity_id", ""}, {"opportunity_share", "opportunity_id", ""},
		{"opportunity_line", "opportunity_id", ""}, {"opportunity_contact", "opportunity_id", ""}, {"deal_role", "opportunity_id", ""}, {"opportunity_competitor", "opportunity_id", ""},
		{"deal_team", "opportunity_id", ""}, {"evidence", "opportunity_id", ""}, {"credit_line", "fact_id", ""}}, ofRecord...)},
	{"follow_up", []Part{{"follow_up", "id", ""}, {"follow_up_contact", "follow_up_id", ""}, {"follow_up_colleague", "follow_up_id", ""}, {"record_link", "id", "kind"}}},
	{"task", []Part{{"task", "id", ""}, {"record_link", "id", "kind"}}},
	{"file", []Part{{"file", "id", ""}, {"record_link", "id", "kind"}}},
	{"handover", []Part{{"handover", "id", ""}}},
	{"import", []Part{{"import_batch", "id", ""}, {"import_change", "batch_id", ""}}},
}

// ofRecord are the tables that hold rows of several kinds.
var ofRecord = []Part{{"ownership", "record_id", ""}, {"dated_value", "record_id", ""}, {"custom_value", "record_id", ""}, {"external_ref", "record_id", ""}}

// Texts are the columns no baseline has, because payloads hold nothing people wrote: names
// and what is found by them, words, addresses, secrets.
var Texts = map[string]bool{
	"name": true, "name_key": true, "pinyin": true, "initials": true, "spelled": true, "label": true, "options": true, "title": true, "department": true,
	"email": true, "phone": true, "mobile": true, "wechat": true, "login_name": true,
	"reason": true, "loss_reason": true, "note": true, "decision_note": true, "words": true, "what": true, "result": true,
	"opportunity.source": true, "query": true, "buyer_step": true, "files": true, "mapping": true, "error": true, "before": true, "after": true,
	"evidence.text_value": true, "custom_value.text_value": true, "deal_team.role": true, "series": true, "business_type": true,
}

// Row is one row of a part: whose it is, and its values but the texts.
type Row struct {
	ID     string
	Values []any
}

// baseline writes the entries of a run of records of a kind.
func (s *Service) baseline(kind string, parts []Part) func(context.Context, database.Tx, Company, Step) (Step, error) {
	return func(ctx context.Context, tx database.Tx, c Company, from Step) (Step, error) {
		ids, err := s.Rows.IDs(ctx, tx, c.ID, parts[0], from.After, s.size())
		if err != nil {
			return from, err
		}
		states := map[string]recordBaseline{}
		for _, id := range ids {
			states[id] = recordBaseline{}
		}
		for _, p := range parts {
			if len(ids) == 0 {
				break
			}
			rows, err := s.Rows.Part(ctx, tx, c.ID, kind, p, ids)
			if err != nil {
				return from, err
			}
			for _, r := range rows {
				if of, ok := states[r.ID]; ok {
					of[p.Table] = append(of[p.Table], r.Values)
				}
			}
		}
		by := journal.By{TenantID: c.ID, Path: "job", Now: s.Now()}
		for _, id := range ids {
			journal.Append(tx, by, states[id].event(record.Ref{Kind: kind, ID: id}, c))
			from.After = id
		}
		from.Records, from.Done = from.Records+int64(len(ids)), len(ids) < s.size()
		return from, nil
	}
}
