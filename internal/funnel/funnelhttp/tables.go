package funnelhttp

import (
	"bytes"
	"context"
	"fmt"

	"yunchou/internal/account/accounthttp"
	"yunchou/internal/fault"
	"yunchou/internal/funnel"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

// A pair is a text in Chinese and in English.
type pair [2]string

// tableIn asks for one card of the analysis as a table.
type tableIn struct {
	Question
	accounthttp.ExportQuery
	Triangle
	Periods
	Part string `query:"part" required:"true" enum:"stages,dwell,losses,groups,rivals,trend,cohorts,forecast"`
}

// table writes a part as a table, in the order the screen shows it.
func table(ctx context.Context, d Deps, actor org.Actor, in *tableIn) (*accounthttp.Table, error) {
	rows, err := tableRows(ctx, d, actor, in)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w, err := sheet.New(&b, in.Format)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		for i, cell := range row {
			if p, ok := cell.(pair); ok {
				row[i] = p[in.Language()]
			}
		}
		if err := w.Row(row); err != nil {
			return nil, err
		}
	}
	if err := d.Funnel.Exported(ctx, actor, in.Part, in.Format); err != nil {
		return nil, err
	}
	return accounthttp.TableOf(w, &b, in.Format, in.Part+"-"+string(actor.Today))
}

func tableRows(ctx context.Context, d Deps, actor org.Actor, in *tableIn) ([][]any, error) {
	switch in.Part {
	case "forecast":
		f, err := d.Funnel.Forecast(ctx, actor, in.ask())
		return forecastRows(f), err
	case "trend":
		t, err := d.Funnel.Trend(ctx, actor, in.ask(), in.Step, in.Number)
		return trendRows(t), err
	case "cohorts":
		c, err := d.Funnel.Cohorts(ctx, actor, in.ask(), in.OfStage, in.Target)
		return cohortRows(c), err
	case "rivals":
		r, err := d.Funnel.Rivals(ctx, actor, in.ask())
		return rivalRows(r), err
	}
	r, err := d.Funnel.Report(ctx, actor, in.ask())
	if err != nil {
		return nil, err
	}
	switch in.Part {
	case "stages":
		return stageRows(r), nil
	case "dwell":
		return dwellRows(r), nil
	case "losses":
		return lossRows(r), nil
	}
	if in.GroupBy == "" {
		return nil, fault.Input("/groupBy", "report.group_unknown", "owner, team, product, region, account-industry, account-class, source or month")
	}
	return groupRows(r), nil
}

// share is a cell of basis points.
func share(bp *int) sheet.Percent {
	if bp == nil {
		return sheet.Percent{}
	}
	v := int64(*bp)
	return sheet.Percent{BP: &v}
}

func amount(minor int64, currency string) sheet.Amount {
	return sheet.Amount{Minor: &minor, Currency: currency}
}

func stageRows(r funnel.Report) [][]any {
	rows := [][]any{{pair{"阶段", "Stage"}, pair{"到达", "Reached"}, pair{"推进", "Advanced"}, pair{"推进率", "Advanced %"}, pair{"输单", "Lost"}, pair{"输单率", "Lost %"}, pair{"仍在", "Still open"}, pair{"已剔除", "Taken out"},
		pair{"停留中位数(工作日)", "Median dwell (working days)"}, pair{"停留 p80", "Dwell p80"}, pair{"停留 p90", "Dwell p90"}, pair{"按时率", "On time"}, pair{"当前商机", "Open now"}, pair{"当前金额", "Open amount"},
		pair{"按阶段成功率", "By stage rate"}, pair{"按代表信心", "By confidence"}, pair{"按校准率", "By calibrated rate"}, pair{"币种", "Currency"}}}
	for _, s := range r.Stages {
		row := []any{s.Name, s.Reached}
		if c := s.Cohort; c != nil {
			row = append(row, c.Advanced, share(c.AdvancedBP), c.Lost, share(c.LostBP), c.Open, c.TakenOut)
		} else {
			row = append(row, "", "", "", "", "", "")
		}
		if d := s.Dwell; d != nil {
			row = append(row, d.Working.Median, d.Working.P80, d.Working.P90, share(d.OnTimeBP))
		} else {
			row = append(row, "", "", "", "")
		}
		if w := s.Weighted; w != nil {
			row = append(row, s.Open, amount(w.AmountMinor, r.Currency), amount(w.ExpectedMinor, r.Currency), amount(w.ConfidenceMinor, r.Currency), amount(w.CalibratedMinor, r.Currency), r.Currency)
		}
		rows = append(rows, row)
	}
	return rows
}

func dwellRows(r funnel.Report) [][]any {
	rows := [][]any{{pair{"阶段", "Stage"}, pair{"工作日从", "Working days from"}, pair{"到", "To"}, pair{"已离开", "Left"}, pair{"仍停留", "Still there"}}}
	for _, s := range r.Stages {
		if s.Dwell == nil {
			continue
		}
		for _, b := range s.Dwell.Histogram {
			to := fmt.Sprint(b.To)
			if b.To < 0 {
				to = ""
			}
			rows = append(rows, []any{s.Name, int64(b.From), to, b.Left, b.Open})
		}
	}
	return rows
}

