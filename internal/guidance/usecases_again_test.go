package guidance_test

import (
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/record"
)

func TestWordsSaidWithTheSameUseAreKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		k := ask(t, w, "蒋跃", guidance.Advice, deal(w), "陈露", "先见总工")
		_, err := w.Guidance.Use(w.Ctx, w.As("陈露"), k.ID, guidance.Used, words(""))
		must(t, err)
		k, err = w.Guidance.Use(w.Ctx, w.As("陈露"), k.ID, guidance.Used, words("见了，总工要 12 秒节拍"))
		if err != nil {
			return // refused is all right: he knows that it was not taken
		}
		if got := k.Word(k.Outcome.UsedID); got != "见了，总工要 12 秒节拍" {
			t.Errorf("it was taken without a fault, and what he said is %q", got)
		}
	})
}

func TestACorrectionSentAgainWithAnotherDay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		in := guidance.New{ID: record.NewID(w.Now()), Kind: guidance.Correction, On: deal(w), ToID: w.ID["陈露"], Text: "报价前先评审", Fact: "有评审记录", CheckOn: "2026-03-09"}
		_, err := w.Guidance.Ask(w.Ctx, w.As("蒋跃"), in)
		must(t, err)
		in.CheckOn, in.Fact = "2026-04-09", "别的事实"
		_, err = w.Guidance.Ask(w.Ctx, w.As("蒋跃"), in)
		refused(t, "another fact and another day", "record.id_taken", err)
	})
}

// TestAnIdThatSaidSomethingElse: what is sent again is answered with the first; another answer, or an answer under the id
// of a message that was none, is not taken for done.
func TestAnIdThatSaidSomethingElse(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on, jiang, chen := deal(w), w.As("蒋跃"), w.As("陈露")
		said := func(text string) conversation.Said { return conversation.Said{ID: record.NewID(w.Now()), Text: text} }
		k := ask(t, w, "蒋跃", guidance.Question, on, "陈露", "降不降？")
		m := said("我去问问")
		_, err := w.Conversations.Say(w.Ctx, chen, k.ID, m)
		must(t, err)
		_, err = w.Guidance.Answer(w.Ctx, chen, k.ID, guidance.Answer{MessageID: m.ID, Text: m.Text})
		refused(t, "an answer under the id of a message", "record.id_taken", err)
		is(t, w, "it is open", "陈露", k, "open: 陈露 asked until 03-03 10:00")

		in := guidance.Answer{MessageID: record.NewID(w.Now()), Text: "不降"}
		_, err = w.Guidance.Answer(w.Ctx, chen, k.ID, in)
		must(t, err)
		again, err := w.Guidance.Answer(w.Ctx, chen, k.ID, in)
		must(t, err)
		if again.Version != 2 || again.Word(in.MessageID) != "不降" {
			t.Errorf("said again it is version %d, %q", again.Version, again.Word(in.MessageID))
		}
		_, err = w.Guidance.Answer(w.Ctx, chen, k.ID, guidance.Answer{MessageID: in.MessageID, Text: "降"})
		refused(t, "another answer under the same id", "record.id_taken", err)
		_, err = w.Guidance.Answer(w.Ctx, chen, k.ID, guidance.Answer{MessageID: in.MessageID, Text: "不降", Mentions: []string{w.ID["蒋跃"]}})
		refused(t, "one that names somebody", "record.id_taken", err)
		w.Clock.Move(time.Minute)
		none := said("问的是价格")
		_, err = w.Guidance.Reject(w.Ctx, w.As("蒋跃"), k.ID, none)
		must(t, err)
		_, err = w.Guidance.Reject(w.Ctx, w.As("蒋跃"), k.ID, none)
		must(t, err)
		late, err := w.Guidance.Answer(w.Ctx, w.As("陈露"), k.ID, in)
		must(t, err)
		if late.State() != guidance.Waits {
			t.Errorf("an answer that was called none, sent again, makes it %s", late.State())
		}
		_, err = w.Guidance.Reject(w.Ctx, w.As("蒋跃"), k.ID, conversation.Said{ID: none.ID, Text: "别的"})
		refused(t, "another word under the id", "record.id_taken", err)

		adv := ask(t, w, "蒋跃", guidance.Advice, on, "陈露", "先见总工")
		use := said("见了")
		_, err = w.Guidance.Use(w.Ctx, chen, adv.ID, guidance.Used, use)
		must(t, err)
		_, err = w.Guidance.Use(w.Ctx, chen, adv.ID, guidance.Used, use)
		must(t, err)
		_, err = w.Guidance.Use(w.Ctx, chen, adv.ID, guidance.NotUsed, use)
		refused(t, "not used under the id of used", "record.id_taken", err)
		_, err = w.Guidance.Result(w.Ctx, chen, adv.ID, use)
		refused(t, "a result under the id of a use", "record.id_taken", err)
		k, err = w.Guidance.Get(w.Ctx, jiang, adv.ID)
		must(t, err)
		if k.Outcome.Used != guidance.Used || k.Outcome.ResultAt != nil {
			t.Errorf("it is %+v", k.Outcome)
		}
	})
}

