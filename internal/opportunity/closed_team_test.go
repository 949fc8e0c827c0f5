package opportunity_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// closing is a team under the company that is closed on the 9th of March, with 陈露's deal in it
// that is not open then.
type closing struct {
	*apptest.World
	t    *testing.T
	team string
	deal string
}

// newClosing puts the deal there: set to the team beside her main one, or by her main post,
// which she had there until she left or moved on.
func newClosing(t *testing.T, db *database.DB, set bool) *closing {
	t.Helper()
	w := apptest.New(t, db)
	c := &closing{World: w, t: t}
	tm, err := w.Org.AddTeam(w.Ctx, w.As("管理员"), "", "临时组", w.ID["公司"], "", "2026-03-02")
	must(t, err)
	c.team = tm.ID
	if set {
		must(t, w.Org.AddPost(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Post{TeamID: tm.ID, From: "2026-03-02"}))
	} else {
		must(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], tm.ID, "", false, "2026-03-02"))
	}
	c.deal = w.Opportunity("陈露", "二期改造").ID
	if set {
		_, err = w.Opportunities.Belong(w.Ctx, w.As("管理员"), c.deal, 0, tm.ID)
		must(t, err)
	}
	return c
}

// close closes the team and its seats on a day, once 陈露 has left or moved on.
func (c *closing) close(on calendar.Date, leaves bool) {
	c.t.Helper()
	boss := c.As("管理员")
	if leaves {
		_, err := c.Org.Leave(c.Ctx, boss, c.ID["陈露"], on)
		must(c.t, err)
	} else if main, _ := boss.Structure.TeamOf(c.ID["陈露"], boss.Today); main == c.team {
		must(c.t, c.Org.Transfer(c.Ctx, boss, c.ID["陈露"], c.ID["二组"], "", false, on))
	}
	for _, h := range c.As("管理员").Structure.Holdings {
		seat := c.As("管理员").Structure.Seats[h.SeatID]
		if seat.TeamID == c.team && h.MemberID == c.ID["陈露"] && (h.To == "" || h.To > on) {
			must(c.t, c.Org.EndPost(c.Ctx, boss, c.ID["陈露"], h.SeatID, on))
		}
	}
	for id, seat := range c.As("管理员").Structure.Seats {
		if seat.TeamID == c.team {
			must(c.t, c.Org.CloseSeat(c.Ctx, c.As("管理员"), id, on))
		}
	}
	must(c.t, c.Org.CloseTeam(c.Ctx, c.As("管理员"), c.team, on))
}

func (c *closing) lose() {
	c.Move("管理员", c.deal, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = "no_decision" })
}

func (c *closing) reopen() error {
	_, err := c.Opportunities.Move(c.Ctx, c.As("管理员"), c.deal, opportunity.MoveRequest{To: "reopen", Reason: "又来了"})
	return err
}

// From the day a team is closed nothing open belongs to it, by whichever way it became open:
// it is in its owner's main team, and where he sits nowhere any more in the team above, whose
// leader sees it.
func TestNothingOpenBelongsToAClosedTeam(t *testing.T) {
	for _, tt := range []struct {
		way         string
		set, leaves bool
		want        string
	}{
		{"reopened", true, true, "公司"},
		{"reopened", true, false, "一组"},
		{"reopened", false, true, "公司"},
		{"reopened", false, false, "二组"},
		{"taken back", true, false, "一组"},
		{"taken back", false, true, "公司"},
		{"restored", true, false, "一组"},
		{"restored", false, true, "公司"},
		{"handed over and reopened", false, true, "一组"},
		{"reopened before its day", true, true, "一组"}, // where she sits until then
		{"reopened before its day", false, true, "公司"},
		{"reopened before its day", false, false, "二组"},
	} {
		name := tt.way + map[bool]string{true: ", set", false: ", main"}[tt.set] + map[bool]string{true: ", left", false: ", there"}[tt.leaves]
		t.Run(name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				c := newClosing(t, db, tt.set)
				c.way(tt.way, tt.leaves)
				r, err := c.Opportunities.Get(c.Ctx, c.As("管理员"), c.deal)
				must(t, err)
				held := ownedOn(t, c.World, c.deal, "2026-03-10")
				if r.TeamID != c.ID[tt.want] || held.TeamID != r.TeamID {
					t.Errorf("noted in %s, owned in %s, want %s; %s", called(c, r.TeamID), called(c, held.TeamID), tt.want, teamsOf(t, c.World, c.deal))
				}
			})
		})
	}
}

func called(c *closing, team string) string { return name(c.World, team) }

// way closes the team on the 9th and has the deal open on the 10th.
func (c *closing) way(way string, leaves bool) {
	t, boss := c.t, func() org.Actor { return c.As("管理员") }
	t.Helper()
	if way == "restored" {
		must(t, c.Opportunities.Delete(c.Ctx, boss(), c.deal, true))
	} else {
		c.lose()
	}
	if way == "reopened before its day" {
		day(c.World, "03-05")
		c.close("2026-03-09", leaves)
		must(t, c.reopen())
		day(c.World, "03-09")
		must(t, c.Opportunities.Follow(c.Ctx, boss(), "2026-03-05"))
		day(c.World, "03-10")
		return
	}
	day(c.World, "03-09")
	c.close("2026-03-09", leaves)
	day(c.World, "03-10")
	switch way {
	case "reopened":
		must(t, c.reopen())
	case "taken back":
		_, err := c.Opportunities.TakeBack(c.Ctx, boss(), c.deal, "点错了")
		must(t, err)
	case "restored":
		must(t, c.Opportunities.Delete(c.Ctx, boss(), c.deal, false))
	case "handed over and reopened":
		_, err := c.Handovers.HandOver(c.Ctx, boss(), handover.Ask{Kind: "opportunity", IDs: []string{c.deal}, ToID: c.ID["小李"], Reason: "分工"})
		must(t, err)
		must(t, c.reopen())
	}
}

// What is made in a team whose closing is announced, by somebody who leaves with it, is in the
// team above from the day it is closed.
func TestWhatIsMadeInATeamThatIsToCloseGoesToTheOneAbove(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		c := newClosing(t, db, false)
		c.lose()
		day(c.World, "03-05")
		c.close("2026-03-09", true)
		day(c.World, "03-06")
		o := c.World.Opportunity("陈露", "三期改造")
		day(c.World, "03-09")
		must(t, c.Opportunities.Follow(c.Ctx, c.As("管理员"), "2026-03-05"))
		r, err := c.Opportunities.Get(c.Ctx, c.As("管理员"), o.ID)
		must(t, err)
		if r.TeamID != c.ID["公司"] {
			t.Errorf("it is in %s; %s", name(c.World, r.TeamID), teamsOf(t, c.World, o.ID))
		}
	})
}

// Nothing is set to a team that is to be closed: it would have to leave it again by itself.
func TestNothingIsSetToATeamThatIsToClose(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		c := newClosing(t, db, true)
		c.lose()
		day(c.World, "03-05")
		c.close("2026-03-09", false)
		must(t, c.reopen())
		_, err := c.Opportunities.Belong(c.Ctx, c.As("管理员"), c.deal, 0, c.team)
		if fault.CodeOf(err) != "org.team_closed" {
			t.Errorf("answered %v; %s", err, teamsOf(t, c.World, c.deal))
		}
	})
}
