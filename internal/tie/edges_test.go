package tie_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/tie"
)

func (w *world) counted(query string, args ...any) (n int) {
	w.t.Helper()
	w.ok(w.DB.Read(w.Ctx, func(tx database.Tx) error { return tx.QueryRow(w.Ctx, query, args...).Scan(&n) }))
	return n
}

func (w *world) erased(id string) {
	w.t.Helper()
	by := w.As("管理员")
	c, err := w.Accounts.GetContact(w.Ctx, by, id)
	w.ok(err)
	by.IfMatch = c.Version
	w.ok(w.Accounts.EraseContact(w.Ctx, by, id))
}

// A name typed before there was a record of him stays after he is erased.
func TestErasedNameStaysInAnIntroduction(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		old := w.person("周涛", "老吴", w.sanli, "销售")
		w.met("周涛", w.sanli, old)
		k, err := w.Ties.Knowers(w.Ctx, w.As("小李"), tie.Question{Name: "贺文涛", Former: "三励公司"})
		w.ok(err)
		t.Logf("%s", said(k.Ways))
		if len(k.Ways) == 0 {
			t.Fatal("no way to him")
		}
		_, err = w.Ties.Introduce(w.Ctx, w.As("小李"), tie.Asking{Token: k.Ways[0].Token, Sentence: "请引荐"})
		w.ok(err)
		_, err = w.Ties.AskAround(w.Ctx, w.As("小李"), tie.AskAround{Name: "贺文涛", Former: "三励公司"})
		w.ok(err)
		he := w.person("小李", "贺文涛", w.fangzhou, "采购部经理")
		w.erased(he)
		if n := w.counted("SELECT count(*) FROM ask_around WHERE name = $1", "贺文涛"); n != 0 {
			t.Errorf("ask_around: %d", n)
		}
		if n := w.counted("SELECT count(*) FROM introduction WHERE name = $1", "贺文涛"); n != 0 {
			t.Errorf("introduction: %d rows with the erased name", n)
		}
	})
}

// An ask-around about one who was merged away outlives the erasure.
func TestAskAroundOfAMergedContactOutlivesErasure(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		_, err := w.Ties.AskAround(w.Ctx, w.As("小李"), tie.AskAround{Name: "赵兵", Former: "三励公司", ContactID: w.zhao})
		w.ok(err)
		twin := w.person("小李", "赵冰", w.fangzhou, "采购部经理")
		_, err = w.Accounts.MergeContacts(w.Ctx, w.As("管理员"), account.Merging{Kept: twin, Gone: w.zhao, Version: 1, GoneVersion: 1})
		w.ok(err)
		w.erased(twin)
		if n := w.counted("SELECT count(*) FROM ask_around WHERE name = $1", "赵兵"); n != 0 {
			t.Errorf("ask_around: %d rows with the erased name", n)
		}
		if n := w.counted("SELECT count(*) FROM contact_past"); n != 0 {
			t.Errorf("contact_past: %d", n)
		}
	})
}

// Merging leaves a tie with himself and the same tie twice.
func TestMergeMakesDoubles(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		twin := w.person("小李", "赵冰", w.fangzhou, "采购部经理")
		w.tie("蒋跃", tie.Tie{ContactID: w.zhao, Kind: tie.Classmate, Visibility: tie.Shown})
		w.tie("蒋跃", tie.Tie{ContactID: twin, Kind: tie.Classmate, Visibility: tie.Shown})
		w.tie("蒋跃", tie.Tie{FromContactID: w.zhao, ContactID: twin, Kind: tie.Ally, Visibility: tie.Shown})
		_, err := w.Accounts.MergeContacts(w.Ctx, w.As("管理员"), account.Merging{Kept: twin, Gone: w.zhao, Version: 1, GoneVersion: 1})
		w.ok(err)
		list, err := w.Ties.List(w.Ctx, w.As("小李"), twin)
		w.ok(err)
		same := 0
		for _, x := range list {
			if x.FromContactID == x.ContactID {
				t.Errorf("a tie of %s with himself is shown", x.ContactName)
			}
			if x.Kind == tie.Classmate {
				same++
			}
		}
		if same != 1 {
			t.Errorf("one tie of 蒋跃 is shown %d times", same)
		}
	})
}

// Who lost sight of a person reads his new firm and title from an introduction asked for before.
func TestIntroductionTellsTheNewFirmOutOfSight(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		w.tie("蒋跃", tie.Tie{ContactID: w.zhao, Kind: tie.Classmate, Visibility: tie.Shown})
		_, err := w.Ties.Introduce(w.Ctx, w.As("小李"), tie.Asking{ContactID: w.zhao, Token: w.ways("小李", w.zhao)[0].Token, Sentence: "请引荐"})
		w.ok(err)
		secret := w.firm("周涛", "星河机密集团")
		c, err := w.Accounts.GetContact(w.Ctx, w.As("管理员"), w.zhao)
		w.ok(err)
		c.AccountID, c.Title, c.Department = secret, "总裁", ""
		_, err = w.Accounts.UpdateContact(w.Ctx, w.As("管理员"), c, account.Step{})
		w.ok(err)
		if _, err := w.Accounts.GetContact(w.Ctx, w.As("小李"), w.zhao); err == nil {
			t.Fatal("小李 sees him still")
		}
		mine, _, err := w.Ties.Introductions(w.Ctx, w.As("小李"))
		w.ok(err)
		if mine[0].AccountName == "星河机密集团" || mine[0].Title == "总裁" {
			t.Errorf("小李, who does not see him, reads %q %q", mine[0].AccountName, mine[0].Title)
		}
		_, asked, err := w.Ties.Introductions(w.Ctx, w.As("蒋跃"))
		w.ok(err)
		_, e := w.Accounts.GetContact(w.Ctx, w.As("蒋跃"), w.zhao)
		t.Logf("蒋跃 sees: %v, asked %q %q", e, asked[0].AccountName, asked[0].Title)
		if e != nil && (asked[0].AccountName == "星河机密集团" || asked[0].Title == "总裁") {
			t.Errorf("蒋跃, who does not see him, reads %q %q", asked[0].AccountName, asked[0].Title)
		}
	})
}