// TestWordsSaidWithTheSameVerdictAreKept: who looked and says more of it is heard.
func TestWordsSaidWithTheSameVerdictAreKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		k := ask(t, w, "蒋跃", guidance.Correction, deal(w), "陈露", "报价前先评审")
		w.Clock.Set(k.Check.On)
		look := func(worked bool, text string) (guidance.Kept, error) {
			return w.Guidance.Look(w.Ctx, w.As("蒋跃"), k.ID, worked, words(text))
		}
		_, err := look(true, "")
		must(t, err)
		said, err := look(true, "评审了两次")
		must(t, err)
		if got := said.Word(said.Check.CheckedID); got != "评审了两次" {
			t.Errorf("it was taken without a fault, and what he said is %q", got)
		}
		_, err = look(false, "还是没有")
		refused(t, "another verdict", "guidance.no_check", err)
	})
}

// TestANoteOnWhatIsDeletedEnds: nobody is to answer it, it climbs no further, and nobody is silent for it; of two accounts
// that were one it goes along.
func TestANoteOnWhatIsDeletedEnds(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for _, on := range []record.Ref{deal(w), firm(t, w), account.ContactRef(w.Contact("陈露", "刘工"))} {
			k := ask(t, w, "总监", guidance.Question, on, "蒋跃", "降不降？")
			other := ask(t, w, "总监", guidance.Question, deal(w), "蒋跃", "别的")
			gone := func() (n int) {
				t.Helper()
				n, err := database.Write(w.Ctx, w.DB, func(tx database.Tx) (int, error) {
					return w.Guidance.RecordGone(w.Ctx, tx, w.Admin.TenantID, on)
				})
				must(t, err)
				return n
			}
			if n := gone(); n != 0 {
				t.Errorf("%s: it is there, and %d were ended", on.Kind, n)
			}
			switch on.Kind {
			case record.Opportunity:
				must(t, w.Opportunities.Delete(w.Ctx, w.As("陈露"), on.ID, true))
			case record.Account:
				must(t, w.Accounts.Delete(w.Ctx, w.As("陈露"), on.ID, 0, true))
			default:
				must(t, w.Accounts.EraseContact(w.Ctx, w.As("管理员"), on.ID))
			}
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
				held, err := w.Guidance.Rows.HeldBy(w.Ctx, tx, w.Admin.TenantID, w.ID["蒋跃"], 10)
				if len(held) < 2 {
					t.Errorf("%s: before the reader came he holds %d", on.Kind, len(held))
				}
				return err
			}))
			gone()
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
				now, err := w.Guidance.Rows.Get(w.Ctx, tx, w.Admin.TenantID, k.ID)
				if last := now.Turns[len(now.Turns)-1]; now.State() != guidance.Taken || last.End != guidance.Gone {
					t.Errorf("%s: it is %s, %s", on.Kind, now.State(), last.End)
				}
				return err
			}))
			w.Clock.Move(30 * time.Hour)
			must(t, w.Guidance.Lapse(w.Ctx, w.Admin.TenantID, k.ID))
			is(t, w, "another one goes on", "总监", other, "open: 蒋跃 asked until "+dueOf(t, w, other.ID))
			w.Clock.Move(-30 * time.Hour)
		}
		w.Again([]string{""}, "guidance", "guidance_turn")
	})
}

// firm is an account of 陈露's with which nothing is kept.
func firm(t *testing.T, w *apptest.World) record.Ref {
	t.Helper()
	c, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: "南方重工"}, false)
	must(t, err)
	return account.Ref(c.ID)
}
