package app_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/competitor"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/desk"
	"yunchou/internal/field"
	"yunchou/internal/followup"
	"yunchou/internal/guidance"
	"yunchou/internal/handover"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/outgoing"
	"yunchou/internal/record"
	"yunchou/internal/replay/replaytest"
	"yunchou/internal/task"
	"yunchou/internal/timetable"
	"yunchou/internal/worktime"
)

// TestTheJournalGivesBackWhatIsAroundDeals does every act there is on accounts, people, what
// was said and promised, files and hand-overs, and plays the journal into an empty database.
func TestTheJournalGivesBackWhatIsAroundDeals(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := around{apptest.New(t, db)}
		w.fields()
		w.accounts()
		w.people()
		w.imports()
		w.saidAndPromised()
		w.talks()
		w.gives()
		w.merges()
		w.handOver()
		w.desk()
		w.outgoing()
		w.rivals()
		kinds := map[string]org.Replay{}
		for _, of := range []map[string]org.Replay{w.Accounts.Replays(), w.FollowUps.Replays(), w.Tasks.Replays(),
			w.Handovers.Replays(), w.Desk.Replays(), w.Files.Replays(), w.Fields.Replays(), w.Conversations.Replays(), w.Guidance.Replays(), w.Outgoing.Replays(), w.Competitors.Replays()} {
			maps.Copy(kinds, of)
		}
		for _, row := range replaytest.Rows(t, db, "SELECT DISTINCT kind FROM journal") {
			delete(kinds, row[0])
		}
		for kind := range kinds {
			t.Errorf("%s was not written", kind)
		}
		played(t, db, databasetest.Another(t, db), &apptest.Player{World: w.World})
	})
}

// around is a world with the acts of this test.
type around struct{ *apptest.World }

func (w around) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// rivals names competitors, reads two as one and as two again, and sees, corrects and takes back what is known of them.
func (w around) rivals() {
	w.T.Helper()
	boss, at := w.As("管理员"), w.firm("对手来过的客户")
	note := func(name string) competitor.Sighting {
		x, err := w.Competitors.Note(w.Ctx, boss, competitor.Sighting{CompetitorAs: name, AccountID: at, Kind: "visit", Words: "来过"})
		w.must(err)
		return x
	}
	x, y := note("三励公司"), note("三立")
	_, err := w.Accounts.NameCompetitor(w.Ctx, boss, account.Competitor{ID: x.CompetitorID, Name: "三励", Aliases: []string{"三励智能"}})
	w.must(err)
	_, err = w.Accounts.MergeCompetitors(w.Ctx, boss, y.CompetitorID, x.CompetitorID)
	w.must(err)
	_, err = w.Accounts.SplitCompetitor(w.Ctx, boss, y.CompetitorID)
	w.must(err)
	_, err = w.Competitors.Change(w.Ctx, boss, competitor.Sighting{ID: x.ID, Kind: "quote"})
	w.must(err)
	_, err = w.Competitors.Withdraw(w.Ctx, boss, y.ID)
	w.must(err)
	e, err := w.Competitors.AddEntry(w.Ctx, boss, competitor.Entry{CompetitorID: x.CompetitorID, Kind: competitor.Tactic, Title: "低价进场"})
	w.must(err)
	_, err = w.Competitors.ChangeEntry(w.Ctx, boss, competitor.Entry{ID: e.ID, Title: "先低价"})
	w.must(err)
	w.must(w.Competitors.WithdrawEntry(w.Ctx, boss, e.ID))
}

func (w around) firm(name string) string {
	w.T.Helper()
	c, err := w.Accounts.Create(w.Ctx, w.As("管理员"), account.Account{Name: name}, false)
	w.must(err)
	return c.ID
}

