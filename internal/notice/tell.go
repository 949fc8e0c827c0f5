package notice

import (
	"context"
	"errors"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/reader"
)

// Name is the reader's.
const Name = "notice"

// Reader writes who is told what.
func (s *Service) Reader() reader.Reader {
	return reader.Reader{Name: Name, Kinds: s.entries(), Apply: s.apply,
		// Where the history ends earlier than it did, what entries told that are no more goes: their numbers come again.
		Lost: func(ctx context.Context, tx database.Tx, last reader.Place) (int64, error) {
			after, err := reader.FromCommon(ctx, tx, last)
			if err != nil {
				return after, err
			}
			if s.Onward != nil {
				err = s.Onward.Gone(ctx, tx, last.TenantID, after)
			}
			return after, errors.Join(err, s.Rows.Gone(ctx, tx, last.TenantID, after))
		}}
}

// entries are the kinds of entry that concern somebody.
func (s *Service) entries() []string {
	all := map[string]bool{}
	for _, x := range s.Sources {
		for kind := range x.Tells {
			all[kind] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func (s *Service) apply(ctx context.Context, tx database.Tx, e reader.Entry) (int, error) {
	told, err := s.concerns(ctx, tx, e)
	if err != nil {
		return 0, err
	}
	var list []Notice
	for _, to := range told {
		if to.Kind == "" {
			continue
		}
		if to.About.ID == "" {
			to.About = e.Subject
		}
		list = append(list, Notice{MemberID: to.MemberID, Kind: to.Kind, Seq: e.Seq, About: to.About, ActorID: doer(e), At: e.RecordedAt})
	}
	if err := s.Rows.Insert(ctx, tx, e.TenantID, list); err != nil || s.Onward == nil || len(list) == 0 {
		return len(list), err
	}
	more, err := s.Onward.Told(ctx, tx, e, list)
	return len(list) + more, err
}

// doer is who did it, "" where the program did by itself.
func doer(e reader.Entry) string {
	switch {
	case e.Path == "job":
		return ""
	case e.OnBehalfOf != "":
		return e.OnBehalfOf
	}
	return e.ActorID
}

// concerns are those an entry concerns, each once: whom it tells something, and whose pages show what is not so any
// more. One's own act tells oneself nothing, nor the principal one acts for; and who has left is told nothing.
func (s *Service) concerns(ctx context.Context, tx database.Tx, e reader.Entry) ([]To, error) {
	byMember := map[string]To{}
	var order []string
	for _, x := range s.Sources {
		tell := x.Tells[e.Kind]
		if tell == nil {
			continue
		}
		told, err := tell(ctx, tx, e)
		if err == nil && len(told) > 0 {
			told, err = s.there(ctx, tx, x, e, told)
		}
		if err != nil {
			return nil, err
		}
		for _, to := range told {
			was, twice := byMember[to.MemberID]
			if !twice {
				order = append(order, to.MemberID)
			}
			if !twice || was.Kind == "" {
				byMember[to.MemberID] = to
			}
		}
	}
	out := make([]To, len(order))
	for i, id := range order {
		out[i] = byMember[id]
	}
	return out, nil
}

// there are those an entry concerns who are with the company, and may read what it is about.
func (s *Service) there(ctx context.Context, tx database.Tx, x Source, e reader.Entry, told []To) (out []To, err error) {
	c, st, err := s.Org.Load(ctx, tx, e.TenantID)
	if err != nil {
		return nil, err
	}
	now := s.Org.Now()
	today := org.SystemActor(c, st, e.ActorID, "job", now).Today
	reads := map[string]bool{}
	for _, to := range told {
		if _, known := st.Members[to.MemberID]; !known || st.Gone(to.MemberID, today) {
			continue
		}
		may, asked := reads[to.MemberID]
		if !asked {
			may = true
			if x.Reads != nil {
				if may, err = x.Reads(ctx, tx, org.NewActor(c, st, to.MemberID, "job", now), e); err != nil {
					return nil, err
				}
			}
			reads[to.MemberID] = may
		}
		if own(e, to.MemberID) {
			to.Kind = ""
		}
		if may {
			out = append(out, to)
		}
	}
	return out, nil
}

func own(e reader.Entry, member string) bool {
	return e.Path != "job" && (e.ActorID == member || e.OnBehalfOf == member)
}
