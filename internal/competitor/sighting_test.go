package competitor_test

import (
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/competitor"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/tie"
)

type world struct {
	*apptest.World
	t *testing.T
}

func begin(t *testing.T, db *database.DB) *world { return &world{apptest.New(t, db), t} }

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) refused(err error, code string) {
	w.t.Helper()
	if fault.CodeOf(err) != code {
		w.t.Errorf("answered %v, want %s", err, code)
	}
}

func (w *world) firm(owner, name string) string {
	w.t.Helper()
	c, err := w.Accounts.Create(w.Ctx, w.As(owner), account.Account{Name: name}, false)
	w.ok(err)
	return c.ID
}

func (w *world) deal(owner, at, name string) string {
	w.t.Helper()
	worth := int64(200_000_00)
	o, err := w.Opportunities.Create(w.Ctx, w.As(owner), opportunity.New{Name: name, AccountID: at, AmountMinor: &worth, ClashReason: "另一条产线"})
	w.ok(err)
	return o.ID
}

func (w *world) seen(by string, x competitor.Sighting) competitor.Sighting {
	w.t.Helper()
	if x.Kind == "" {
		x.Kind = "visit"
	}
	x, err := w.Competitors.Note(w.Ctx, w.As(by), x)
	w.ok(err)
	return x
}

func (w *world) on(deal string) (out []string) {
	w.t.Helper()
	r, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), deal)
	w.ok(err)
	for _, c := range r.Competitors {
		out = append(out, c.Name)
	}
	return out
}

func price(n int64) *int64 { return &n }

// TestASightingPutsTheCompetitorOnTheDeal: one that is taken back takes it off again, unless it was seen there otherwise.
func TestASightingPutsTheCompetitorOnTheDeal(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		fangzhou := w.firm("小李", "方舟电子")
		deal := w.deal("小李", fangzhou, "产线检测")
		id := record.NewID(w.As("小李").Now)
		said := competitor.Sighting{ID: id, CompetitorAs: "三励公司", OpportunityID: deal, Kind: "quote", PriceMinor: price(168_000_00), Words: "客户给看了报价单"}
		x := w.seen("小李", said)
		if x.CompetitorName != "三励公司" || x.AccountID != fangzhou || x.AccountName != "方舟电子" || x.Currency != "CNY" || x.On != apptest.Start ||
			x.AgainstBP == nil || *x.AgainstBP != 8400 || !x.Mine {
			t.Errorf("%+v", x)
		}
		if again := w.seen("小李", said); again.ID != x.ID || again.Version != 1 {
			t.Errorf("sent again: %+v", again)
		}
		said.Words = "别的话"
		_, err := w.Competitors.Note(w.Ctx, w.As("小李"), said)
		w.refused(err, "record.id_taken")
		if got := w.on(deal); !slices.Equal(got, []string{"三励公司"}) {
			t.Errorf("on the deal: %v", got)
		}
		other := w.seen("蒋跃", competitor.Sighting{CompetitorAs: "三励", OpportunityID: deal})
		if other.CompetitorID != x.CompetitorID {
			t.Error("三励 and 三励公司 are two")
		}
		_, err = w.Competitors.Withdraw(w.Ctx, w.As("小李"), x.ID)
		w.ok(err)
		if got := w.on(deal); len(got) != 1 {
			t.Errorf("it was seen there otherwise: %v", got)
		}
		_, err = w.Competitors.Withdraw(w.Ctx, w.As("蒋跃"), other.ID)
		w.ok(err)
		if got := w.on(deal); len(got) != 0 {
			t.Errorf("nobody saw it: %v", got)
		}
		_, err = w.Competitors.Withdraw(w.Ctx, w.As("蒋跃"), other.ID)
		w.refused(err, "sighting.unknown")
		// Who was on the deal before stays.
		w.ok(w.Opportunities.SetCompetitors(w.Ctx, w.As("小李"), deal, 0, []string{"三励公司"}))
		x = w.seen("小李", competitor.Sighting{CompetitorAs: "三励公司", OpportunityID: deal})
		_, err = w.Competitors.Withdraw(w.Ctx, w.As("小李"), x.ID)
		w.ok(err)
		if got := w.on(deal); len(got) != 1 {
			t.Errorf("somebody named it: %v", got)
		}
	})
}

