package app_test

import (
	"maps"
	"math/rand/v2"
	"testing"

	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/followup"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/replay/replaytest"
)

// TestEveryKindOfEntryAboutADealIsGivenBack: what the game does not play.
func TestEveryKindOfEntryAboutADealIsGivenBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		p := apptest.NewPlayer(apptest.New(t, db), rand.New(rand.NewPCG(1, 1)))
		deals := dealsPlayed{p}
		deals.ownFields()
		deals.evidence()
		deals.parties()
		deals.closings()
		deals.imports()
		deals.teams()
		for kind := range maps.Keys(app.New(db, t.TempDir(), p.Log, p.Now).Opportunities.Replays()) {
			if kind != "opportunity.exported" && kind != "opportunity.taken_over" &&
				len(replaytest.Rows(t, db, `SELECT 1 FROM journal WHERE kind = '`+kind+`'`)) == 0 {
				t.Errorf("nothing is played of %s", kind)
			}
		}
		played(t, db, databasetest.Another(t, db), p)
	})
}

type dealsPlayed struct{ *apptest.Player }

func (p dealsPlayed) ownFields() {
	for key, typ := range map[string]field.Type{"words": field.Text, "size": field.Number, "worth": field.Money, "day": field.Date, "who": field.Person} {
		_, err := p.Fields.Define(p.Ctx, p.As("管理员"), field.Field{Record: "opportunity", Key: key, Label: key, Type: typ})
		must(p.T, err)
	}
	_, err := p.Fields.Define(p.Ctx, p.As("管理员"), field.Field{Record: "opportunity", Key: "way", Label: "way", Type: field.Choice, Options: []string{"甲", "乙"}})
	must(p.T, err)
	o, err := p.Opportunities.Create(p.Ctx, p.As("陈露"), opportunity.New{Name: "自定", Custom: field.Values{"words": "话", "size": "1.5", "way": "甲", "who": p.ID["小李"]}})
	must(p.T, err)
	_, err = p.Opportunities.Edit(p.Ctx, p.As("陈露"), o.ID, 0, opportunity.Patch{Custom: field.Values{"words": "", "size": "2", "worth": "3.10", "day": "2026-04-01", "way": "乙", "who": ""}})
	must(p.T, err)
}

func (p dealsPlayed) evidence() {
	o := p.Opportunity("陈露", "二期改造")
	p.Supply("陈露", o.ID)
	p.Move("陈露", o.ID, "方案确认", apptest.Exception)
	must(p.T, p.Opportunities.SeeExceptions(p.Ctx, p.As("蒋跃"), o.ID))
	for i, day := range []string{"2026-03-04", "2026-03-11"} {
		p.Clock.Set(apptest.Start.Add(2 + 7*i))
		e, err := p.Opportunities.SubmitEvidence(p.Ctx, p.As("陈露"), o.ID, opportunity.Submission{StageID: p.Stage("方案确认"), Key: "agreement", FileID: p.File("陈露", o.ID), Text: day})
		must(p.T, err)
		p.Clock.Set(apptest.Start.Add(4 + 7*i))
		must(p.T, p.Opportunities.DecideEvidence(p.Ctx, p.As("蒋跃"), o.ID, e.ID, i == 1, "缺章"))
	}
}

func (p dealsPlayed) parties() {
	o := p.Opportunity("陈露", "三期")
	contact, other := p.Contact("陈露", "王工"), p.Contact("陈露", "赵工")
	must(p.T, p.Opportunities.SetTeam(p.Ctx, p.As("陈露"), o.ID, 0, []opportunity.TeamMember{{MemberID: p.ID["小李"], Role: "售前"}}))
	must(p.T, p.Opportunities.SetContacts(p.Ctx, p.As("陈露"), o.ID, 0, []opportunity.DealContact{{ContactID: contact, Role: "user"}}))
	must(p.T, p.Opportunities.SetCompetitors(p.Ctx, p.As("陈露"), o.ID, 0, []string{"甲公司", "乙公司"}))
	must(p.T, p.Opportunities.SetCompetitors(p.Ctx, p.As("陈露"), o.ID, 0, []string{"乙公司"}))
	_, err := p.FollowUps.Log(p.Ctx, p.As("陈露"), followup.FollowUp{On: []record.Ref{opportunity.Ref(o.ID)}, Channel: "phone", TwoWay: true,
		HappenedOn: p.As("陈露").Today, Words: "谈了", ContactIDs: []string{contact, other}}, "")
	must(p.T, err)
	must(p.T, p.Opportunities.SetContacts(p.Ctx, p.As("陈露"), o.ID, 0, []opportunity.DealContact{{ContactID: other, Role: "coach"}}))
	must(p.T, p.Opportunities.SetShares(p.Ctx, p.As("陈露"), o.ID, 0,
		[]opportunity.Share{{MemberID: p.ID["小李"], Kind: "direct", BP: 4000}, {MemberID: p.ID["陈露"], Kind: "direct", BP: 6000}}))
}

