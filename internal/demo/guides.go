package demo

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/conversation"
	"yunchou/internal/guidance"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// guided is over how many working days heads are asked, up to today.
const guided = 20

// asked is what sellers ask their heads, and answers what these say; by the same number.
var asked = []string{"客户让我们再降 5%，降不降？", "总工说节拍算错了，当面按 12 秒答还是 15 秒？", "对手报价比我们低，先谈价还是先谈范围？",
	"客户要我们先发货再付首款，能接受吗？", "技术评审定在下周，要不要带售前一起去？", "采购换了人，还找原来的技术负责人吗？"}

var answers = []string{"不降。单价不动，两年备件从可选改成含在内。", "不争数字，请他现场掐一遍表，两个口径都写进技术协议。", "先谈范围：问清对手含不含安装调试，再谈价。",
	"首款不能后付，可以分两笔，第一笔到了就排产。", "带上，提前一天把对方的三个顾虑列给售前。", "两个人都见，这周内先约新采购，技术那边照旧。"}

var calls = []string{"客户要求现场打样，能否调两天技术支持？", "要同行业业绩证明，谁手里有？", "对方副总想见我们领导，能来一趟吗？", "入围要现场答辩，能借一位方案经理吗？"}

var advice = []string{"先别谈价，问清楚拍板的人在哪里不满意，再回来定打法。", "把三年的总成本算给他看，别只比单价。", "下次见面带一张同行业的现场照片。"}

var results = []string{"客户接受了，进到下一步。", "用了，客户说再考虑两周。", "对方书面回了，可以往下谈。"}

// guide plans what sellers ask and their heads answer about open deals. One head never answers; the rest do, some
// late. It draws by chance of its own, so that the deals are what they are without it.
type guide struct {
	*history
	r      *rand.Rand
	days   []calendar.Date
	silent string
}

func (h *history) guides(seed uint64, deals []deal) {
	g := &guide{history: h, r: rand.New(rand.NewPCG(seed, 13))}
	for day := h.today; len(g.days) < guided; day = h.workday(day.Add(-1)) {
		g.days = append(g.days, day)
	}
	slices.Reverse(g.days)
	by, heads := map[string][]deal{}, []string{}
	for _, d := range deals {
		if d.end.state != "" && d.end.state != opportunity.Open || d.begun > g.days[0] {
			continue
		}
		head := h.actor.Structure.Superiors(d.owner.id, h.today)[0]
		if len(by[head]) == 0 {
			heads = append(heads, head)
		}
		by[head] = append(by[head], d)
	}
	for _, head := range heads {
		if head != h.tries && len(by[head]) >= 3 && g.silent == "" {
			g.silent = head
		}
	}
	for _, head := range heads {
		for i := range g.days {
			if g.r.IntN(10) < 4 || head == g.silent && g.r.IntN(2) == 0 {
				g.note(head, one(g.r, by[head]), i)
			}
		}
	}
	if mine := by[h.tries]; len(mine) > 0 {
		g.waiting(mine)
	}
}

// at is a minute of a day, counted from nine.
func (g *guide) at(day calendar.Date, minute int) time.Time {
	return day.In(g.actor.Company.Zone()).Add(9*time.Hour + time.Duration(minute)*time.Minute)
}

// does adds an act, unless it would lie ahead.
func (g *guide) does(at time.Time, by string, do func(ctx context.Context, a org.Actor) error) {
	if at.Before(g.now) {
		g.acts = append(g.acts, act{at, by, do})
	}
}