func TestWhatCannotBeASightingIsRefused(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		at := w.firm("小李", "方舟电子")
		theirs := w.deal("周涛", w.firm("周涛", "星河机密"), "密封线")
		for code, x := range map[string]competitor.Sighting{
			"org.date_in_future":      {CompetitorAs: "三励", AccountID: at, Kind: "visit", On: apptest.Start.Add(1)},
			"calendar.bad_date":       {CompetitorAs: "三励", AccountID: at, Kind: "visit", On: "昨天"},
			"sighting.kind_unknown":   {CompetitorAs: "三励", AccountID: at, Kind: "seen"},
			"sighting.source_unknown": {CompetitorAs: "三励", AccountID: at, Kind: "visit", Source: "dream"},
			"input.required":          {AccountID: at, Kind: "visit"},
			"competitor.unknown":      {CompetitorID: "x", AccountID: at, Kind: "visit"},
			"account.unknown":         {CompetitorAs: "三励", AccountID: "x", Kind: "visit"},
			"opportunity.unknown":     {CompetitorAs: "三励", OpportunityID: theirs, Kind: "visit"},
			"money.currency_unknown":  {CompetitorAs: "三励", AccountID: at, Kind: "quote", PriceMinor: price(1), Currency: "X"},
			"input.out_of_range":      {CompetitorAs: "三励", AccountID: at, Kind: "quote", PriceMinor: price(-1)},
			"org.member_unknown":      {CompetitorAs: "三励", AccountID: at, Kind: "visit", SeenBy: "x"},
			"input.too_long":          {CompetitorAs: "三励", AccountID: at, Kind: "visit", Words: strings.Repeat("长", 1001)},
		} {
			_, err := w.Competitors.Note(w.Ctx, w.As("小李"), x)
			if got := fault.CodeOf(err); got != code {
				t.Errorf("want %s: %v", code, err)
			}
		}
		if all, err := w.Accounts.Competitors(w.Ctx, w.As("小李")); err != nil || len(all) != 0 {
			t.Errorf("what was refused leaves %v, %v", all, err)
		}
	})
}

// TestWhoNotedOneAndWhoLeadsPutItRight: nobody else, and nobody over another's words.
func TestWhoNotedOneAndWhoLeadsPutItRight(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		at := w.firm("小李", "方舟电子")
		deal := w.deal("小李", at, "产线检测")
		w.ok(w.Opportunities.SetTeam(w.Ctx, w.As("小李"), deal, 0, []opportunity.TeamMember{{MemberID: w.ID["陈露"], Role: "方案"}}))
		x := w.seen("小李", competitor.Sighting{CompetitorAs: "三励公司", OpportunityID: deal})
		next := x
		next.Words = "带了样机"
		_, err := w.Competitors.Change(w.Ctx, w.As("陈露"), next)
		w.refused(err, "sighting.not_yours")
		_, err = w.Competitors.Change(w.Ctx, w.As("周涛"), next)
		w.refused(err, "sighting.unknown")
		by := w.As("蒋跃")
		by.IfMatch = x.Version
		got, err := w.Competitors.Change(w.Ctx, by, next)
		w.ok(err)
		if got.Words != "带了样机" || got.Version != 2 || got.MadeBy != w.ID["小李"] {
			t.Errorf("%+v", got)
		}
		by = w.As("小李")
		by.IfMatch = x.Version
		_, err = w.Competitors.Change(w.Ctx, by, next)
		w.refused(err, "record.stale")

		e, err := w.Competitors.AddEntry(w.Ctx, w.As("陈露"), competitor.Entry{CompetitorID: x.CompetitorID, Kind: competitor.Tactic, Title: "先低价进场", Helped: "先谈验收标准"})
		w.ok(err)
		e.Title = "低价进场，后期加价"
		_, err = w.Competitors.ChangeEntry(w.Ctx, w.As("小李"), e)
		w.refused(err, "sighting.not_yours")
		_, err = w.Competitors.ChangeEntry(w.Ctx, w.As("蒋跃"), e)
		w.ok(err)
		p, err := w.Competitors.Get(w.Ctx, w.As("周涛"), x.CompetitorID)
		w.ok(err)
		if len(p.Entries) != 1 || p.Entries[0].Title != "低价进场，后期加价" || p.Entries[0].SaidBy != w.ID["陈露"] || p.Seen != 0 || p.Open != 0 {
			t.Errorf("周涛 reads what the company knows, and of customers nothing: %+v", p)
		}
		w.ok(w.Competitors.WithdrawEntry(w.Ctx, w.As("陈露"), e.ID))
		w.refused(w.Competitors.WithdrawEntry(w.Ctx, w.As("陈露"), e.ID), "competitor_entry.unknown")
		if p, err = w.Competitors.Get(w.Ctx, w.As("周涛"), x.CompetitorID); err != nil || len(p.Entries) != 0 {
			t.Errorf("taken back: %v, %v", p.Entries, err)
		}
	})
}

