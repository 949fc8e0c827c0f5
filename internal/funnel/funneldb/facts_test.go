package funneldb_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestFacts states facts row by row and asks for figures, without any use case: each file
// of testdata is a list of small companies. A case begins with "## what it shows"; then
// come facts, one a line, and questions ("? day … measure") each with its answer ("= …").
func TestFacts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range strings.Split("\n"+string(raw), "\n## ")[1:] {
				lines := strings.Split(text, "\n")
				t.Run(lines[0], func(t *testing.T) {
					w := newWorld(t, db, filepath.Base(file)+" "+lines[0])
					w.play(lines[1:])
				})
			}
		}
	})
}

// world is a company made of rows.
type world struct {
	t      *testing.T
	db     *database.DB
	tenant string
	// made are the rows that exist already, by table and id.
	made     map[string]bool
	versions []string
	tree     []string
	owners   map[string]int
	credits  map[string]map[string]string
	waiting  []statement
}

func newWorld(t *testing.T, db *database.DB, tenant string) *world {
	w := &world{t: t, db: db, tenant: tenant, made: map[string]bool{}, owners: map[string]int{},
		credits: map[string]map[string]string{}}
	w.exec(`INSERT INTO tenant (id, name, currency, time_zone, locale, created_at) VALUES ($1, 'x', 'CNY',
		'Asia/Shanghai', 'zh-CN', 'now')`, tenant)
	w.pipeline("p")
	w.pipeline("q")
	w.stages("q", "q1", 1, "01-01", []string{"X", "qW", "qL"})
	return w
}

// exec keeps a statement for the next question.
func (w *world) exec(query string, args ...any) {
	w.waiting = append(w.waiting, statement{query, args})
}

type statement struct {
	query string
	args  []any
}

