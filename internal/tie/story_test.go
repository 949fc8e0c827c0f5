package tie_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/change"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/relation"
	"yunchou/internal/tie"
	"yunchou/internal/timetable"
)

type world struct {
	*apptest.World
	t                           *testing.T
	deal                        opportunity.Opportunity
	fangzhou, sanli, zhao, wang string
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) firm(owner, name string) string {
	w.t.Helper()
	c, err := w.Accounts.Create(w.Ctx, w.As(owner), account.Account{Name: name}, false)
	w.ok(err)
	return c.ID
}

func (w *world) person(by, name, at, title string) string {
	w.t.Helper()
	c, err := w.Accounts.CreateContact(w.Ctx, w.As(by), account.Contact{Name: name, AccountID: at, Title: title})
	w.ok(err)
	return c.ID
}

func (w *world) met(by, at string, with ...string) {
	w.t.Helper()
	_, err := w.FollowUps.Log(w.Ctx, w.As(by), followup.FollowUp{On: []record.Ref{account.Ref(at)}, Channel: "visit", TwoWay: true, Words: "聊了聊", ContactIDs: with}, "")
	w.ok(err)
}

func (w *world) known(by string, items ...tie.Past) {
	w.t.Helper()
	_, err := w.Ties.SetBackground(w.Ctx, w.As(by), w.zhao, items)
	w.ok(err)
}

func (w *world) ways(by, contact string) []tie.Way {
	w.t.Helper()
	k, err := w.Ties.Knowers(w.Ctx, w.As(by), tie.Question{ContactID: contact})
	w.ok(err)
	return k.Ways
}

// said are ways in short: who, by what.
func said(list []tie.Way) string {
	var out []string
	for _, w := range list {
		s := w.Way + " " + w.MemberName
		if w.Own {
			s = w.Way + " self"
		}
		if w.Boss {
			s += " boss"
		}
		if w.ThroughName != "" {
			s += " → " + w.ThroughName
		}
		out = append(out, strings.TrimSpace(s))
	}
	return strings.Join(strings.Fields(strings.Join(out, "; ")), " ")
}

func (w *world) want(by, want string) {
	w.t.Helper()
	if got := said(w.ways(by, w.zhao)); got != want {
		w.t.Errorf("%s is told %q, want %q", by, got, want)
	}
}

// tell is the story of the screens: 赵兵, formerly of 三励公司, follows 王建国 in 小李's deal at 方舟电子; 蒋跃 leads 小李.
func tell(t *testing.T, db *database.DB) *world {
	w := &world{World: apptest.New(t, db), t: t}
	w.fangzhou, w.sanli = w.firm("小李", "方舟电子"), w.firm("周涛", "三励公司")
	deal, err := w.Opportunities.Create(w.Ctx, w.As("小李"), opportunity.New{Name: "产线检测", AccountID: w.fangzhou})
	w.ok(err)
	w.deal = deal
	w.wang, w.zhao = w.person("小李", "王建国", w.fangzhou, "采购部经理"), w.person("小李", "赵兵", w.fangzhou, "采购部经理")
	w.known("小李", tie.Past{Kind: tie.School, Name: "东南大学", FromYear: 2006, ToYear: 2010, Source: "public", Purpose: "找引荐"},
		tie.Past{Kind: tie.Employer, Name: "三励公司", FromYear: 2013, ToYear: 2026, Source: "public"})
	return w
}

