package tie

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/notice"
	"yunchou/internal/org"
	"yunchou/internal/reader"
	"yunchou/internal/record"
)

// Kinds of notice.
const (
	toldIntroduce = "introduction.asked"  // who is asked for one
	toldAgreed    = "introduction.agreed" // who asked
	toldAround    = "ask_around.asked"    // who is asked whether he knows somebody
	toldKnown     = "ask_around.known"    // who asked
	toldAvoid     = "tie.avoid"           // compliance
)

// Notices tell who is asked, and who asked where it was agreed to, or somebody knows; a refusal is told to nobody.
func (s *Service) Notices() notice.Source {
	return notice.Source{
		Kinds: map[string]bool{toldIntroduce: true, toldAgreed: false, toldAround: true, toldKnown: false, toldAvoid: false},
		Tells: map[string]notice.Teller{"introduction.asked": s.tellsIntroduction, "introduction.agreed": s.tellsIntroduction,
			"ask_around.asked": s.tellsAround, "ask_around.widened": s.tellsAround, "ask_around.known": s.tellsAround,
			"tie.noted": s.tellsTie, "tie.changed": s.tellsTie},
		Shows: map[string]notice.Shower{IntroductionKind: s.showsIntroductions, AskAroundKind: s.showsAround, RefKind: s.showsTies},
		Opens: map[string]notice.Opener{toldIntroduce: s.introductionOpen, toldAround: s.aroundOpen},
	}
}

func (s *Service) tellsIntroduction(ctx context.Context, tx database.Tx, e reader.Entry) ([]notice.To, error) {
	i, there, err := s.Rows.Introduction(ctx, tx, e.TenantID, e.Subject.ID)
	if err != nil || !there || i.AskedID == "" {
		return nil, err
	}
	if e.Kind == "introduction.agreed" {
		return []notice.To{{MemberID: i.AskerID, Kind: toldAgreed}, {MemberID: i.AskedID}}, nil
	}
	return []notice.To{{MemberID: i.AskedID, Kind: toldIntroduce}}, nil
}

func (s *Service) tellsAround(ctx context.Context, tx database.Tx, e reader.Entry) (out []notice.To, err error) {
	k, there, err := s.Rows.AskAround(ctx, tx, e.TenantID, e.Subject.ID)
	if err != nil || !there {
		return nil, err
	}
	if e.Kind == "ask_around.known" {
		return []notice.To{{MemberID: k.AskerID, Kind: toldKnown}}, nil
	}
	wave := 1
	if e.Kind == "ask_around.widened" {
		wave = 2
	}
	said, err := s.Rows.SaidIn(ctx, tx, e.TenantID, []string{k.ID})
	for _, x := range said {
		if x.Wave == wave {
			out = append(out, notice.To{MemberID: x.MemberID, Kind: toldAround})
		}
	}
	return out, err
}

func (s *Service) tellsTie(ctx context.Context, tx database.Tx, e reader.Entry) (out []notice.To, err error) {
	t, there, err := s.Rows.Any(ctx, tx, e.TenantID, e.Subject.ID)
	if err != nil || !there || !t.Avoid {
		return nil, err
	}
	a, err := s.Job(ctx, tx, e.TenantID)
	if err != nil {
		return nil, err
	}
	for id := range a.Structure.Members {
		if !a.Structure.Gone(id, a.Today) && org.NewActor(a.Company, a.Structure, id, "job", a.Now).Can(org.ComplianceRead) {
			out = append(out, notice.To{MemberID: id, Kind: toldAvoid})
		}
	}
	slices.SortFunc(out, func(x, y notice.To) int { return cmp.Compare(x.MemberID, y.MemberID) })
	return out, nil
}

func (s *Service) introductionOpen(ctx context.Context, tx database.Tx, tenant string, n notice.Notice) (bool, error) {
	i, there, err := s.Rows.Introduction(ctx, tx, tenant, n.About.ID)
	return there && i.AskedID == n.MemberID && i.AnsweredAt == nil, err
}

func (s *Service) aroundOpen(ctx context.Context, tx database.Tx, tenant string, n notice.Notice) (bool, error) {
	said, err := s.Rows.SaidIn(ctx, tx, tenant, []string{n.About.ID})
	return slices.ContainsFunc(said, func(x Said) bool { return x.MemberID == n.MemberID && x.Answer == "" }), err
}

func (s *Service) showsIntroductions(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]notice.Shown, error) {
	out := map[string]notice.Shown{}
	if own(a) != nil {
		return out, nil
	}
	for _, id := range ids {
		i, there, err := s.Rows.Introduction(ctx, tx, a.TenantID, id)
		if err != nil {
			return nil, err
		}
		list := []Introduction{i}
		switch {
		case !there:
			continue
		case i.AskedID == a.MemberID:
			err = s.asAsked(ctx, tx, a, list)
		case i.AskerID == a.MemberID:
			err = s.asAsker(ctx, tx, a, list)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		x := notice.Shown{On: record.Ref{Kind: IntroductionKind, ID: id}, Name: list[0].Name, Text: list[0].Sentence}
		if i.AskerID == a.MemberID {
			x.Text = list[0].AskedName
		}
		out[id] = x
	}
	return out, nil
}

func (s *Service) showsAround(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]notice.Shown, error) {
	out := map[string]notice.Shown{}
	if own(a) != nil {
		return out, nil
	}
	for _, id := range ids {
		k, there, err := s.Rows.AskAround(ctx, tx, a.TenantID, id)
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		said, err := s.Rows.SaidIn(ctx, tx, a.TenantID, []string{id})
		if err != nil {
			return nil, err
		}
		if k.AskerID == a.MemberID || slices.ContainsFunc(said, func(x Said) bool { return x.MemberID == a.MemberID }) {
			out[id] = notice.Shown{On: record.Ref{Kind: AskAroundKind, ID: id}, Name: k.Name, Text: k.Former}
		}
	}
	return out, nil
}

func (s *Service) showsTies(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]notice.Shown, error) {
	out := map[string]notice.Shown{}
	if !a.Can(org.ComplianceRead) {
		return out, nil
	}
	for _, id := range ids {
		t, there, err := s.Rows.Any(ctx, tx, a.TenantID, id)
		if err != nil {
			return nil, err
		}
		if !there || !t.Avoid {
			continue
		}
		list, err := s.readable(ctx, tx, a.Reaching(org.Scope{All: true}), []Tie{t})
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			out[id] = notice.Shown{On: record.Ref{Kind: RefKind, ID: id}, Name: list[0].ContactName, Text: list[0].HolderName}
		}
	}
	return out, nil
}

// Reader removes what a member said and did not share once he has left. Whose last day lies ahead is looked for by the
// hour.
func (s *Service) Reader() reader.Reader {
	return reader.Reader{Name: "tie.left", First: reader.FromStart, Lost: reader.FromCommon, Kinds: []string{"member.left"},
		Apply: func(ctx context.Context, tx database.Tx, e reader.Entry) (int, error) {
			a, err := s.Job(ctx, tx, e.TenantID)
			if err != nil || !a.Structure.Gone(e.Subject.ID, a.Today) {
				return 0, err
			}
			return 1, s.Rows.ForgetMember(ctx, tx, e.TenantID, e.Subject.ID)
		}}
}
