package apptest

import (
	"fmt"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/record"
)

// Sellers are the people a filled world's deals belong to: half in each of two teams.
const Sellers = 60

// Seller is the name of one, from 0.
func Seller(i int) string { return fmt.Sprintf("销售%d", i) }

// dialect is what of SQL differs between the engines in Fill.
type dialect struct{ day, series, hex, pick string }

var dialects = map[database.Dialect]dialect{
	database.PostgreSQL: {day: "to_char(date '2021-01-01' + CAST(%s AS int), 'YYYY-MM-DD')", series: "n AS (SELECT i FROM generate_series(CAST(1 AS bigint), %d) AS i)", hex: "lpad(to_hex(%s), 12, '0')",
		pick: "(CAST('[%s]' AS json) ->> CAST(%s AS int))"},
	database.SQLite: {day: "date('2021-01-01', (%s) || ' days')", series: "n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)", hex: "printf('%%012x', %s)",
		pick: "('[%s]' ->> (%s))"},
}

// Fill writes n opportunities with about five stays each over five years by SQL alone: a
// sixth won, half lost, the rest open; five belong to an account. Each has two amounts, two
// expected dates, one owner and, closed, one credit line. It returns how many stays there are.
func (w *World) Fill(n int) (stays int64) {
	w.T.Helper()
	for i := range Sellers {
		w.AddMember(Seller(i), w.ID[[]string{"一组", "二组"}[i%2]], false, "rep")
	}
	x := dialects[w.DB.Dialect()]
	day := func(of string) string { return fmt.Sprintf(x.day, of) }
	pick := func(list []string, at string) string {
		return fmt.Sprintf(x.pick, `"`+strings.Join(list, `","`)+`"`, at)
	}
	var open, sellers []string
	for _, s := range w.Bid.Stages {
		if s.Kind == "open" {
			open = append(open, s.ID)
		}
	}
	for i := range Sellers {
		sellers = append(sellers, w.ID[Seller(i)])
	}
	teams := []string{w.ID["一组"], w.ID["二组"]} // of the sellers in turn
	closing := fmt.Sprintf("CASE state WHEN 'won' THEN '%s' WHEN 'lost' THEN '%s' END", w.Bid.OfKind("won").ID, w.Bid.OfKind("lost").ID)
	recorded := day("began") + " || 'T02:00:00.000Z'"
	shape := fmt.Sprintf(`WITH RECURSIVE %s, x AS (SELECT i, '00000000-0000-7000-8000-' || %s AS id, (i * 2654435761) %% 1000003 AS h, (i * 40503) %% 100 AS o FROM n),
		y AS (SELECT x.*, CASE WHEN o < 16 THEN 6 ELSE 2 + h %% 5 END AS depth, CASE WHEN o < 16 THEN 'won' WHEN o < 66 THEN 'lost' ELSE 'open' END AS state, h %% 1800 AS began, 3 + h %% 9 AS step FROM x) `,
		fmt.Sprintf(x.series, n), fmt.Sprintf(x.hex, "i"))
	accounts := max(1, n/5)
	texts := []string{
		`INSERT INTO account (tenant_id, id, name, name_key, pinyin, initials, spelled, owner_id, region, industry, class, created_at, created_by, version) ` +
			fmt.Sprintf(`WITH RECURSIVE %s SELECT $1, '00000000-0000-7000-9000-' || %s, '客户' || i, '客户' || i, 'kehu' || i, 'kh' || i, '''ke''hu', %s, '华东', '汽车', 'A', '2021-01-01T02:00:00.000Z', '%s', 1 FROM n`,
				fmt.Sprintf(x.series, accounts), fmt.Sprintf(x.hex, "i"), pick(sellers, "i % 60"), w.Admin.MemberID),
		`INSERT INTO opportunity (tenant_id, id, name, name_key, pinyin, initials, spelled, account_id, pipeline_id, version_id, owner_id, team_id, region, amount_minor, contract_minor, currency, expected_on, confidence_bp, source, created_on, created_at, created_by, state, stage_id, entered_on, closed_on, loss_kind, progress_on, recorded_on, stay_on, version) ` +
			shape + fmt.Sprintf(`SELECT $1, id, '商机' || i, '商机' || i, 'shangji' || i, 'sj' || i, '''shang''ji', '00000000-0000-7000-9000-' || %s, '%s', '%s', %s, %s, '华东', 100000 * (1 + h %% 900), CASE WHEN state = 'won' THEN 100000 * (1 + h %% 900) END, 'CNY', %s,
			CASE WHEN h %% 3 = 0 THEN 1000 + 100 * (h %% 20) END, %s, %s, %s, '%s', state, COALESCE(%s, %s), %s, CASE WHEN state <> 'open' THEN %s END, CASE WHEN state = 'lost' THEN %s END, %s, %s, %s, 1 FROM y`,
			fmt.Sprintf(x.hex, fmt.Sprintf("1 + i %% %d", accounts)), w.Bid.PipelineID, w.Bid.ID, pick(sellers, "h % 60"), pick(teams, "h % 2"), day("began + 150"), pick([]string{"展会", "转介绍", ""}, "h % 3"), day("began"), recorded, w.Admin.MemberID, closing, pick(open, "depth - 1"),
			day("began + CASE WHEN state = 'open' THEN depth - 1 ELSE depth END * step"), day("began + depth * step"), pick([]string{"competitor", "no_decision", "cancelled"}, "h % 3"), day("began"),
			day("began"), day("began + CASE WHEN state = 'open' THEN depth - 1 ELSE depth END * step")),
		`INSERT INTO stay (tenant_id, opportunity_id, ord, id, pipeline_id, version_id, stage_id, state, move, entered_on, recorded_at, recorded_on, member_id, left_on, left_move, currency, amount_minor, contract_minor, loss_kind) ` +
			shape + fmt.Sprintf(`SELECT $1, id, k * 1000, id || '-' || k, '%s', '%s', CASE WHEN k <= depth THEN %s ELSE %s END, CASE WHEN k <= depth THEN 'open' ELSE state END, CASE WHEN k = 1 THEN 'create' WHEN k <= depth THEN 'advance' WHEN state = 'won' THEN 'win' ELSE 'lose' END,
			%s, %s, %s, '%s', CASE WHEN k < depth OR k = depth AND state <> 'open' THEN %s END, CASE WHEN k < depth THEN 'advance' WHEN k = depth AND state = 'won' THEN 'win' WHEN k = depth AND state = 'lost' THEN 'lose' END,
			CASE WHEN k > depth THEN 'CNY' END, CASE WHEN k > depth THEN 100000 * (1 + h %% 900) END, CASE WHEN k > depth AND state = 'won' THEN 100000 * (1 + h %% 900) END, CASE WHEN k > depth AND state = 'lost' THEN %s END
			FROM y JOIN (SELECT 1 AS k UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7) AS place ON k <= depth + CASE WHEN state = 'open' THEN 0 ELSE 1 END`,
			w.Bid.PipelineID, w.Bid.ID, pick(open, "k - 1"), closing, day("began + (k - 1) * step"), recorded, day("began + (k - 1) * step"), w.Admin.MemberID, day("began + k * step"),
			pick([]string{"competitor", "no_decision", "cancelled"}, "h % 3")),
		`INSERT INTO ownership (tenant_id, record_id, ord, record_kind, member_id, team_id, from_on)
			SELECT tenant_id, id, 1, 'opportunity', owner_id, team_id, '1900-01-01' FROM opportunity WHERE tenant_id = $1 AND id LIKE '00000000-0000-7000-%'`,
		`INSERT INTO dated_value (tenant_id, record_id, field, day, seq, number_value, text_value) ` +
			shape + fmt.Sprintf(`SELECT $1, id, field, CASE WHEN turn = 1 THEN %[1]s ELSE %[2]s END, 0, CASE field WHEN 'amount' THEN 50000 * turn * (1 + h %% 900) WHEN 'confidence' THEN 1000 + 100 * (h %% 20) END,
				CASE field WHEN 'amount' THEN 'CNY' WHEN 'region' THEN '华东' WHEN 'expected' THEN CASE WHEN turn = 1 THEN %[3]s ELSE %[4]s END END
			FROM y JOIN (SELECT 'amount' AS field, 1 AS turn UNION ALL SELECT 'amount', 2 UNION ALL SELECT 'expected', 1 UNION ALL SELECT 'expected', 2
				UNION ALL SELECT 'region', 1 UNION ALL SELECT 'confidence', 1) AS said ON field <> 'confidence' OR h %% 3 = 0`,
			day("began"), day("began + 3"), day("began + 100"), day("began + 150")),
		`INSERT INTO credit_line (tenant_id, id, fact_kind, fact_id, stay_id, outcome, member_id, team_id, kind, share_bp, amount_minor, currency, credited_on)
			SELECT s.tenant_id, s.id, 'win', o.id, s.id, s.state, o.owner_id, o.team_id, 'direct', 10000, COALESCE(s.contract_minor, s.amount_minor), s.currency, s.entered_on
			FROM stay s JOIN opportunity o ON o.tenant_id = s.tenant_id AND o.id = s.opportunity_id WHERE s.tenant_id = $1 AND s.state <> 'open' AND s.currency IS NOT NULL`,
	}
	was := w.DB.Bound(time.Hour)
	w.run(texts)
	w.DB.Bound(was)
	w.must(w.DB.Analyze(w.Ctx))
	w.must(w.DB.Read(w.Ctx, func(tx database.Tx) error {
		return tx.QueryRow(w.Ctx, `SELECT count(*) FROM stay WHERE tenant_id = $1`, w.Admin.TenantID).Scan(&stays)
	}))
	return stays
}