// desk ends a line in each way, and says from which amounts on lines climb.
func (w around) desk() {
	admin, rep := w.As("管理员"), w.As("周涛")
	passed := rep.Today.Add(-7)
	for _, name := range []string{"甲", "乙", "丙", "丁"} {
		o := w.Opportunity("周涛", "指挥台"+name)
		_, err := w.Opportunities.Edit(w.Ctx, rep, o.ID, o.Version, opportunity.Patch{ExpectedOn: &passed})
		w.must(err)
	}
	w.must(w.Funnel.Await(w.Ctx, admin.TenantID))
	list, err := w.Desk.Read(w.Ctx, rep, desk.Most)
	w.must(err)
	ways := []desk.Deciding{{Decision: desk.Done}, {Decision: desk.NotIssue, Reason: "在走审批"},
		{Decision: desk.Until, Until: admin.Today.Add(3)}, {Decision: desk.Handed, ToID: w.ID["小李"], What: "问清楚", DueOn: admin.Today.Add(1)}}
	for n, d := range ways {
		d.Of, d.Facts = list.Lines[n].On, list.Lines[n].Facts
		mark, err := w.Desk.Decide(w.Ctx, rep, d)
		w.must(err)
		if d.Decision == desk.NotIssue {
			w.must(w.Desk.TakeBack(w.Ctx, rep, mark.ID))
		}
	}
	_, version, err := w.Desk.Levels(w.Ctx, admin)
	w.must(err)
	admin.IfMatch = version
	_, _, err = w.Desk.SetLevels(w.Ctx, admin, desk.Bars{500_000_00, 2_000_000_00})
	w.must(err)
}

