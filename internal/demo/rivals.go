package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/competitor"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/tie"
)

// watcher plans what is seen of competitors, after the deals were decided: a customer who was met says who was there. It
// draws by chance of its own, and decides nothing.
type watcher struct {
	*history
	r *rand.Rand
}

// known is what the company knows of its competitors.
var known = map[string]struct {
	called   []string
	products [][2]string
	tactics  [][3]string // what it does, how, and what helped
}{
	"三合自动化": {[]string{"三合自动化股份有限公司", "Sanhe"},
		[][2]string{{"SH-300 视觉检测台", "便宜，换型要停线半天；卖给没有自己工艺员的厂。"}, {"装配线整包", "自己不做软件，转包给别人。"}},
		[][3]string{{"先报低价，再按变更加价", "合同里不写安装、备件和第二年的服务。", "把三年的总成本列成一张表，请客户拿两家的清单一行一行对。"},
			{"找采购，不找使用部门", "技术评审前就约采购谈付款。", "请使用部门到现场看一次换型，评审意见由他们写。"}}},
	"优科装备": {[]string{"优科"},
		[][2]string{{"U 系列装配单元", "交期短，标准件多，改不了节拍。"}},
		[][3]string{{"拿交期压人", "承诺八周交货，验收标准写得很松。", "把验收标准先谈定，再谈交期。"}}},
	"德川机电": {[]string{"TOKUKAWA"},
		[][2]string{{"D5 控制柜", "质量稳，价格高三成，备件等六周。"}},
		[][3]string{{"讲品牌，不讲价", "请客户参观他们的样板厂。", "请客户算备件等六周停线的损失。"}}},
	"海拓自动化": {nil,
		[][2]string{{"立库堆垛机", "小厂，负责人自己跑现场。"}},
		[][3]string{{"先做一台样机白用", "样机放三个月，用顺手了再谈价。", "请客户把样机的数据和我们的放在一起看。"}}},
}

// said is what a customer says of a competitor, by the kind of sighting.
var said = map[string][]string{
	"visit":   {"说他们上周来过一趟，看了现场。", "他们的人也在，和工艺谈了半天。", ""},
	"quote":   {"他们的价比我们低，不含安装调试。", "报价单上没有备件，客户还没问。", "价格差不多，付款条件比我们松。"},
	"demo":    {"他们拉来一台样机，跑了两天。", "演示效果一般，客户没表态。"},
	"contact": {"他们单独约过采购。", "他们的总经理请分管副总吃过饭。"},
}

func (h *history) watch(seed uint64, deals []deal) {
	w := &watcher{history: h, r: rand.New(rand.NewPCG(seed, 16))}
	first := map[string]calendar.Date{}
	came := 0
	for _, d := range deals {
		if d.rival == "" {
			continue
		}
		if was := first[d.rival]; was == "" || d.begun < was {
			first[d.rival] = d.begun
		}
		w.seen(d)
		if came < 6 && w.came(d, d.owner.id == h.sellers[0].id || w.r.IntN(12) == 0) {
			came++
		}
	}
	for _, name := range rivals {
		if first[name] != "" {
			w.profile(name, first[name])
		}
	}
}

// does adds an act; it takes nothing of the chance of the deals.
func (w *watcher) does(day calendar.Date, minute int, by string, do func(ctx context.Context, a org.Actor) error) {
	at := day.In(w.actor.Company.Zone()).Add(9*time.Hour + time.Duration(minute)*time.Minute + time.Duration(w.r.IntN(60))*time.Second)
	if !at.After(w.now) {
		w.acts = append(w.acts, act{at, by, do})
	}
}

