package worktime

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
)

// Answer is who answers for a member.
type Answer struct {
	MemberID string   // "" where nobody is left to
	Passed   []string // who is away or has left, in the order they were asked; empty where the member is there
}

// Answerer is who answers for a member at an instant: himself; while he is away his deputy, or who
// stands in for that one; else, up the line, the first superior who is there, or has a deputy who is.
// Nobody is asked twice, so that deputies who stand in for each other end at the superior.
func (s *Service) Answerer(ctx context.Context, tx database.Tx, a org.Actor, member string, at time.Time) (out Answer, err error) {
	day, seen := calendar.DateOf(at, a.Company.Zone()), map[string]bool{}
	line := append([]string{member}, a.Structure.Superiors(member, day)...)
	for _, m := range line {
		for m != "" && !seen[m] {
			seen[m] = true
			there, deputy, err := s.thereAt(ctx, tx, a, m, day, at)
			if err != nil {
				return out, err
			}
			if there {
				out.MemberID = m
				return out, nil
			}
			out.Passed = append(out.Passed, m)
			m = deputy
		}
	}
	return out, nil
}

// thereAt tells whether a member is there at an instant, and else who his deputy is. Who has left has
// none: his superior answers.
func (s *Service) thereAt(ctx context.Context, tx database.Tx, a org.Actor, member string, day calendar.Date, at time.Time,
) (there bool, deputy string, err error) {
	if a.Structure.Gone(member, day) {
		return false, "", nil
	}
	away, err := s.Rows.Absences(ctx, tx, a.TenantID, member, at)
	for _, b := range away {
		if !b.From.After(at) {
			return false, b.DeputyID, err
		}
	}
	return true, "", err
}

// Answers is Answerer for who asks who would answer. Fault: org.member_unknown.
func (s *Service) Answers(ctx context.Context, a org.Actor, member string, at time.Time) (Answer, error) {
	return org.Setting(ctx, s.DB, a, org.OrgRead, func(ctx context.Context, tx database.Tx, _ string) (Answer, error) {
		if _, known := a.Structure.Members[member]; !known {
			return Answer{}, fault.New(fault.NotFound, "org.member_unknown", "no such member")
		}
		return s.Answerer(ctx, tx, a, member, at)
	})
}

// AwayAt are those of some members who are away at an instant; who has left is not looked for.
func (s *Service) AwayAt(ctx context.Context, tx database.Tx, tenant string, members []string, at time.Time) (map[string]bool, error) {
	out := map[string]bool{}
	if len(members) == 0 {
		return out, nil
	}
	list, err := s.Rows.AbsencesOfMany(ctx, tx, tenant, members, at)
	for _, b := range list {
		if !b.From.After(at) {
			out[b.MemberID] = true
		}
	}
	return out, err
}
