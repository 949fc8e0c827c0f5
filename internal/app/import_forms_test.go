package app_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/app/importtest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
	"yunchou/internal/replay/replaytest"
)

// forms are the seeds of a test: some that are always the same, also some that try what those do not, and
// one that is new each time; more in the long form, or the one YUNCHOU_SEED names.
func forms(t *testing.T, short, long int, also ...uint64) (out []uint64) {
	if said := os.Getenv("YUNCHOU_SEED"); said != "" {
		n, err := strconv.ParseUint(said, 10, 64)
		must(t, err)
		return []uint64{n}
	}
	count := short
	if os.Getenv("YUNCHOU_SOAK") != "" {
		count = long
	}
	for n := range count {
		out = append(out, uint64(n))
	}
	fresh := uint64(time.Now().UnixNano() / 1000)
	t.Logf("YUNCHOU_SEED=%d", fresh)
	return append(append(out, also...), fresh)
}

// person is who imports files as somebody does who knows what is in them: takes what is suggested,
// puts right what is not, and answers what is asked.
type person struct {
	*apptest.World
	right, corrected, asked, told int
	wrong                         map[string]int
}

// accept goes from a file to the mapping it is imported with.
func (p *person) accept(b importtest.Book, f importtest.File, path string) (intake.Mapping, error) {
	a := p.As("管理员")
	file, err := os.Open(path)
	must(p.T, err)
	defer file.Close()
	id, err := p.Intake.Upload(p.Ctx, a, "", file)
	if err != nil {
		return intake.Mapping{}, err
	}
	look, err := p.Intake.Look(p.Ctx, a, id, intake.Looked{Name: f.Name})
	if err != nil {
		return intake.Mapping{}, err
	}
	m := look.Mapping
	if m.Files[0].Kind != b.Kind {
		p.corrected++
		p.wrong["kind "+m.Files[0].Kind]++
		for _, o := range look.Other {
			if o.Kind == b.Kind {
				m.Files[0] = o
			}
		}
	}
	spec := &m.Files[0]
	for target, c := range spec.Columns {
		i, there := f.Columns[target]
		if there && i < len(look.Header) && c.Column == strings.TrimSpace(look.Header[i]) {
			p.right++
			continue
		}
		p.corrected++
		p.wrong[target+" from "+c.Column]++
		delete(spec.Columns, target)
	}
	for target, i := range f.Columns {
		if i >= len(look.Header) {
			return m, fmt.Errorf("the header is %q, and %s in column %d", look.Header, target, i)
		}
		c, there := spec.Columns[target]
		if !there {
			p.corrected++
			p.wrong["no "+target+" in "+look.Header[i]]++
			c = intake.Cell{Column: strings.TrimSpace(look.Header[i])}
			if target == "stage" {
				p.stages(&m, b)
			}
		}
		for _, r := range look.Columns[i].Readings {
			if is := look.Is[b.Kind][target]; is == r.Is && len(r.Open) > 0 {
				p.asked++
				p.answer(&c, f.Form, target, r.Open)
			}
		}
		spec.Columns[target] = c
	}
	return m, nil
}

// stages makes a pipeline of the book's own stages.
func (p *person) stages(m *intake.Mapping, b importtest.Book) {
	spec := intake.PipelineSpec{Name: "自建"}
	for _, name := range b.Way {
		spec.Stages = append(spec.Stages, intake.StageSpec{Name: name, Kind: "open", Phase: "early", Success: 10})
	}
	spec.Stages = append(spec.Stages, intake.StageSpec{Name: b.Won, Kind: "won"}, intake.StageSpec{Name: b.Lost, Kind: "lost"})
	m.Pipelines, m.Files[0].Pipeline = []intake.PipelineSpec{spec}, spec.Name
}

func (p *person) answer(c *intake.Cell, f importtest.Form, target string, open []string) {
	switch open[0] {
	case ".", ",":
		c.Decimal = f.Decimal
	case "percent", "fraction":
		c.Rate = map[bool]string{true: "fraction", false: "percent"}[f.Rates == "0.8"]
	default:
		c.Format = f.Order(target)
	}
}