// A former firm that is an account out of sight is named.
func TestFormerAccountOutOfSightIsNamed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		secret := w.firm("周涛", "星河机密集团")
		he := w.person("周涛", "钱多", secret, "总裁")
		c, err := w.Accounts.GetContact(w.Ctx, w.As("管理员"), he)
		w.ok(err)
		w.Clock.Set("2026-03-20")
		c.AccountID, c.Title = w.fangzhou, "副总"
		_, err = w.Accounts.UpdateContact(w.Ctx, w.As("管理员"), c, account.Step{})
		w.ok(err)
		c, err = w.Accounts.GetContact(w.Ctx, w.As("小李"), he)
		w.ok(err)
		for _, j := range c.Jobs {
			t.Logf("job %+v", j)
		}
		k, err := w.Ties.Knowers(w.Ctx, w.As("小李"), tie.Question{ContactID: he})
		w.ok(err)
		if k.Contacts[0].Former != "" {
			t.Errorf("former %q", k.Contacts[0].Former)
		}
		k, err = w.Ties.Knowers(w.Ctx, w.As("小李"), tie.Question{Name: "钱多"})
		w.ok(err)
		if k.Contacts[0].Former != "" {
			t.Errorf("by name: former %q", k.Contacts[0].Former)
		}
	})
}

// What the asker himself may read is taken from the answer by a record he may not see, which so tells that it exists.
func TestAnUnseenContactTakesNamedWaysAway(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		old := w.person("小李", "老吴", w.fangzhou, "顾问")
		_, err := w.Ties.SetBackground(w.Ctx, w.As("小李"), old, []tie.Past{{Kind: tie.Employer, Name: "远航集团", FromYear: 2015}})
		w.ok(err)
		w.met("小李", w.fangzhou, old)
		ask := func() string {
			k, err := w.Ties.Knowers(w.Ctx, w.As("小李"), tie.Question{Name: "贺文涛", Former: "远航集团"})
			w.ok(err)
			return said(k.Ways)
		}
		before := ask()
		secret := w.firm("周涛", "星河机密集团")
		he := w.person("周涛", "贺文涛", secret, "总裁")
		_, err = w.Ties.SetBackground(w.Ctx, w.As("周涛"), he, []tie.Past{{Kind: tie.Employer, Name: "远航集团", FromYear: 2015}})
		w.ok(err)
		after := ask()
		if !strings.Contains(after, before) {
			t.Errorf("before %q, with a contact 小李 may not see %q", before, after)
		}
	})
}

func TestTwoAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		w.tie("蒋跃", tie.Tie{ContactID: w.zhao, Kind: tie.Classmate, Visibility: tie.Shown})
		token := w.ways("小李", w.zhao)[0].Token
		by, boss := w.As("小李"), w.As("蒋跃")
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Add(3)
			go func() {
				defer wg.Done()
				_, _ = w.Ties.AskAround(w.Ctx, by, tie.AskAround{Name: fmt.Sprint("某人", i)})
			}()
			go func() {
				defer wg.Done()
				_, _ = w.Ties.Introduce(w.Ctx, by, tie.Asking{ContactID: w.zhao, Token: token, Sentence: "请引荐"})
			}()
			go func() {
				defer wg.Done()
				_, _ = w.Ties.Note(w.Ctx, boss, tie.Tie{ContactID: w.wang, Kind: tie.Ally})
			}()
		}
		wg.Wait()
		if n := w.counted("SELECT count(*) FROM ask_around"); n > 3 {
			t.Errorf("%d asked around in a day", n)
		}
		if n := w.counted("SELECT count(*) FROM introduction"); n != 1 {
			t.Errorf("%d introductions of one", n)
		}
		if n := w.counted("SELECT count(*) FROM tie WHERE contact_id = $1", w.wang); n != 1 {
			t.Errorf("%d ties of one", n)
		}
	})
}

// The same asked around twice at once is the same one.
func TestTheSameAskedAroundTwiceAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		by := w.As("小李")
		var wg sync.WaitGroup
		for range 4 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				_, _ = w.Ties.AskAround(w.Ctx, by, tie.AskAround{Name: "贺文涛", Former: "三励公司"})
			}()
		}
		wg.Wait()
		if n := w.counted("SELECT count(*) FROM ask_around"); n != 1 {
			t.Errorf("asked around %d times", n)
		}
	})
}

// The way over one between names the firm where both were, an account out of sight.
func TestAWayNamesAFirmOutOfSight(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := tell(t, db)
		secret := w.firm("周涛", "星河机密集团")
		var ids []string
		for _, name := range []string{"钱多", "钱少"} {
			ids = append(ids, w.person("周涛", name, secret, "总裁"))
		}
		w.Clock.Set("2026-03-20")
		for _, id := range ids {
			c, err := w.Accounts.GetContact(w.Ctx, w.As("管理员"), id)
			w.ok(err)
			c.AccountID, c.Title = w.fangzhou, "副总"
			_, err = w.Accounts.UpdateContact(w.Ctx, w.As("管理员"), c, account.Step{})
			w.ok(err)
		}
		w.met("小李", w.fangzhou, ids[1])
		for _, x := range w.ways("小李", ids[0]) {
			if x.Employer == "星河机密集团" {
				t.Errorf("%s → %s at %s", x.Way, x.ThroughName, x.Employer)
			}
		}
	})
}
