package demo_test

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/replay/replaytest"
)

// rule is something no company's facts do: find lists where these do it, a line for each. lie makes a fact that does.
type rule struct {
	name string
	find func(facts) []string
	lie  string
}

// facts are the demo's tables.
type facts struct {
	t  testing.TB
	db *database.DB
}

func (f facts) rows(query string) [][]string { return replaytest.Rows(f.t, f.db, query) }

// none is a rule whose query has no rows.
func none(query string) func(facts) []string {
	return func(f facts) (out []string) {
		for _, row := range f.rows(query) {
			out = append(out, strings.Join(row, " · "))
		}
		return out
	}
}

// What is lied about.
const (
	aWonDeal = `(SELECT id FROM opportunity WHERE state = 'won' ORDER BY id LIMIT 1)`
	aTalk    = `(SELECT id FROM follow_up WHERE two_way AND channel = 'meeting' ORDER BY id LIMIT 1)`
	aLoss    = `(SELECT id FROM opportunity WHERE state = 'lost' AND loss_kind <> 'competitor' ORDER BY id LIMIT 1)`
)

var rules = []rule{
	{"the contact clock runs from the last two-way contact with somebody who has a role in the deal", none(`
		SELECT o.name, o.contact_on, max(f.happened_on) FROM opportunity o
		LEFT JOIN record_link l ON l.kind = 'follow_up' AND l.to_kind = 'opportunity' AND l.to_id = o.id
		LEFT JOIN follow_up f ON f.id = l.id AND f.two_way AND EXISTS (SELECT 1 FROM follow_up_contact c
			JOIN opportunity_contact r ON r.contact_id = c.contact_id AND r.opportunity_id = o.id WHERE c.follow_up_id = f.id)
		GROUP BY o.id, o.name, o.contact_on HAVING o.contact_on IS NULL OR o.contact_on IS NOT max(f.happened_on)`),
		`UPDATE opportunity SET contact_on = '2024-01-02' WHERE id = ` + aWonDeal},
	{"the progress clock runs from the last stage reached or milestone accepted", none(`
		SELECT o.name, o.progress_on, max(s.entered_on) FROM opportunity o JOIN stay s ON s.opportunity_id = o.id AND s.state IN ('open', 'won')
		GROUP BY o.id, o.name, o.progress_on HAVING o.progress_on IS NOT max(max(s.entered_on), coalesce((
			SELECT max(e.submitted_on) FROM evidence e WHERE e.opportunity_id = o.id AND e.status = 'accepted'), ''))`),
		`UPDATE opportunity SET progress_on = '2024-01-02' WHERE id = ` + aWonDeal},
	{"a meeting or a visit has somebody in it", none(`
		SELECT f.happened_on, f.channel, f.words FROM follow_up f WHERE f.channel IN ('meeting', 'visit')
		AND (NOT f.two_way OR NOT EXISTS (SELECT 1 FROM follow_up_contact c WHERE c.follow_up_id = f.id))`),
		`UPDATE follow_up SET two_way = 0 WHERE id = ` + aTalk},
	{"who answered is named, and who did not is not", none(`
		SELECT f.happened_on, f.two_way, f.words FROM follow_up f
		WHERE f.two_way <> EXISTS (SELECT 1 FROM follow_up_contact c WHERE c.follow_up_id = f.id)`),
		`DELETE FROM follow_up_contact WHERE follow_up_id = ` + aTalk},
	{"what was said fits the channel", none(`
		SELECT channel, words FROM follow_up WHERE words LIKE '%电话没接%' AND channel <> 'phone' OR words LIKE '%邮件%' AND channel <> 'email'
		OR words LIKE '%微信%' AND channel <> 'wechat' OR words LIKE '%会上%' AND channel <> 'meeting' OR words LIKE '%开会%' AND channel <> 'meeting'
		OR words LIKE '%开了%会%' AND channel <> 'meeting' OR words LIKE '%上门%' AND channel <> 'visit' OR words LIKE '%现场%瓶颈%' AND channel <> 'visit'`),
		`UPDATE follow_up SET words = '打了电话没接。' WHERE id = ` + aTalk},
	{"whom one met was met that day", none(`
		SELECT e.submitted_on, e.milestone_key FROM evidence e WHERE e.milestone_key IN ('decision_maker', 'visit', 'requirement')
		AND NOT EXISTS (SELECT 1 FROM follow_up f JOIN record_link l ON l.kind = 'follow_up' AND l.id = f.id AND l.to_id = e.opportunity_id
			JOIN follow_up_contact c ON c.follow_up_id = f.id
			WHERE f.two_way AND f.channel IN ('meeting', 'visit') AND f.happened_on = e.submitted_on AND coalesce(e.contact_id, c.contact_id) = c.contact_id)`),
		`UPDATE follow_up SET channel = 'phone' WHERE channel = 'meeting'`},
	{"what is confirmed with the customer was talked about that day", none(`
		SELECT e.submitted_on, e.milestone_key FROM evidence e WHERE NOT EXISTS (SELECT 1 FROM follow_up f
			JOIN record_link l ON l.kind = 'follow_up' AND l.id = f.id AND l.to_id = e.opportunity_id WHERE f.two_way AND f.happened_on = e.submitted_on)`),
		`UPDATE evidence SET submitted_on = '2020-01-03' WHERE id = (SELECT id FROM evidence ORDER BY id LIMIT 1)`},
	{"nobody moves a deal on whom no customer has heard for a week", none(`
		SELECT o.name, s.entered_on FROM stay s JOIN opportunity o ON o.id = s.opportunity_id WHERE s.move IN ('advance', 'win')
		AND NOT EXISTS (SELECT 1 FROM follow_up f JOIN record_link l ON l.kind = 'follow_up' AND l.id = f.id AND l.to_id = o.id
			WHERE f.two_way AND f.happened_on <= s.entered_on AND julianday(s.entered_on) - julianday(f.happened_on) <= 7)`),
		`UPDATE stay SET entered_on = '2020-01-03' WHERE id = (SELECT id FROM stay WHERE move = 'win' ORDER BY id LIMIT 1)`},
	{"a deal is not older than its account, its people and its owner", none(`
		SELECT o.name, o.created_at, a.created_at FROM opportunity o JOIN account a ON a.id = o.account_id JOIN member m ON m.id = o.owner_id
		LEFT JOIN deal_role r ON r.opportunity_id = o.id LEFT JOIN contact c ON c.id = r.contact_id
		WHERE o.created_at < a.created_at OR r.from_on < substr(c.created_at, 1, 10) OR o.created_at < m.created_at OR o.created_on < m.joined_on`),
		`UPDATE account SET created_at = '2099-01-01T00:00:00.000Z' WHERE id = (SELECT account_id FROM opportunity ORDER BY id LIMIT 1)`},
	{"nothing is older than its deal", none(`
		SELECT o.name, o.created_on, x.what, x.day FROM opportunity o JOIN (
			SELECT opportunity_id AS id, 'stay' AS what, entered_on AS day FROM stay UNION ALL SELECT opportunity_id, 'evidence', submitted_on FROM evidence
			UNION ALL SELECT l.to_id, 'talk', f.happened_on FROM follow_up f JOIN record_link l ON l.kind = 'follow_up' AND l.id = f.id AND l.to_kind = 'opportunity'
			UNION ALL SELECT l.to_id, 'task', t.due_on FROM task t JOIN record_link l ON l.kind = 'task' AND l.id = t.id) x ON x.id = o.id
		WHERE x.day < o.created_on`),
		`UPDATE follow_up SET happened_on = '2020-01-03' WHERE id = (SELECT id FROM follow_up ORDER BY id LIMIT 1)`},
	{"nothing happens in a deal that is closed", none(`
		SELECT o.name, o.closed_on, x.what, x.day FROM opportunity o JOIN (
			SELECT opportunity_id AS id, 'evidence' AS what, submitted_on AS day FROM evidence
			UNION ALL SELECT l.to_id, 'talk', f.happened_on FROM follow_up f JOIN record_link l ON l.kind = 'follow_up' AND l.id = f.id AND l.to_kind = 'opportunity'
			UNION ALL SELECT l.to_id, 'open task', '9999' FROM task t JOIN record_link l ON l.kind = 'task' AND l.id = t.id WHERE t.done_on IS NULL AND t.dropped_at IS NULL
				AND t.id NOT IN (SELECT task_id FROM contact_change_deal WHERE task_id IS NOT NULL)) x
			ON x.id = o.id
		WHERE x.day > o.closed_on`),
		`UPDATE evidence SET submitted_on = '2099-01-02' WHERE opportunity_id = ` + aWonDeal},
	{"nobody acts who is not there yet or has left", none(`
		SELECT m.name, m.joined_on, m.left_on, x.day FROM member m JOIN (SELECT owner_id AS id, created_on AS day FROM opportunity
			UNION ALL SELECT member_id, happened_on FROM follow_up UNION ALL SELECT member_id, entered_on FROM stay) x ON x.id = m.id
		WHERE x.day < m.joined_on OR x.day >= m.left_on`),
		`UPDATE member SET left_on = '2024-01-02' WHERE id = (SELECT owner_id FROM opportunity ORDER BY id LIMIT 1)`},
	{"who follows at a customer is met while the deal goes, where it was won", none(`
		SELECT o.name, c.effective_on, o.closed_on FROM contact_change c JOIN contact_change_deal d ON d.change_id = c.id JOIN opportunity o ON o.id = d.opportunity_id
		WHERE o.state = 'won' AND NOT EXISTS (SELECT 1 FROM follow_up f JOIN record_link l ON l.kind = 'follow_up' AND l.id = f.id AND l.to_id = o.id
			JOIN follow_up_contact p ON p.follow_up_id = f.id AND p.contact_id = c.successor_id
			WHERE f.two_way AND f.channel IN ('visit', 'meeting', 'phone', 'video') AND f.happened_on BETWEEN c.effective_on AND o.closed_on)`),
		`UPDATE contact_change SET effective_on = '2099-01-02'`},
	{"nobody talks about a deal with somebody who has gone", none(`
		SELECT o.name, c.effective_on, f.happened_on FROM contact_change c JOIN contact_change_deal d ON d.change_id = c.id JOIN opportunity o ON o.id = d.opportunity_id
		JOIN record_link l ON l.kind = 'follow_up' AND l.to_id = o.id JOIN follow_up f ON f.id = l.id JOIN follow_up_contact p ON p.follow_up_id = f.id
		WHERE c.state = 'confirmed' AND p.contact_id = c.contact_id AND f.happened_on > c.effective_on`),
		`UPDATE contact_change SET effective_on = '2020-01-02'`},
	{"what docs/demo.md says is planted of people who change is there", func(f facts) (out []string) {
		for what, query := range map[string]string{
			"moved, red, of the head one tries it out as": `SELECT 1 FROM contact_change c JOIN contact_change_deal d ON d.change_id = c.id
				JOIN opportunity o ON o.id = d.opportunity_id WHERE c.kind = 'moved' AND c.state = 'confirmed' AND d.late AND c.successor_id IS NOT NULL
				AND o.state = 'open' AND o.amount_minor = 186000000`,
			"who follows was at school with that head, and at the competitor of the deal": `SELECT 1 FROM contact_change c JOIN contact_change_deal d ON d.change_id = c.id
				JOIN opportunity o ON o.id = d.opportunity_id AND o.amount_minor = 186000000
				JOIN contact_past s ON s.contact_id = c.successor_id AND s.kind = 'school' JOIN contact_past e ON e.contact_id = c.successor_id AND e.kind = 'employer'
				JOIN member_past m ON m.kind = 'school' AND m.name_key = s.name_key AND m.from_year <= s.to_year AND m.to_year >= s.from_year
				JOIN opportunity_competitor r ON r.opportunity_id = o.id JOIN competitor k ON k.id = r.competitor_id AND k.name = e.name`,
			"nobody knows who follows": `SELECT 1 FROM contact_change c JOIN contact_change_deal d ON d.change_id = c.id JOIN opportunity o ON o.id = d.opportunity_id
				WHERE c.state = 'confirmed' AND c.successor_id IS NULL AND c.successor_name = '' AND o.state = 'open'`,
			"met": `SELECT 1 FROM contact_change c JOIN contact_change_deal d ON d.change_id = c.id JOIN opportunity o ON o.id = d.opportunity_id AND o.state = 'open'
				JOIN follow_up_contact p ON p.contact_id = c.successor_id JOIN follow_up f ON f.id = p.follow_up_id AND f.channel = 'visit' AND f.happened_on > c.effective_on`,
			"suspected":     `SELECT 1 FROM contact_change WHERE state = 'suspected'`,
			"another title": `SELECT 1 FROM contact_change WHERE kind = 'retitled'`,
		} {
			if len(f.rows(query)) == 0 {
				out = append(out, what)
			}
		}
		return out
	}, `UPDATE contact_change SET kind = 'left'`},
	{"a competitor is seen while its deal goes, and is among those of the deal", none(`
		SELECT o.name, o.created_on, o.closed_on, x.seen_on FROM sighting x JOIN opportunity o ON o.id = x.opportunity_id
		WHERE x.seen_on < o.created_on OR x.seen_on > o.closed_on OR NOT EXISTS (SELECT 1 FROM opportunity_competitor c
			WHERE c.opportunity_id = o.id AND c.competitor_id = x.competitor_id)`),
		`UPDATE sighting SET seen_on = '2020-01-03' WHERE id = (SELECT id FROM sighting ORDER BY id LIMIT 1)`},
	{"a quotation has a price, near ours, once there are quotations", none(`
		SELECT o.name, x.kind, x.price_minor, o.amount_minor FROM sighting x JOIN opportunity o ON o.id = x.opportunity_id
		WHERE (x.kind = 'quote') <> (x.price_minor IS NOT NULL) OR x.price_minor NOT BETWEEN o.amount_minor / 2 AND 2 * o.amount_minor
		OR x.kind = 'quote' AND NOT EXISTS (SELECT 1 FROM stay s JOIN stage_version v ON v.stage_id = s.stage_id
			WHERE s.opportunity_id = o.id AND v.name = '报价' AND s.entered_on <= x.seen_on)`),
		`UPDATE sighting SET price_minor = 1 WHERE id = (SELECT id FROM sighting WHERE kind = 'quote' ORDER BY id LIMIT 1)`},
	{"a customer says of a competitor what was said that day", none(`
		SELECT o.name, x.seen_on FROM sighting x JOIN opportunity o ON o.id = x.opportunity_id WHERE NOT EXISTS (SELECT 1 FROM follow_up f
			JOIN record_link l ON l.kind = 'follow_up' AND l.id = f.id AND l.to_id = o.id WHERE f.two_way AND f.happened_on = x.seen_on)`),
		`UPDATE sighting SET seen_on = '2024-01-01' WHERE id = (SELECT id FROM sighting ORDER BY id DESC LIMIT 1)`},
	{"what docs/demo.md says is planted of competitors is there", func(f facts) (out []string) {
		for what, query := range map[string]string{
			"seen on many deals":        `SELECT 1 WHERE (SELECT count(DISTINCT opportunity_id) FROM sighting) > 200`,
			"on open deals of the head": `SELECT 1 FROM sighting x JOIN opportunity o ON o.id = x.opportunity_id AND o.state = 'open' WHERE x.price_minor IS NOT NULL`,
			"tactics, and what helped":  `SELECT 1 WHERE (SELECT count(*) FROM competitor_entry WHERE kind = 'tactic' AND helped <> '') >= 4`,
			"products":                  `SELECT 1 WHERE (SELECT count(*) FROM competitor_entry WHERE kind = 'product') >= 4`,
			"other names":               `SELECT 1 FROM competitor_alias`,
			"somebody who came from a competitor of his deal": `SELECT 1 FROM contact_past p JOIN opportunity_contact r ON r.contact_id = p.contact_id
				JOIN opportunity o ON o.id = r.opportunity_id AND o.state = 'open' JOIN opportunity_competitor oc ON oc.opportunity_id = o.id
				JOIN competitor c ON c.id = oc.competitor_id AND c.name = p.name WHERE p.kind = 'employer'`,
		} {
			if len(f.rows(query)) == 0 {
				out = append(out, what)
			}
		}
		return out
	}, `UPDATE competitor_entry SET helped = ''`},
	{"accounts are met over the years, not on one day", none(`
		SELECT created_on, count(*) FROM account GROUP BY created_on HAVING 20 * count(*) > (SELECT count(*) FROM account)`),
		`UPDATE account SET created_on = '2024-01-02'`},
	{"people in step one is to take are people of that deal", none(`
		SELECT t.what FROM task t JOIN record_link l ON l.kind = 'task' AND l.id = t.id
		WHERE (t.what LIKE '拜访%' OR t.what LIKE '约%' OR t.what LIKE '请%') AND NOT EXISTS (SELECT 1 FROM opportunity_contact r
			JOIN contact c ON c.id = r.contact_id WHERE r.opportunity_id = l.to_id AND t.what LIKE '%' || c.name || '%')`),
		`UPDATE task SET what = '约刘工复盘评审' WHERE id = (SELECT id FROM task ORDER BY id LIMIT 1)`},
	{"a reason fits its kind, and a competitor won where one is named", none(`
		SELECT loss_kind, loss_reason, competitor_id FROM opportunity WHERE state = 'lost' AND (
			(loss_kind = 'competitor') <> (competitor_id IS NOT NULL) OR (loss_kind = 'tender_void') <> (loss_reason LIKE '%流标%')
			OR (loss_kind = 'competitor') <> (loss_reason LIKE '%对手%') OR (loss_kind = 'cancelled') <> (loss_reason LIKE '%项目取消%' OR loss_reason LIKE '%不再改造%'))`),
		`UPDATE opportunity SET loss_kind = 'competitor' WHERE id = ` + aLoss},
	{"who won is in the deal", none(`
		SELECT o.name FROM opportunity o WHERE o.competitor_id IS NOT NULL AND NOT EXISTS (
			SELECT 1 FROM opportunity_competitor c WHERE c.opportunity_id = o.id AND c.competitor_id = o.competitor_id)`),
		`DELETE FROM opportunity_competitor`},
	{"a tender is void where there was one, after the quotations", none(`
		SELECT o.name FROM opportunity o WHERE o.loss_kind = 'tender_void' AND NOT EXISTS (SELECT 1 FROM stay s
			JOIN stage_version v ON v.stage_id = s.stage_id WHERE s.opportunity_id = o.id AND v.name = '报价')`),
		`UPDATE opportunity SET loss_kind = 'tender_void', loss_reason = '投标家数不足,流标' WHERE name LIKE '%经销%'`},
	{"nobody begins twice", none(`
		SELECT o.name, count(*) FROM opportunity o GROUP BY o.account_id, o.name HAVING count(*) > 1`),
		`UPDATE opportunity SET name = '同一个', account_id = (SELECT account_id FROM opportunity ORDER BY id LIMIT 1)`},
	{"an account is sold to by whom it belongs to", none(`
		SELECT o.name FROM opportunity o JOIN account a ON a.id = o.account_id WHERE a.owner_id <> o.owner_id OR a.region <> o.region`),
		`UPDATE account SET owner_id = (SELECT id FROM member WHERE login_name = 'admin')`},
	{"people work on working days, at more than one minute", onWorkingDays,
		`UPDATE opportunity SET created_on = '2026-10-04', created_at = '2026-10-04T02:00:00.000Z'`},
	{"sellers win at rates chance does not explain, and are not all equally busy", sellersDiffer,
		`UPDATE opportunity SET state = CASE WHEN substr(id, -1) < '5' THEN 'won' ELSE 'lost' END WHERE state IN ('won', 'lost')`},
}

