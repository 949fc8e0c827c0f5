package apptest

import (
	"math/rand/v2"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// NewHistory readies a game of selling with everything that may happen to a record:
// skips, returns, wins, losses of every kind, withdrawals, reopenings, changes of
// pipeline, corrections, re-pricing, hand-overs, transfers, deletions. A refused act
// is part of the game; only faults are refusals.
func (w *World) NewHistory(rng *rand.Rand) *History {
	w.T.Helper()
	other, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), "分销流程")
	w.must(err)
	h := &History{World: w, rng: rng, day: w.As("管理员").Today, other: other.PipelineID}
	for _, name := range []string{"主轴", "导轨"} {
		p, err := w.Accounts.AddProductLine(w.Ctx, w.As("管理员"), account.ProductLine{Name: name})
		w.must(err)
		h.products = append(h.products, p.ID)
	}
	for i, industry := range []string{"汽车", "电子", ""} {
		c, err := w.Accounts.Create(w.Ctx, w.As(h.owner()), account.Account{Name: "客户" + string(rune('A'+i)), Industry: industry, Class: "A"}, true)
		w.must(err)
		h.accounts = append(h.accounts, c)
	}
	return h
}

// Play goes on for n acts' days: one to three acts, then one to three days.
func (h *History) Play(n int) {
	h.T.Helper()
	for range n {
		h.day = h.day.Add(1 + h.rng.IntN(3))
		h.Clock.Set(h.day)
		for range 1 + h.rng.IntN(3) {
			h.act()
		}
	}
}

// History is such a game.
type History struct {
	*World
	rng      *rand.Rand
	day      calendar.Date
	other    string
	accounts []account.Account
	products []string
	deals    []string
}

var sellers = []string{"陈露", "小李", "周涛", "蒋跃", "何峰"}

func (h *History) owner() string { return sellers[h.rng.IntN(len(sellers))] }

func pick[T any](rng *rand.Rand, list ...T) T { return list[rng.IntN(len(list))] }

// may fails the test on anything but a refusal.
func (h *History) may(err error) {
	h.T.Helper()
	if err != nil && fault.As(err) == nil {
		h.T.Fatal(err)
	}
}

func (h *History) act() {
	if len(h.deals) < 4 || h.rng.IntN(4) == 0 {
		h.create()
		return
	}
	id := pick(h.rng, h.deals...)
	boss := h.As("管理员")
	r, err := h.Opportunities.Get(h.Ctx, boss, id)
	if err != nil {
		h.may(err)
		return
	}
	switch p := h.rng.IntN(100); {
	case p < 55:
		h.move(id, r.Opportunity, r.Pipeline)
	case p < 62:
		amount := int64(h.rng.IntN(500)) * 1_000_00
		expected := h.day.Add(h.rng.IntN(120))
		confidence := pick[int64](h.rng, 500, 1000)
		ptr, conf := &amount, &confidence
		_, err := h.Opportunities.Edit(h.Ctx, boss, id, r.Version, opportunity.Patch{AmountMinor: &ptr, ExpectedOn: &expected, ConfidenceBP: &conf})
		h.may(err)
	case p < 70:
		_, err := h.Handovers.HandOver(h.Ctx, boss, handover.Ask{Kind: "opportunity", IDs: []string{id}, FromID: r.OwnerID, ToID: h.ID[h.owner()], Reason: "调整"})
		h.may(err)
	case p < 75:
		team := pick(h.rng, "一组", "二组")
		h.may(h.Org.Transfer(h.Ctx, boss, h.ID[pick(h.rng, "小李", "周涛")], h.ID[team], "", false, h.day))
	case p < 80:
		_, err := h.Opportunities.ChangePipeline(h.Ctx, boss, id, pick(h.rng, h.other, h.Bid.PipelineID), "走错了流程")
		h.may(err)
	case p < 88:
		_, err := h.Opportunities.CorrectStay(h.Ctx, boss, id, h.day.Add(-h.rng.IntN(5)), "日期写错")
		h.may(err)
	case p < 91:
		h.may(h.Opportunities.SetCompetitors(h.Ctx, boss, id, r.Version, pick(h.rng, []string{"恒力"}, []string{"恒力", "德马"}, []string{"昊志"}, nil)))
	case p < 94:
		h.may(h.Opportunities.Delete(h.Ctx, boss, id, r.DeletedAt == nil))
	default:
		_, err := h.FollowUps.Log(h.Ctx, boss, followup.FollowUp{On: []record.Ref{opportunity.Ref(id)}, Channel: "phone", Words: "再看看", TwoWay: true, HappenedOn: h.day}, "")
		h.may(err)
	}
}

func (h *History) create() {
	owner := h.owner()
	amount := int64(1+h.rng.IntN(300)) * 1_000_00
	in := opportunity.New{Name: pick(h.rng, "商机", "华新产线 A改造", "ABB变频器 2期", "重庆 É 项目", "shangji"), PipelineID: pick(h.rng, h.Bid.PipelineID, h.Bid.PipelineID, h.Bid.PipelineID, h.other), AmountMinor: &amount,
		Source: pick(h.rng, "展会", "转介绍", ""), Currency: pick(h.rng, "CNY", "CNY", "CNY", "USD", "JPY", "KWD")}
	switch h.rng.IntN(4) {
	case 0:
		in.AmountMinor = nil
	case 1:
		in.Lines = []opportunity.Line{{ProductLineID: h.products[0], AmountMinor: amount / 3}, {ProductLineID: h.products[1], AmountMinor: amount - amount/3}}
	case 2:
		in.Lines = []opportunity.Line{{ProductLineID: pick(h.rng, h.products...), AmountMinor: amount}}
	}
	if c := pick(h.rng, h.accounts...); c.OwnerID == h.ID[owner] {
		in.AccountID = c.ID
	}
	in.ClashReason = "另一条产线" // where a colleague works on the customer
	o, err := h.Opportunities.Create(h.Ctx, h.As(owner), in)
	h.must(err)
	h.deals = append(h.deals, o.ID)
}

func (h *History) move(id string, o opportunity.Opportunity, v pipeline.Version) {
	boss := h.As("管理员")
	r := opportunity.MoveRequest{Reason: "按进展", Exception: "客户催得急", On: h.day.Add(-h.rng.IntN(2))}
	if o.State != opportunity.Open {
		if h.rng.IntN(3) == 0 {
			r.To = "reopen"
			_, err := h.Opportunities.Move(h.Ctx, boss, id, r)
			h.may(err)
		}
		return
	}
	_, at := v.Stage(o.StageID)
	switch p := h.rng.IntN(100); {
	case p < 60 && at+1 < len(v.Stages):
		r.To = v.Stages[at+1].ID
	case p < 72:
		r.To = pick(h.rng, v.Stages...).ID
	case p < 80 && at > 0:
		r.To = v.Stages[at-1].ID
	case p < 92:
		r.To, r.LossKind, r.Competitor = v.OfKind(pipeline.Lost).ID, pick(h.rng, "competitor", "no_decision", "cancelled"), pick(h.rng, "恒力", "德马")
	default:
		r.To, r.LossKind = "withdrawn", pick(h.rng, "invalid", "duplicate")
	}
	st, _ := v.Stage(r.To)
	if st.Kind == pipeline.Lost && r.LossKind == "" {
		r.LossKind = "no_decision"
	}
	if st.Kind == pipeline.Won {
		contract := int64(1+h.rng.IntN(300)) * 1_000_00
		r.SignedOn, r.ContractMinor = r.On, &contract
	}
	_, err := h.Opportunities.Move(h.Ctx, boss, id, r)
	h.may(err)
}
