package conversation_test

import (
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

func threadsOn(t *testing.T, w *apptest.World, who string, on record.Ref) (out []conversation.Thread) {
	t.Helper()
	list, err := w.Conversations.List(w.Ctx, w.As(who), conversation.Asked{On: on}, page.Request{})
	must(t, err)
	return list.Items
}

// TestADeletedRecordTakesItsThreadsAlong: nobody is told of them, and restored they are there again.
func TestADeletedRecordTakesItsThreadsAlong(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := deal(w)
		open(t, w, "蒋跃", conversation.Discussion, on, "看一下")
		note := open(t, w, "陈露", conversation.Note, on, "他怕担责任")
		for _, deleted := range []bool{true, false} {
			must(t, w.Opportunities.Delete(w.Ctx, w.As("陈露"), on.ID, deleted))
			want, wait := 2, "1 0"
			if deleted {
				want, wait = 1, "0 0" // a note is its author's
			}
			if list := threadsOn(t, w, "陈露", on); len(list) != want || waiting(t, w, "陈露") != wait {
				t.Errorf("deleted %v: %d threads, waiting %s", deleted, len(list), waiting(t, w, "陈露"))
			}
		}
		if list, err := w.Conversations.List(w.Ctx, w.As("陈露"), conversation.Asked{Notes: true}, page.Request{}); err != nil || len(list.Items) != 1 || list.Items[0].ID != note.ID {
			t.Errorf("her notes %+v (%v)", list.Items, err)
		}
	})
}

// TestThreadsMoveWithWhatTheyAreOn: of two accounts that were one, and back.
func TestThreadsMoveWithWhatTheyAreOn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("陈露")
		twin, err := w.Accounts.Create(w.Ctx, a, account.Account{Name: "华新机电公司"}, true)
		must(t, err)
		here, there := open(t, w, "蒋跃", conversation.Discussion, accountRef(w), "甲"), open(t, w, "蒋跃", conversation.Discussion, account.Ref(twin.ID), "乙")
		m := account.Merging{Kept: w.Account, Gone: twin.ID}
		look, err := w.Accounts.LookAtMerge(w.Ctx, a, m)
		must(t, err)
		m.Version, m.GoneVersion = look.Version, look.GoneVersion
		merged, err := w.Accounts.Merge(w.Ctx, a, m)
		must(t, err)
		if list := threadsOn(t, w, "陈露", accountRef(w)); len(list) != 2 || waiting(t, w, "陈露") != "2 0" {
			t.Errorf("merged: %+v", list)
		}
		_, err = w.Accounts.Unmerge(w.Ctx, a, merged.ID)
		must(t, err)
		for on, th := range map[record.Ref]conversation.Thread{accountRef(w): here, account.Ref(twin.ID): there} {
			if list := threadsOn(t, w, "陈露", on); len(list) != 1 || list[0].ID != th.ID {
				t.Errorf("taken back, on %v: %+v", on, list)
			}
		}
	})
}

// TestWhatIsSaidOfAPersonGoesWithThePerson: whatever stands at the person, named or not; elsewhere the name, in notes
// too, where whoever erases sees that there is one and not what it says.
func TestWhatIsSaidOfAPersonGoesWithThePerson(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		liu := w.Contact("陈露", "欧阳修远")
		on := account.ContactRef(liu)
		at := open(t, w, "陈露", conversation.Discussion, on, "爱喝茶，周五不在")
		_, err := w.Files.Put(w.Ctx, w.As("陈露"), conversation.MessageRef(at.Last[0].ID), "名片.txt", strings.NewReader("13800000000"))
		must(t, err)
		note := open(t, w, "陈露", conversation.Note, on, "他怕担责任")
		elsewhere := open(t, w, "陈露", conversation.Note, accountRef(w), "找欧阳修远签字")
		found, err := w.Mentions.Find(w.Ctx, w.As("管理员"), liu)
		must(t, err)
		var places []account.Place
		for _, m := range found.Items {
			places = append(places, m.Place)
			if m.Text != "" || !m.Hidden {
				t.Errorf("of her note is shown %+v", m)
			}
		}
		if len(places) != 1 {
			t.Errorf("found at %v", places)
		}
		must(t, w.Accounts.EraseContact(w.Ctx, w.As("管理员"), liu, places...))
		for _, table := range []string{"message", "journal", "idempotency_key", "file", "file_chunk"} {
			for _, text := range []string{"喝茶", "担责任", "欧阳", "名片"} {
				if holds(t, db, table, text) {
					t.Errorf("%s still has %s", table, text)
				}
			}
		}
		list, err := w.Conversations.List(w.Ctx, w.As("陈露"), conversation.Asked{Notes: true}, page.Request{})
		must(t, err)
		for _, th := range list.Items {
			if want := map[string]string{note.ID: "", elsewhere.ID: "找***签字"}[th.ID]; th.Last[0].Text != want {
				t.Errorf("a note says %q, want %q", th.Last[0].Text, want)
			}
		}
	})
}
