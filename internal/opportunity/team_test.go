package opportunity_test

import (
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/handover"
	"yunchou/internal/org"
)

// TestOpenDealsFollowTheirOwnersMainPost: 陈露 of 一组 has a deal from 03-02 on. Each case is
// what is said on 03-16, and the deal's teams by the days they begin.
func TestOpenDealsFollowTheirOwnersMainPost(t *testing.T) {
	type said struct {
		team string
		from calendar.Date
	}
	for _, tt := range []struct {
		name  string
		said  []said
		teams string
		today string
	}{
		{"a transfer of today", []said{{"二组", "2026-03-16"}}, "一组 03-02, 二组 03-16", "二组"},
		{"one dated back", []said{{"二组", "2026-03-09"}}, "一组 03-02, 二组 03-09", "二组"},
		{"one announced", []said{{"二组", "2026-06-01"}}, "一组 03-02, 二组 06-01", "一组"},
		{"an announced one that was a mistake", []said{{"二组", "2026-06-01"}, {"公司", "2026-06-01"}}, "一组 03-02, 公司 06-01", "一组"},
		{"one before an announced one", []said{{"二组", "2026-06-01"}, {"公司", "2026-04-01"}}, "一组 03-02, 公司 04-01, 二组 06-01", "一组"},
		{"one dated back before another", []said{{"二组", "2026-03-12"}, {"公司", "2026-03-09"}}, "一组 03-02, 公司 03-09, 二组 03-12", "二组"},
		{"one of today that was a mistake", []said{{"二组", "2026-03-16"}, {"公司", "2026-03-16"}}, "一组 03-02, 公司 03-16", "公司"},
		{"and back again", []said{{"二组", "2026-03-12"}, {"一组", "2026-03-14"}}, "一组 03-02, 二组 03-12, 一组 03-14", "一组"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				o := w.Opportunity("陈露", "二期改造")
				w.Clock.Set("2026-03-16")
				for _, x := range tt.said {
					must(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID[x.team], "", false, x.from))
				}
				if got := teamsOf(t, w, o.ID); got != tt.teams {
					t.Errorf("teams %s, want %s", got, tt.teams)
				}
				r, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), o.ID)
				if err != nil || r.TeamID != w.ID[tt.today] {
					t.Errorf("today it is of %s, want %s (%v)", name(w, r.TeamID), tt.today, err)
				}
			})
		})
	}
}

// TestADealFollowsFromTheDayItBecameHis: what was handed over on the 12th follows a transfer
// dated to the 9th from the 12th on, and not at all one that ended before.
func TestADealFollowsFromTheDayItBecameHis(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("小李", "三期")
		w.Clock.Set("2026-03-12")
		_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{o.ID}, ToID: w.ID["陈露"], Reason: "分工"})
		must(t, err)
		w.Clock.Set("2026-03-16")
		transfer := func(team string, from calendar.Date) {
			must(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID[team], "", false, from))
		}
		transfer("二组", "2026-03-09")
		if got, want := teamsOf(t, w, o.ID), "一组 03-02, 二组 03-12"; got != want {
			t.Errorf("teams %s, want %s", got, want)
		}
		transfer("公司", "2026-03-06") // until the 9th, when it was not hers
		if got, want := teamsOf(t, w, o.ID), "一组 03-02, 二组 03-12"; got != want {
			t.Errorf("teams %s, want %s", got, want)
		}
	})
}

// TestWhoComesBackTakesAlongWhatIsStillHis: and what was handed on meanwhile is not his.
func TestWhoComesBackTakesAlongWhatIsStillHis(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		kept, given := w.Opportunity("陈露", "二期改造"), w.Opportunity("陈露", "三期")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-09")
		must(t, err)
		w.Clock.Set("2026-03-12")
		_, err = w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{given.ID}, ToID: w.ID["小李"], Reason: "离职"})
		must(t, err)
		w.Clock.Set("2026-03-16")
		must(t, w.Org.ComeBack(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Comeback{Post: org.Post{TeamID: w.ID["二组"]}}))
		if got, want := teamsOf(t, w, kept.ID), "一组 03-02, 二组 03-16"; got != want {
			t.Errorf("what is still hers: %s, want %s", got, want)
		}
		if got, want := teamsOf(t, w, given.ID), "一组 03-02"; got != want {
			t.Errorf("what was handed on: %s, want %s", got, want)
		}
	})
}