// seen notes up to three sightings of a deal's competitor on days on which its people were talked with.
func (w *watcher) seen(d deal) {
	noted := 0
	for _, t := range d.talks {
		quoted := w.quoted(d, t.on)
		often := 4 // a price is heard of more often than a visit
		if quoted {
			often = 2
		}
		if noted == 3 || !t.twoWay() || t.on <= d.begun || !d.open() && t.on >= d.end.on || w.r.IntN(often) > 0 {
			continue
		}
		noted++
		kind := one(w.r, []string{"visit", "visit", "demo", "contact"})
		x := competitor.Sighting{ID: record.NewID(w.at), CompetitorAs: d.rival, OpportunityID: d.id, Source: one(w.r, []string{"customer", "customer", "onsite", "colleague"})}
		if quoted {
			kind = "quote"
			price := d.amount / 100 * int64(80+w.r.IntN(32)) / 10_000 * 10_000
			x.PriceMinor = &price
		}
		x.Kind, x.Words = kind, one(w.r, said[kind])
		w.does(t.on, 140+w.r.IntN(150), d.owner.id, func(ctx context.Context, a org.Actor) error {
			_, err := w.Competitors.Note(ctx, a, x)
			return err
		})
	}
}

// quoted tells whether a deal stood in its quotations, or behind them, on a day.
func (w *watcher) quoted(d deal, on calendar.Date) bool {
	return slices.ContainsFunc(d.visits, func(x visit) bool { return x.stage.Name == "报价" && x.on < on })
}

// came has the first of an open deal's people come from its competitor, as he says himself when he is met.
func (w *watcher) came(d deal, meant bool) bool {
	if !meant || !d.open() {
		return false
	}
	for _, t := range d.talks {
		if p := d.known[0]; t.twoWay() && t.contact == p.ID && t.on > d.begun {
			to := w.founded.Time().Year() - 1 - w.r.IntN(4)
			past := tie.Past{ID: record.NewID(w.at), Kind: tie.Employer, Name: d.rival, FromYear: to - 3 - w.r.IntN(6), ToYear: to, Source: "self", On: t.on, Purpose: "了解他以前的做法"}
			w.does(t.on, 300+w.r.IntN(60), d.owner.id, func(ctx context.Context, a org.Actor) error {
				b, err := w.Ties.Background(ctx, a, p.ID)
				if err == nil {
					_, err = w.Ties.SetBackground(ctx, a, p.ID, append(b.Items, past))
				}
				return err
			})
			return true
		}
	}
	return false
}

// profile has sellers say over the years what it sells and how it goes about things, and an administrator what it is
// called besides.
func (w *watcher) profile(name string, since calendar.Date) {
	of := func(ctx context.Context, a org.Actor) (account.Competitor, error) {
		all, err := w.Accounts.Competitors(ctx, a)
		at := slices.IndexFunc(all, func(c account.Competitor) bool { return c.Name == name })
		if err == nil && at < 0 {
			err = fmt.Errorf("no competitor is called %s", name)
		}
		if err != nil {
			return account.Competitor{}, err
		}
		return all[at], nil
	}
	days := max(1, w.today.Sub(since)-10)
	note := func(e competitor.Entry) {
		day, by := w.workday(w.today.Add(-w.r.IntN(days))), w.sellers[w.r.IntN(len(w.sellers))].id
		w.does(day, 200+w.r.IntN(200), by, func(ctx context.Context, a org.Actor) error {
			c, err := of(ctx, a)
			if err != nil {
				return err
			}
			e.CompetitorID = c.ID
			_, err = w.Competitors.AddEntry(ctx, a, e)
			return err
		})
	}
	k := known[name]
	for _, p := range k.products {
		note(competitor.Entry{ID: record.NewID(w.at), Kind: competitor.Product, Title: p[0], Words: p[1], Source: one(w.r, []string{"public", "customer"})})
	}
	for _, t := range k.tactics {
		note(competitor.Entry{ID: record.NewID(w.at), Kind: competitor.Tactic, Title: t[0], Words: t[1], Helped: t[2], Source: "colleague"})
	}
	if len(k.called) > 0 {
		w.does(w.workday(w.today.Add(-w.r.IntN(days))), 400, w.actor.MemberID, func(ctx context.Context, a org.Actor) error {
			c, err := of(ctx, a)
			if err == nil {
				_, err = w.Accounts.NameCompetitor(ctx, a, account.Competitor{ID: c.ID, Name: c.Name, Aliases: k.called})
			}
			return err
		})
	}
}
