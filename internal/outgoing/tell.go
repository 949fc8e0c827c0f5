package outgoing

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/notice"
	"yunchou/internal/reader"
)

// Told writes a row for each notice and each way its reader wants it, in the write that tells it.
func (s *Service) Told(ctx context.Context, tx database.Tx, e reader.Entry, list []notice.Notice) (int, error) {
	set, err := s.Rows.Setting(ctx, tx, e.TenantID)
	if err != nil {
		return 0, err
	}
	robots, err := s.Rows.Robots(ctx, tx, e.TenantID)
	if err != nil || !set.Mail && len(robots) == 0 {
		return 0, err
	}
	members := make([]string, len(list))
	for i, n := range list {
		members[i] = n.MemberID
	}
	chosen, err := s.Rows.Choices(ctx, tx, e.TenantID, members)
	if err != nil {
		return 0, err
	}
	a, err := s.Org.Job(ctx, tx, e.TenantID)
	if err != nil {
		return 0, err
	}
	speaks := map[string]bool{}
	for _, r := range robots {
		speaks[r.TeamID] = true
	}
	asks := s.Notices.AllKinds()
	var out []Message
	for _, n := range list {
		c, has := chosen[n.MemberID]
		if !has {
			c = Usual
		}
		m := Message{MemberID: n.MemberID, Seq: n.Seq, Kind: n.Kind, State: Queued, DueAt: s.Now(), CreatedAt: s.Now()}
		if set.Mail && c.Of(n.Kind) == AtOnce && a.Structure.Members[n.MemberID].Email != "" {
			m.ID, m.Way = e.Key(ByMail, n.MemberID), ByMail
			out = append(out, m)
		}
		if team, _ := a.Structure.TeamOf(n.MemberID, a.Today); c.InGroup && asks[n.Kind] && speaks[team] {
			m.ID, m.Way, m.TeamID = e.Key(ByRobot, n.MemberID), ByRobot, team
			out = append(out, m)
		}
	}
	if len(out) == 0 {
		return 0, nil
	}
	n, err := s.Rows.Insert(ctx, tx, e.TenantID, out)
	if err != nil {
		return n, err
	}
	return n + 1, s.Timetable.Hasten(ctx, tx, e.TenantID, Job)
}

// Gone takes back what waits of entries that are no more.
func (s *Service) Gone(ctx context.Context, tx database.Tx, tenant string, after int64) error {
	return s.Rows.Gone(ctx, tx, tenant, after)
}