func lossRows(r funnel.Report) [][]any {
	rows := [][]any{{pair{"类别", "Kind"}, pair{"竞争对手", "Competitor"}, pair{"输单阶段", "Lost from"}, pair{"数量", "Count"}, pair{"金额", "Amount"}, pair{"币种", "Currency"}}}
	for _, l := range r.Losses {
		rows = append(rows, []any{l.Kind, l.Competitor, l.Stage, l.Count, amount(l.AmountMinor, r.Currency), r.Currency})
	}
	return rows
}

func groupRows(r funnel.Report) [][]any {
	rows := [][]any{{pair{"分组", "Group"}, pair{"创建", "Created"}, pair{"在手", "Open"}, pair{"赢单", "Won"}, pair{"输单", "Lost"}, pair{"赢率", "Win rate"}, pair{"95% 下限", "95 % from"}, pair{"95% 上限", "95 % to"},
		pair{"在手金额", "Open amount"}, pair{"赢单金额", "Won amount"}, pair{"成交周期中位数(天)", "Median cycle (days)"}, pair{"币种", "Currency"}}}
	for _, g := range r.Groups {
		w := g.ClosedWinRate
		rows = append(rows, []any{g.Key, g.Population.Created, g.Population.Open, w.Won, w.Lost, share(w.BP), share(w.LowBP), share(w.HighBP), amount(g.OpenMinor, r.Currency), amount(g.WonMinor, r.Currency), g.Cycle.Won.Median, r.Currency})
	}
	return rows
}

func rivalRows(r funnel.Rivals) [][]any {
	rows := [][]any{{pair{"竞争对手", "Competitor"}, pair{"赢单", "Won"}, pair{"输单", "Lost"}, pair{"其中输给它", "Lost to it"}, pair{"赢率", "Win rate"}, pair{"95% 下限", "95 % from"}, pair{"95% 上限", "95 % to"},
		pair{"赢单金额", "Won amount"}, pair{"输单金额", "Lost amount"}, pair{"币种", "Currency"}}}
	for _, x := range r.Rows {
		rows = append(rows, []any{x.Competitor, x.Rate.Won, x.Rate.Lost, x.LostTo, share(x.Rate.BP), share(x.Rate.LowBP), share(x.Rate.HighBP), amount(x.WonMinor, r.Currency), amount(x.LostMinor, r.Currency), r.Currency})
	}
	return rows
}

func trendRows(t funnel.Trend) [][]any {
	rows := [][]any{{pair{"从", "From"}, pair{"到(不含)", "To (exclusive)"}, pair{"新建", "Created"}, pair{"赢单", "Won"}, pair{"输单", "Lost"}, pair{"赢率", "Win rate"}, pair{"赢单金额", "Won amount"}, pair{"期末在手", "Open at the end"},
		pair{"期末在手金额", "Open amount at the end"}, pair{"周期中位数(天)", "Median cycle (days)"}, pair{"销售速度/天", "Velocity per day"}, pair{"按时推进率", "On time"}, pair{"每商机每月新进展", "New ground per deal and month"}, pair{"币种", "Currency"}}}
	for _, p := range t.Points {
		rows = append(rows, []any{string(p.From), string(p.To), p.Created, p.ClosedWinRate.Won, p.ClosedWinRate.Lost, share(p.ClosedWinRate.BP), amount(p.WonMinor, t.Currency), p.Open, amount(p.OpenMinor, t.Currency),
			p.CycleMedian, sheet.Amount{Minor: p.Velocity.PerDayMinor, Currency: t.Currency}, share(p.Flow.OnTimeBP), p.Flow.PerOpenMonth, t.Currency})
	}
	return rows
}

func cohortRows(c funnel.Cohorts) [][]any {
	head := []any{pair{"进入月份", "Month of entry"}, pair{"进入", "Entered"}, pair{"仍在", "Open"}, pair{"输单", "Lost"}, pair{"已剔除", "Taken out"}}
	longest := 0
	for _, r := range c.Rows {
		longest = max(longest, len(r.Cells))
	}
	for k := range longest {
		head = append(head, pair{fmt.Sprintf("第 %d 月累计", k), fmt.Sprintf("By month %d", k)})
	}
	rows := [][]any{head}
	for _, r := range c.Rows {
		row := []any{r.Month, r.Entered, r.Open, r.Lost, r.TakenOut}
		for _, cell := range r.Cells {
			row = append(row, cell.Reached)
		}
		rows = append(rows, row)
	}
	return rows
}

func forecastRows(f funnel.Forecast) [][]any {
	rows := [][]any{{pair{"预计成交月", "Month of expected close"}, pair{"商机", "Deals"}, pair{"金额", "Amount"}, pair{"按阶段成功率", "By stage rate"}, pair{"按代表信心", "By confidence"}, pair{"未填信心", "Without confidence"},
		pair{"按校准率", "By calibrated rate"}, pair{"已赢单", "Won"}, pair{"已赢金额", "Won amount"}, pair{"币种", "Currency"}}}
	add := func(name any, m funnel.ForecastMonth) {
		rows = append(rows, []any{name, m.Count, amount(m.Open.AmountMinor, f.Currency), amount(m.Open.ExpectedMinor, f.Currency), amount(m.Open.ConfidenceMinor, f.Currency), m.Open.NoConfidence,
			amount(m.Open.CalibratedMinor, f.Currency), m.Won, amount(m.WonAmt, f.Currency), f.Currency})
	}
	add(pair{"已过期", "Overdue"}, f.Overdue)
	for _, m := range f.Months {
		add(m.Month, m)
	}
	add(pair{"未填日期", "Without a date"}, f.Undated)
	add(pair{"合计", "Total"}, f.Total)
	return rows
}
