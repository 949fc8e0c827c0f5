package opportunity_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/handover"
	"yunchou/internal/identity"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/server"
	"yunchou/internal/task"
)

// replacements are what replaces a part of a deal as it was read at a version.
func replacements(w *apptest.World, id, contact string) map[string]func(version int) error {
	a := w.As("陈露")
	amount := int64(120_000_00)
	p := &amount
	return map[string]func(version int) error{
		"contacts": func(v int) error {
			return w.Opportunities.SetContacts(w.Ctx, a, id, v, []opportunity.DealContact{{ContactID: contact, Role: "user"}})
		},
		"team": func(v int) error {
			return w.Opportunities.SetTeam(w.Ctx, a, id, v, []opportunity.TeamMember{{MemberID: w.ID["小李"], Role: "售前"}})
		},
		"competitors": func(v int) error { return w.Opportunities.SetCompetitors(w.Ctx, a, id, v, []string{"恒泰"}) },
		"shares": func(v int) error {
			all := []opportunity.Share{{MemberID: w.ID["小李"], Kind: "direct", BP: 10000}}
			return w.Opportunities.SetShares(w.Ctx, a, id, v, all)
		},
		"amount": func(v int) error {
			_, err := w.Opportunities.Edit(w.Ctx, a, id, v, opportunity.Patch{AmountMinor: &p})
			return err
		},
		"deletion": func(v int) error { return w.Opportunities.DeleteAt(w.Ctx, a, id, v, true) },
		"move": func(v int) error {
			_, err := w.Opportunities.Move(w.Ctx, a, id, opportunity.MoveRequest{To: w.Stage("入围"), Exception: "急", Version: v})
			return err
		},
		"correction": func(v int) error {
			_, err := w.Opportunities.Correct(w.Ctx, a, id, opportunity.Correction{On: "2026-03-01", Reason: "写错", Version: v})
			return err
		},
	}
}

// TestNobodysEntryIsReplacedUnread: a colleague set the contacts after the page was read. Whatever is then sent
// from the page is refused, and from a page read again it passes.
func TestNobodysEntryIsReplacedUnread(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		x, y := w.Contact("陈露", "甲"), w.Contact("陈露", "乙")
		for what := range replacements(w, "", "") {
			o := w.Opportunity("陈露", "二期改造")
			both := []opportunity.DealContact{{ContactID: x, Role: "user"}, {ContactID: y, Role: "economic"}}
			must(t, w.Opportunities.SetContacts(w.Ctx, w.As("蒋跃"), o.ID, o.Version, both))
			send := replacements(w, o.ID, x)[what]
			if code := fault.CodeOf(send(o.Version)); code != "record.stale" {
				t.Errorf("%s: %q", what, code)
			}
			r := read(t, w, o.ID)
			if len(r.Contacts) != 2 {
				t.Errorf("%s: %d contacts are left of 2", what, len(r.Contacts))
			}
			if err := send(r.Version); err != nil {
				t.Errorf("%s, read again: %v", what, err)
			}
		}
	})
}

// TestAListIsReplacedWithItsVersionOverHTTP: without If-Match it is not.
func TestAListIsReplacedWithItsVersionOverHTTP(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		secret := identity.NewSecret()
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", secret))
		h := server.New(w.App, "test", false)
		token, session, err := w.SignIn("chenlu", secret)
		must(t, err)
		send := func(part, body, version string) (int, string) {
			r := httptest.NewRequest("PUT", "/api/opportunities/"+o.ID+"/"+part, strings.NewReader(body))
			r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: token})
			r.Header.Set("X-CSRF-Token", session.CSRF)
			r.Header.Set("Content-Type", "application/json")
			if version != "" {
				r.Header.Set("If-Match", version)
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			return rec.Code, rec.Body.String()
		}
		for part, body := range map[string]string{"contacts": `{"contacts":[]}`, "team": `{"team":[]}`,
			"competitors": `{"names":["恒泰"]}`,
			"shares":      `{"shares":[{"memberId":"` + w.ID["陈露"] + `","kind":"direct","shareBp":10000}]}`} {
			now := read(t, w, o.ID).Version
			if status, text := send(part, body, ""); !strings.Contains(text, "request.if_match_required") {
				t.Errorf("%s without a version: %d %s", part, status, text)
			}
			status, text := send(part, body, fmt.Sprintf(`"%d"`, now+1))
			if status != 412 || !strings.Contains(text, "record.stale") {
				t.Errorf("%s of another version: %d %s", part, status, text)
			}
			if status, text := send(part, body, fmt.Sprintf(`"%d"`, now)); status >= 300 {
				t.Errorf("%s: %d %s", part, status, text)
			}
		}
	})
}