const dealsSaid = `SELECT COALESCE(x.external_id, ''), o.name, COALESCE(a.name, ''), COALESCE(m.name, ''), COALESCE(st.name, ''), o.state,
	COALESCE(CAST(o.amount_minor AS text) || ' ' || o.currency, ''), COALESCE(o.created_on, ''), COALESCE(o.closed_on, ''), COALESCE(o.expected_on, ''),
	COALESCE(CAST(o.confidence_bp AS text), ''), o.source, o.region, COALESCE(o.loss_reason, ''), COALESCE(k.name, ''), COALESCE(p.name, '')
	FROM opportunity o LEFT JOIN external_ref x ON x.record_id = o.id LEFT JOIN account a ON a.id = o.account_id
	LEFT JOIN member m ON m.id = o.owner_id LEFT JOIN stage st ON st.id = o.stage_id LEFT JOIN competitor k ON k.id = o.competitor_id
	LEFT JOIN opportunity_line l ON l.opportunity_id = o.id LEFT JOIN product_line p ON p.id = l.product_line_id WHERE o.deleted_at IS NULL`

var dealsSaidOf = []string{"externalId", "name", "account", "owner", "stage", "state", "amount", "createdOn", "closedOn", "expectedOn", "confidence", "source",
	"region", "lossReason", "competitor", "product"}

// tablesSay is what the tables say of what a book is of.
var tablesSay = map[string]struct {
	query  string
	fields []string
}{
	"opportunity": {dealsSaid, dealsSaidOf},
	"account": {`SELECT COALESCE(x.external_id, ''), o.name, o.industry, o.region, o.class, COALESCE(o.created_on, '') FROM account o
		LEFT JOIN external_ref x ON x.record_id = o.id WHERE o.deleted_at IS NULL AND o.name <> '华新机电'`,
		[]string{"externalId", "name", "industry", "region", "class", "createdOn"}},
	"contact": {`SELECT COALESCE(x.external_id, ''), o.name, COALESCE(a.name, ''), o.title, o.mobile, o.email, o.wechat FROM contact o
		LEFT JOIN external_ref x ON x.record_id = o.id LEFT JOIN account a ON a.id = o.account_id WHERE o.deleted_at IS NULL`,
		[]string{"externalId", "name", "account", "title", "mobile", "email", "wechat"}},
}

// TestFilesInWhateverFormSayTheirRecords: of known deals, customers and people, files in random forms, imported as a person
// does who takes what is suggested, come in as those deals; what does not is told by its row.
func TestFilesInWhateverFormSayTheirRecords(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		sum := &person{wrong: map[string]int{}}
		for _, seed := range forms(t, 8, 1500, 33) {
			p := &person{World: apptest.New(t, db), wrong: sum.wrong}
			p.Clock.Set("2026-11-26")
			p.formed(seed)
			sum.right, sum.corrected, sum.asked, sum.told = sum.right+p.right, sum.corrected+p.corrected, sum.asked+p.asked, sum.told+p.told
		}
		t.Logf("%d columns right as suggested, %d put right, %d questions, %d cells told to be otherwise", sum.right, sum.corrected, sum.asked, sum.told)
		for _, what := range slices.SortedFunc(maps.Keys(sum.wrong), func(a, b string) int { return sum.wrong[b] - sum.wrong[a] }) {
			t.Log(sum.wrong[what], what)
		}
	})
}