func TestWhoKnowsTheSuccessor(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		w.want("小李", "") // no tie at all
		give := func(visibility string) {
			_, err := w.Ties.Give(w.Ctx, w.As("蒋跃"), tie.Mine{Schools: []tie.Past{{Name: "东南大学", FromYear: 2008, ToYear: 2012}}, Visibility: visibility})
			w.ok(err)
		}
		give("")
		w.want("小李", "someone")
		w.want("蒋跃", "school self")
		give(tie.Shown)
		w.want("小李", "school 蒋跃 boss")
		if x := w.ways("小李", w.zhao)[0]; x.FromYear != 2008 || x.ToYear != 2010 || x.School != "东南大学" {
			t.Errorf("%+v", x)
		}
		// 周涛 met 赵兵 and 钱敏 at 三励, which 小李 does not see.
		w.Clock.Set("2025-06-10")
		other := w.person("周涛", "赵兵", w.sanli, "采购经理")
		_, err := w.FollowUps.Log(w.Ctx, w.As("管理员"), followup.FollowUp{On: []record.Ref{account.Ref(w.sanli)}, Channel: "visit", TwoWay: true, Words: "聊了聊",
			ContactIDs: []string{w.zhao, other}, MemberIDs: []string{w.ID["周涛"]}}, "")
		w.ok(err)
		w.Clock.Set("2026-03-05")
		w.want("小李", "school 蒋跃 boss; someone")
		w.want("管理员", "met self; school 蒋跃; met 周涛")
		// two of one name
		k, err := w.Ties.Knowers(w.Ctx, w.As("管理员"), tie.Question{Name: "赵兵"})
		w.ok(err)
		if len(k.Contacts) != 2 || k.Contacts[0].Former+k.Contacts[1].Former != "三励公司" {
			t.Errorf("%+v", k.Contacts)
		}
		if k, err = w.Ties.Knowers(w.Ctx, w.As("小李"), tie.Question{Name: "赵兵"}); err != nil || len(k.Contacts) != 1 || k.Contacts[0].ID != w.zhao {
			t.Errorf("%+v %v", k.Contacts, err)
		}
		if k, err = w.Ties.Knowers(w.Ctx, w.As("小李"), tie.Question{Name: "zhaobing"}); err != nil || len(k.Contacts) != 1 || len(k.Ways) == 0 {
			t.Errorf("%+v %v", k, err)
		}
		if k, err = w.Ties.Knowers(w.Ctx, w.As("小李"), tie.Question{Name: "赵斌"}); err != nil || len(k.Contacts) != 0 && k.Contacts[0].ID != w.zhao || len(k.Ways) != 0 {
			t.Errorf("%+v %v", k, err)
		}
		// nobody of that name is a contact: his former firm's people are
		if k, err = w.Ties.Knowers(w.Ctx, w.As("陈露"), tie.Question{Name: "贺文涛", Former: "三励"}); err != nil || len(k.Contacts) != 0 {
			t.Errorf("%+v %v", k, err)
		}
		if got := said(k.Ways); got != "someone" {
			t.Errorf("of a firm %q", got)
		}
		// withdrawn is gone
		w.ok(w.Ties.Withdraw(w.Ctx, w.As("蒋跃")))
		w.want("小李", "someone")
		if m, err := w.Ties.Mine(w.Ctx, w.As("蒋跃")); err != nil || m.State != tie.Skipped || len(m.Schools) != 0 {
			t.Errorf("%+v %v", m, err)
		}
	})
}

func (w *world) tie(by string, t tie.Tie) tie.Tie {
	w.t.Helper()
	t, err := w.Ties.Note(w.Ctx, w.As(by), t)
	w.ok(err)
	return t
}

func TestWhatATieShows(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		one := w.tie("蒋跃", tie.Tie{ContactID: w.zhao, Kind: tie.Classmate, Strength: 3})
		set := func(visibility string, avoid bool) {
			by := w.As("蒋跃")
			by.IfMatch = one.Version
			next := one
			next.Visibility, next.Avoid = visibility, avoid
			x, err := w.Ties.Change(w.Ctx, by, next)
			w.ok(err)
			one = x
		}
		listed := func(by string) int {
			list, err := w.Ties.List(w.Ctx, w.As(by), w.zhao)
			w.ok(err)
			return len(list)
		}
		for _, c := range []struct {
			visibility       string
			avoid            bool
			asker, own       string
			asked, compliant int
		}{
			{tie.Askable, false, "someone", "tie self", 0, 0},
			{tie.Shown, false, "tie 蒋跃 boss", "tie self", 1, 0},
			{tie.Private, false, "", "tie self", 0, 0},
			{tie.Shown, true, "", "", 0, 1},
		} {
			set(c.visibility, c.avoid)
			w.want("小李", c.asker)
			w.want("蒋跃", c.own)
			all, err := w.Ties.Avoided(w.Ctx, w.As("管理员"))
			w.ok(err)
			if listed("小李") != c.asked || listed("蒋跃") != 1 || len(all) != c.compliant {
				t.Errorf("%s %v: listed %d, %d, %d", c.visibility, c.avoid, listed("小李"), listed("蒋跃"), len(all))
			}
		}
		if _, err := w.Ties.Avoided(w.Ctx, w.As("总监")); fault.CodeOf(err) != "org.permission_missing" {
			t.Errorf("compliance: %v", err)
		}
		if _, err := w.Ties.Change(w.Ctx, w.As("小李"), one); fault.CodeOf(err) != "tie.unknown" {
			t.Errorf("another's: %v", err)
		}
		if _, err := w.Ties.Note(w.Ctx, w.As("何峰"), tie.Tie{ContactID: w.zhao, Kind: tie.Ally}); fault.CodeOf(err) != "contact.unknown" {
			t.Errorf("out of sight: %v", err)
		}
		w.ok(w.Ties.TakeBack(w.Ctx, w.As("蒋跃"), one.ID))
		w.want("蒋跃", "")
	})
}