// TestAnnouncedTeamsAreNotedOnTheirDay: lists read the team that is noted of today.
func TestAnnouncedTeamsAreNotedOnTheirDay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		goes, stays := w.Opportunity("陈露", "二期改造"), w.Opportunity("陈露", "三期")
		must(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["二组"], "", false, "2026-03-09"))
		w.Clock.Set("2026-03-05")
		must(t, w.Opportunities.Delete(w.Ctx, w.As("管理员"), stays.ID, true))
		for _, at := range []struct {
			day  calendar.Date
			team string
		}{{"2026-03-05", "一组"}, {"2026-03-09", "二组"}, {"2026-03-09", "二组"}} {
			w.Clock.Set(at.day)
			must(t, w.Opportunities.Follow(w.Ctx, w.As("管理员"), "2026-03-01"))
			for id, want := range map[string]string{goes.ID: at.team, stays.ID: "一组"} {
				r, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), id)
				if err != nil || r.TeamID != w.ID[want] {
					t.Errorf("%s: of %s, want %s (%v)", at.day, name(w, r.TeamID), want, err)
				}
			}
		}
	})
}

// TestOnlyATeamOfItsOwnerIsChosen: and who chose is told what else there is.
func TestOnlyATeamOfItsOwnerIsChosen(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		belong := func(who, team string, version int) error {
			_, err := w.Opportunities.Belong(w.Ctx, w.As(who), o.ID, version, w.ID[team])
			return err
		}
		for _, tt := range []struct {
			who, team string
			version   int
			want      string
		}{
			{"管理员", "二组", 0, "opportunity.team_not_owners"}, {"管理员", "没有的团队", 0, "opportunity.team_not_owners"},
			{"管理员", "一组", 99, "record.stale"}, {"管理员", "一组", 0, ""}, {"小李", "一组", 0, "opportunity.unknown"},
		} {
			if got := fault.CodeOf(belong(tt.who, tt.team, tt.version)); got != tt.want {
				t.Errorf("%s says %s: %q, want %q", tt.who, tt.team, got, tt.want)
			}
		}
		must(t, w.Org.AddPost(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Post{TeamID: w.ID["二组"], From: "2026-03-02"}))
		must(t, belong("管理员", "二组", 0))
		w.Clock.Set("2026-03-09")
		must(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["公司"], "", false, "2026-03-09"))
		if got, want := teamsOf(t, w, o.ID), "二组 03-02"; got != want {
			t.Errorf("set to another team: %s, want %s", got, want)
		}
		must(t, belong("管理员", "公司", 0))
		if got, want := teamsOf(t, w, o.ID), "二组 03-02, 公司 03-09"; got != want {
			t.Errorf("set back: %s, want %s", got, want)
		}
	})
}

func name(w *apptest.World, id string) string {
	for n, x := range w.ID {
		if x == id {
			return n
		}
	}
	return id
}

// teamsOf lists a record's teams by the days they begin, as known now.
func teamsOf(t *testing.T, w *apptest.World, id string) string {
	t.Helper()
	var out []string
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(w.Ctx, `SELECT COALESCE(team_id, ''), from_on FROM ownership o WHERE record_id = $1 AND ended_seq IS NULL AND NOT EXISTS (
			SELECT 1 FROM ownership l WHERE l.tenant_id = o.tenant_id AND l.record_id = o.record_id AND l.ended_seq IS NULL
				AND l.from_on = o.from_on AND (l.seq, l.ord) > (o.seq, o.ord)) ORDER BY from_on`, id)
		if err != nil {
			return err
		}
		defer rows.Close()
		last := ""
		for rows.Next() {
			var team, from string
			if err := rows.Scan(&team, &from); err != nil {
				return err
			}
			from = strings.TrimPrefix(from, "2026-")
			if n := name(w, team); n != last {
				out = append(out, n+" "+from)
				last = n
			}
		}
		return rows.Err()
	}))
	return strings.Join(out, ", ")
}
