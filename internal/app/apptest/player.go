package apptest

import (
	"math/rand/v2"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// Player plays a company through the services, as people would, and tells a reference of
// each act that was accepted. A refused act is part of the game.
type Player struct {
	*World
	Truth *truth.Company
	// Accepted counts acts by name, Refused those that were not, by name and fault.
	Accepted, Refused map[string]int
	// Sellers own records; Teams is the tree they are in.
	Sellers, Teams []string
	// Products are the ids of product lines.
	Products []string
	// Customers are the ids of accounts.
	Customers []string
	// Days are those on which anything was done.
	Days []calendar.Date

	rng     *rand.Rand
	day     calendar.Date
	deals   []string
	batches []batch
	left    map[string]bool
	imports int
	folder  string
}

// Regions and Industries are those accounts may be of.
var (
	Regions    = []string{"", "华东", "西北", "华南"}
	Industries = []string{"汽车", "航空", "机床"}
)

// batch is an import that may be undone.
type batch struct {
	id  string
	ids []string
}

// NewPlayer readies a world with a third team under the second, two pipelines, products,
// and rates for two of three foreign currencies.
func NewPlayer(w *World, rng *rand.Rand) *Player {
	w.T.Helper()
	p := &Player{World: w, Truth: truth.New("CNY"), Accepted: map[string]int{}, Refused: map[string]int{},
		rng: rng, day: Start, left: map[string]bool{},
		folder: w.T.TempDir()}
	boss := w.As("管理员")
	third, err := w.Org.AddTeam(w.Ctx, boss, "", "三组", w.ID["二组"], "华南", org.Start)
	w.must(err)
	w.ID["三组"] = third.ID
	w.AddMember("吴敏", third.ID, true, org.Manager)
	w.AddMember("郑凯", third.ID, false, org.Rep)
	w.AddMember("孙燕", w.ID["一组"], false, org.Rep)
	p.Sellers = []string{"陈露", "小李", "周涛", "蒋跃", "何峰", "吴敏", "郑凯", "孙燕"}
	p.Teams = []string{"公司", "一组", "二组", "三组"}
	for _, name := range []string{"主轴", "导轨", "丝杠"} {
		line, err := w.Accounts.AddProductLine(w.Ctx, boss, account.ProductLine{Name: name})
		w.must(err)
		p.Products = append(p.Products, line.ID)
		p.Truth.Names[line.ID] = name
	}
	p.tellTheCompany()
	p.Customers = []string{p.Customer("东方", "华东", "汽车", "A"), p.Customer("西部", "西北", "航空", "B"), p.Customer("散户", "", "汽车", "")}
	p.Truth.Works = func(day calendar.Date) bool { return w.Org.Calendar(w.Admin.TenantID).IsWorkingDay(day) }
	p.Truth.Working = func(from, to calendar.Date) int {
		return w.Org.Calendar(w.Admin.TenantID).WorkingDaysBetween(from, to)
	}
	for currency, rate := range map[string]int64{"USD": 7_123_456, "JPY": 48_765} { // KWD has none
		p.Rate(currency, Start, rate)
	}
	return p
}

// tellTheCompany tells what stands at the start.
func (p *Player) tellTheCompany() {
	at := p.at()
	p.Truth.Wrote(at)
	s := p.As("管理员").Structure
	for id, t := range s.Teams {
		p.Truth.Names[id] = t.Name
	}
	for id, m := range s.Members {
		p.Truth.Names[id] = m.Name
	}
	for _, h := range s.Parents {
		p.Truth.AddTeam(at, h.TeamID, h.ParentID, "")
	}
	for _, h := range s.Holdings {
		if h.Main {
			p.Truth.Sit(at, h.MemberID, s.Seats[h.SeatID].TeamID, "")
		}
	}
	all, err := p.Pipelines.InForce(p.Ctx, p.As("管理员"))
	p.must(err)
	for _, v := range all {
		p.Truth.Publish(at, told(v, nil))
	}
}

// told is a version as the reference is told of it.
func told(v pipeline.Version, mapping map[string]string) truth.Version {
	out := truth.Version{ID: v.ID, Pipeline: v.PipelineID, Number: v.Number, Mapping: mapping}
	out.Day = v.Effective
	for _, s := range v.Stages {
		out.Stages = append(out.Stages, truth.Stage{ID: s.ID, Name: s.Name, Kind: string(s.Kind), ExpectedBP: s.SuccessBP,
			CapBP: int64(s.ConfidenceCapBP), Qualified: s.Qualified, Standard: s.StandardDays})
	}
	return out
}

// at is now: the day, and the last number of the journal.
func (p *Player) at() truth.Act {
	zone, err := calendar.Zone("Asia/Shanghai")
	p.must(err)
	now := p.Clock.Now().In(zone)
	at := truth.Act{Day: p.day, Minute: 60*now.Hour() + now.Minute()}
	p.must(p.DB.Read(p.Ctx, func(tx database.Tx) error {
		row := tx.QueryRow(p.Ctx, `SELECT COALESCE(max(seq), 0) FROM journal WHERE tenant_id = $1`, p.Admin.TenantID)
		return row.Scan(&at.Seq)
	}))
	return at
}

// did notes what became of an act. It tells whether it was accepted, and when; anything
// but a fault fails the test.
func (p *Player) did(name string, err error) (truth.Act, bool) {
	p.T.Helper()
	if err != nil {
		f := fault.As(err)
		if f == nil {
			p.T.Fatalf("%s on %s: %v", name, p.day, err)
		}
		p.Refused[name+": "+f.Code]++
		return truth.Act{}, false
	}
	p.Accepted[name]++
	at := p.at()
	p.Truth.Wrote(at)
	return at, true
}

// Play goes on for so many days of acts: two to six acts, then one to three days.
func (p *Player) Play(days int) {
	p.T.Helper()
	for range days {
		p.day = p.day.Add(1 + p.rng.IntN(3))
		p.Clock.Set(p.day)
		p.Clock.Move(time.Duration(97*len(p.Days)%13*60-3*60) * time.Minute) // from seven on, to half past nine at the latest
		p.Days = append(p.Days, p.day)
		for range 2 + p.rng.IntN(5) {
			p.act()
			p.Clock.Move(25 * time.Minute)
		}
	}
}

// Today is the day it is in the game.
func (p *Player) Today() calendar.Date { return p.day }

// Credit adds the program's lines of credit up, whoever wrote them: what does not cancel
// as of a moment, as truth.CreditLine writes it. Records closed on an unknown day are left
// out.
func (p *Player) Credit(m truth.Moment) (out []string) {
	p.must(p.DB.Read(p.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(p.Ctx, `SELECT fact_id, member_id, COALESCE(team_id, ''), kind, COALESCE(product_line_id, ''),
			CAST(sum(share_bp) AS bigint), CAST(COALESCE(sum(amount_minor), 0) AS bigint)
			FROM credit_line WHERE tenant_id = $1 AND credited_on <= $2 AND seq <= $3
			AND stay_id NOT IN (SELECT u.stay_id FROM credit_line u WHERE u.tenant_id = $1 AND u.credited_on IS NULL)
			GROUP BY 1, 2, 3, 4, 5 HAVING sum(share_bp) <> 0 OR sum(amount_minor) <> 0`, p.Admin.TenantID, m.Day, m.K)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var deal, member, team, kind, product string
			var bp, minor int64
			if err := rows.Scan(&deal, &member, &team, &kind, &product, &bp, &minor); err != nil {
				return err
			}
			out = append(out, truth.CreditLine(deal, member, team, kind, product, bp, &minor))
		}
		return rows.Err()
	}))
	return out
}
