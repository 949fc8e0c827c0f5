package app_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// story is a case in acts on one record, "the deal".
type story struct {
	*check
	deal string
	days map[calendar.Date]bool // on which something was done
}

// on is a day of 2026, "03-05".
func on(day string) calendar.Date { return calendar.Date("2026-" + day) }

func (s *story) at(day string) *story {
	s.On(on(day))
	s.days[on(day)] = true
	return s
}

func (s *story) made(owner string, amount int64, lines ...opportunity.Line) {
	s.deal = s.Create(opportunity.New{Name: "商机", PipelineID: s.Bid.PipelineID, OwnerID: s.ID[owner], AmountMinor: &amount, Lines: lines})
}

// to moves the deal to a stage, back-dated where a day is given.
func (s *story) to(stage string, back ...string) {
	q := opportunity.MoveRequest{To: s.stageID(stage), Reason: "按进展", Exception: "客户催得急", On: s.Today()}
	if len(back) > 0 {
		q.On = on(back[0])
	}
	switch stage {
	case "丢单":
		q.LossKind = "no_decision"
	case "withdrawn":
		q.LossKind = "invalid"
	}
	s.Step(stage, s.deal, q)
}

// won closes it at a contract.
func (s *story) won(contract int64, back ...string) {
	q := opportunity.MoveRequest{To: s.stageID("中标"), Reason: "签了", Exception: "客户催得急", On: s.Today(), ContractMinor: &contract}
	if len(back) > 0 {
		q.On = on(back[0])
	}
	s.Step("中标", s.deal, q)
}

func (s *story) stageID(name string) string {
	v, err := s.Pipelines.Get(s.Ctx, s.As("管理员"), s.Bid.PipelineID)
	s.must(err)
	if st, ok := v.StageNamed(name); ok {
		return st.ID
	}
	return name // reopen, withdrawn
}

func (s *story) amount(minor int64, lines ...opportunity.Line) {
	ptr := &minor
	p := opportunity.Patch{AmountMinor: &ptr}
	if len(lines) > 0 {
		p.Lines = &lines
	}
	s.Edit(s.deal, p)
}

func (s *story) line(product int, minor int64) opportunity.Line {
	return opportunity.Line{ProductLineID: s.Products[product], AmountMinor: minor}
}

// without publishes the bid pipeline without a stage, which becomes another.
func (s *story) without(stage, becomes string) {
	v, err := s.Pipelines.Get(s.Ctx, s.As("管理员"), s.Bid.PipelineID)
	s.must(err)
	mapping := map[string]string{s.stageID(stage): s.stageID(becomes)}
	draft := v
	draft.Stages = nil
	for _, st := range v.Stages {
		if st.Name != stage {
			draft.Stages = append(draft.Stages, st)
		}
	}
	s.Publish("without", draft, mapping)
}

