package outgoing

import (
	"context"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/notice"
	"yunchou/internal/org"
)

// verdict is what becomes of a message whose time has come.
type verdict struct {
	withdraw string    // why it is not sent
	until    time.Time // it is quiet until then
	reader   org.Actor
	notices  []notice.Notice
}

func withdrawn(code string) verdict { return verdict{withdraw: code} }

// judge asks with its reader's rights of now whether a message is sent.
func (s *Service) judge(ctx context.Context, tx database.Tx, tenant string, m Message) (v verdict, err error) {
	c, st, err := s.Org.Load(ctx, tx, tenant)
	if err != nil {
		return v, err
	}
	a := org.NewActor(c, st, m.MemberID, m.Way, s.Now())
	if _, known := st.Members[m.MemberID]; !known || st.Gone(m.MemberID, a.Today) {
		return withdrawn(HasLeft), nil
	}
	chosen, err := s.choiceOf(ctx, tx, tenant, m.MemberID)
	if err != nil {
		return v, err
	}
	if why := m.unwanted(a, chosen); why != "" {
		return withdrawn(why), nil
	}
	works, err := s.works(ctx, tx, a, m.MemberID)
	if err != nil {
		return v, err
	}
	if until := chosen.Until(s.Now(), c.Zone(), works); until.After(s.Now()) && !m.inItsTime(s.Now(), chosen, c.Zone()) {
		return verdict{until: until}, nil
	}
	v.reader = a
	if m.Way == ByDigest {
		v.notices, err = s.unread(ctx, tx, a, m.DigestOn, chosen)
		if len(v.notices) == 0 {
			v.withdraw = Nothing
		}
		return v, err
	}
	n, err := s.Notices.Shown(ctx, tx, a, m.Seq)
	if fault.Is(err, fault.NotFound) {
		return withdrawn(IsGone), nil
	} else if err != nil {
		return v, err
	}
	open, err := s.Notices.Open(ctx, tx, tenant, n)
	switch {
	case n.ReadAt != nil:
		v.withdraw = WasRead
	case n.Hidden:
		v.withdraw = IsHidden
	case !open:
		v.withdraw = IsSettled
	}
	v.notices = []notice.Notice{n}
	return v, err
}

// atItsTime is for how long after its time a digest goes though it is quiet: its time is the member's own.
const atItsTime = 10 * time.Minute

func (m Message) inItsTime(now time.Time, c Choice, zone *time.Location) bool {
	return m.Way == ByDigest && now.Sub(at(m.DigestOn, minuteOf(c.DigestAt), zone)) < atItsTime
}

// unwanted is why a member does not want a message, or cannot have it; "" where he does.
func (m Message) unwanted(a org.Actor, c Choice) string {
	team, _ := a.Structure.TeamOf(m.MemberID, a.Today)
	switch {
	case m.Way != ByRobot && a.Structure.Members[m.MemberID].Email == "":
		return NoAddress
	case m.Way == ByMail && c.Of(m.Kind) != AtOnce, m.Way == ByDigest && !c.Digest, m.Way == ByRobot && !c.InGroup:
		return Unwanted
	case m.Way == ByRobot && team != m.TeamID:
		return HasMoved
	}
	return ""
}

// ready asks whether a message goes now. One that does not is withdrawn, or waits.
func (s *Service) ready(ctx context.Context, tenant string, m Message) (v verdict, ready bool, err error) {
	if m.Unsure >= mostSure { // who handed it over died each time
		m.State, m.Code = GivenUp, NotSure
		now := s.Now()
		m.EndedAt = &now
		return v, false, s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.Save(ctx, tx, tenant, Queued, m) })
	}
	err = s.DB.Read(ctx, func(tx database.Tx) (err error) {
		v, err = s.judge(ctx, tx, tenant, m)
		return err
	})
	switch {
	case err != nil:
		return v, false, err
	case v.withdraw != "":
		return v, false, s.withdraw(ctx, tenant, m, v.withdraw)
	case !v.until.IsZero():
		return v, false, s.wait(ctx, tenant, m, v.until)
	}
	return v, true, nil
}
