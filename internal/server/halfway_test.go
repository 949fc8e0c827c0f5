package server_test

import (
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/identity/passkeytest"
	"yunchou/internal/org"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

// TestASessionThatIsOverOrHalfOpensNothing: every route of the document, asked with the cookies of
// who has said the password and not the second factor, of who has just left, and of who was an
// administrator a moment ago. Who must change the password or set a factor up has tests of his own.
func TestASessionThatIsOverOrHalfOpensNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h, api := server.New(w.App, "test", true), server.API(w.App, "test")
		const site = "https://crm.example"
		chosen(t, w, "管理员", "admin")
		half := newBrowser(t, h, site)
		said := fmt.Sprintf(`{"login":"chenlu","password":%q}`, chosen(t, w, "陈露", "chenlu"))
		first := newBrowser(t, h, site)
		first.says("POST", "/session", said, 200)
		first.says("POST", "/session/confirm", strings.Replace(said, `{"login":"chenlu","password"`, `{"current"`, 1), 204)
		k := passkeytest.New(t, site, "crm.example")
		first.says("POST", "/session/passkeys", withPasskey("手机", k.Make(first.options("/session/passkeys/start"))), 200)
		half.says("POST", "/session", said, 401)
		if half.cookies["__Host-yunchou_ticket"] == nil {
			t.Fatal("no ticket")
		}
		left := newBrowser(t, h, site)
		left.says("POST", "/session", fmt.Sprintf(`{"login":"xiaoli","password":%q}`, chosen(t, w, "小李", "xiaoli")), 200)
		once := newBrowser(t, h, site)
		noError(t, w.Org.SetRole(w.Ctx, w.As("管理员"), w.ID["周涛"], org.Admin, nil, nil))
		once.says("POST", "/session", fmt.Sprintf(`{"login":"zhoutao","password":%q}`, chosen(t, w, "周涛", "zhoutao")), 200)
		once.says("GET", "/audit", "", 200)
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], w.As("管理员").Today)
		noError(t, err)
		noError(t, w.Org.SetRole(w.Ctx, w.As("管理员"), w.ID["周涛"], org.Rep, nil, nil))
		rep, asked := w.As("周涛"), 0
		for path, item := range api.OpenAPI().Paths {
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
				if op == nil || isPublic(op) {
					continue
				}
				asked++
				at, body := placeholder.ReplaceAllString(path, "nothing"), bodyFor(t, api, op)
				for who, b := range map[string]*browsing{"half signed in": half, "left": left} {
					if got := b.sends(op.Method, at, body); got.Code != 401 {
						t.Errorf("%s, %s: %d %.200s", op.OperationID, who, got.Code, got.Body)
					}
				}
				p, _ := op.Metadata["permission"].(org.Permission)
				if rep.Need(p) == nil {
					continue
				}
				if got := once.sends(op.Method, at, body); got.Code != 401 && got.Code != 403 {
					t.Errorf("%s, an administrator no more: %d %.200s", op.OperationID, got.Code, got.Body)
				}
			}
		}
		if asked < 60 {
			t.Errorf("only %d routes", asked)
		}
	})
}