// TestSightingsAreSeenWithWhatTheyAreAbout enumerates who reads which, in the list, on the profile and in each count.
func TestSightingsAreSeenWithWhatTheyAreAbout(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		w.AddMember("合作方", w.ID["公司"], false, org.Partner)
		owners := []string{"陈露", "小李", "周涛"}
		readers := map[string][]string{"陈露": {"陈露"}, "小李": {"小李"}, "周涛": {"周涛"}, "蒋跃": {"陈露", "小李"}, "何峰": {"周涛"}, "总监": owners, "管理员": owners}
		type one struct {
			owner, account, deal string
			x                    competitor.Sighting
		}
		var all []one
		for i, owner := range owners {
			at := w.firm(owner, owner+"的客户")
			deal := w.deal(owner, at, owner+"的商机")
			all = append(all, one{owner, at, deal, w.seen(owner, competitor.Sighting{CompetitorAs: "三励公司", OpportunityID: deal, Kind: "quote", PriceMinor: price(int64(i + 1)), On: apptest.Start.Add(-i)})},
				one{owner, at, "", w.seen(owner, competitor.Sighting{CompetitorAs: "三励公司", AccountID: at})})
		}
		// 周涛 has an opportunity at 陈露's customer: he sees the customer, and what is about it alone; her opportunity he does not.
		_, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "周涛的另一个", AccountID: all[0].account, OwnerID: w.ID["周涛"], ClashReason: "另一条产线"})
		w.ok(err)
		rival := all[0].x.CompetitorID
		for who, of := range readers {
			want, priced := map[string]bool{}, map[string]bool{}
			var last calendar.Date
			open, customers := 0, map[string]bool{}
			for _, s := range all {
				reads := slices.Contains(of, s.owner) || s.deal == "" && s.account == all[0].account && (who == "周涛" || who == "何峰")
				if !reads {
					continue
				}
				want[s.x.ID], last, customers[s.account] = true, max(last, s.x.On), true
				if s.deal != "" {
					open++
					priced[s.x.ID] = true
				}
			}
			got, err := w.Competitors.List(w.Ctx, w.As(who), competitor.Asked{Competitors: []string{rival}}, "")
			w.ok(err)
			same(t, who+" lists", got, want)
			p, err := w.Competitors.Get(w.Ctx, w.As(who), rival)
			w.ok(err)
			same(t, who+" reads prices", p.Prices, priced)
			if int(p.Seen) != len(want) || p.LastOn != last || int(p.Open) != open || int(p.Customers) != len(customers) {
				t.Errorf("%s counts %+v, want %d %s %d %d", who, p.Standing, len(want), last, open, len(customers))
			}
			lines, err := w.Competitors.Lines(w.Ctx, w.As(who), "")
			w.ok(err)
			of := slices.IndexFunc(lines, func(l competitor.Line) bool { return l.ID == rival })
			if lines[of].Standing != p.Standing {
				t.Errorf("%s: the list says %+v, the profile %+v", who, lines[of].Standing, p.Standing)
			}
			if seen := lines[of].Last; (seen == nil) != (len(want) == 0) || seen != nil && (!want[seen.ID] || seen.On != last) {
				t.Errorf("%s: the last sighting is %+v, of %v", who, seen, want)
			}
			var worth int64
			for _, x := range lines[of].Worth {
				worth += x.Count
			}
			if int(worth) != open {
				t.Errorf("%s: the worth is of %d, want %d", who, worth, open)
			}
			for _, s := range all {
				of := map[string]bool{}
				for id := range want {
					for _, o := range all {
						if o.x.ID == id && o.account == s.account {
							of[id] = true
						}
					}
				}
				at, err := w.Competitors.List(w.Ctx, w.As(who), competitor.Asked{Account: s.account}, "")
				w.ok(err)
				same(t, who+" at "+s.owner, at, of)
				if s.deal == "" {
					continue
				}
				with, err := w.Competitors.List(w.Ctx, w.As(who), competitor.Asked{Opportunity: s.deal}, "")
				w.ok(err)
				if want[s.x.ID] != (len(with) == 1) {
					t.Errorf("%s reads %d of the opportunity of %s", who, len(with), s.owner)
				}
			}
			for _, s := range all {
				if want[s.x.ID] {
					continue
				}
				_, err := w.Competitors.Change(w.Ctx, w.As(who), s.x)
				w.refused(err, "sighting.unknown")
				_, err = w.Competitors.List(w.Ctx, w.As(who), competitor.Asked{}, s.x.ID)
				w.refused(err, "sighting.unknown")
			}
		}
		_, err = w.Competitors.Get(w.Ctx, w.As("合作方"), rival)
		w.refused(err, "org.permission_missing")
		_, err = w.Competitors.List(w.Ctx, w.As("合作方"), competitor.Asked{}, "")
		w.refused(err, "org.permission_missing")

		// What is deleted is seen by nobody, until it is restored.
		w.ok(w.Opportunities.Delete(w.Ctx, w.As("管理员"), all[0].deal, true))
		got, err := w.Competitors.List(w.Ctx, w.As("管理员"), competitor.Asked{Competitors: []string{rival}}, "")
		w.ok(err)
		if len(got) != len(all)-1 {
			t.Errorf("%d of %d, one deleted", len(got), len(all))
		}
		w.ok(w.Opportunities.Delete(w.Ctx, w.As("管理员"), all[0].deal, false))
		if got, err = w.Competitors.List(w.Ctx, w.As("管理员"), competitor.Asked{Competitors: []string{rival}}, ""); err != nil || len(got) != len(all) {
			t.Errorf("restored: %d, %v", len(got), err)
		}
		// Page by page they are the same.
		var paged []string
		for after := ""; ; {
			page, err := w.Competitors.List(w.Ctx, w.As("管理员"), competitor.Asked{Limit: 2}, after)
			w.ok(err)
			if len(page) == 0 {
				break
			}
			for _, x := range page {
				paged = append(paged, x.ID)
			}
			after = page[len(page)-1].ID
		}
		for i, x := range got {
			if len(paged) != len(got) || paged[i] != x.ID {
				t.Fatalf("pages %v", paged)
			}
		}
	})
}

