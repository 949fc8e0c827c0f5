package opportunity_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// ownersOf are whom a clash names.
func ownersOf(t *testing.T, err error) []string {
	t.Helper()
	f := fault.As(err)
	if f == nil || f.Code != "opportunity.clash" {
		t.Fatalf("%v, want a clash", err)
	}
	owners, _ := f.Params["ownerIds"].([]string)
	return owners
}

func create(w *apptest.World, who string, in opportunity.New) (opportunity.Opportunity, error) {
	return w.Opportunities.Create(w.Ctx, w.As(who), in)
}

func named(w *apptest.World, name string) (list []account.Account) {
	w.T.Helper()
	err := w.DB.Read(w.Ctx, func(tx database.Tx) (err error) {
		list, err = w.Accounts.Rows.SameName(w.Ctx, tx, w.As("管理员").TenantID, name)
		return err
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return list
}

func TestTheCustomerTypedIsTheCustomer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		first, err := create(w, "陈露", opportunity.New{Name: "一期", AccountName: " 启明泵业 "})
		if err != nil {
			t.Fatal(err)
		}
		again, err := create(w, "陈露", opportunity.New{Name: "二期", AccountName: "启明泵业"})
		if err != nil || again.AccountID != first.AccountID || first.AccountID == "" {
			t.Errorf("%q and %q, %v: want one customer", first.AccountID, again.AccountID, err)
		}
		list := named(w, "启明泵业")
		if len(list) != 1 || list[0].OwnerID != w.ID["陈露"] {
			t.Errorf("customers of that name: %+v, want one of 陈露", list)
		}
	})
}

func TestADealSentTwiceMakesOneCustomer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		in := opportunity.New{ID: record.NewID(w.As("陈露").Now), Name: "一期", AccountName: "启明泵业"}
		first, err := create(w, "陈露", in)
		if err != nil {
			t.Fatal(err)
		}
		again, err := create(w, "陈露", in)
		if err != nil || again.ID != first.ID || len(named(w, "启明泵业")) != 1 {
			t.Errorf("%v, %d customers", err, len(named(w, "启明泵业")))
		}
		// Once the answer is forgotten, what is kept says whether it is the same.
		if err := w.Opportunities.Keys.Purge(w.Ctx, w.As("陈露").TenantID, w.As("陈露").Now.AddDate(1, 0, 0)); err != nil {
			t.Fatal(err)
		}
		if again, err = create(w, "陈露", in); err != nil || again.ID != first.ID {
			t.Errorf("sent later: %q %v", again.ID, err)
		}
		in.AccountName = "别家"
		if _, err := create(w, "陈露", in); fault.CodeOf(err) != "record.id_taken" {
			t.Errorf("for another customer: %v", err)
		}
	})
}

func TestAColleaguesCustomerIsAClash(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		his, err := create(w, "周涛", opportunity.New{Name: "周涛的一期", AccountName: "国瑞轴承"})
		if err != nil {
			t.Fatal(err)
		}
		// 陈露 sees neither the customer nor the deal: she is told whose it is, and nothing else.
		in := opportunity.New{Name: "我也在跟", AccountName: "国瑞轴承"}
		_, err = create(w, "陈露", in)
		if owners := ownersOf(t, err); len(owners) != 1 || owners[0] != w.ID["周涛"] {
			t.Errorf("owners %v, want 周涛", owners)
		}
		if deals := fault.As(err).Params["deals"].([]opportunity.Clash); len(deals) != 0 {
			t.Errorf("she is told of deals out of her sight: %v", deals)
		}
		if n := len(named(w, "国瑞轴承")); n != 1 {
			t.Errorf("%d customers after a refusal", n)
		}
		in.ClashReason = "这是他们苏州的子公司"
		mine, err := create(w, "陈露", in)
		if err != nil || mine.AccountID == his.AccountID {
			t.Errorf("with a reason: %v; the customer %q must be one of her own", err, mine.AccountID)
		}
		rec, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), mine.ID)
		if err != nil || rec.Stays[0].Reason != in.ClashReason {
			t.Errorf("the reason is kept in the record: %+v %v", rec.Stays, err)
		}
		if _, err := w.Accounts.Get(w.Ctx, w.As("陈露"), his.AccountID); !fault.Is(err, fault.NotFound) {
			t.Errorf("she came to see his customer: %v", err)
		}
	})
}

func TestAClashOnACustomerBothSee(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Opportunity("陈露", "陈露的一期") // with her customer
		in := opportunity.New{Name: "周涛的", AccountID: w.Account, OwnerID: w.ID["周涛"]}
		if _, err := create(w, "管理员", in); err != nil {
			t.Errorf("who may change both decides knowingly: %v", err)
		}
		// Now 周涛 sees the customer, by his deal, and not her deal.
		_, err := create(w, "周涛", opportunity.New{Name: "又一个", AccountID: w.Account})
		if owners := ownersOf(t, err); len(owners) != 1 || owners[0] != w.ID["陈露"] {
			t.Errorf("owners %v, want 陈露", owners)
		}
		if _, err := create(w, "陈露", opportunity.New{Name: "二期", AccountID: w.Account}); fault.CodeOf(err) != "opportunity.clash" {
			t.Errorf("陈露 meets 周涛: %v", err)
		}
		if _, err := create(w, "陈露", opportunity.New{Name: "二期", AccountID: w.Account, ClashReason: "两条产线"}); err != nil {
			t.Error(err)
		}
	})
}

func TestTheCustomerCanBeChangedLater(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		if _, err := create(w, "周涛", opportunity.New{Name: "周涛的一期", AccountName: "国瑞轴承"}); err != nil {
			t.Fatal(err)
		}
		o := w.Opportunity("陈露", "一期")
		edit := func(p opportunity.Patch) (opportunity.Opportunity, error) {
			return w.Opportunities.Edit(w.Ctx, w.As("陈露"), o.ID, 0, p)
		}
		name := "启明泵业"
		got, err := edit(opportunity.Patch{AccountName: &name})
		if err != nil || got.AccountID == o.AccountID || got.AccountID != named(w, name)[0].ID {
			t.Errorf("to a new customer: %q %v", got.AccountID, err)
		}
		name = "国瑞轴承"
		_, err = edit(opportunity.Patch{AccountName: &name})
		ownersOf(t, err)
		none := ""
		if got, err = edit(opportunity.Patch{AccountName: &none}); err != nil || got.AccountID != "" {
			t.Errorf("to none: %q %v", got.AccountID, err)
		}
		if !w.As("陈露").Can(org.AccountWrite) {
			t.Fatal("she makes customers")
		}
	})
}

// TestTwoWhoBeginAtOnceMeet: of two who begin with one customer at the same time, the second is told of the first.
func TestTwoWhoBeginAtOnceMeet(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for range 5 {
			c, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: record.NewID(w.Clock.Now())}, false)
			must(t, err)
			worth := int64(500_000)
			past, err := create(w, "管理员", opportunity.New{Name: "以前的", AccountID: c.ID, OwnerID: w.ID["周涛"], AmountMinor: &worth})
			must(t, err)
			w.Move("管理员", past.ID, "中标", apptest.Exception, func(r *opportunity.MoveRequest) { r.ContractMinor = &worth }) // he sees the customer, and nothing of his is open
			codes := apptest.AtOnce(2, func(i int) error {
				_, err := create(w, []string{"陈露", "周涛"}[i], opportunity.New{Name: "新的", AccountID: c.ID})
				return err
			})
			if codes[""] != 1 || codes["opportunity.clash"] != 1 {
				t.Errorf("%v, want one who begins and one who meets him", codes)
			}
		}
	})
}