func (p *person) formed(seed uint64) {
	p.T.Helper()
	r := rand.New(rand.NewPCG(seed, 17))
	today := p.As("管理员").Today.Time()
	language := []string{"zh", "zh", "zh", "en", "en", "de", "tw"}[r.IntN(7)]
	b := importtest.NewBook(r, language, 12+r.IntN(40), today)
	if kind := []string{"", "", "", "account", "contact"}[r.IntN(5)]; kind != "" {
		b = importtest.NewParties(r, kind, language, 12+r.IntN(40), today)
	}
	form := importtest.NewForm(r, b)
	f := importtest.Write(r, b, form, today)
	path := filepath.Join(p.T.TempDir(), "x."+form.Container)
	must(p.T, os.WriteFile(path, f.Bytes, 0o600))
	fail := func(format string, args ...any) {
		p.T.Errorf("YUNCHOU_SEED=%d: %s\n%+v", seed, fmt.Sprintf(format, args...), form)
		if dir := os.Getenv("YUNCHOU_KEEP"); dir != "" {
			must(p.T, os.WriteFile(filepath.Join(dir, fmt.Sprint(seed, ".", form.Container)), f.Bytes, 0o600))
		}
	}
	m, err := p.accept(b, f, path)
	if err != nil {
		fail("%v", err)
		return
	}
	batch, err := p.Intake.Import(p.Ctx, p.As("管理员"), m, []intake.File{{Name: f.Name, Path: path}}, false)
	if err != nil {
		fail("%v\n%s", err, m.YAML())
		return
	}
	if said := p.differs(b, f, batch); len(said) > 0 {
		fail("%s", strings.Join(said[:min(len(said), 6)], "\n"))
	}
}

// differs holds what came in against what the file says; what was told by its row and column is no
// difference.
func (p *person) differs(b importtest.Book, f importtest.File, batch intake.Batch) (out []string) {
	issues, alike, called, taken := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for after := 0; ; {
		list, err := p.Intake.Issues(p.Ctx, p.As("管理员"), batch.ID, after, 1000)
		must(p.T, err)
		for _, i := range list {
			issues[fmt.Sprint(i.Line, " ", i.Field)] = true
			if i.Level == "error" {
				issues[fmt.Sprint(i.Line, " error")] = true
			}
		}
		if after += len(list); len(list) < 1000 {
			break
		}
	}
	key := "name"
	if slices.Contains(f.Form.Fields, "externalId") {
		key = "externalId"
	}
	for _, n := range batch.Summary.Notes {
		alike[n.Value+" → "+n.To] = n.Code == "account_alike"
		called[n.Value] = called[n.Value] || n.Code == "account_alike"
		taken[n.To] = taken[n.To] || n.Code == "account_alike"
	}
	got := map[string]importtest.Record{}
	said := tablesSay[b.Kind]
	for _, row := range replaytest.Rows(p.T, p.DB, said.query+" AND o.tenant_id = '"+p.Admin.TenantID+"'") {
		d := importtest.Record{}
		for i, v := range row {
			d[said.fields[i]] = v
		}
		if batch.Summary != nil && got[d[key]] != nil {
			out = append(out, "two are called "+d[key])
		}
		got[d[key]] = d
	}
	if len(got) > len(f.Want) {
		out = append(out, fmt.Sprintf("%d records of %d rows", len(got), len(f.Want)))
	}
	for i, want := range f.Want {
		d := got[importtest.Plain(want[key])]
		at := fmt.Sprint(f.Lines[i], " ")
		if d == nil {
			if !issues[at+"error"] && !called[importtest.Plain(want["name"])] {
				out = append(out, fmt.Sprintf("line %s %q is not there and nothing is said", at, want[key]))
			}
			continue
		}
		if b.Kind == "account" && taken[d["name"]] {
			continue // another row was taken for it, which is told: it holds what the later one says
		}
		for _, target := range f.Form.Fields {
			w, g := importtest.Plain(want[target]), d[target]
			if target == "lossReason" { // what people wrote stays as they wrote it
				w = want[target]
			}
			if target == "stage" && w != "" {
				if w == b.Won || w == b.Lost {
					w, g = map[bool]string{true: "won", false: "lost"}[w == b.Won], d["state"]
				}
			}
			if target == "region" && w == "" {
				continue // its owner's team has one
			}
			damaged := f.Damaged[fmt.Sprint(i, " ", target)]
			switch {
			case damaged && (g != "" || !issues[at+target]):
				out = append(out, fmt.Sprintf("line %s %s cannot be read, is %q, told %v", at, target, g, issues[at+target]))
			case w == g:
			case issues[at+target], target == "account" && alike[w+" → "+g]:
				p.told++
				p.wrong["told "+target]++
			default:
				out = append(out, fmt.Sprintf("line %s %s is %q, want %q", at, target, g, w))
			}
		}
	}
	return out
}
