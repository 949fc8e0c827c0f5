package apptest

import (
	"fmt"

	"yunchou/internal/database"
)

// FillTrail writes n journal entries over three years by SQL alone: of five one is marked for the
// audit trail, most of them sign-ins with their address, one in ten thousand a change of role. Beside
// them n/10 rows of a company's and n/20 of strangers' refusals are written, one in a hundred a
// failed second factor.
func (w *World) FillTrail(n int) {
	w.T.Helper()
	x := dialects[w.DB.Dialect()]
	two := "printf('%%02d', (%s) %% 60)"
	if w.DB.Dialect() == database.PostgreSQL {
		two = "lpad(CAST((%s) %% 60 AS text), 2, '0')"
	}
	at := func(of string, all int) string {
		return fmt.Sprintf(x.day, fmt.Sprintf("(%s) * 1095 / %d", of, all)) + " || 'T02:' || " + fmt.Sprintf(two, "("+of+") / 60") + " || ':' || " +
			fmt.Sprintf(two, of) + " || '.000Z'"
	}
	// from are the numbers of a piece: a write may not take longer than half a minute.
	from := func(first, last int) string {
		return "WITH RECURSIVE " + fmt.Sprintf(x.series, last-first+1) + fmt.Sprintf(", p AS (SELECT i + %d AS i FROM n)", first-1)
	}
	const piece = 50_000
	id := func(part string) string { return "'00000000-0000-7000-" + part + "-' || " + fmt.Sprintf(x.hex, "i") }
	members := fmt.Sprintf(x.pick, `"`+w.ID["陈露"]+`","`+w.ID["何峰"]+`","`+w.ID["周涛"]+`"`, "i / 5 % 3")
	seq := int64(0)
	w.must(w.DB.Read(w.Ctx, func(tx database.Tx) error {
		return tx.QueryRow(w.Ctx, `SELECT max(seq) FROM journal WHERE tenant_id = $1`, w.Admin.TenantID).Scan(&seq)
	}))
	for first := 1; first <= n; first += piece {
		last := min(n, first+piece-1)
		w.run([]string{
			`INSERT INTO journal (tenant_id, seq, id, recorded_at, happened_on, actor_id, path, subject_kind, subject_id, scope_kind, scope_id, kind, version, payload, audited) ` +
				from(first, last) + fmt.Sprintf(` SELECT $1, i + %d, %s, %s, %s, %s, 'form', CASE WHEN i %% 5 = 0 THEN 'member' ELSE 'opportunity' END, %[5]s, 'member', %[5]s,
				CASE WHEN i %% 5 > 0 THEN 'opportunity.described' WHEN i %% 50000 = 0 THEN 'member.role_set' ELSE 'member.signed_in' END, 1, '{"way":"password"}', i %% 5 = 0 FROM p`,
				seq, id("a000"), at("i", n), fmt.Sprintf(x.day, fmt.Sprintf("i * 1095 / %d", n)), members),
			fmt.Sprintf(`INSERT INTO entry_address (tenant_id, seq, id, recorded_at, address) SELECT tenant_id, seq, id, recorded_at, '198.51.100.' || CAST(seq %% 200 AS text)
				FROM journal WHERE tenant_id = $1 AND audited AND seq > %d AND seq <= %d`, seq+int64(first)-1, seq+int64(last)),
		})
	}
	w.run([]string{
		fmt.Sprintf(`UPDATE journal_counter SET seq = %d WHERE tenant_id = $1`, seq+int64(n)),
		`INSERT INTO failed_act (tenant_id, id, hour, kind, member_id, route, address, times, first_at, last_at) ` + from(1, n/10) +
			fmt.Sprintf(` SELECT $1, %s, %s, CASE WHEN i %% 100 = 0 THEN 'factor.failed' ELSE 'permission.refused' END, %s, 'GET /api/x/' || CAST(i AS text), '198.51.100.' || CAST(i %% 200 AS text), 1, %[2]s, %[2]s FROM p`,
				id("b000"), at("i", n/10), members),
		`INSERT INTO stranger_act (id, hour, kind, route, address, times, first_at, last_at) ` + from(1, n/20) +
			fmt.Sprintf(` SELECT $1 || %s, %s, CASE WHEN i %% 100 = 0 THEN 'factor.failed' ELSE 'sign_in.failed' END, '', '198.51.100.' || CAST(i AS text), 1, %[2]s, %[2]s FROM p`,
				id("c000"), at("i", n/20)),
	})
	w.must(w.DB.Analyze(w.Ctx))
}