// outgoing says by which ways notices leave the house, and what somebody wants of them.
func (w around) outgoing() {
	c := outgoing.Usual
	c.Tasks, c.Digest = outgoing.NotAtAll, false
	rep, admin := w.As("陈露"), w.As("管理员")
	for range 2 {
		is, err := w.Outgoing.Choose(w.Ctx, rep, c)
		w.must(err)
		rep.IfMatch = is.Version
	}
	for range 2 {
		x, err := w.Outgoing.SaveSetting(w.Ctx, admin, outgoing.Setting{Site: "https://crm.example.com", Mail: true, Host: "smtp.example.com", Port: 587,
			Security: outgoing.StartTLS, Sender: "crm@example.com"}, "")
		w.must(err)
		admin.IfMatch = x.Version
	}
	for _, team := range []string{"一组", "二组", "一组"} {
		w.must(w.Outgoing.SetRobot(w.Ctx, w.As("管理员"), w.ID[team], outgoing.WeCom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc", ""))
	}
	w.must(w.Outgoing.RemoveRobot(w.Ctx, w.As("管理员"), w.ID["二组"]))
}

// fields gives accounts an own field of each type, and people two.
func (w around) fields() {
	for _, f := range []field.Field{
		{Record: "account", Key: "note", Label: "备注", Type: field.Text}, {Record: "account", Key: "size", Label: "人数", Type: field.Number},
		{Record: "account", Key: "sales", Label: "产值", Type: field.Money}, {Record: "account", Key: "since", Label: "成立", Type: field.Date},
		{Record: "account", Key: "level", Label: "级别", Type: field.Choice, Options: []string{"高", "低"}},
		{Record: "account", Key: "helper", Label: "售后", Type: field.Person},
		{Record: "contact", Key: "birthday", Label: "生日", Type: field.Date}, {Record: "contact", Key: "likes", Label: "爱好", Type: field.Text},
	} {
		_, err := w.Fields.Define(w.Ctx, w.As("管理员"), f)
		w.must(err)
	}
	w.changedFields()
}

// changedFields names, orders and retires fields of people, and gives one choices.
func (w around) changedFields() {
	admin := w.As("管理员")
	all, err := w.Fields.All(w.Ctx, admin)
	w.must(err)
	people := slices.DeleteFunc(all, func(f field.Field) bool { return f.Record != "contact" })
	label, yes, no := "兴趣", true, false
	for _, c := range []field.Change{{Label: &label}, {Choices: &[]field.Option{{Label: "钓鱼"}, {Label: "书法"}}}, {Retired: &yes}, {Retired: &no}} {
		_, err := w.Fields.Change(w.Ctx, admin, people[1].ID, c)
		w.must(err)
	}
	_, err = w.Fields.Order(w.Ctx, admin, "contact", []string{people[1].ID, people[0].ID})
	w.must(err)
	f, err := w.Fields.Define(w.Ctx, admin, field.Field{Record: "account", Key: "old", Label: "旧", Type: field.Text})
	w.must(err)
	_, err = w.Fields.Change(w.Ctx, admin, f.ID, field.Change{Retired: &yes})
	w.must(err)
}

// accounts are made, changed, deleted and brought back.
func (w around) accounts() {
	a := w.As("陈露")
	group := account.Account{Name: "恒信集团", Industry: "机械", Region: "华东", Class: "B", ParentID: w.Account}
	group.Custom = field.Values{"note": "老客户", "size": "120.5", "sales": "9800.55", "since": "1998-05-01",
		"level": "高", "helper": w.ID["小李"]}
	group, err := w.Accounts.Create(w.Ctx, a, group, false)
	w.must(err)
	w.Clock.Set("2026-03-04")
	group.Name, group.Region, group.Class, group.ParentID = "恒信", "华南", "A", ""
	group.Custom = field.Values{"note": "", "size": "", "sales": "12000", "level": "低", "helper": w.ID["陈露"]}
	group, err = w.Accounts.Update(w.Ctx, w.As("陈露"), group)
	w.must(err)
	w.Clock.Set("2026-03-05")
	group.Custom = field.Values{"note": "又来了", "since": ""}
	_, err = w.Accounts.Update(w.Ctx, w.As("陈露"), group)
	w.must(err)
	gone, err := w.Accounts.Create(w.Ctx, w.As("管理员"), account.Account{Name: "远大", Class: "C", OwnerID: w.ID["周涛"]}, false)
	w.must(err)
	for _, deleted := range []bool{true, false, true} {
		w.must(w.Accounts.Delete(w.Ctx, w.As("管理员"), gone.ID, 0, deleted))
	}
	w.must(w.Accounts.Export(w.Ctx, w.As("陈露"), account.Filter{}, "xlsx", func(account.Account, string, database.Seq) error { return nil }))
	w.must(w.Accounts.ExportContacts(w.Ctx, w.As("陈露"), "", "", "csv", func(account.Contact, database.Seq) error { return nil }))
	price := int64(19_800_00)
	_, err = w.Accounts.AddProductLine(w.Ctx, w.As("管理员"), account.ProductLine{Name: "阀门", Series: "V", ListPriceMinor: &price})
	w.must(err)
	pump, err := w.Accounts.AddProductLine(w.Ctx, w.As("管理员"), account.ProductLine{Name: "泵"})
	w.must(err)
	w.must(w.Accounts.NameExpert(w.Ctx, w.As("管理员"), pump.ID, w.ID["周涛"]))
	w.must(w.Accounts.EndExpert(w.Ctx, w.As("管理员"), pump.ID, w.ID["周涛"]))
	w.must(w.Accounts.NameExpert(w.Ctx, w.As("管理员"), pump.ID, w.ID["何峰"]))
	for _, name := range []string{"对手甲", "对手乙", "对手甲"} {
		w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
			_, err := w.Accounts.CompetitorIn(w.Ctx, tx, w.As("管理员"), name)
			return err
		}))
	}
}

