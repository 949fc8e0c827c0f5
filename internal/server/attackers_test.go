package server_test

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/identity"
	"yunchou/internal/org"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

// attacker is somebody a hostile request is sent as.
type attacker struct {
	name    string
	c       client
	every   int // one in so many cases is sent
	sent    int
	answers map[int]int
	// wrong says what is wrong with an answer to him, "" where nothing is.
	wrong func(op *huma.Operation, rec *httptest.ResponseRecorder) string
}

// Words only one of the two companies has.
const (
	ours   = "靶子"
	theirs = "他们的"
)

func newAttack(t *testing.T, db *database.DB) *attack {
	t.Helper()
	w := apptest.New(t, db)
	h := server.New(w.App, "test", false)
	seed := map[database.Dialect]uint64{database.SQLite: 6, database.PostgreSQL: 7}[db.Dialect()] // each has cases of its own
	x := &attack{t: t, w: w, rng: rand.New(rand.NewPCG(9, seed))}
	o := w.Opportunity("陈露", ours)
	x.ids = map[string]string{"opportunities": o.ID, "accounts": w.Account, "contacts": w.Contact("陈露", ours+"刘工"), "members": w.ID["小李"], "teams": w.ID["二组"], "pipelines": w.Bid.PipelineID}
	w.ID["管理员"] = w.Admin.MemberID
	w.AddMember("运营", w.ID["公司"], false, org.Operations)
	_, err := w.Org.AddRole(w.Ctx, w.Admin, org.NewRole{Key: readerRole, Name: "审计", From: org.Director,
		Permissions: []org.Permission{org.OppRead, org.AccountRead, org.ReportRead, org.PipelineRead, org.OrgRead}, Reach: org.Roles[org.Director].Reach})
	noError(t, err)
	w.AddMember("审计", w.ID["公司"], false, readerRole)
	w.AddMember("离开的", w.ID["公司"], false, org.Rep)
	w.AddMember("新来的", w.ID["公司"], false, org.Rep)
	at := func(name string, every int, c client, wrong func(*huma.Operation, *httptest.ResponseRecorder) string) {
		if os.Getenv("YUNCHOU_SOAK") != "" {
			every = 1
		}
		x.senders = append(x.senders, &attacker{name: name, c: c, every: every, answers: map[int]int{}, wrong: wrong})
	}
	at("运营", 8, signIn(t, w, h, "运营", "operations"), member)
	for _, who := range [][2]string{{"陈露", "a-rep"}, {"何峰", "a-manager"}, {"总监", "a-director"}, {"管理员", "the-admin"}, {"审计", "a-reader"}} {
		at(who[0], 45, signIn(t, w, h, who[0], who[1]), member)
	}
	gone := signIn(t, w, h, "离开的", "who-left")
	_, err = w.Org.Leave(w.Ctx, w.Admin, w.ID["离开的"], apptest.Start)
	noError(t, err)
	at("离开的", 90, gone, refused)
	at("新来的", 90, givenAPassword(t, w, h), mustChange)
	at("nobody", 90, client{t: t, h: h}, unsigned)
	at("another company's", 45, stranger(t, w, h), func(_ *huma.Operation, rec *httptest.ResponseRecorder) string {
		if strings.Contains(rec.Body.String(), ours) {
			return "is told of our company"
		}
		return stillIn(rec)
	})
	return x
}

const readerRole = "019cac29-c000-7000-8000-0000000000aa"

func member(op *huma.Operation, rec *httptest.ResponseRecorder) string {
	if strings.Contains(rec.Body.String(), theirs) {
		return "is told of another company"
	}
	if op.OperationID == "signIn" || op.OperationID == "changePassword" {
		return ""
	}
	return stillIn(rec)
}

// stillIn: no input ends the session of who sends it.
func stillIn(rec *httptest.ResponseRecorder) string {
	if rec.Code == 401 && !strings.Contains(rec.Body.String(), "identity.") {
		return "the session is at its end"
	}
	return ""
}

func isPublic(op *huma.Operation) bool { return op.Extensions["x-permission"] == "" }

// refused is of who may do nothing; an empty id leads to no route at all.
func refused(op *huma.Operation, rec *httptest.ResponseRecorder) string {
	nowhere := rec.Code == 307 || rec.Code == 404 && strings.Contains(rec.Body.String(), `"request.not_found"`)
	if !isPublic(op) && rec.Code != 401 && !nowhere {
		return "is let in"
	}
	return ""
}

func unsigned(op *huma.Operation, rec *httptest.ResponseRecorder) string {
	if what := refused(op, rec); what != "" {
		return what
	}
	if body := rec.Body.String(); strings.Contains(body, ours) || strings.Contains(body, theirs) {
		return "is told of a company"
	}
	return ""
}

func mustChange(op *huma.Operation, rec *httptest.ResponseRecorder) string {
	if early, _ := op.Metadata["early"].(bool); !isPublic(op) && !early && !strings.Contains(rec.Body.String(), "identity.must_change_password") {
		if refused(op, rec) == "" {
			return ""
		}
		return "does something before the password is changed"
	}
	return ""
}

// givenAPassword is somebody who has to choose another password first.
func givenAPassword(t *testing.T, w *apptest.World, h http.Handler) client {
	t.Helper()
	secret := identity.NewSecret()
	noError(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["新来的"], "newcomer", secret))
	signed, err := w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "newcomer", Secret: secret, Agent: "test", Address: "192.0.2.1"})
	noError(t, err)
	if !signed.Session.MustChange {
		t.Fatal("nothing is to be changed")
	}
	return client{t, h, signed.Token, signed.Session.CSRF}
}

// stranger is the administrator of another company, which has records of its own.
func stranger(t *testing.T, w *apptest.World, h http.Handler) client {
	t.Helper()
	admin := foreignCompany(t, w)["member"]
	companies, err := w.Org.Companies(w.Ctx)
	noError(t, err)
	tenant := ""
	for _, c := range companies {
		if c.ID != w.Admin.TenantID {
			tenant = c.ID
		}
	}
	a, err := w.Org.Actor(w.Ctx, tenant, admin, "form")
	noError(t, err)
	secret := identity.NewSecret()
	noError(t, w.Org.GiveLogin(w.Ctx, a, admin, "stranger", secret))
	token, s, err := w.SignIn("stranger", secret)
	noError(t, err)
	return client{t, h, token, s.CSRF}
}
