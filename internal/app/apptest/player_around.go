package apptest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// transfer moves a member now, some days back, or announces it.
func (p *Player) transfer() {
	member, team := p.ID[pick(p.rng, "小李", "周涛", "孙燕", "陈露")], p.ID[pick(p.rng, p.Teams...)]
	away := pick(p.rng, 0, 0, -1-p.rng.IntN(6), 1+p.rng.IntN(12))
	p.Transfer(member, team, p.day.Add(away))
}

// moveTeam hangs the third team elsewhere, now or some days back.
func (p *Player) moveTeam() {
	from := p.day.Add(-p.rng.IntN(6))
	p.HangUnder(p.ID["三组"], p.ID[pick(p.rng, "公司", "一组", "二组")], from)
}

// leave lets somebody go, now or later; what is open of his is handed over, or stays for
// the time being.
func (p *Player) leave() {
	const who = "郑凯"
	if !p.left[who] && p.Leave(who, p.day.Add(p.rng.IntN(2)*p.rng.IntN(12))) && p.rng.IntN(3) > 0 {
		p.HandAllOver(p.ID[who], p.ID[p.seller()])
	}
}

// secondPost gives a member a second post, or makes the second the main one.
func (p *Player) secondPost() {
	member := p.ID["孙燕"]
	s := p.As("管理员").Structure
	for _, h := range s.Holdings {
		if h.MemberID == member && !h.Main && h.On(p.day) {
			team := s.Seats[h.SeatID].TeamID
			for _, id := range p.deals {
				r, err := p.Opportunities.Get(p.Ctx, p.As("管理员"), id)
				p.must(err)
				if p.rng.IntN(3) == 0 && r.OwnerID == member && r.State == opportunity.Open && r.DeletedAt == nil && r.TeamID != team {
					p.Belong(id, team)
					return
				}
			}
			p.Lead(member, h.SeatID, team)
			return
		}
	}
	post := org.Post{TeamID: p.ID[pick(p.rng, p.Teams...)], From: p.day}
	p.did("second post", p.Org.AddPost(p.Ctx, p.As("管理员"), member, post))
}

// publish makes a version that is shorter, longer or in another order.
func (p *Player) publish() {
	old, err := p.Pipelines.Get(p.Ctx, p.As("管理员"), p.Bid.PipelineID)
	p.must(err)
	draft, mapping := old, map[string]string{}
	draft.Stages = slices.Clone(old.Stages)
	open := 0
	for open < len(draft.Stages) && draft.Stages[open].Kind == pipeline.Open {
		open++
	}
	i := p.rng.IntN(open)
	name := "publish shorter"
	switch n := p.rng.IntN(3); {
	case n == 0 && open > 3:
		to := draft.Stages[(i+1)%open].ID
		if i > 0 && p.rng.IntN(2) == 0 {
			to = draft.Stages[i-1].ID
		}
		mapping[draft.Stages[i].ID] = to
		draft.Stages = slices.Delete(draft.Stages, i, i+1)
	case n == 1:
		name = "publish in another order"
		j := p.rng.IntN(open)
		draft.Stages[i], draft.Stages[j] = draft.Stages[j], draft.Stages[i]
	default:
		name = "publish longer"
		st := draft.Stages[i]
		p.imports++
		st.ID, st.Name, st.Milestones = "", fmt.Sprintf("勘查%d", p.imports), nil
		draft.Stages = slices.Insert(draft.Stages, i, st)
	}
	for k := range draft.Stages { // rates do not fall along the path
		if st := &draft.Stages[k]; st.Kind == pipeline.Open {
			st.SuccessBP = 800 * (k + 1)
		}
	}
	p.Publish(name, draft, mapping)
}

const mappingOfImports = `version: 1
source: 老系统
files:
- match: deals.csv
  kind: opportunity
  pipeline: 投标流程
  columns: {externalId: 编号, name: 商机名称, owner: 负责人, stage: 阶段, amount: 金额, currency: 币种,
    createdOn: 创建日期, closedOn: 关闭日期, expectedOn: 预计, product: 产品`