// people are added, change, go to another account and are erased.
func (w around) people() {
	other, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: "新东家"}, false)
	w.must(err)
	for i, name := range []string{"王工", "赵工"} {
		c, err := w.Accounts.CreateContact(w.Ctx, w.As("陈露"), account.Contact{Name: name, Title: "工程师",
			Mobile: "13800000000", AccountID: w.Account, Custom: field.Values{"birthday": "1980-05-01", "likes": "钓鱼"}, EvenIfSame: true})
		w.must(err)
		w.Clock.Set("2026-03-06")
		c.AccountID, c.Title, c.Custom, c.EvenIfSame = other.ID, "主任", field.Values{"birthday": "1980-05-02", "likes": ""}, true
		c, err = w.Accounts.UpdateContact(w.Ctx, w.As("陈露"), c, account.Step{On: "2026-03-01"})
		w.must(err)
		c.Email, c.Custom, c.EvenIfSame = "a@b.cn", nil, true
		_, err = w.Accounts.UpdateContact(w.Ctx, w.As("陈露"), c, account.Step{})
		w.must(err)
		w.Clock.Set("2026-03-07")
		c, err = w.Accounts.GetContact(w.Ctx, w.As("陈露"), c.ID)
		w.must(err)
		c.Department, c.Title, c.EvenIfSame = "供应链部", "总监", true
		_, err = w.Accounts.UpdateContact(w.Ctx, w.As("陈露"), c, account.Step{Reason: "调整"})
		w.must(err)
		w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
			if err := w.Accounts.Goes(w.Ctx, tx, w.As("陈露"), c.ID, w.As("陈露").Today); err != nil {
				return err
			}
			if err := w.Accounts.Stays(w.Ctx, tx, w.As("陈露"), c.ID); err != nil || i == 0 {
				return err
			}
			x, err := w.Accounts.ContactIn(w.Ctx, tx, w.As("陈露"), c.ID)
			if err == nil {
				_, err = w.Accounts.Unpost(w.Ctx, tx, w.As("陈露"), c.ID, x.PostOf().ID)
			}
			return err
		}))
		if i > 0 {
			w.must(w.Accounts.TakenOut(w.Ctx, w.As("管理员"), c.ID))
			w.must(w.Accounts.EraseContact(w.Ctx, w.As("管理员"), c.ID))
		}
	}
}

// imports bring accounts and people in, change what is there, and are undone but for the first.
func (w around) imports() {
	for i, file := range []string{
		"编号,客户,行业,区域,级别,负责人,创建,人数,备注,上级\nK1,东方,化工,西南,A,小李,2025-01-05,30,好,\nK2,北方,,,,,,,,东方\n",
		"编号,客户,行业,区域,级别,负责人,创建,人数,备注,上级\nK3,南方,化工,华中,B,小李,,7,新,\nK1,东方,电力,西北,B,小李,2025-01-05,31,更好,\n",
	} {
		w.Clock.Set("2026-03-09")
		b := w.bring(`version: 1
source: 老系统
files:
- match: a.csv
  kind: account
  columns: {externalId: 编号, name: 客户, industry: 行业, region: 区域, class: 级别, owner: 负责人, createdOn: 创建, custom.size: 人数, custom.note: 备注, parent: 上级}
- match: b.csv
  kind: contact
  columns: {externalId: 编号, name: 姓名, account: 客户, mobile: 电话}
`, map[string]string{"a.csv": file, "b.csv": fmt.Sprintf("编号,姓名,客户,电话\nP%d,钱%d,东方,139\n", i, i)})
		if i > 0 {
			w.Clock.Set("2026-03-10")
			_, err := w.Intake.Undo(w.Ctx, w.As("管理员"), b.ID)
			w.must(err)
		}
	}
}

// bring imports files.
func (w around) bring(mapping string, files map[string]string) intake.Batch {
	m, err := intake.ParseMapping([]byte(mapping))
	w.must(err)
	var list []intake.File
	for _, name := range []string{"a.csv", "b.csv"} {
		list = append(list, intake.File{Name: name, Path: w.file(name, files[name])})
	}
	b, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, list, false)
	w.must(err)
	if b.Status != "done" || b.Summary.Refused > 0 {
		w.T.Fatalf("import %s: %+v", b.Status, b.Summary)
	}
	return b
}

