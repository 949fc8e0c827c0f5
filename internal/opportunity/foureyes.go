package opportunity

import (
	"context"
	"encoding/json"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/journal"
)

// Where a second person must look at what was done, it is another human. Rows say in whose name
// something was done; who did it, signed in himself, is said by the journal.

// persons are those who wrote entries about a record, and in whose names.
func (s *Service) persons(ctx context.Context, tx database.Tx, tenant, id string, wrote func(journal.Entry) bool) ([]string, error) {
	list, err := journal.After(ctx, tx, tenant, Ref(id), 0)
	var out []string
	for _, e := range list {
		if e.Path != "job" && wrote(e) {
			out = append(out, e.ActorID, e.OnBehalfOf)
		}
	}
	return out, err
}

// whoSubmitted are the persons behind evidence.
func (s *Service) whoSubmitted(ctx context.Context, tx database.Tx, tenant, id string, e Evidence) ([]string, error) {
	out, err := s.persons(ctx, tx, tenant, id, func(x journal.Entry) bool {
		var p evidenceEvent
		return x.Kind == "evidence.submitted" && json.Unmarshal(x.Payload, &p) == nil && p.EvidenceID == e.ID
	})
	return append(out, e.SubmittedBy), err
}

// whoEntered are the persons behind stays, and behind those whose place they took.
func (s *Service) whoEntered(ctx context.Context, tx database.Tx, tenant, id string, all []Stay, of ...Stay) ([]string, error) {
	var seqs []database.Seq
	var out []string
	for _, x := range all {
		if slices.ContainsFunc(of, func(st Stay) bool { return x.Ord/ordStep == st.Ord/ordStep }) {
			seqs, out = append(seqs, x.Seq), append(out, x.MemberID)
		}
	}
	more, err := s.persons(ctx, tx, tenant, id, func(x journal.Entry) bool { return slices.Contains(seqs, database.Seq(x.Seq)) })
	return append(out, more...), err
}