// importSome brings two to four records in, with histories or with a present stage alone.
func (p *Player) importSome() {
	v, err := p.Pipelines.Get(p.Ctx, p.As("管理员"), p.Bid.PipelineID)
	p.must(err)
	var list []truth.Imported
	var rows []string
	for range 2 + p.rng.IntN(3) {
		p.imports++
		row, in := p.imported(v, fmt.Sprintf("导入%d", p.imports))
		rows, list = append(rows, row), append(list, in)
	}
	p.Import(v, rows, list)
}

// Import brings rows in that say what list tells.
func (p *Player) Import(v pipeline.Version, rows []string, list []truth.Imported) {
	yaml, head := mappingOfImports, "编号,商机名称,负责人,阶段,金额,币种,创建日期,关闭日期,预计,产品"
	for _, s := range v.Stages {
		if s.Kind == pipeline.Open {
			yaml += fmt.Sprintf(", entered.%s: 入%s", s.Name, s.Name)
			head += ",入" + s.Name
		}
	}
	m, err := intake.ParseMapping([]byte(yaml + "}\n"))
	p.must(err)
	path := filepath.Join(p.folder, "deals.csv")
	p.must(os.WriteFile(path, []byte(head+"\n"+strings.Join(rows, "\n")+"\n"), 0o600))
	b, err := p.Intake.Import(p.Ctx, p.As("管理员"), m, []intake.File{{Name: "deals.csv", Path: path}}, false)
	at, ok := p.did("import", err)
	if !ok {
		return
	}
	one := batch{id: b.ID}
	for i := range list {
		list[i].ID = p.idOf(list[i].Name)
		list[i].Region = p.regionOf(list[i].Owner)
		one.ids = append(one.ids, list[i].ID)
		p.Truth.Names[list[i].ID] = list[i].Name
	}
	p.deals = append(p.deals, one.ids...)
	p.batches = append(p.batches, one)
	p.Truth.Import(at, list)
}

// ImportOne brings one record in, in a stage since an unknown day, and returns its id.
func (p *Player) ImportOne(name, owner, stage string, yuan int64) string {
	v, err := p.Pipelines.Get(p.Ctx, p.As("管理员"), p.Bid.PipelineID)
	p.must(err)
	st, _ := v.StageNamed(stage)
	minor := yuan * 100
	kind := ""
	if st.Kind == pipeline.Lost {
		kind = opportunity.UnknownLoss
	}
	in := truth.Imported{LossKind: kind, Visits: []truth.Visit{{Stage: st.ID, State: string(st.Kind)}}, Record: truth.Record{Name: name,
		Owner: p.ID[owner], Pipeline: v.PipelineID, Version: v.ID, Currency: "CNY", Amount: &minor}}
	row := fmt.Sprintf("%s,%s,%s,%s,%d,CNY,,,,", name, name, owner, stage, yuan)
	p.Import(v, []string{row}, []truth.Imported{in})
	return p.deals[len(p.deals)-1]
}

