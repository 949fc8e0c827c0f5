package app_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// columnsAstray lists open records whose columns, which say how it is today, say something
// else than the facts do of today.
func columnsAstray(t *testing.T, w *apptest.World, today string) (out []string) {
	t.Helper()
	dated := func(field, key, what string) string {
		return `(SELECT v.` + what + ` FROM dated_value v WHERE v.tenant_id = o.tenant_id AND v.record_id = o.id AND v.field = '` + field + `' AND v.key = ` + key +
			` AND v.ended_seq IS NULL AND v.day <= '` + today + `' ORDER BY v.day DESC, v.seq DESC LIMIT 1)`
	}
	owned := func(what string) string {
		return `(SELECT w.` + what + ` FROM ownership w WHERE w.tenant_id = o.tenant_id AND w.record_id = o.id AND w.ended_seq IS NULL AND w.from_on <= '` + today +
			`' ORDER BY w.from_on DESC, w.seq DESC, w.ord DESC LIMIT 1)`
	}
	for _, x := range [][3]string{
		{"amount", "o.amount_minor", dated("amount", "''", "number_value")},
		{"confidence", "o.confidence_bp", dated("confidence", "''", "number_value")},
		{"expected", "COALESCE(o.expected_on, '')", "COALESCE(" + dated("expected", "''", "text_value") + ", '')"},
		{"region", "COALESCE(o.region, '')", "COALESCE(" + dated("region", "''", "text_value") + ", '')"},
		{"owner", "COALESCE(o.owner_id, '')", "COALESCE(" + owned("member_id") + ", '')"},
		{"team", "COALESCE(o.team_id, '')", "COALESCE(" + owned("team_id") + ", '')"},
		{"lines", "(SELECT COALESCE(sum(l.amount_minor), 0) FROM opportunity_line l WHERE l.tenant_id = o.tenant_id AND l.opportunity_id = o.id)",
			`(SELECT COALESCE(sum(v.number_value), 0) FROM dated_value v WHERE v.tenant_id = o.tenant_id AND v.record_id = o.id AND v.field = 'line' AND v.ended_seq IS NULL AND v.day <= '` + today + `'
			 AND NOT EXISTS (SELECT 1 FROM dated_value n WHERE n.tenant_id = v.tenant_id AND n.record_id = v.record_id AND n.field = v.field AND n.key = v.key AND n.ended_seq IS NULL
			 AND n.day <= '` + today + `' AND (n.day > v.day OR n.day = v.day AND n.seq > v.seq)))`},
	} {
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			rows, err := tx.Query(w.Ctx, `SELECT id, said, is_so FROM (SELECT o.id, `+x[1]+` AS said, `+x[2]+` AS is_so FROM opportunity o
				WHERE o.tenant_id = $1 AND o.state = 'open' AND o.deleted_at IS NULL) AS x WHERE (said IS NULL) <> (is_so IS NULL) OR said <> is_so`, w.Admin.TenantID)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var id string
				var said, is sql.NullString
				if err := rows.Scan(&id, &said, &is); err != nil {
					return err
				}
				out = append(out, fmt.Sprintf("%s of %s: the column says %s, the facts %s", x[0], id, said.String, is.String))
			}
			return rows.Err()
		}))
	}
	return out
}

// Columns that repeat facts say how it is today, after whatever history.
func TestColumnsSayHowItIsToday(t *testing.T) {
	for _, seed := range []uint64{36} {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			s := newCheck(t, db, 900+seed)
			kinds := map[string]bool{}
			for range 50 {
				s.Play(1)
				must(t, s.Opportunities.Follow(s.Ctx, s.As("管理员"), s.Today().Add(-5)))
				for _, x := range columnsAstray(t, s.World, string(s.Today())) {
					if kind := x[:4]; !kinds[kind] {
						kinds[kind] = true
						t.Errorf("seed %d, %s: %s\n%s", seed, s.Today(), s.Truth.Named(x), s.tell(x))
					}
				}
			}
		})
	}
}

// tell tells the facts of the records a complaint names.
func (x *check) tell(complaint string) (out string) {
	for _, id := range x.Truth.Deals() {
		if strings.Contains(complaint, id) {
			out += x.Truth.Tell(id)
		}
	}
	return out
}