func same(t *testing.T, what string, got []competitor.Sighting, want map[string]bool) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s %d, want %d", what, len(got), len(want))
	}
	for _, x := range got {
		if !want[x.ID] {
			t.Errorf("%s %+v", what, x)
		}
	}
}

// TestWhoCameFromACompetitorIsASign: by a post before, or by what is known of him; within sight, under each of its names.
func TestWhoCameFromACompetitorIsASign(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		fangzhou, sanli := w.firm("小李", "方舟电子"), w.firm("小李", "三励公司")
		deal := w.deal("小李", fangzhou, "产线检测")
		x := w.seen("小李", competitor.Sighting{CompetitorAs: "三励公司", OpportunityID: deal})
		jinhe := w.seen("小李", competitor.Sighting{CompetitorAs: "金和", AccountID: fangzhou})
		person := func(name, at string) string {
			c, err := w.Accounts.CreateContact(w.Ctx, w.As("小李"), account.Contact{Name: name, AccountID: at, Title: "经理"})
			w.ok(err)
			return c.ID
		}
		zhao, qian, sun, li := person("赵兵", fangzhou), person("钱进", sanli), person("孙淼", fangzhou), person("李想", fangzhou)
		past := func(who string, items ...tie.Past) {
			_, err := w.Ties.SetBackground(w.Ctx, w.As("小李"), who, items)
			w.ok(err)
		}
		past(zhao, tie.Past{Kind: tie.Employer, Name: "三励", FromYear: 2013, ToYear: 2025, Source: "public"})
		past(sun, tie.Past{Kind: tie.Employer, Name: "金和科技股份有限公司", Source: "public"})
		past(li, tie.Past{Kind: tie.School, Name: "三励公司", Source: "public"}) // a school of that name is none
		w.Clock.Set("2026-03-20")
		c, err := w.Accounts.GetContact(w.Ctx, w.As("小李"), qian)
		w.ok(err)
		c.AccountID = fangzhou
		_, err = w.Accounts.UpdateContact(w.Ctx, w.As("小李"), c, account.Step{})
		w.ok(err)
		w.ok(w.Opportunities.SetContacts(w.Ctx, w.As("小李"), deal, 0, []opportunity.DealContact{{ContactID: zhao, Role: "economic"}, {ContactID: sun, Role: "user"}, {ContactID: li}}))

		says := func(list []competitor.Person, err error) string {
			t.Helper()
			w.ok(err)
			var out []string
			for _, p := range list {
				s := p.Name + " " + p.CompetitorName + " " + string(p.Until) + " " + p.Role
				if p.On {
					s += " on"
				}
				out = append(out, strings.Join(strings.Fields(s), " "))
			}
			slices.Sort(out)
			return strings.Join(out, "; ")
		}
		if got := says(w.Competitors.People(w.Ctx, w.As("小李"), deal, "")); got != "赵兵 三励公司 2025 economic on" {
			t.Errorf("on the deal: %q", got)
		}
		if got := says(w.Competitors.People(w.Ctx, w.As("小李"), "", fangzhou)); got != "赵兵 三励公司 2025; 钱进 三励公司 2026-03-20" {
			t.Errorf("at the account: %q", got)
		}
		_, err = w.Accounts.NameCompetitor(w.Ctx, w.As("蒋跃"), account.Competitor{ID: jinhe.CompetitorID, Name: "金和", Aliases: []string{"金和科技"}})
		w.ok(err)
		if got := says(w.Competitors.People(w.Ctx, w.As("小李"), deal, "")); got != "孙淼 金和 user; 赵兵 三励公司 2025 economic on" {
			t.Errorf("under its other name: %q", got)
		}
		for _, who := range []string{"周涛", "何峰"} {
			if got := says(w.Competitors.People(w.Ctx, w.As(who), deal, "")); got != "" {
				t.Errorf("%s reads %q", who, got)
			}
			p, err := w.Competitors.Get(w.Ctx, w.As(who), x.CompetitorID)
			w.ok(err)
			if len(p.People) != 0 {
				t.Errorf("%s reads %+v", who, p.People)
			}
		}
		p, err := w.Competitors.Get(w.Ctx, w.As("蒋跃"), x.CompetitorID)
		w.ok(err)
		if got := says(p.People, nil); got != "赵兵 三励公司 2025; 钱进 三励公司 2026-03-20" {
			t.Errorf("on the profile: %q", got)
		}
		w.erased(zhao)
		if got := says(w.Competitors.People(w.Ctx, w.As("小李"), deal, "")); got != "孙淼 金和 user" {
			t.Errorf("erased: %q", got)
		}
	})
}