// run writes each text in a transaction of its own.
func (w *World) run(texts []string) {
	for _, text := range texts {
		w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
			if tx.Dialect() == database.PostgreSQL {
				// References hold by the way the rows are made; checking 15 million takes longer than writing them.
				if _, err := tx.Exec(w.Ctx, "SET LOCAL session_replication_role = replica"); err != nil {
					return err
				}
			}
			_, err := tx.Exec(w.Ctx, text, w.Admin.TenantID)
			return err
		}))
	}
}

// Touch writes n journal entries about as many of a filled world's deals, from all over them; each
// says no more than that something of it changed.
func (w *World) Touch(n, deals int) {
	w.T.Helper()
	step := max(1, deals/n)
	w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
		var seq int64
		if err := tx.QueryRow(w.Ctx, `SELECT max(seq) FROM journal WHERE tenant_id = $1`, w.Admin.TenantID).Scan(&seq); err != nil {
			return err
		}
		rows := make([][]any, n)
		for i := range rows {
			deal := fmt.Sprintf("00000000-0000-7000-8000-%012x", 1+i*step+i%step)
			rows[i] = []any{w.Admin.TenantID, seq + int64(i) + 1, record.NewID(w.Now()), w.Now(), "2026-03-02", w.Admin.MemberID, "",
				"opportunity", deal, "opportunity", deal, "opportunity.touched", 1, "{}"}
		}
		if err := tx.InsertMany(w.Ctx, "journal", `tenant_id, seq, id, recorded_at, happened_on, actor_id, path,
			subject_kind, subject_id, scope_kind, scope_id, kind, version, payload`, "", rows); err != nil {
			return err
		}
		_, err := tx.Exec(w.Ctx, `UPDATE journal_counter SET seq = $2 WHERE tenant_id = $1`, w.Admin.TenantID, seq+int64(n))
		return err
	}))
}