// saidAndPromised is a follow-up about a deal and one about an account alone, promises in a
// deal, at an account and on nothing, and a file of each kind of record.
func (w around) saidAndPromised() {
	w.Clock.Set("2026-03-11")
	a := w.As("陈露")
	o, liu := w.Opportunity("陈露", "二期改造"), w.Contact("陈露", "刘工")
	deal, customer := opportunity.Ref(o.ID), account.Ref(w.Account)
	for _, f := range []followup.FollowUp{
		{On: []record.Ref{deal}, Channel: "visit", Words: "预算批了", TwoWay: true,
			ContactIDs: []string{liu}, MemberIDs: []string{w.ID["蒋跃"], w.ID["小李"]}},
		{On: []record.Ref{customer, deal}, Channel: "phone", Words: "例行", HappenedOn: "2026-03-10"},
		{On: []record.Ref{customer}, Channel: "email", Words: "寄了样本"},
	} {
		_, err := w.FollowUps.Log(w.Ctx, a, f, "补记")
		w.must(err)
	}
	assistant := w.As("管理员")
	assistant.OnBehalfOf = w.ID["陈露"]
	_, err := w.FollowUps.Log(w.Ctx, assistant, followup.FollowUp{On: []record.Ref{customer}, Channel: "other", Words: "代记"}, "")
	w.must(err)
	for i, on := range [][]record.Ref{{deal}, {customer, deal}, {}, {deal}, {customer}} {
		t, err := w.Tasks.Add(w.Ctx, a, task.Task{What: fmt.Sprint("第", i), On: on, DueOn: "2026-03-20", CustomerAgreed: i%2 == 0})
		w.must(err)
		if i > 0 {
			_, err = w.Tasks.Redate(w.Ctx, a, t.ID, task.Moved{To: "2026-03-25", Reason: "客户改期"})
			w.must(err)
		}
		switch i {
		case 1:
			_, err = w.Tasks.Finish(w.Ctx, a, t.ID, "好了")
		case 4:
			_, err = w.Tasks.Drop(w.Ctx, a, t.ID)
		}
		w.must(err)
	}
	w.orders(deal)
	for _, on := range []record.Ref{deal, customer, account.ContactRef(liu)} {
		f, err := w.Files.Put(w.Ctx, a, on, "标书.pdf", strings.NewReader("%PDF-1.7 "+on.Kind))
		w.must(err)
		if on == customer {
			w.must(w.Files.Remove(w.Ctx, a, f.ID))
		}
	}
}

// handOver gives everything of a member away, then an account of another.
func (w around) handOver() {
	w.Clock.Set("2026-03-17")
	_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"),
		handover.Ask{FromID: w.ID["陈露"], ToID: w.ID["小李"], Reason: "调整"})
	w.must(err)
	w.Clock.Set("2026-03-18")
	h, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"),
		handover.Ask{Kind: "account", IDs: []string{w.Account}, ToID: w.ID["周涛"], Reason: "调整"})
	w.must(err)
	w.must(w.Handovers.Confirm(w.Ctx, w.As("周涛"), h.ID))
	w.must(w.Accounts.Delete(w.Ctx, w.As("管理员"), w.Account, 0, false))
}

func (w around) file(name, text string) string {
	path := filepath.Join(w.T.TempDir(), name)
	w.must(os.WriteFile(path, []byte(text), 0o600))
	return path
}

// talk begins a thread and returns its first message.
func (w around) talk(who, kind string, on record.Ref, text string, mentions ...string) conversation.Message {
	in := conversation.Said{Text: text}
	for _, name := range mentions {
		in.Mentions = append(in.Mentions, w.ID[name])
	}
	th, err := w.Conversations.Open(w.Ctx, w.As(who), conversation.Thread{Kind: kind, On: on}, in)
	w.must(err)
	return th.Last[0]
}

// talks are on an account: over two days, edited and taken back, with a file.
func (w around) talks() {
	c, on := w.Conversations, account.Ref(w.Account)
	w.talk("陈露", "note", on, "怕担责任")
	first := w.talk("蒋跃", "discussion", on, "谁去？")
	m, err := c.Say(w.Ctx, w.As("陈露"), first.ThreadID, conversation.Said{Text: "@蒋跃 我去", Mentions: []string{w.ID["蒋跃"]}})
	w.must(err)
	_, err = w.Files.Put(w.Ctx, w.As("陈露"), conversation.MessageRef(m.ID), "路线.txt", strings.NewReader("高铁"))
	w.must(err)
	_, err = c.Edit(w.Ctx, w.As("陈露"), m.ID, conversation.Said{Text: "我去"})
	w.must(err)
	_, err = c.TakeBack(w.Ctx, w.As("蒋跃"), first.ID)
	w.must(err)
	w.must(c.Read(w.Ctx, w.As("蒋跃"), first.ThreadID, 2))
	w.Clock.Set(w.As("陈露").Today.Add(1))
	_, err = c.Say(w.Ctx, w.As("总监"), first.ThreadID, conversation.Said{Text: "怎么样了？"})
	w.must(err)
}