func (w *world) erased(id string, places ...account.Place) {
	w.t.Helper()
	by := w.As("管理员")
	c, err := w.Accounts.GetContact(w.Ctx, by, id)
	w.ok(err)
	by.IfMatch = c.Version
	w.ok(w.Accounts.EraseContact(w.Ctx, by, id, places...))
}

// TestTwoSpellingsAreReadAsOne: in lists, counts, the record and the names one may type; and can be two again.
func TestTwoSpellingsAreReadAsOne(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		at := w.firm("小李", "方舟电子")
		first, second := w.deal("小李", at, "一期"), w.deal("小李", at, "二期")
		x := w.seen("小李", competitor.Sighting{CompetitorAs: "三励公司", OpportunityID: first})
		y := w.seen("小李", competitor.Sighting{CompetitorAs: "三立", OpportunityID: first})
		lose(w, first, "三立")
		w.seen("小李", competitor.Sighting{CompetitorAs: "三立", OpportunityID: second})
		report := func() (out []string) {
			r, err := w.Funnel.Rivals(w.Ctx, w.As("蒋跃"), funnel.Ask{Pipeline: w.pipeline(first)})
			w.ok(err)
			for _, row := range r.Rows {
				out = append(out, row.Competitor+strings.Repeat("-", int(row.Rate.Lost))+strings.Repeat("!", int(row.LostTo)))
			}
			return out
		}
		if got := report(); len(got) != 2 {
			t.Errorf("two: %v", got)
		}
		_, err := w.Accounts.MergeCompetitors(w.Ctx, w.As("蒋跃"), y.CompetitorID, x.CompetitorID)
		w.refused(err, "org.permission_missing")
		_, err = w.Accounts.MergeCompetitors(w.Ctx, w.As("管理员"), y.CompetitorID, x.CompetitorID)
		w.ok(err)
		if got := report(); !slices.Equal(got, []string{"三励公司-!"}) {
			t.Errorf("as one: %v", got)
		}
		if got := w.on(first); !slices.Equal(got, []string{"三励公司"}) {
			t.Errorf("on the deal: %v", got)
		}
		p, err := w.Competitors.Get(w.Ctx, w.As("小李"), y.CompetitorID)
		w.ok(err)
		if p.ID != x.CompetitorID || p.Seen != 3 || p.Open != 1 || len(p.Spellings) != 1 {
			t.Errorf("%+v", p)
		}
		if z := w.seen("小李", competitor.Sighting{CompetitorAs: "三立", AccountID: at}); z.CompetitorID != x.CompetitorID {
			t.Error("the other spelling is another again")
		}
		_, err = w.Accounts.MergeCompetitors(w.Ctx, w.As("管理员"), x.CompetitorID, y.CompetitorID)
		w.refused(err, "competitor.same")
		_, err = w.Accounts.NameCompetitor(w.Ctx, w.As("蒋跃"), account.Competitor{ID: x.CompetitorID, Name: "三励", Aliases: []string{"三励智能", "三励智能", "三励"}})
		w.ok(err)
		if z := w.seen("小李", competitor.Sighting{CompetitorAs: "三励智能有限公司", AccountID: at}); z.CompetitorID != x.CompetitorID || z.CompetitorName != "三励" {
			t.Errorf("by another name: %+v", z)
		}
		other := w.seen("小李", competitor.Sighting{CompetitorAs: "金和", AccountID: at})
		_, err = w.Accounts.NameCompetitor(w.Ctx, w.As("蒋跃"), account.Competitor{ID: other.CompetitorID, Name: "金和", Aliases: []string{"三励智能"}})
		w.refused(err, "competitor.name_taken")
		_, err = w.Competitors.AddEntry(w.Ctx, w.As("小李"), competitor.Entry{CompetitorID: y.CompetitorID, Kind: competitor.Product, Title: "检测仪"})
		w.ok(err)
		w.Again([]string{""}, "competitor", "competitor_alias", "competitor_entry", "sighting")
		_, err = w.Accounts.SplitCompetitor(w.Ctx, w.As("管理员"), y.CompetitorID)
		w.ok(err)
		if got := report(); len(got) != 2 {
			t.Errorf("two again: %v", got)
		}
	})
}