func TestThroughOneBetween(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		qian := w.person("小李", "钱敏", w.fangzhou, "计划员")
		_, err := w.Ties.SetBackground(w.Ctx, w.As("小李"), qian, []tie.Past{{Kind: tie.Employer, Name: "三励", FromYear: 2015, ToYear: 2020}})
		w.ok(err)
		w.met("蒋跃", w.fangzhou, qian)
		w.want("小李", "through 蒋跃 boss → 钱敏")
		// the predecessor is there still and thinks well of us
		two := int64(2)
		w.ok(w.Opportunities.Judge(w.Ctx, w.As("小李"), w.deal.ID, 0, opportunity.DealContact{ContactID: w.wang, Role: "economic", Judged: relation.Judged{Attitude: &two}}))
		_, err = w.Changes.Tell(w.Ctx, w.As("小李"), change.New{ContactID: w.wang, Kind: change.Moved, Department: "供应链部", SuccessorID: w.zhao})
		w.ok(err)
		w.want("小李", "through 蒋跃 boss → 钱敏; predecessor → 王建国")
	})
}

func (w *world) notices(by string) (out []string) {
	w.t.Helper()
	w.CaughtUp("notice")
	list, err := w.Notices.List(w.Ctx, w.As(by), notice.Asked{}, page.Request{Limit: 50})
	w.ok(err)
	for _, n := range list.Items {
		if strings.HasPrefix(n.Kind, "introduction") || strings.HasPrefix(n.Kind, "ask_around") || strings.HasPrefix(n.Kind, "tie") {
			out = append(out, n.Kind+" "+n.Name+" "+n.Text)
		}
	}
	return out
}

// TestAnIntroductionGivesNothingAway: of a colleague who is not named the asker learns who it is when he agrees, and
// of a refusal nothing that silence would not say as well.
func TestAnIntroductionGivesNothingAway(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		w.Clock.Set("2026-03-05")
		defer w.Follows(w.Process())()
		w.tie("蒋跃", tie.Tie{ContactID: w.zhao, Kind: tie.Classmate})
		someone := w.ways("小李", w.zhao)[0]
		if someone.MemberID != "" || someone.Kind != "" || someone.Strength != 0 || someone.Boss {
			t.Errorf("%+v", someone)
		}
		i, err := w.Ties.Introduce(w.Ctx, w.As("小李"), tie.Asking{ContactID: w.zhao, Token: someone.Token, Sentence: "想下周一拜访他"})
		w.ok(err)
		if i.AskedID != "" || i.AskedName != "" || i.State != tie.Waiting {
			t.Errorf("%+v", i)
		}
		if again, err := w.Ties.Introduce(w.Ctx, w.As("小李"), tie.Asking{ContactID: w.zhao, Token: someone.Token, Sentence: "再问一次"}); err != nil || again.ID != i.ID {
			t.Errorf("again %+v %v", again, err)
		}
		if _, err := w.Ties.Introduce(w.Ctx, w.As("陈露"), tie.Asking{ContactID: "", Token: someone.Token, Sentence: "我也想"}); fault.CodeOf(err) != "contact.unknown" {
			t.Errorf("another's token: %v", err)
		}
		if got := w.notices("蒋跃"); !slices.Equal(got, []string{"introduction.asked 赵兵 想下周一拜访他"}) {
			t.Errorf("told %q", got)
		}
		_, asked, err := w.Ties.Introductions(w.Ctx, w.As("蒋跃"))
		w.ok(err)
		if len(asked) != 1 || asked[0].AskerName != "小李" || asked[0].Name != "赵兵" || asked[0].AccountName != "方舟电子" || asked[0].Title != "采购部经理" {
			t.Fatalf("%+v", asked)
		}
		mine := func() tie.Introduction {
			list, _, err := w.Ties.Introductions(w.Ctx, w.As("小李"))
			w.ok(err)
			return list[0]
		}
		silent := mine()
		if _, err := w.Ties.AnswerIntroduction(w.Ctx, w.As("周涛"), i.ID, true); fault.CodeOf(err) != "introduction.unknown" {
			t.Errorf("another answers: %v", err)
		}
		_, err = w.Ties.AnswerIntroduction(w.Ctx, w.As("蒋跃"), i.ID, false)
		w.ok(err)
		if got := fmt.Sprintf("%+v", mine()); got != fmt.Sprintf("%+v", silent) {
			t.Errorf("refused shows %s, silent %+v", got, silent)
		}
		if len(w.notices("小李")) != 0 {
			t.Errorf("told %q", w.notices("小李"))
		}
		w.Clock.Set("2026-03-10")
		if got := mine(); got.State != tie.None || got.AskedID != "" {
			t.Errorf("%+v", got)
		}
		// one who agrees
		w.Clock.Set("2026-09-10")
		i, err = w.Ties.Introduce(w.Ctx, w.As("小李"), tie.Asking{ContactID: w.zhao, Token: w.ways("小李", w.zhao)[0].Token, Sentence: "请帮忙"})
		w.ok(err)
		_, err = w.Ties.AnswerIntroduction(w.Ctx, w.As("蒋跃"), i.ID, true)
		w.ok(err)
		if got := mine(); got.State != tie.Agreed || got.AskedName != "蒋跃" {
			t.Errorf("%+v", got)
		}
		if got := w.notices("小李"); !slices.Equal(got, []string{"introduction.agreed 赵兵 蒋跃"}) {
			t.Errorf("told %q", got)
		}
	})
}