// TestWhoIsNamedTwiceIsSaidSo: a list with the same one twice is bad input, or one entry, and never an outage.
func TestWhoIsNamedTwiceIsSaidSo(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o, a, x := w.Opportunity("陈露", "二期改造"), w.As("陈露"), w.Contact("陈露", "甲")
		pump, err := w.Accounts.AddProductLine(w.Ctx, w.As("管理员"), account.ProductLine{Name: "泵"})
		must(t, err)
		lines := []opportunity.Line{{ProductLineID: pump.ID, AmountMinor: 40_000_00},
			{ProductLineID: pump.ID, AmountMinor: 60_000_00}}
		half := opportunity.Share{MemberID: w.ID["小李"], Kind: "direct", BP: 5000}
		for _, tt := range []struct {
			name, want string
			err        error
		}{
			{"a contact in two roles", "opportunity.contact_twice", w.Opportunities.SetContacts(w.Ctx, a, o.ID, 0,
				[]opportunity.DealContact{{ContactID: x, Role: "user"}, {ContactID: x, Role: "coach"}})},
			{"a colleague in two roles", "opportunity.team_twice", w.Opportunities.SetTeam(w.Ctx, a, o.ID, 0,
				[]opportunity.TeamMember{{MemberID: w.ID["小李"], Role: "售前"}, {MemberID: w.ID["小李"], Role: "交付"}})},
			{"a colleague with two shares", "opportunity.share_twice",
				w.Opportunities.SetShares(w.Ctx, a, o.ID, 0, []opportunity.Share{half, half})},
			{"two spellings of a competitor", "", w.Opportunities.SetCompetitors(w.Ctx, a, o.ID, 0, []string{"恒泰", " 恒 泰 "})},
			{"a product line in two lines", "", edited(w, a, o.ID, opportunity.Patch{Lines: &lines})},
		} {
			if got := fault.CodeOf(tt.err); got != tt.want {
				t.Errorf("%s: %q (%v), want %q", tt.name, got, tt.err, tt.want)
			}
		}
		if r := read(t, w, o.ID); len(r.Competitors) != 1 || len(r.Contacts) != 0 || len(r.Team) != 0 {
			t.Errorf("competitors %v, contacts %v, team %v", r.Competitors, r.Contacts, r.Team)
		}
	})
}

func edited(w *apptest.World, a org.Actor, id string, p opportunity.Patch) error {
	_, err := w.Opportunities.Edit(w.Ctx, a, id, 0, p)
	return err
}