func (w *world) stageOf(pipelineID string, kind pipeline.Kind) (id string) {
	w.t.Helper()
	w.ok(w.DB.Read(w.Ctx, func(tx database.Tx) error {
		v, err := w.Pipelines.Current(w.Ctx, tx, w.Admin.TenantID, pipelineID)
		id = v.OfKind(kind).ID
		return err
	}))
	return id
}

func (w *world) pipeline(deal string) string {
	w.t.Helper()
	o, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), deal)
	w.ok(err)
	return o.PipelineID
}

func lose(w *world, deal, to string) {
	w.t.Helper()
	o, err := w.Opportunities.Get(w.Ctx, w.As("小李"), deal)
	w.ok(err)
	_, err = w.Opportunities.Move(w.Ctx, w.As("小李"), deal, opportunity.MoveRequest{To: w.stageOf(o.PipelineID, pipeline.Lost), Version: o.Version, LossKind: opportunity.LostToCompetitor, Competitor: to, Reason: "价格"})
	w.ok(err)
}

// TestSightingsGoAlong: with an account that goes into another, with an opportunity that gets another customer, and a
// person who is erased is in none of their words.
func TestSightingsGoAlong(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		at, twin := w.firm("小李", "方舟电子"), w.firm("小李", "方舟")
		deal := w.deal("小李", at, "产线检测")
		w.seen("小李", competitor.Sighting{CompetitorAs: "三励公司", AccountID: at, Words: "王建国说他们来过"})
		w.seen("小李", competitor.Sighting{CompetitorAs: "三励公司", OpportunityID: deal})
		e, err := w.Competitors.AddEntry(w.Ctx, w.As("小李"), competitor.Entry{CompetitorID: w.rival("三励公司"), Kind: competitor.Product, Title: "视觉检测仪", Words: "王建国用过"})
		w.ok(err)
		_, err = w.Accounts.Merge(w.Ctx, w.As("管理员"), account.Merging{Kept: twin, Gone: at, Version: w.version(twin), GoneVersion: w.version(at)})
		w.ok(err)
		list, err := w.Competitors.List(w.Ctx, w.As("小李"), competitor.Asked{Account: twin}, "")
		w.ok(err)
		if len(list) != 2 || list[0].AccountID != twin || list[1].AccountID != twin {
			t.Errorf("%+v", list)
		}
		c, err := w.Accounts.CreateContact(w.Ctx, w.As("小李"), account.Contact{Name: "王建国", AccountID: twin})
		w.ok(err)
		found, err := w.Mentions.Find(w.Ctx, w.As("管理员"), c.ID)
		w.ok(err)
		var places []account.Place
		for _, f := range found.Items {
			places = append(places, f.Place)
		}
		if len(places) != 2 {
			t.Errorf("named in %+v", found)
		}
		w.erased(c.ID, places...)
		list, err = w.Competitors.List(w.Ctx, w.As("小李"), competitor.Asked{Account: twin}, "")
		w.ok(err)
		p, err := w.Competitors.Get(w.Ctx, w.As("小李"), e.CompetitorID)
		w.ok(err)
		for _, x := range append([]string{p.Entries[0].Words}, list[0].Words, list[1].Words) {
			if strings.Contains(x, "王建国") {
				t.Errorf("still %q", x)
			}
		}
	})
}