var stories = []struct {
	name string
	play func(s *story)
}{
	{"a win, reopened: its credit ceases that day", func(s *story) {
		s.at("03-03").made("吴敏", 1000)
		s.at("03-04").won(1200)
		s.at("03-10").to("reopen")
	}},
	{"a transfer dated back before the record was made", func(s *story) {
		s.at("03-10").made("孙燕", 1000)
		s.at("03-12").Transfer(s.ID["孙燕"], s.ID["二组"], on("03-06"))
	}},
	{"a transfer before one that was announced", func(s *story) {
		s.at("03-05").made("周涛", 1000)
		s.at("03-06").Transfer(s.ID["周涛"], s.ID["一组"], on("03-20"))
		s.at("03-10").Transfer(s.ID["周涛"], s.ID["三组"], on("03-08"))
		s.at("03-22")
		s.Wrote()
	}},
	{"a stage that is gone, reached again after", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-05").to("入围")
		s.at("03-09").without("入围", "方案制定")
		s.at("03-12").to("报价")
	}},
	{"two stages gone, one after the other", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-05").to("报价")
		s.at("03-09").without("报价", "方案制定")
		s.at("03-10").without("方案制定", "入围")
		s.at("03-12").to("丢单")
	}},
	{"a move dated back before the version it was made in", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-09").without("入围", "机会")
		s.at("03-10").to("报价", "03-05")
	}},
	{"a first stay put on an earlier day", func(s *story) {
		s.at("03-10").made("陈露", 1000)
		s.at("03-12").Correct(s.deal, 0, on("03-05"))
	}},
	{"moved to another pipeline, won there and back", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-05").to("报价")
		other, err := s.Pipelines.Get(s.Ctx, s.As("管理员"), "分销流程")
		s.must(err)
		s.at("03-08").ChangePipeline(s.deal, other.PipelineID)
		q := opportunity.MoveRequest{To: other.OfKind(pipeline.Won).ID, Exception: "催", On: on("03-10")}
		s.at("03-10").Step("win", s.deal, q)
		s.at("03-12").to("reopen")
		s.at("03-14").ChangePipeline(s.deal, s.Bid.PipelineID)
	}},
	{"a reopening corrected, then taken back: the credit stands again", func(s *story) {
		s.at("03-03").made("吴敏", 1000)
		s.at("03-04").won(1000)
		s.at("03-06").to("reopen")
		s.at("03-09").Correct(s.deal, 2, on("03-08"))
		s.at("03-10").TakeBack(s.deal, 2)
	}},
	{"a win deleted and restored, then on another day", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-05").won(1000)
		s.at("03-08").Remove(s.deal, false)
		s.at("03-10").Remove(s.deal, true)
		s.at("03-11").Correct(s.deal, 1, on("03-04"))
	}},
	{"a loss deleted and restored, then taken back", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-05").to("丢单")
		s.at("03-08").Remove(s.deal, false)
		s.at("03-10").Remove(s.deal, true)
		s.at("03-11").TakeBack(s.deal, 1)
	}},
	{"a reopening put behind a deletion that found the record open", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-05").won(1000)
		s.at("03-08").to("reopen")
		s.at("03-10").Remove(s.deal, false)
		s.at("03-12").Remove(s.deal, true)
		s.at("03-16").Correct(s.deal, 2, on("03-14"))
	}},
	{"a loss dated into the days in which the record was deleted", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-08").Remove(s.deal, false)
		s.at("03-12").Remove(s.deal, true)
		s.at("03-13").to("丢单", "03-10")
	}},
	{"a win between, corrected after it was reopened, by the shares of the right day", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-05").Share(s.deal, []opportunity.Share{{MemberID: s.ID["陈露"], Kind: "direct", BP: 5000}, {MemberID: s.ID["周涛"], Kind: "direct", BP: 5000}})
		s.at("03-06").won(1000)
		s.at("03-10").to("reopen")
		s.at("03-12").Correct(s.deal, 1, on("03-04"))
	}},
	{"a loss by the lines of its day", func(s *story) {
		s.at("03-03").made("陈露", 1000, s.line(0, 600), s.line(1, 400))
		s.at("03-06").amount(900, s.line(2, 900))
		s.at("03-08").to("丢单", "03-05")
	}},
	{"a win by the lines of its day, which are no more", func(s *story) {
		s.at("03-03").made("陈露", 1000, s.line(0, 600), s.line(1, 400))
		s.at("03-06").amount(900, s.line(0, 500), s.line(2, 400))
		s.at("03-08").won(1800, "03-05")
	}},
	{"without shares the owner of the day has all", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.deal = s.ImportOne("导入", "", "机会", 2000)
		s.at("03-05").HandOver(s.deal, s.ID["何峰"])
		s.at("03-09").to("丢单")
	}},
	{"a transfer announced, and another after it", func(s *story) {
		s.at("03-05").made("周涛", 1000)
		s.at("03-06").Transfer(s.ID["周涛"], s.ID["一组"], on("03-12"))
		s.at("03-14").Transfer(s.ID["周涛"], s.ID["三组"], on("03-20"))
		s.at("03-22")
		s.Wrote()
	}},
	{"an import for a member whose transfer is announced", func(s *story) {
		s.at("03-06").Transfer(s.ID["周涛"], s.ID["一组"], on("03-12"))
		s.at("03-08")
		s.deal = s.ImportOne("导入", "周涛", "机会", 2000)
		s.at("03-14")
		s.Wrote()
	}},
	{"a record handed on before the announced transfer comes", func(s *story) {
		s.at("03-05").made("周涛", 1000)
		s.at("03-06").Transfer(s.ID["周涛"], s.ID["一组"], on("03-12"))
		s.at("03-08").HandOver(s.deal, s.ID["何峰"])
		s.at("03-14")
		s.Wrote()
	}},
	{"a record reopened before the announced transfer comes", func(s *story) {
		s.at("03-05").made("周涛", 1000)
		s.to("丢单")
		s.at("03-06").Transfer(s.ID["周涛"], s.ID["一组"], on("03-12"))
		s.at("03-08").to("reopen")
		s.at("03-14")
		s.Wrote()
	}},
	{"closed while its owner moved, reopened, and he moves again", func(s *story) {
		s.at("03-03").made("周涛", 1000)
		s.at("03-05").to("丢单")
		s.at("03-06").Transfer(s.ID["周涛"], s.ID["一组"], on("03-06"))
		s.at("03-08").to("reopen")
		s.at("03-10").Transfer(s.ID["周涛"], s.ID["三组"], on("03-10"))
	}},
	{"closed or deleted while its owner moved, it joins him when it is open again", func(s *story) {
		s.at("03-03").made("周涛", 1000)
		s.at("03-04").Remove(s.deal, false)
		s.at("03-06").Transfer(s.ID["周涛"], s.ID["一组"], on("03-06"))
		s.at("03-09").Remove(s.deal, true)
		s.at("03-10").to("丢单")
		s.at("03-12").Transfer(s.ID["周涛"], s.ID["三组"], on("03-12"))
		s.at("03-16").TakeBack(s.deal, 1)
		s.at("03-17").Transfer(s.ID["周涛"], s.ID["二组"], on("03-20"))
		s.at("03-18").to("丢单")
		s.at("03-24").to("reopen")
		s.at("03-25").TakeBack(s.deal, 2)
	}},
	{"set to another of its owner's teams it stays there until it is set back", func(s *story) {
		s.at("03-03").made("孙燕", 1000)
		s.must(s.Org.AddPost(s.Ctx, s.As("管理员"), s.ID["孙燕"], org.Post{TeamID: s.ID["三组"], From: s.Today()}))
		s.at("03-05").Belong(s.deal, s.ID["三组"])
		s.at("03-06").Transfer(s.ID["孙燕"], s.ID["一组"], on("03-12"))
		s.at("03-14").Belong(s.deal, s.ID["一组"])
		s.at("03-16").Transfer(s.ID["孙燕"], s.ID["二组"], on("03-20"))
		s.at("03-22")
		s.Wrote()
	}},
	{"a team hung elsewhere, dated back", func(s *story) {
		s.at("03-03").made("吴敏", 1000)
		s.at("03-05").won(1000)
		s.made("吴敏", 500)
		s.at("03-10").HangUnder(s.ID["三组"], s.ID["一组"], on("03-04"))
	}},
	{"an amount no longer stated, in a currency without a rate", func(s *story) {
		s.at("03-03")
		amount := int64(1000)
		s.deal = s.Create(opportunity.New{Name: "商机", PipelineID: s.Bid.PipelineID, OwnerID: s.ID["陈露"], AmountMinor: &amount, Currency: "KWD"})
		s.at("03-05")
		var none *int64
		s.Edit(s.deal, opportunity.Patch{AmountMinor: &none})
	}},
	{"an import undone", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-05")
		s.ImportOne("导入", "周涛", "中标", 2000)
		s.at("03-09").UndoLast()
	}},
	{"a move between taken back: there and back he never left, and a return becomes an advance", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-04").to("报价")
		s.at("03-06").to("方案制定")
		s.at("03-08").to("报价")
		s.at("03-10").TakeBack(s.deal, 2)
		s.at("03-12").to("丢单")
		s.to("reopen")
		s.at("03-13").made("陈露", 500)
		s.to("方案制定")
		s.at("03-14").to("报价")
		s.at("03-17").TakeBack(s.deal, 1)
	}},
	{"a transfer announced to where he is, and then another before it", func(s *story) {
		s.at("03-03").made("周涛", 1000)
		s.at("03-04").Transfer(s.ID["周涛"], s.ID["二组"], on("03-12"))
		s.at("03-06").Transfer(s.ID["周涛"], s.ID["三组"], on("03-05"))
		s.at("03-14")
		s.Wrote()
	}},
	{"the currency of an amount that is not stated", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		var none *int64
		s.at("03-05")
		s.Edit(s.deal, opportunity.Patch{AmountMinor: &none})
		usd := "USD"
		s.at("03-07")
		s.Edit(s.deal, opportunity.Patch{Currency: &usd})
		s.at("03-09").to("丢单", "03-06")
		s.at("03-11").to("reopen")
	}},
	{"an import lost on an unknown day: deleted the same day, restored, corrected", func(s *story) {
		s.at("03-03")
		s.deal = s.ImportOne("导入", "周涛", "丢单", 2000)
		s.Remove(s.deal, false)
		s.at("03-05").Remove(s.deal, true)
		s.at("03-06").Correct(s.deal, 0, on("03-02"))
		s.at("03-07").to("reopen")
		s.at("03-09").HandOver(s.deal, s.ID["何峰"])
	}},
	{"between two changes of pipeline nothing was: what follows is a return", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		s.at("03-05").to("报价")
		other, err := s.Pipelines.Get(s.Ctx, s.As("管理员"), "分销流程")
		s.must(err)
		s.at("03-08").ChangePipeline(s.deal, other.PipelineID)
		s.at("03-09").TakeBack(s.deal, 2)
		s.at("03-10").ChangePipeline(s.deal, other.PipelineID)
		s.at("03-11").Correct(s.deal, 2, on("03-06"))
		s.at("03-12").ChangePipeline(s.deal, s.Bid.PipelineID)
		s.at("03-13").TakeBack(s.deal, 2)
		s.at("03-14").to("丢单")
	}},
	{"a change of pipeline between others never was: the move behind it is one", func(s *story) {
		s.at("03-03").made("陈露", 1000)
		other, err := s.Pipelines.Get(s.Ctx, s.As("管理员"), "分销流程")
		s.must(err)
		s.at("03-05").ChangePipeline(s.deal, other.PipelineID)
		s.at("03-08")
		s.Step(other.Stages[2].Name, s.deal, opportunity.MoveRequest{To: other.Stages[2].ID, Exception: "客户催得急", On: s.Today()})
		s.at("03-10").TakeBack(s.deal, 1)
		s.at("03-12").to("withdrawn")
	}},
	{"a loss of before anything was stated, in another currency since", func(s *story) {
		s.at("03-05")
		s.deal = s.ImportOne("导入", "周涛", "机会", 2000)
		usd := "USD"
		s.at("03-07")
		s.Edit(s.deal, opportunity.Patch{Currency: &usd})
		s.at("03-08").Correct(s.deal, 0, on("03-02"))
		s.at("03-09").to("丢单", "03-03")
		s.at("03-11").to("reopen")
	}},
}

// TestStoriesOfFacts plays each case on both databases and compares every day of it, as
// known then and as known now: what was written, and the figures.
func TestStoriesOfFacts(t *testing.T) {
	for i, one := range stories {
		t.Run(one.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				s := &story{check: newCheck(t, db, uint64(1000+i)), days: map[calendar.Date]bool{}}
				one.play(s)
				for d := apptest.Start; d <= s.Today(); d = d.Add(1) {
					s.told(d, false)
					s.told(d, true)
				}
			})
		})
	}
}

// told compares one day: what was written, and on a day of acts or before one the figures.
func (s *story) told(d calendar.Date, then bool) {
	s.t.Helper()
	m, _ := s.Truth.Moment(d, then)
	s.factsAt(m)
	if !s.days[d] && !s.days[d.Add(1)] {
		return
	}
	q := truth.Question{Pipeline: s.Bid.PipelineID, Day: d, Then: then}
	q.Group = []string{"owner", "team", "product"}[d.Days()%3]
	s.report("管理员", q)
	q.Group = ""
	q.Team = s.ID[[]string{"一组", "二组"}[d.Days()%2]]
	s.report("管理员", q)
	q.Team = ""
	s.forecast("管理员", q)
	s.cohorts("管理员", q)
}
