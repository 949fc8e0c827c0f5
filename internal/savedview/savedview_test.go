package savedview_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/savedview"
)

func refused(t *testing.T, err error, code string) {
	t.Helper()
	if got := fault.CodeOf(err); got != code {
		t.Errorf("code %q (%v), want %q", got, err, code)
	}
}

func TestSavedViewsArePrivateUnlessShared(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		own, err := w.Views.Save(w.Ctx, w.As("陈露"), savedview.View{
			Screen: "opportunities", Name: "停滞的", Query: "stalled=true&pipeline=" + w.Bid.PipelineID,
		})
		if err != nil {
			t.Fatal(err)
		}
		shared, err := w.Views.Save(w.Ctx, w.As("蒋跃"), savedview.View{
			Screen: "opportunities", Name: "本季", Query: "state=open", Shared: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		seen := func(name string) (ids []string) {
			list, err := w.Views.List(w.Ctx, w.As(name), "opportunities")
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range list {
				ids = append(ids, v.ID)
			}
			return ids
		}
		if got := seen("陈露"); len(got) != 2 {
			t.Errorf("陈露 sees %v", got)
		}
		if got := seen("周涛"); len(got) != 1 || got[0] != shared.ID {
			t.Errorf("周涛 sees %v", got)
		}
		// A name is told apart from those its member sees, whoever wrote them; what another keeps for himself is no matter.
		rename := func(who, id, name string) error {
			_, err := w.Views.Rename(w.Ctx, w.As(who), id, name)
			return err
		}
		refused(t, rename("陈露", own.ID, "本 季"), "view.name_taken")
		refused(t, rename("陈露", own.ID, " "), "input.required")
		refused(t, rename("陈露", shared.ID, "我的"), "view.unknown")
		refused(t, rename("管理员", own.ID, "他的"), "view.unknown")
		_, err = w.Views.Save(w.Ctx, w.As("周涛"), savedview.View{Screen: "opportunities", Name: "停滞的"})
		refused(t, err, "")
		_, err = w.Views.Save(w.Ctx, w.As("陈露"), savedview.View{Screen: "opportunities", Name: "停滞的"})
		refused(t, err, "view.name_taken")
		_, err = w.Views.Save(w.Ctx, w.As("陈露"), savedview.View{Screen: "board", Name: "停滞的"})
		refused(t, err, "")
		refused(t, rename("陈露", own.ID, "停滞  的"), "")
		refused(t, rename("陈露", own.ID, "站着不动的"), "")
		refused(t, rename("管理员", shared.ID, "这一季"), "")
		if got, err := w.Views.List(w.Ctx, w.As("陈露"), "opportunities"); err != nil || got[0].Name+got[1].Name != "站着不动的这一季" {
			t.Errorf("%v %v", got, err)
		}
		refused(t, w.Views.Delete(w.Ctx, w.As("周涛"), shared.ID), "view.unknown")
		refused(t, w.Views.Delete(w.Ctx, w.As("管理员"), own.ID), "view.unknown")
		if err := w.Views.Delete(w.Ctx, w.As("管理员"), shared.ID); err != nil {
			t.Error(err)
		}
		_, err = w.Views.Save(w.Ctx, w.As("陈露"), savedview.View{Screen: "payroll", Name: "x"})
		refused(t, err, "view.screen_unknown")
		w.Again([]string{"company.", "member.", "team.", "saved_view."}, "saved_view") // the journal gives them back
	})
}