func (w *world) rival(name string) string {
	w.t.Helper()
	all, err := w.Accounts.Competitors(w.Ctx, w.As("管理员"))
	w.ok(err)
	for _, c := range all {
		if c.Name == name {
			return c.ID
		}
	}
	w.t.Fatalf("no %s", name)
	return ""
}

func (w *world) version(id string) int {
	w.t.Helper()
	c, err := w.Accounts.Get(w.Ctx, w.As("管理员"), id)
	w.ok(err)
	return c.Version
}

// TestManyAtOnceAreAllKept: of one opportunity and one new name there is one competitor, and every sighting.
func TestManyAtOnceAreAllKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		deal := w.deal("小李", w.firm("小李", "方舟电子"), "产线检测")
		by, before := w.As("小李"), w.Deadlocks()
		codes := apptest.AtOnce(8, func(i int) error {
			_, err := w.Competitors.Note(w.Ctx, by, competitor.Sighting{CompetitorAs: []string{"三励公司", "金和"}[i%2], OpportunityID: deal, Kind: "visit"})
			return err
		})
		if codes[""] != 8 {
			t.Errorf("%v", codes)
		}
		if got := w.on(deal); len(got) != 2 {
			t.Errorf("on the deal: %v", got)
		}
		list, err := w.Competitors.List(w.Ctx, by, competitor.Asked{Opportunity: deal}, "")
		w.ok(err)
		joined := 0
		for _, x := range list {
			if x.Joined {
				joined++
			}
		}
		if len(list) != 8 || joined != 2 {
			t.Errorf("%d sightings, %d joined", len(list), joined)
		}
		codes = apptest.AtOnce(8, func(i int) error {
			_, err := w.Competitors.Withdraw(w.Ctx, by, list[i].ID)
			return err
		})
		if codes[""] != 8 {
			t.Errorf("taken back at once: %v", codes)
		}
		if got := w.on(deal); len(got) != 0 {
			t.Errorf("nobody saw any: %v", got)
		}
		if n := w.Deadlocks() - before; n != 0 {
			t.Errorf("%d deadlocks", n)
		}
	})
}