// note is one, asked on a day of the guided ones, and what becomes of it.
func (g *guide) note(head string, d deal, day int) {
	id, minute, what := record.NewID(g.at(g.days[day], 0)), 30+g.r.IntN(420), g.r.IntN(len(asked))
	if minute > 180 && minute < 240 {
		minute += 60 // at noon nobody asks
	}
	begun := g.at(g.days[day], minute)
	kind, text, by, to := guidance.Question, asked[what], d.owner.id, head
	switch g.r.IntN(6) {
	case 0, 1:
		kind, text = guidance.Help, one(g.r, calls)
	case 2:
		if head != g.silent {
			kind, text, by, to = guidance.Advice, one(g.r, advice), head, d.owner.id
		}
	}
	g.does(begun, by, func(ctx context.Context, a org.Actor) error {
		_, err := g.Guidance.Ask(ctx, a, guidance.New{ID: id, Kind: kind, On: opportunity.Ref(d.id), ToID: to, Text: text})
		return err
	})
	if kind == guidance.Advice {
		g.outcome(id, to, day+1)
		return
	}
	if g.r.IntN(3) > 0 {
		g.does(begun.Add(5*time.Minute), to, func(ctx context.Context, a org.Actor) error {
			_, err := g.Guidance.Receive(ctx, a, id)
			return err
		})
	}
	if head == g.silent || day+1 >= len(g.days) {
		g.lapses(head, id, day, minute)
		return
	}
	replied := begun.Add(time.Duration(10+g.r.IntN(50)) * time.Minute)
	if g.r.IntN(3) == 0 {
		replied = g.at(g.days[day+1], g.r.IntN(minute))
	}
	g.does(replied, to, func(ctx context.Context, a org.Actor) error {
		_, err := g.Guidance.Answer(ctx, a, id, guidance.Answer{Text: answers[what], WantsOutcome: true})
		return err
	})
	g.outcome(id, by, day+2)
}

// outcome has whoever was advised say on a day what became of it, three times of four.
func (g *guide) outcome(id, by string, day int) {
	chance, result := g.r.IntN(8), one(g.r, results)
	if chance < 2 || day >= len(g.days) {
		return
	}
	use := guidance.Used
	if chance == 2 {
		use = guidance.NotUsed
	}
	g.does(g.at(g.days[day], 500), by, func(ctx context.Context, a org.Actor) error {
		_, err := g.Guidance.Use(ctx, a, id, use, conversation.Said{})
		return err
	})
	if use == guidance.Used {
		g.does(g.at(g.days[day], 520), by, func(ctx context.Context, a org.Actor) error {
			_, err := g.Guidance.Result(ctx, a, id, conversation.Said{Text: result})
			return err
		})
	}
}

// lapses has the timetable look at a note where it is due, and a day later at whom it went to.
func (g *guide) lapses(head, id string, day, minute int) {
	answers, says := g.r.IntN(3) > 0, one(g.r, answers)
	for i := day + 1; i <= day+2 && i < len(g.days); i++ {
		if i == day+2 && answers {
			g.does(g.at(g.days[i], 10), head, func(ctx context.Context, a org.Actor) error {
				return g.above(ctx, a.Structure.Superiors(head, a.Today)[0], id, says)
			})
		}
		g.does(g.at(g.days[i], minute+1), g.actor.MemberID, func(ctx context.Context, a org.Actor) error {
			return g.fires(ctx, a, id)
		})
	}
}

// above has whoever the head reports to answer, where it climbed to him.
func (g *guide) above(ctx context.Context, superior, id, says string) error {
	k, err := g.Guidance.Get(ctx, g.as(superior), id)
	if err != nil || k.Holder() != superior {
		return err
	}
	_, err = g.Guidance.Answer(ctx, g.as(superior), id, guidance.Answer{Text: says, WantsOutcome: true})
	return err
}

func (g *guide) fires(ctx context.Context, a org.Actor, id string) error {
	return g.Guidance.Lapse(ctx, a.TenantID, id)
}

// waiting is what waits for the head one tries it out as, and for the seller: asked a while ago.
func (g *guide) waiting(deals []deal) {
	for i, minutes := range []int{15, 55, 100} {
		d := deals[i%len(deals)]
		kind, text := guidance.Question, asked[i]
		if i == 1 {
			kind, text = guidance.Help, calls[0]
		}
		g.does(g.now.Add(-time.Duration(minutes)*time.Minute), d.owner.id, func(ctx context.Context, a org.Actor) error {
			_, err := g.Guidance.Ask(ctx, a, guidance.New{Kind: kind, On: opportunity.Ref(d.id), ToID: g.tries, Text: text})
			return err
		})
	}
	mine := g.sellers[0].id
	for _, d := range deals {
		if d.owner.id == mine {
			g.does(g.at(g.days[guided-3], 100), g.tries, func(ctx context.Context, a org.Actor) error {
				_, err := g.Guidance.Ask(ctx, a, guidance.New{Kind: guidance.Advice, On: opportunity.Ref(d.id), Text: advice[0]})
				return err
			})
			g.does(g.now.Add(-40*time.Minute), g.tries, func(ctx context.Context, a org.Actor) error {
				_, err := g.Guidance.Ask(ctx, a, guidance.New{Kind: guidance.Question, On: opportunity.Ref(d.id), Text: "上次评审谁在场？"})
				return err
			})
			return
		}
	}
}