// gives are notes that go every way they can.
func (w around) gives() {
	g, on := w.Guidance, account.Ref(w.Account)
	give := func(who string, kind guidance.Kind, to string) string {
		in := guidance.New{Kind: kind, On: on, ToID: w.ID[to], Text: "看一下"}
		if kind == guidance.Correction {
			in.Fact, in.CheckOn = "有记录", w.As(who).Today.Add(1)
		}
		k, err := g.Ask(w.Ctx, w.As(who), in)
		w.must(err)
		return k.ID
	}
	did := func(_ guidance.Kept, err error) { w.must(err) }
	asked, wrong := give("陈露", guidance.Question, "蒋跃"), give("蒋跃", guidance.Correction, "")
	did(g.Receive(w.Ctx, w.As("蒋跃"), asked))
	did(g.AskCustomer(w.Ctx, w.As("蒋跃"), asked, w.As("蒋跃").Today.Add(1)))
	did(g.Answer(w.Ctx, w.As("蒋跃"), asked, guidance.Answer{Text: "不降"}))
	did(g.Reject(w.Ctx, w.As("陈露"), asked, conversation.Said{Text: "没答到"}))
	p, err := g.MakePiece(w.Ctx, w.As("蒋跃"), "", "备件含进来")
	w.must(err)
	did(g.Answer(w.Ctx, w.As("蒋跃"), asked, guidance.Answer{Text: p.Text, WantsOutcome: true, PieceID: p.ID}))
	w.must(g.RemovePiece(w.Ctx, w.As("蒋跃"), p.ID))
	did(g.Use(w.Ctx, w.As("陈露"), asked, guidance.Used, conversation.Said{Text: "问了"}))
	did(g.Result(w.Ctx, w.As("陈露"), asked, conversation.Said{Text: "书面接受"}))
	give("蒋跃", guidance.Praise, "")
	give("总监", guidance.Advice, "")
	did(g.Recall(w.Ctx, w.As("陈露"), give("陈露", guidance.Help, "")))
	climbs, back := give("陈露", guidance.Help, ""), give("总监", guidance.Question, "")
	w.fires(asked, climbs, back)
	did(g.Settle(w.Ctx, w.As("总监"), back))
	deal := w.Opportunity("陈露", "看一看").ID
	_, err = g.See(w.Ctx, w.As("蒋跃"), guidance.Look{DealID: deal, Facts: []guidance.What{guidance.OfStage}, Text: "看了"})
	w.must(err)
	_, err = g.SeeMany(w.Ctx, w.As("总监"), []string{deal})
	w.must(err)
	shut := opportunity.Ref(w.Opportunity("陈露", "删掉的").ID)
	_, err = g.Ask(w.Ctx, w.As("蒋跃"), guidance.New{Kind: guidance.Question, On: shut, Text: "还做吗？"})
	w.must(err)
	w.must(w.Opportunities.Delete(w.Ctx, w.As("陈露"), shut.ID, true))
	w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
		_, err := g.RecordGone(w.Ctx, tx, w.Admin.TenantID, shut)
		return err
	}))
	admin := w.As("管理员")
	admin.IfMatch = 1
	_, err = g.SetRules(w.Ctx, admin, guidance.Rules{LimitHours: 20, Cadences: []guidance.Cadence{{TeamID: w.ID["一组"], PerWeek: 2}}})
	w.must(err)
	late, moves := give("陈露", guidance.Help, ""), give("陈露", guidance.Help, "周涛")
	for who, id := range map[string]string{"蒋跃": late, "周涛": moves} {
		away := worktime.Moment{On: w.As(who).Today}
		_, err := w.Times.Enter(w.Ctx, w.As("管理员"), w.ID[who], worktime.Asked{From: away, To: away, Kind: "annual"})
		w.must(err)
		if id == moves {
			w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
				return g.Fires()[guidance.Away].Fire(w.Ctx, tx, timetable.Row{TenantID: w.Admin.TenantID, Payload: []byte(`{"memberId":"` + w.ID[who] + `"}`)})
			}))
		}
	}
	w.fires(late)
	did(g.Look(w.Ctx, w.As("蒋跃"), wrong, true, conversation.Said{}))
}