// TestEntriesOfADealSayOldAndNewAndHoldNoWords: what people write about people stays in rows, so that it can be
// erased; who was in a list and who is now is said by id.
func TestEntriesOfADealSayOldAndNewAndHoldNoWords(t *testing.T) {
	const words = "刘志远 13800005678 说要两台"
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o, a := w.Opportunity("陈露", words), w.As("陈露")
		pump, err := w.Accounts.AddProductLine(w.Ctx, w.As("管理员"), account.ProductLine{Name: "泵"})
		must(t, err)
		x, y := w.Contact("陈露", "刘志远"), w.Contact("陈露", "王工")
		lines := []opportunity.Line{{ProductLineID: pump.ID, AmountMinor: 100_000_00, Note: words}}
		must(t, edited(w, a, o.ID, opportunity.Patch{Lines: &lines}))
		for _, who := range []string{x, y} {
			one := []opportunity.DealContact{{ContactID: who, Role: "economic"}}
			must(t, w.Opportunities.SetContacts(w.Ctx, a, o.ID, 0, one))
		}
		for _, who := range []string{"周涛", "小李"} {
			must(t, w.Opportunities.SetTeam(w.Ctx, a, o.ID, 0, []opportunity.TeamMember{{MemberID: w.ID[who], Role: words}}))
		}
		for _, name := range []string{"恒泰 13800005678", "宏达"} {
			must(t, w.Opportunities.SetCompetitors(w.Ctx, a, o.ID, 0, []string{name}))
		}
		on := []record.Ref{opportunity.Ref(o.ID)}
		_, err = w.FollowUps.Log(w.Ctx, a, followup.FollowUp{On: on, Channel: "phone", Words: words}, "")
		must(t, err)
		_, err = w.Tasks.Add(w.Ctx, a, task.Task{What: words, DueOn: a.Today, On: on})
		must(t, err)
		w.Move("陈露", o.ID, "入围", func(r *opportunity.MoveRequest) { r.Exception = words })
		_, err = w.Opportunities.TakeBack(w.Ctx, a, o.ID, words)
		must(t, err)
		given := handover.Ask{Kind: "opportunity", IDs: []string{o.ID}, ToID: w.ID["小李"], Reason: words}
		_, err = w.Handovers.HandOver(w.Ctx, w.As("蒋跃"), given)
		must(t, err)
		want := map[string]string{
			"opportunity.contacts_set": fmt.Sprintf(
				`"was":[{"contactId":"%s","role":"economic"}],"now":[{"contactId":"%s","role":"economic"}]`, x, y),
			"opportunity.team_set": fmt.Sprintf(
				`"was":[{"memberId":"%s"}],"now":[{"memberId":"%s"}]`, w.ID["周涛"], w.ID["小李"]),
			"opportunity.competitors_set": `"was":["`,
		}
		must(t, db.Read(w.Ctx, func(tx database.Tx) error {
			list, err := journal.Since(w.Ctx, tx, w.Admin.TenantID, 0, 1000)
			for _, e := range list {
				for _, word := range []string{"13800005678", "刘志远", "两台", "宏达"} {
					if strings.Contains(string(e.Payload), word) {
						t.Errorf("%s holds words: %s", e.Kind, e.Payload)
					}
				}
				if strings.Contains(string(e.Payload), want[e.Kind]) {
					delete(want, e.Kind)
				}
			}
			return err
		}))
		if len(want) > 0 {
			t.Errorf("no entry says %v", want)
		}
	})
}

// TestAnIdIsOneContent: the same id with the same content is one deal, with anything else it is refused.
func TestAnIdIsOneContent(t *testing.T) {
	amount, other, rate := int64(100), int64(999), int64(1300)
	no := false
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("陈露")
		sent := opportunity.New{ID: record.NewID(a.Now), Name: "三期", PipelineID: w.Bid.PipelineID, AmountMinor: &amount}
		_, err := w.Opportunities.Create(w.Ctx, a, sent)
		must(t, err)
		for _, tt := range []struct {
			name, want string
			change     func(n *opportunity.New)
		}{
			{"the same", "", func(*opportunity.New) {}},
			{"another amount", "record.id_taken", func(n *opportunity.New) { n.AmountMinor = &other }},
			{"no amount", "record.id_taken", func(n *opportunity.New) { n.AmountMinor = nil }},
			{"another currency", "record.id_taken", func(n *opportunity.New) { n.Currency = "USD" }},
			{"without tax", "record.id_taken", func(n *opportunity.New) { n.TaxIncluded = &no }},
			{"a tax rate", "record.id_taken", func(n *opportunity.New) { n.TaxBP = &rate }},
			{"a date", "record.id_taken", func(n *opportunity.New) { n.ExpectedOn = "2026-12-31" }},
			{"an account", "record.id_taken", func(n *opportunity.New) { n.AccountID = w.Account }},
			{"another name", "record.id_taken", func(n *opportunity.New) { n.Name = "四期" }},
		} {
			again := sent
			tt.change(&again)
			if _, err := w.Opportunities.Create(w.Ctx, a, again); fault.CodeOf(err) != tt.want {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
			}
		}
	})
}
