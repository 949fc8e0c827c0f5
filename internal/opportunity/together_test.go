package opportunity_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/followup"
	"yunchou/internal/handover"
	"yunchou/internal/identity"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/server"
	"yunchou/internal/task"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Ten people meet a new competitor on one morning: it is one competitor, written once.
func TestTenWhoNameTheSameNewCompetitor(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("陈露")
		var ids []string
		for i := range 10 {
			ids = append(ids, w.Opportunity("陈露", fmt.Sprint("项目", i)).ID)
		}
		lost := w.Bid.Stages[slices.IndexFunc(w.Bid.Stages, func(s pipeline.Stage) bool { return s.Kind == pipeline.Lost })].ID
		codes := apptest.AtOnce(10, func(i int) error {
			if i%2 == 0 {
				return w.Opportunities.SetCompetitors(w.Ctx, a, ids[i], 0, []string{"恒泰"})
			}
			_, err := w.Opportunities.Move(w.Ctx, a, ids[i], opportunity.MoveRequest{To: lost, LossKind: "competitor", Competitor: "恒 泰", Reason: "价格"})
			return err
		})
		all, err := w.Accounts.Competitors(w.Ctx, a)
		must(t, err)
		if codes[""] != 10 || len(all) != 1 {
			t.Errorf("answers %v, competitors %v", codes, all)
		}
		var added int
		must(t, db.Read(w.Ctx, func(tx database.Tx) error {
			return tx.QueryRow(w.Ctx, `SELECT count(*) FROM journal WHERE kind = 'competitor.added'`).Scan(&added)
		}))
		if added != 1 {
			t.Errorf("the journal says %d times that it was added", added)
		}
	})
}

// A deal, a follow-up, a task sent several times at once is one, and each is answered with it.
func TestWhatIsSentSeveralTimesAtOnceIsOne(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("陈露")
		o := w.Opportunity("陈露", "二期改造")
		id := record.NewID(a.Now)
		is := func(got string, err error) error {
			if err == nil && got != id {
				return fmt.Errorf("answered %q", got)
			}
			return err
		}
		for what, send := range map[string]func(int) error{
			"deal": func(int) error {
				got, err := w.Opportunities.Create(w.Ctx, a, opportunity.New{ID: id, Name: "三期改造"})
				return is(got.ID, err)
			},
			"follow-up": func(int) error {
				got, err := w.FollowUps.Log(w.Ctx, a, followup.FollowUp{ID: id, On: []record.Ref{opportunity.Ref(o.ID)}, Channel: "phone", Words: "谈价"}, "")
				return is(got.ID, err)
			},
			"task": func(int) error {
				got, err := w.Tasks.Add(w.Ctx, a, task.Task{ID: id, What: "送样", DueOn: a.Today, On: []record.Ref{opportunity.Ref(o.ID)}})
				return is(got.ID, err)
			},
		} {
			if codes := apptest.AtOnce(6, send); codes[""] != 6 {
				t.Errorf("%s: %v", what, codes)
			}
		}
	})
}

// Two hand over the same records, listed in opposite orders, while a third moves them.
func TestHandOversOfTheSameRecordsFollowOneAnother(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		var ids []string
		for i := range 60 {
			ids = append(ids, w.Opportunity("陈露", fmt.Sprint(i)).ID)
		}
		back := slices.Clone(ids)
		slices.Reverse(back)
		boss := w.As("蒋跃")
		for round := range 4 {
			to := []string{w.ID["小李"], w.ID["陈露"]}[round%2]
			codes := apptest.AtOnce(4, func(k int) error {
				if k == 3 {
					_, err := w.Opportunities.MoveMany(w.Ctx, boss, back[:20], opportunity.MoveRequest{To: w.Stage("入围"), Exception: "急"})
					return err
				}
				_, err := w.Handovers.HandOver(w.Ctx, boss, handover.Ask{Kind: "opportunity", IDs: [][]string{ids, back, ids}[k], ToID: []string{to, w.ID["蒋跃"], to}[k], Reason: "分工"})
				return err
			})
			if codes[""] != 4 {
				t.Errorf("round %d: %v", round, codes)
			}
		}
	})
}

// A move whose caller goes away is whole or not there, and success never comes empty.
func TestACancelledMoveIsWholeOrNotThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		a := w.As("陈露")
		for i := range 60 {
			o := w.Opportunity("陈露", "x")
			ctx, cancel := context.WithCancel(w.Ctx)
			time.AfterFunc(time.Duration(i%30)*100*time.Microsecond, cancel)
			out, err := w.Opportunities.Move(ctx, a, o.ID, opportunity.MoveRequest{To: w.Stage("入围"), Exception: "急"})
			if err == nil && out.StageID != w.Stage("入围") || err != nil && out.ID != "" {
				t.Errorf("answered %v with %+v", err, out)
			}
			cancel()
			must(t, db.Write(w.Ctx, func(database.Tx) error { return nil })) // behind what still ran
			is, getErr := w.Opportunities.Get(w.Ctx, a, o.ID)
			must(t, getErr)
			moved := is.StageID == w.Stage("入围")
			if err == nil && !moved || moved != (len(is.Stays) == 2) {
				t.Errorf("answered %v; at %s with %d stays", err, is.StageID, len(is.Stays))
			}
		}
	})
}

// Over HTTP, a repeat that comes while the first is on its way is told when to ask again.
func TestARepeatedKeyOverHTTPIsToldWhenToAskAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Opportunities.Keys.Wait = 100 * time.Millisecond
		o := w.Opportunity("陈露", "二期改造")
		secret := identity.NewSecret()
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", secret))
		h := server.New(w.App, "test", false)
		token, session, err := w.SignIn("chenlu", secret)
		must(t, err)
		send := func() *httptest.ResponseRecorder {
			r := httptest.NewRequest("POST", "/api/opportunities/"+o.ID+"/move", strings.NewReader(`{"to":"`+w.Stage("入围")+`","exception":"急"}`))
			r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: token})
			r.Header.Set("X-CSRF-Token", session.CSRF)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Idempotency-Key", "k")
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			return rec
		}
		send() // sign-in is noted before the writer is held
		held, release := make(chan struct{}), make(chan struct{})
		isHeld := sync.OnceFunc(func() { close(held) })
		done := make(chan error, 1)
		go func() {
			done <- db.Write(w.Ctx, func(tx database.Tx) error {
				err := tx.Alone(w.Ctx, "idempotency "+w.Admin.TenantID+" "+w.ID["陈露"]+" k")
				if err == nil {
					_, err = tx.Exec(w.Ctx, "SELECT 1") // a key is taken with what comes after it
				}
				isHeld()
				<-release
				return err
			})
		}()
		<-held
		if rec := send(); rec.Code != 409 || rec.Header().Get("Retry-After") != "5" || !strings.Contains(rec.Body.String(), "request.in_progress") {
			t.Errorf("%d, Retry-After %q, %s", rec.Code, rec.Header().Get("Retry-After"), rec.Body)
		}
		close(release)
		must(t, <-done)
	})
}