// TestADiagnosisAsksWhoWasThere: since a day, the last of each, those about the customer alone too.
func TestADiagnosisAsksWhoWasThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := begin(t, db)
		at := w.firm("小李", "方舟电子")
		deal, other := w.deal("小李", at, "产线检测"), w.deal("小李", w.firm("小李", "华星"), "改造")
		w.seen("小李", competitor.Sighting{CompetitorAs: "三励公司", OpportunityID: deal, On: apptest.Start.Add(-20)})
		w.seen("小李", competitor.Sighting{CompetitorAs: "三励公司", OpportunityID: deal, On: apptest.Start.Add(-3), Kind: "quote"})
		w.seen("小李", competitor.Sighting{CompetitorAs: "三励公司", AccountID: at, On: apptest.Start.Add(-5)})
		w.seen("小李", competitor.Sighting{CompetitorAs: "金和", AccountID: at, On: apptest.Start.Add(-1)})
		w.seen("小李", competitor.Sighting{CompetitorAs: "远图", OpportunityID: deal, On: apptest.Start.Add(-30)})
		gone := w.seen("小李", competitor.Sighting{CompetitorAs: "中科检", OpportunityID: deal})
		_, err := w.Competitors.Withdraw(w.Ctx, w.As("小李"), gone.ID)
		w.ok(err)
		var got map[string][]competitor.Sighting
		w.ok(w.DB.Read(w.Ctx, func(tx database.Tx) error {
			got, err = w.Competitors.Latest(w.Ctx, tx, w.As("小李"), []string{deal, other}, apptest.Start.Add(-20))
			return err
		}))
		var says []string
		for _, x := range got[deal] {
			says = append(says, x.CompetitorName+" "+x.Kind+" "+string(x.On))
		}
		if !slices.Equal(says, []string{"金和 visit 2026-03-01", "三励公司 quote 2026-02-27"}) || len(got[other]) != 0 {
			t.Errorf("%v, %v", says, got[other])
		}
	})
}