func TestAskingAround(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		w.Clock.Set("2026-03-05")
		defer w.Follows(w.Process())()
		by := w.As("小李")
		whom, err := w.Ties.AskingWhom(w.Ctx, by, tie.AskAround{Name: "贺文涛", Former: "三励公司"})
		w.ok(err)
		if whom.First != 0 || whom.Rest == 0 { // who sells to the firm is counted in no number
			t.Errorf("%+v", whom)
		}
		k, err := w.Ties.AskAround(w.Ctx, by, tie.AskAround{Name: "贺文涛", Former: "三励公司"})
		w.ok(err)
		if again, err := w.Ties.AskAround(w.Ctx, by, tie.AskAround{Name: "贺文涛", Former: "三励"}); err != nil || again.ID != k.ID {
			t.Errorf("again %+v %v", again, err)
		}
		asked := func(name string) []tie.AskAround {
			_, list, err := w.Ties.AskArounds(w.Ctx, w.As(name))
			w.ok(err)
			return list
		}
		if len(asked("周涛")) != 1 || len(asked("陈露")) != 0 || asked("周涛")[0].Former != "三励公司" || asked("周涛")[0].ContactID != "" {
			t.Errorf("%+v, %+v", asked("周涛"), asked("陈露"))
		}
		mine := func() tie.AskAround {
			list, _, err := w.Ties.AskArounds(w.Ctx, w.As("小李"))
			w.ok(err)
			return list[0]
		}
		before := mine()
		_, err = w.Ties.AnswerAskAround(w.Ctx, w.As("周涛"), k.ID, tie.RatherNot)
		w.ok(err)
		if fmt.Sprint(mine()) != fmt.Sprint(before) {
			t.Errorf("%+v, before %+v", mine(), before)
		}
		if _, err := w.Ties.AnswerAskAround(w.Ctx, w.As("何峰"), k.ID, tie.Know); fault.CodeOf(err) != "ask_around.unknown" {
			t.Errorf("not asked: %v", err)
		}
		// after two working days the rest is asked, but for who is away
		w.Clock.Set("2026-03-10")
		w.ok(w.DB.Write(w.Ctx, func(tx database.Tx) error {
			return w.Ties.Fires()[tie.Widens].Fire(w.Ctx, tx, timetable.Row{TenantID: w.Admin.TenantID, Key: k.ID})
		}))
		if len(asked("陈露")) != 1 || len(asked("小李")) != 0 {
			t.Errorf("%+v", asked("陈露"))
		}
		_, err = w.Ties.AnswerAskAround(w.Ctx, w.As("陈露"), k.ID, tie.Know)
		w.ok(err)
		if got := mine(); got.State != "known" || len(got.Known) != 1 || got.Known[0].Name != "陈露" {
			t.Errorf("%+v", got)
		}
		if got := w.notices("小李"); !slices.Equal(got, []string{"ask_around.known 贺文涛 三励公司"}) {
			t.Errorf("told %q", got)
		}
		_, err = w.Ties.AskAround(w.Ctx, w.As("总监"), tie.AskAround{Name: "韩立", Former: "谁也没卖过的公司"})
		w.ok(err)
		if list := asked("陈露"); len(list) != 1 || list[0].Name != "韩立" {
			t.Errorf("nobody is nearer, and nobody is asked: %+v", list)
		}
		for i := range 3 {
			_, err = w.Ties.AskAround(w.Ctx, w.As("小李"), tie.AskAround{Name: fmt.Sprint("某人", i)})
		}
		w.ok(err)
		if _, err = w.Ties.AskAround(w.Ctx, w.As("小李"), tie.AskAround{Name: "还有谁"}); fault.CodeOf(err) != "ask_around.too_many" {
			t.Errorf("%v", err)
		}
	})
}