// fires has what is due of notes fire, a day and an hour later.
func (w around) fires(notes ...string) {
	w.Clock.Move(25 * time.Hour)
	for _, id := range notes {
		w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
			return w.Guidance.Fires()[guidance.Due].Fire(w.Ctx, tx, timetable.Row{TenantID: w.Admin.TenantID, Payload: []byte(`{"noteId":"` + id + `"}`)})
		}))
	}
}

// merges puts two accounts into another, and two people into one, and takes one of each back.
func (w around) merges() {
	a := w.As("陈露")
	for i := range 2 {
		twin, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: fmt.Sprint("又一个", i), Region: "华中", Class: "B"}, true)
		w.must(err)
		below, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: fmt.Sprint("其下", i), ParentID: twin.ID}, true)
		w.must(err)
		here, err := w.Accounts.CreateContact(w.Ctx, a, account.Contact{Name: "同一人", AccountID: twin.ID, Custom: field.Values{"likes": "书法"}, EvenIfSame: true})
		w.must(err)
		there, err := w.Accounts.CreateContact(w.Ctx, a, account.Contact{Name: "同一人", AccountID: w.Account, EvenIfSame: true})
		w.must(err)
		o, err := w.Opportunities.Create(w.Ctx, a, opportunity.New{Name: fmt.Sprint("重名", i), AccountID: twin.ID})
		w.must(err)
		w.must(w.Opportunities.SetContacts(w.Ctx, a, o.ID, 0, []opportunity.DealContact{{ContactID: here.ID, Role: "user"}}))
		on := []record.Ref{account.Ref(twin.ID)}
		_, err = w.FollowUps.Log(w.Ctx, a, followup.FollowUp{On: on, Channel: "phone", Words: "问过", TwoWay: true, ContactIDs: []string{here.ID}}, "")
		w.must(err)
		_, err = w.Tasks.Add(w.Ctx, a, task.Task{What: "回电", On: on, DueOn: "2026-03-20"})
		w.must(err)
		w.talk("陈露", "note", on[0], "不急")
		w.talk("陈露", "discussion", account.ContactRef(here.ID), "@蒋跃 是他吗？", "蒋跃")
		for _, ref := range []record.Ref{on[0], account.ContactRef(here.ID)} {
			_, err = w.Guidance.Ask(w.Ctx, a, guidance.New{Kind: guidance.Help, On: ref, Text: "谁认识？"})
			w.must(err)
		}
		m := account.Merging{Kept: w.Account, Gone: twin.ID, Take: []string{"class", "region"}}
		look, err := w.Accounts.LookAtMerge(w.Ctx, a, m)
		w.must(err)
		m.Version, m.GoneVersion = look.Version, look.GoneVersion
		of, err := w.Accounts.Merge(w.Ctx, a, m)
		w.must(err)
		m = account.Merging{Kept: there.ID, Gone: here.ID, Take: []string{"custom.likes"}}
		look, err = w.Accounts.LookAtContactMerge(w.Ctx, a, m)
		w.must(err)
		m.Version, m.GoneVersion = look.Version, look.GoneVersion
		who, err := w.Accounts.MergeContacts(w.Ctx, a, m)
		w.must(err)
		if i > 0 {
			_, err = w.Accounts.Unmerge(w.Ctx, a, who.ID)
			w.must(err)
			_, err = w.Accounts.Unmerge(w.Ctx, a, of.ID)
			w.must(err)
		}
		if b, err := w.Accounts.Get(w.Ctx, a, below.ID); err != nil || (b.ParentID == twin.ID) != (i > 0) {
			w.T.Errorf("%d: below %q: %v", i, b.ParentID, err)
		}
	}
}