// imported makes one record of a file: its row, and what the row says.
func (p *Player) imported(v pipeline.Version, name string) (string, truth.Imported) {
	in := truth.Imported{Record: truth.Record{Name: name, Pipeline: v.PipelineID, Version: v.ID,
		Currency: pick(p.rng, "CNY", "CNY", "USD")}}
	owner, product, stage, closed := "", "", "", calendar.Date("")
	if p.rng.IntN(5) > 0 {
		owner = p.seller()
		in.Owner = p.ID[owner]
	}
	amount := 100 * p.rng.Int64N(50_000)
	in.Amount = &amount
	if p.rng.IntN(2) == 0 {
		i := p.rng.IntN(len(p.Products))
		product = p.Truth.Names[p.Products[i]]
		in.Lines = []truth.Line{{Product: p.Products[i], Minor: amount}}
	}
	if p.rng.IntN(2) == 0 {
		in.Expected = p.day.Add(p.rng.IntN(60))
	}
	entered := map[string]calendar.Date{}
	on := p.day.Add(-20 - p.rng.IntN(60))
	if p.rng.IntN(3) > 0 {
		in.Created = on.Add(-p.rng.IntN(3))
	}
	dated := p.rng.IntN(4) > 0
	for _, s := range v.Stages {
		if s.Kind != pipeline.Open || p.rng.IntN(3) == 0 && stage != "" {
			continue
		}
		if stage = s.Name; dated {
			entered[s.Name] = on
			in.Visits = append(in.Visits, truth.Visit{Stage: s.ID, State: truth.Open, On: on})
		}
		if on = min(p.day, on.Add(1+p.rng.IntN(6))); p.rng.IntN(4) == 0 {
			break
		}
	}
	st, _ := v.StageNamed(stage)
	switch kind := pick(p.rng, pipeline.Open, pipeline.Won, pipeline.Lost); {
	case kind != pipeline.Open:
		if p.rng.IntN(4) > 0 {
			closed = on
		}
		end := v.OfKind(kind)
		stage = end.Name
		in.Visits = append(in.Visits, truth.Visit{Stage: end.ID, State: string(kind), On: closed})
		if kind == pipeline.Lost {
			in.LossKind = opportunity.UnknownLoss
		}
	case !dated:
		in.Visits = []truth.Visit{{Stage: st.ID, State: truth.Open}}
	}
	row := []string{name, name, owner, stage, fmt.Sprint(amount / 100), in.Currency,
		string(in.Created), string(closed), string(in.Expected), product}
	for _, s := range v.Stages {
		if s.Kind == pipeline.Open {
			row = append(row, string(entered[s.Name]))
		}
	}
	return strings.Join(row, ","), in
}

// regionOf is the region of a member's team today, which an import gives to what is his.
func (p *Player) regionOf(member string) string {
	s := p.As("管理员").Structure
	team, _ := s.TeamOf(member, p.day)
	return s.Teams[team].Region
}

// Customer makes an account.
func (p *Player) Customer(name, region, industry, class string) string {
	c, err := p.Accounts.Create(p.Ctx, p.As("管理员"), account.Account{Name: name, Region: region, Industry: industry, Class: class}, true)
	p.must(err)
	p.Truth.Names[c.ID] = name
	p.Truth.Customer(p.at(), c.ID, industry, class)
	return c.ID
}

// customer gives an account another class, industry or region; what is of it stays where it is.
func (p *Player) customer() {
	c, err := p.Accounts.Get(p.Ctx, p.As("管理员"), pick(p.rng, p.Customers...))
	p.must(err)
	c.Class, c.Industry = pick(p.rng, "", "A", "B"), pick(p.rng, Industries...)
	c.Region = pick(p.rng, Regions...)
	_, err = p.Accounts.Update(p.Ctx, p.As("管理员"), c)
	if at, ok := p.did("change account", err); ok {
		p.Truth.Customer(at, c.ID, c.Industry, c.Class)
	}
}

// idOf finds a record by its name.
func (p *Player) idOf(name string) (id string) {
	p.must(p.DB.Read(p.Ctx, func(tx database.Tx) error {
		row := tx.QueryRow(p.Ctx, `SELECT id FROM opportunity WHERE tenant_id = $1 AND name = $2 ORDER BY id DESC LIMIT 1`,
			p.Admin.TenantID, name)
		return row.Scan(&id)
	}))
	return id
}

// undoImport takes a batch back; what was touched since stays.
func (p *Player) undoImport() {
	if len(p.batches) > 0 {
		p.undo(p.rng.IntN(len(p.batches)))
	}
}

// UndoLast takes the last batch back.
func (p *Player) UndoLast() { p.undo(len(p.batches) - 1) }

func (p *Player) undo(i int) {
	b := p.batches[i]
	u, err := p.Intake.Undo(p.Ctx, p.As("管理员"), b.id)
	at, ok := p.did("undo import", err)
	if !ok {
		return
	}
	p.batches = slices.Delete(p.batches, i, i+1)
	var gone []string
	for _, id := range b.ids {
		if !slices.Contains(u.Kept, "opportunity:"+id) {
			gone = append(gone, id)
		}
	}
	p.deals = slices.DeleteFunc(p.deals, func(id string) bool { return slices.Contains(gone, id) })
	p.Truth.ImportUndone(at, gone)
}