// onWorkingDays finds kinds of facts of which more than one in fifty is on a day off, or one in ten at one minute.
func onWorkingDays(f facts) (out []string) {
	for what, query := range map[string]string{
		"deals":     `SELECT created_on, created_at FROM opportunity`,
		"accounts":  `SELECT created_on, created_at FROM account`,
		"moves":     `SELECT entered_on, entered_at FROM stay WHERE move <> 'create'`,
		"evidence":  `SELECT submitted_on, submitted_at FROM evidence`,
		"talks":     `SELECT happened_on, happened_at FROM follow_up`,
		"sightings": `SELECT seen_on, made_at FROM sighting`,
		"promises":  `SELECT due_on, created_at FROM task`,
		"forecasts": `SELECT expected_on, created_at FROM opportunity WHERE expected_on IS NOT NULL`,
	} {
		off, all, minutes := 0, 0, map[string]int{}
		for _, row := range f.rows(query) {
			if all++; !calendar.China.IsWorkingDay(calendar.Date(row[0])) {
				off++
			}
			minutes[row[1][11:16]]++
		}
		if 50*off > all || all == 0 {
			out = append(out, fmt.Sprintf("%s: %d of %d on days off", what, off, all))
		}
		for minute, n := range minutes {
			if 10*n > all {
				out = append(out, fmt.Sprintf("%s: %d of %d at %s", what, n, all, minute))
			}
		}
	}
	return out
}

