package funnelhttp

import (
	"fmt"

	"yunchou/internal/funnel"
	"yunchou/internal/httpapi"
	"yunchou/internal/sheet"
)

// share is a cell of basis points.
func share(bp *int) sheet.Percent {
	if bp == nil {
		return sheet.Percent{}
	}
	v := int64(*bp)
	return sheet.Percent{BP: &v}
}

// summed is a sum, or why it is not stated.
func summed(minor int64, currency string, tooLarge bool) any {
	if tooLarge {
		return httpapi.Label{"—（合计超出可表示的范围）", "— (too large to state)"}
	}
	return sheet.Amount{Minor: &minor, Currency: currency}
}

func stageCard(r funnel.Report) *card {
	c := &card{head: []httpapi.Label{
		{"阶段", "Stage"}, {"到达", "Reached"}, {"推进", "Advanced"}, {"推进率", "Advanced %"}, {"丢单", "Lost"}, {"丢单率", "Lost %"},
		{"仍在", "Still open"}, {"已剔除", "Taken out"}, {"停留中位数(工作日)", "Median dwell (working days)"},
		{"停留 p80", "Dwell p80"}, {"停留 p90", "Dwell p90"}, {"推进的停留中位数(工作日)", "Median dwell of those that advanced (working days)"}, {"推进的停留 p80", "Dwell p80 of those that advanced"}, {"按时率", "On time"}, {"当前商机", "Open now"},
		{"当前金额", "Open amount"}, {"按阶段成功率", "By stage rate"}, {"按代表信心", "By confidence"},
		{"按校准率", "By calibrated rate"}, {"币种", "Currency"},
	}}
	for _, s := range r.Stages {
		row := []any{s.Name, s.Reached}
		if c := s.Cohort; c != nil {
			row = append(row, c.Advanced, share(c.AdvancedBP), c.Lost, share(c.LostBP), c.Open, c.TakenOut)
		} else {
			row = append(row, "", "", "", "", "", "")
		}
		if d := s.Dwell; d != nil {
			row = append(row, d.Working.Median, d.Working.P80, d.Working.P90, d.Forward.Median, d.Forward.P80, share(d.OnTimeBP))
		} else {
			row = append(row, "", "", "", "", "", "")
		}
		if w := s.Weighted; w != nil {
			row = append(row, s.Open, summed(w.AmountMinor, r.Currency, w.TooLarge), summed(w.ExpectedMinor, r.Currency, w.TooLarge),
				summed(w.ConfidenceMinor, r.Currency, w.TooLarge), summed(w.CalibratedMinor, r.Currency, w.TooLarge), r.Currency)
		}
		c.add(row...)
	}
	return c
}

func dwellCard(r funnel.Report) *card {
	c := &card{head: []httpapi.Label{
		{"阶段", "Stage"}, {"工作日从", "Working days from"}, {"到", "To"}, {"已离开", "Left"}, {"仍停留", "Still there"},
	}}
	for _, s := range r.Stages {
		if s.Dwell == nil {
			continue
		}
		for _, b := range s.Dwell.Histogram {
			to := fmt.Sprint(b.To)
			if b.To < 0 {
				to = ""
			}
			c.add(s.Name, int64(b.From), to, b.Left, b.Open)
		}
	}
	return c
}

func lossCard(r funnel.Report) *card {
	c := &card{head: []httpapi.Label{
		{"类别", "Kind"}, {"竞争对手", "Competitor"}, {"丢单阶段", "Lost from"}, {"数量", "Count"}, {"金额", "Amount"},
		{"币种", "Currency"},
	}}
	for _, l := range r.Losses {
		c.add(l.Kind, l.Competitor, l.Stage, l.Count, summed(l.AmountMinor, r.Currency, l.TooLarge), r.Currency)
	}
	return c
}

func groupCard(r funnel.Report) *card {
	c := &card{head: []httpapi.Label{
		{"分组", "Group"}, {"创建", "Created"}, {"在手", "Open"}, {"赢单", "Won"}, {"丢单", "Lost"}, {"赢率", "Win rate"},
		{"95% 下限", "95 % from"}, {"95% 上限", "95 % to"}, {"在手金额", "Open amount"}, {"赢单金额", "Won amount"},
		{"成交周期中位数(天)", "Median cycle (days)"}, {"币种", "Currency"},
		{"其中含税口径不同", "Of these stated otherwise as to tax"},
	}}
	for _, g := range r.Groups {
		w := g.ClosedWinRate
		c.add(g.Key, g.Population.Created, g.Population.Open, w.Won, w.Lost, share(w.BP), share(w.LowBP), share(w.HighBP),
			summed(g.OpenMinor, r.Currency, g.TooLarge.Open), summed(g.WonMinor, r.Currency, g.TooLarge.Won), g.Cycle.Won.Median,
			r.Currency, g.UnlikeTax.All())
	}
	return c
}

