package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/identity"
	"yunchou/internal/org"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

// TestNoRouteTakesGivesOrUsesAnAdministratorsRights sends every writing route of the document, as
// who runs operations, with an administrator wherever somebody can be named, and his role
// wherever one can: what administrators have stays as it was, and nobody has more than before.
func TestNoRouteTakesGivesOrUsesAnAdministratorsRights(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.AddMember("运营", w.ID["公司"], false, org.Operations)
		h := server.New(w.App, "test", false)
		api := server.API(w.App, "test")
		w.ID["管理员"] = w.Admin.MemberID
		signIn(t, w, h, "管理员", "boss")
		ops := signIn(t, w, h, "运营", "ops")
		ids := []string{w.ID["管理员"], w.ID["运营"], string(org.Admin)}
		before, seen := rights(t, w), 0
		for path, item := range api.OpenAPI().Paths {
			for _, op := range []*huma.Operation{item.Post, item.Put, item.Patch, item.Delete} {
				if op == nil || op.OperationID == "signOut" || op.OperationID == "revokeOtherSessions" {
					continue
				}
				seen++
				for _, id := range ids {
					for _, body := range hostileBodies(t, api.OpenAPI().Components.Schemas, op, ids) {
						if ops.do("GET", "/api/session", "").Code != 200 { // he ended his own sessions on the way
							ops = signIn(t, w, h, "运营", "ops")
						}
						rec := ops.do(op.Method, placeholder.ReplaceAllString(path, id), body)
						if rec.Code >= 500 && rec.Code != 503 && rec.Code != 507 {
							t.Errorf("%s with %s: %d %s", op.OperationID, id, rec.Code, rec.Body)
						}
						if after := rights(t, w); after != before {
							t.Fatalf("%s %s with %s and %s (%d %s):\n was %s\n is  %s", op.Method, path, id, body, rec.Code, rec.Body, before, after)
						}
					}
				}
			}
		}
		if seen < 50 {
			t.Errorf("only %d routes seen", seen)
		}
	})
}

// hostileBodies fill every field a body may have: with each id where somebody is named, and with
// the administrator's role.
func hostileBodies(t *testing.T, all huma.Registry, op *huma.Operation, ids []string) (out []string) {
	t.Helper()
	if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
		return []string{"{}"}
	}
	for _, id := range ids[:2] {
		raw, err := json.Marshal(filled(all, op.RequestBody.Content["application/json"].Schema, "", id, 0))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(raw))
	}
	return out
}

// filled is a value of a schema with all its fields.
func filled(all huma.Registry, s *huma.Schema, name, id string, depth int) any {
	if s.Ref != "" {
		s = all.SchemaFromRef(s.Ref)
	}
	low := strings.ToLower(name)
	switch {
	case depth > 6:
		return nil
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == huma.TypeArray && low == "permissions":
		return append(org.AllPermissions(), org.SignedIn)
	case s.Type == huma.TypeArray:
		return []any{filled(all, s.Items, strings.TrimSuffix(name, "s"), id, depth+1)}
	case s.Type == huma.TypeObject:
		fields := map[string]any{}
		for key, of := range s.Properties {
			if key != "id" {
				fields[key] = filled(all, of, key, id, depth+1)
			}
		}
		return fields
	case s.Type == huma.TypeInteger || s.Type == huma.TypeNumber:
		if s.Minimum != nil {
			return *s.Minimum
		}
		return 1
	case s.Type == huma.TypeBoolean:
		return true
	case low == "role" || strings.HasSuffix(low, "role"):
		return string(org.Admin)
	case strings.HasSuffix(low, "password") || low == "next" || low == "current":
		return identity.NewSecret()
	case low == "login":
		return fmt.Sprintf("n%d", len(identity.NewSecret()))
	case s.MaxLength != nil && *s.MaxLength == 10:
		return string(apptest.Start)
	case strings.HasSuffix(low, "id") || low == "member" || low == "to" || low == "from":
		return id
	}
	n := 1
	if s.MinLength != nil {
		n = *s.MinLength
	}
	return strings.Repeat("x", max(1, n))
}

// rights are an administrator's sign-in and everybody's powers, as the tables say.
func rights(t *testing.T, w *apptest.World) string {
	t.Helper()
	var out strings.Builder
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(w.DB.Read(w.Ctx, func(tx database.Tx) error {
		for _, q := range []string{
			`SELECT member_id || role || from_on || COALESCE(to_on, '') FROM member_role WHERE role = 'admin' ORDER BY 1`,
			`SELECT p.member_id || p.hash || p.must_change FROM password p JOIN member_role g ON g.tenant_id = p.tenant_id
				AND g.member_id = p.member_id WHERE g.role = 'admin' ORDER BY 1`,
			`SELECT name || l.member_id FROM login l JOIN member_role g ON g.tenant_id = l.tenant_id
				AND g.member_id = l.member_id WHERE g.role = 'admin' ORDER BY 1`,
			`SELECT s.id FROM session s JOIN member_role g ON g.tenant_id = s.tenant_id AND g.member_id = s.member_id
				WHERE g.role = 'admin' AND s.revoked_at IS NULL ORDER BY 1`,
			`SELECT d.id FROM delegation d JOIN member_role g ON g.tenant_id = d.tenant_id AND g.member_id = d.principal_id
				WHERE g.role = 'admin' ORDER BY 1`,
		} {
			rows, err := tx.Query(w.Ctx, q)
			if err != nil {
				return err
			}
			for rows.Next() {
				var s string
				if err := rows.Scan(&s); err != nil {
					return err
				}
				out.WriteString(s + "\n")
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	}))
	a := w.As("运营")
	fmt.Fprint(&out, "operations may do ", len(a.Permissions()), " things")
	return out.String()
}