// sellersDiffer compares the wins of sellers with those all would have at one rate (χ², whose standard deviation is √(2k)).
func sellersDiffer(f facts) (out []string) {
	sellers := f.rows(`SELECT owner_id, sum(state = 'won'), sum(state IN ('won', 'lost')), count(*) FROM opportunity GROUP BY owner_id HAVING sum(state IN ('won', 'lost')) > 10`)
	var won, closed float64
	busy := map[string]bool{}
	number := func(s string) float64 { v, _ := strconv.ParseFloat(s, 64); return v }
	for _, s := range sellers {
		won, closed = won+number(s[1]), closed+number(s[2])
		busy[s[3]] = true
	}
	rate, chi := won/closed, 0.0
	for _, s := range sellers {
		n := number(s[2])
		chi += math.Pow(number(s[1])-rate*n, 2) / (n * rate * (1 - rate))
	}
	if k := float64(len(sellers) - 1); chi < k+4*math.Sqrt(2*k) {
		out = append(out, fmt.Sprintf("χ² %.0f of %d sellers: chance", chi, len(sellers)))
	}
	if len(busy) < 8 {
		out = append(out, fmt.Sprintf("%d different numbers of deals", len(busy)))
	}
	return out
}

// contradictNothing walks all facts of the demo, and then lies to see that each rule notices.
func contradictNothing(t *testing.T, db *database.DB) {
	f := facts{t, db}
	for _, r := range rules {
		found := r.find(f)
		for i, line := range found {
			if i == 3 {
				t.Errorf("%s: and %d more", r.name, len(found)-i)
				break
			}
			t.Errorf("%s: %s", r.name, line)
		}
	}
	if t.Failed() {
		return
	}
	for _, r := range rules {
		before := len(r.find(f))
		err := db.Write(context.Background(), func(tx database.Tx) error {
			_, err := tx.Exec(context.Background(), r.lie)
			return err
		})
		if err != nil {
			t.Fatal(r.name, err)
		}
		if len(r.find(f)) <= before {
			t.Errorf("%s: %s is not noticed", r.name, r.lie)
		}
	}
}