// write writes what waits.
func (w *world) write() {
	w.t.Helper()
	list := w.waiting
	_, err := database.Write(context.Background(), w.db, func(tx database.Tx) (none struct{}, err error) {
		for _, s := range list {
			if _, err := tx.Exec(context.Background(), s.query, s.args...); err != nil {
				return none, fmt.Errorf("%s %v: %w", s.query, s.args, err)
			}
		}
		return none, nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.waiting = nil
}

// once makes a row the first time it is named, and returns its id.
func (w *world) once(table, id, columns string, values ...any) any {
	w.t.Helper()
	if id == "" || id == "-" {
		return nil
	}
	if !w.made[table+id] {
		w.made[table+id] = true
		marks := ""
		for i := range values {
			marks += ", $" + strconv.Itoa(i+3)
		}
		w.exec(`INSERT INTO `+table+` (tenant_id, id, `+columns+`) VALUES ($1, $2`+marks+`)`, append([]any{w.tenant, id},
			values...)...)
	}
	return id
}

func (w *world) pipeline(id string) any {
	return w.once("pipeline", id, "name, created_at", id, "now")
}

func (w *world) member(id string) any {
	return w.once("member", id, "name, name_key, pinyin, initials, created_at, version", id, id, id, id, "now", 1)
}

func (w *world) team(id string) any {
	return w.once("team", id, "name, name_key, created_at, version", id, id, "now", 1)
}

func (w *world) product(id string) any {
	return w.once("product_line", id, "name, name_key, created_at, version", id, id, "now", 1)
}

func (w *world) competitor(id string) any {
	return w.once("competitor", id, "name, name_key", id, id)
}

func (w *world) account(id string) any {
	return w.once("account", id, "name, name_key, pinyin, initials, industry, class, created_at, created_by, version",
		id, id, id, id, "汽车", "今", "now", "x", 1)
}

// stages publishes a version: its open stages in order, won, lost, and mappings B>A.
func (w *world) stages(pipeline, id string, number int, on string, list []string) {
	w.exec(`INSERT INTO pipeline_version (tenant_id, id, pipeline_id, number, effective_on, published_at, published_by)
		VALUES ($1, $2, $3, $4, $5, 'now', 'x')`,
		w.tenant, id, pipeline, number, day(on))
	for i, s := range list {
		if from, to, mapped := strings.Cut(s, ">"); mapped {
			w.exec(`INSERT INTO stage_mapping (tenant_id, version_id, from_stage_id, to_stage_id) VALUES ($1, $2, $3, $4)`,
				w.tenant, id, from, to)
			continue
		}
		w.once("stage", s, "pipeline_id, name, kind, position", pipeline, s, kind(s), i)
		w.exec(`INSERT INTO stage_version (tenant_id, version_id, stage_id, position, name, kind, phase, success_bp,
			confidence_cap_bp, standard_days,
			max_days, next_step_days, qualified, allow_skip, allow_return, forecast_category) VALUES ($1, $2, $3, $4, $3, $5,
				'early', 0, 0, 5, 9, 5, false, true, true, 'pipeline')`,
			w.tenant, id, s, i, kind(s))
	}
}

func kind(stage string) string {
	switch {
	case strings.HasSuffix(stage, "W"):
		return "won"
	case strings.HasSuffix(stage, "L"):
		return "lost"
	case stage == "-":
		return "withdrawn"
	}
	return "open"
}

// day is 2026-03-02 for 03-02, and nothing for ?.
func day(text string) any {
	switch {
	case text == "" || text == "?":
		return nil
	case len(text) == len("03-02"):
		return "2026-" + text
	}
	return text
}

// minor is an amount in minor units; nothing is -.
func minor(text string) any {
	if text == "" || text == "-" {
		return nil
	}
	major, frac, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(major+(frac + "00")[:2], 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func num(text string) any {
	if text == "" || text == "-" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// options are the words of a line in pairs: "seq 3 ended 5".
func options(words []string) map[string]string {
	out := map[string]string{}
	for i := 0; i+1 < len(words); i += 2 {
		out[words[i]] = words[i+1]
	}
	return out
}

// deal makes the record a fact is about, as it is today by the options.
func (w *world) deal(id string, o map[string]string) any {
	deleted := any(nil)
	if o["deleted"] != "" {
		deleted = "now"
	}
	version := "p1"
	if len(w.versions) == 0 {
		w.version([]string{"p1", "01-01", "A", "B", "C", "W", "L"})
	}
	return w.once("opportunity", id, `name, name_key, pinyin, initials, pipeline_id, version_id, currency, created_at,
		created_by, state, version,
		created_on, amount_minor, region, source, account_id, owner_id, expected_on, deleted_at, loss_kind`, id, id, id, id,
		"p", version, "CNY", "now", "x", "open", 1,
		day(o["created"]), minor(o["amount"]), o["region"], o["source"], w.account(o["account"]), w.member(o["owner"]),
		day(o["expected"]), deleted, null(o["kind"]))
}

func null(text string) any { return database.Null(text) }

func (w *world) version(words []string) {
	w.versions = append(w.versions, words[0])
	w.stages("p", words[0], len(w.versions), words[1], words[2:])
}

// play reads a case line by line.
func (w *world) play(lines []string) {
	question := ""
	for n, line := range lines {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "?":
			question = line
			if n+1 == len(lines) || !strings.HasPrefix(lines[n+1], "=") {
				w.t.Errorf("%s\n has no answer", line)
			}
		case "=":
			w.write()
			want := strings.TrimSpace(strings.TrimPrefix(line, "="))
			if got := w.answer(strings.Fields(question)[1:]); got != want {
				w.t.Errorf("%s\n got  %s\n want %s", question, got, want)
			}
		default:
			w.fact(words[0], words[1:])
		}
	}
}

// fact writes one row.
func (w *world) fact(verb string, words []string) {
	at := slices.Index(words, "=")
	value := []string{}
	if at >= 0 {
		words, value = words[:at], words[at+1:]
	}
	switch verb {
	case "version": // p2 03-10 A C W L B>C
		w.version(words)
	case "deal": // d created 03-01 amount 100
		w.deal(words[0], options(words[1:]))
	case "stay": // d 1 A create 03-02 seq 1
		w.stay(words, options(words[5:]))
	case "value": // d amount 03-02 seq 1 = 100 CNY
		w.value(words, options(words[3:]), value)
	case "owner": // d 03-02 seq 1 = 陈露 一组
		w.deal(words[0], nil)
		o := options(words[2:])
		w.owners[words[0]]++
		w.exec(`INSERT INTO ownership (tenant_id, record_id, ord, record_kind, member_id, team_id, from_on, seq, ended_seq)
			VALUES ($1, $2, $3, 'opportunity', $4, $5, $6, $7, $8)`,
			w.tenant, words[0], w.owners[words[0]], w.member(value[0]), w.team(value[1]), day(words[1]), num(o["seq"]),
			num(o["ended"]))
	case "credit": // c1 d 2 03-10 seq 2 = 陈露 一组 10000 100
		o := options(words[4:])
		w.credits[words[0]] = map[string]string{"deal": words[1], "stay": words[2], "product": o["product"],
			"member": value[0], "team": value[1], "share": value[2], "amount": value[3]}
		w.credit(words[0], "", words[3], o, w.credits[words[0]])
	case "reverse": // c1 04-01 seq 7
		c := w.credits[words[0]]
		back := map[string]string{"deal": c["deal"], "stay": c["stay"], "product": c["product"], "member": c["member"],
			"team": c["team"], "share": "-" + c["share"], "amount": "-" + c["amount"]}
		w.credit(words[0]+"-", words[0], words[1], options(words[2:]), back)
	case "rate": // USD 01-01 seq 0 = 7000000
		o := options(words[2:])
		w.exec(`INSERT INTO exchange_rate (tenant_id, currency, from_on, seq, rate) VALUES ($1, $2, $3, $4, $5)`, w.tenant,
			words[0], day(words[1]), num(o["seq"]), num(value[0]))
	case "zone": // America/New_York
		w.exec(`UPDATE tenant SET time_zone = $2 WHERE id = $1`, w.tenant, words[0])
	case "rival": // d 恒泰
		w.exec(`INSERT INTO opportunity_competitor (tenant_id, opportunity_id, competitor_id) VALUES ($1, $2, $3)`,
			w.tenant, w.deal(words[0], nil), w.competitor(words[1]))
	case "line": // d 泵 100, as it is today
		w.exec(`INSERT INTO opportunity_line (tenant_id, opportunity_id, ord, product_line_id, amount_minor) VALUES ($1, $2,
			$3, $4, $5)`,
			w.tenant, w.deal(words[0], nil), len(w.made), w.product(words[1]), minor(words[2]))
		w.made[fmt.Sprint("line", len(w.made))] = true
	case "tree": // 部 01-01 03-10 一组,二组
		w.tree = append(w.tree, strings.Join(words, " "))
	default:
		w.t.Fatalf("no such fact: %s %v", verb, words)
	}
}

func (w *world) stay(words []string, o map[string]string) {
	deal, ord, stage, move, on := words[0], words[1], words[2], words[3], words[4]
	w.deal(deal, nil)
	version, pipeline, recorded, voided := "p1", "p", o["recorded"], any(nil)
	if o["version"] != "" {
		version = o["version"]
	}
	if strings.HasPrefix(stage, "X") || strings.HasPrefix(stage, "q") {
		version, pipeline = "q1", "q"
	}
	if recorded == "" {
		recorded = on
	}
	if o["voided"] != "" {
		voided = "now"
	}
	stageID := any(stage)
	if stage == "-" {
		stageID = nil
	}
	amount, currency := o["amount"], any("CNY")
	if o["currency"] != "" {
		currency = o["currency"]
	}
	if kind(stage) == "open" || o["old"] != "" { // old: written when stays carried no facts
		currency = nil
	}
	w.exec(`INSERT INTO stay (tenant_id, opportunity_id, ord, id, pipeline_id, version_id, stage_id, state, move,
		entered_on, entered_at, recorded_at, recorded_on, member_id,
		seq, ended_seq, voided_at, loss_kind, competitor_id, contract_minor, amount_minor, currency)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $20, 'now', $11, 'x', $12, $13, $14, $15, $16, $17, $18, $19)`,
		w.tenant, deal, num(ord), deal+ord, pipeline, version, stageID, kind(stage), move, day(on), day(recorded),
		num(o["seq"]), num(o["ended"]), voided, null(o["kind"]), w.competitor(o["rival"]), minor(o["contract"]),
		minor(amount), currency, null(o["at"]))
}

func (w *world) value(words []string, o map[string]string, value []string) {
	record, on := words[0], words[2]
	field, key, _ := strings.Cut(words[1], ":")
	if field != "class" {
		w.deal(record, nil)
	}
	number, text := any(nil), any(nil)
	switch field {
	case "amount":
		number, text = minor(value[0]), value[1]
	case "line":
		w.product(key)
		number = minor(value[0])
	case "expected":
		text = day(value[0])
	case "account":
		text = w.account(value[0])
	case "class", "region":
		text = value[0]
	default:
		number = num(value[0])
	}
	w.exec(`INSERT INTO dated_value (tenant_id, record_id, field, key, day, seq, ended_seq, number_value, text_value)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		w.tenant, record, field, key, day(on), num(o["seq"]), num(o["ended"]), number, text)
}

func (w *world) credit(id, reverses, on string, o, c map[string]string) {
	currency, kind := "CNY", "direct"
	if o["currency"] != "" {
		currency = o["currency"]
	}
	if o["kind"] != "" {
		kind = o["kind"]
	}
	w.exec(`INSERT INTO credit_line (tenant_id, id, fact_kind, fact_id, stay_id, member_id, team_id, kind,
		product_line_id, share_bp, amount_minor, currency, credited_on, seq, reverses)
		VALUES ($1, $2, 'win', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		w.tenant, id, c["deal"], c["deal"]+c["stay"], w.member(c["member"]), w.team(c["team"]), kind,
		w.product(c["product"]), num(c["share"]), minor(c["amount"]), currency, day(on), num(o["seq"]), null(reverses))
}