func rivalCard(r funnel.Rivals) *card {
	c := &card{head: []httpapi.Label{
		{"竞争对手", "Competitor"}, {"赢单", "Won"}, {"丢单", "Lost"}, {"其中输给它", "Lost to it"}, {"赢率", "Win rate"},
		{"95% 下限", "95 % from"}, {"95% 上限", "95 % to"}, {"赢单金额", "Won amount"}, {"丢单金额", "Lost amount"},
		{"币种", "Currency"},
	}}
	for _, x := range r.Rows {
		c.add(x.Competitor, x.Rate.Won, x.Rate.Lost, x.LostTo, share(x.Rate.BP), share(x.Rate.LowBP), share(x.Rate.HighBP),
			summed(x.WonMinor, r.Currency, x.TooLarge.Won), summed(x.LostMinor, r.Currency, x.TooLarge.Lost), r.Currency)
	}
	return c
}

func trendCard(t funnel.Trend) *card {
	c := &card{head: []httpapi.Label{
		{"从", "From"}, {"到(不含)", "To (exclusive)"}, {"新建", "Created"}, {"赢单", "Won"}, {"丢单", "Lost"},
		{"赢率", "Win rate"}, {"赢单金额", "Won amount"}, {"期末在手", "Open at the end"},
		{"期末在手金额", "Open amount at the end"}, {"周期中位数(天)", "Median cycle (days)"},
		{"销售速度/天", "Velocity per day"}, {"按时推进率", "On time"},
		{"每商机每月新进展", "New ground per deal and month"}, {"币种", "Currency"},
	}}
	for _, p := range t.Points {
		w := p.ClosedWinRate
		c.add(string(p.From), string(p.To), p.Created, w.Won, w.Lost, share(w.BP), summed(p.WonMinor, t.Currency, p.TooLarge.Won), p.Open,
			summed(p.OpenMinor, t.Currency, p.TooLarge.Open), p.CycleMedian,
			sheet.Amount{Minor: p.Velocity.PerDayMinor, Currency: t.Currency},
			share(p.Flow.OnTimeBP), p.Flow.PerOpenMonth, t.Currency)
	}
	return c
}

func cohortCard(t funnel.Cohorts) *card {
	c := &card{head: []httpapi.Label{
		{"进入月份", "Month of entry"}, {"进入", "Entered"}, {"仍在", "Open"}, {"丢单", "Lost"}, {"已剔除", "Taken out"},
	}}
	longest := 0
	for _, r := range t.Rows {
		longest = max(longest, len(r.Cells))
	}
	for k := range longest {
		c.head = append(c.head, httpapi.Label{fmt.Sprintf("第 %d 月累计", k), fmt.Sprintf("By month %d", k)})
	}
	for _, r := range t.Rows {
		row := []any{r.Month, r.Entered, r.Open, r.Lost, r.TakenOut}
		for _, cell := range r.Cells {
			row = append(row, cell.Reached)
		}
		c.add(row...)
	}
	return c
}

func forecastCard(f funnel.Forecast) *card {
	c := &card{head: []httpapi.Label{
		{"预计签约月", "Month of expected close"}, {"商机", "Deals"}, {"金额", "Amount"}, {"按阶段成功率", "By stage rate"},
		{"按代表信心", "By confidence"}, {"未填信心", "Without confidence"}, {"按校准率", "By calibrated rate"},
		{"已赢单", "Won"}, {"已赢金额", "Won amount"}, {"币种", "Currency"},
	}}
	month := func(name any, m funnel.ForecastMonth) {
		c.add(name, m.Count, summed(m.Open.AmountMinor, f.Currency, m.Open.TooLarge), summed(m.Open.ExpectedMinor, f.Currency, m.Open.TooLarge),
			summed(m.Open.ConfidenceMinor, f.Currency, m.Open.TooLarge), m.Open.NoConfidence,
			summed(m.Open.CalibratedMinor, f.Currency, m.Open.TooLarge), m.Won, summed(m.WonAmt, f.Currency, m.WonTooLarge), f.Currency)
	}
	month(httpapi.Label{"已过期", "Overdue"}, f.Overdue)
	for _, m := range f.Months {
		month(m.Month, m)
	}
	month(httpapi.Label{"未填日期", "Without a date"}, f.Undated)
	month(httpapi.Label{"合计", "Total"}, f.Total)
	return c
}