func (p dealsPlayed) closings() {
	o := p.Opportunity("陈露", "四期")
	p.Move("陈露", o.ID, "中标", apptest.Exception)
	must(p.T, p.Opportunities.AcceptWin(p.Ctx, p.As("蒋跃"), o.ID))
	must(p.T, p.Opportunities.DeleteAt(p.Ctx, p.As("陈露"), o.ID, 0, true))
	p.Clock.Set(p.As("陈露").Today.Add(1))
	must(p.T, p.Opportunities.DeleteAt(p.Ctx, p.As("陈露"), o.ID, 0, false))
	_, err := p.Opportunities.Move(p.Ctx, p.As("陈露"), o.ID, opportunity.MoveRequest{To: "reopen", Reason: "重开"})
	must(p.T, err)
	_, err = p.Handovers.HandOver(p.Ctx, p.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{o.ID}, ToID: p.ID["小李"], Reason: "调整"})
	must(p.T, err)
	o = p.Opportunity("陈露", "五期")
	_, err = p.Opportunities.Move(p.Ctx, p.As("陈露"), o.ID, opportunity.MoveRequest{To: p.Stage("丢单"), Reason: "丢了", LossKind: "competitor", Competitor: "丙公司"})
	must(p.T, err)
	_, err = p.Opportunities.TakeBack(p.Ctx, p.As("陈露"), o.ID, "误")
	must(p.T, err)
	_, err = p.Opportunities.CorrectStay(p.Ctx, p.As("陈露"), o.ID, apptest.Start, "误")
	must(p.T, err)
}

// imports are one undone, and one over it that updates, is undone and leaves what somebody
// changed since.
func (p dealsPlayed) imports() {
	s := newSource(p.World, dealsAndPeople, dealsFiles)
	s.undo(s.run().ID)
	s = newSource(p.World, dealsAndPeople, dealsFiles)
	s.run()
	more := newSource(p.World, dealsAndPeople, map[string]string{
		"x.csv": "id,name,account,owner,stage,amount,product,created,closed,expected,source,budget\n" +
			"1,一号线改,东方一厂,陈露,机会,150,导轨,2026-01-05,,2026-09-30,转介绍,未批\n"})
	p.Clock.Set(p.As("陈露").Today.Add(1))
	b := more.run()
	p.Clock.Set(p.As("陈露").Today.Add(1))
	more.undo(b.ID)
	begun := "L1,线索,2026-01-05 09:00:00,一号,陈露,甲厂,100,,\nL1,方案,2026-01-09 09:00:00,,,,,,\n"
	newSource(p.World, logMapping, map[string]string{"log.csv": logHead + begun}).run()
	newSource(p.World, logMapping, map[string]string{"log.csv": logHead + begun + "L1,谈判,2026-01-20 09:00:00,二号,小李,,200,,\n"}).run()
}

// teams are transfers past and to come, the last of which comes with the day alone.
func (p dealsPlayed) teams() {
	today := p.As("管理员").Today
	o := p.Opportunity("陈露", "六期")
	must(p.T, p.Org.Transfer(p.Ctx, p.As("管理员"), p.ID["陈露"], p.ID["二组"], "", false, today.Add(-2)))
	must(p.T, p.Org.Transfer(p.Ctx, p.As("管理员"), p.ID["陈露"], p.ID["三组"], "", false, today.Add(3)))
	p.Opportunity("陈露", "七期")
	must(p.T, p.Org.AddPost(p.Ctx, p.As("管理员"), p.ID["陈露"], post(p, "一组", today)))
	_, err := p.Opportunities.Belong(p.Ctx, p.As("管理员"), o.ID, 0, p.ID["一组"])
	must(p.T, err)
	p.Clock.Set(today.Add(4))
	must(p.T, p.Opportunities.Follow(p.Ctx, p.As("管理员"), today))
}

func post(p dealsPlayed, team string, from calendar.Date) org.Post {
	return org.Post{TeamID: p.ID[team], From: from}
}
