package company_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/company"
	"yunchou/internal/company/companydb"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/identity"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"

	"github.com/google/go-cmp/cmp"
)

// TestNoTableIsForgotten: each table is a company's part, or is named with the reason why not;
// and each that is left out of an export is there.
func TestNoTableIsForgotten(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		known := map[string]bool{}
		for _, table := range tables(t, db) {
			known[table.Name] = true
			if len(table.Key) == 0 {
				t.Errorf("%s has no key to delete some of it by", table.Name)
			}
		}
		for name := range dump(t, db, "") {
			if !known[name] && noCompanys[name] == "" {
				t.Errorf("%s: neither a company's rows, nor said why not", name)
			}
			if known[name] && noCompanys[name] != "" {
				t.Errorf("%s is said to hold no company's rows", name)
			}
		}
		for name := range company.Left {
			if !known[name] {
				t.Errorf("%s is left out and not there", name)
			}
		}
	})
}

// archive is an export taken apart with nothing of the program: parts by name.
func archive(t *testing.T, raw []byte) (map[string][]byte, company.Manifest) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	must(t, err)
	parts := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		parts[f.Name], err = io.ReadAll(r)
		must(t, errors.Join(err, r.Close()))
	}
	var m company.Manifest
	must(t, json.Unmarshal(parts[company.ManifestName], &m))
	return parts, m
}

func exported(t *testing.T, w *apptest.World, tenant string) (map[string][]byte, company.Manifest) {
	t.Helper()
	var raw bytes.Buffer
	_, err := w.Companies.Export(t.Context(), tenant, "test", &raw)
	must(t, err)
	path := filepath.Join(t.TempDir(), "x.zip")
	must(t, os.WriteFile(path, raw.Bytes(), 0o600))
	_, err = company.Verify(path)
	must(t, err)
	return archive(t, raw.Bytes())
}

// TestAnExportHoldsEveryTable: of a company with a row in each table, each is in it or named as
// left out; nothing of another company, and no secret.
func TestAnExportHoldsEveryTable(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := service(t, db)
		one.plant(t, db)
		two.plant(t, db)
		parts, m := exported(t, w, one.text)
		in := map[string]company.Part{}
		for _, p := range m.Tables {
			in[p.Name] = p
		}
		for name, rows := range dump(t, db, one.text) {
			p, there := in[name]
			switch {
			case noCompanys[name] != "":
			case m.LeftOut[name] != "":
				if there {
					t.Errorf("%s is in it and left out", name)
				}
			case int(p.Rows) != len(rows) || p.Rows == 0 || bytes.Count(parts[p.File], []byte("\n")) != len(rows):
				t.Errorf("%s: %d rows, the table has %d", name, p.Rows, len(rows))
			}
		}
		for _, p := range m.Tables { // one that sounds like a secret is said to be none, or its table is left out
			if len(p.LeftOut) > 0 {
				t.Errorf("%s: %v", p.Name, p.LeftOut)
			}
		}
		for name, raw := range parts {
			for _, not := range []string{two.text, two.content, one.secret, two.secret} {
				if bytes.Contains(raw, []byte(not)) {
					t.Errorf("%s holds %s", name, not)
				}
			}
		}
		if got := string(parts["files/"+one.hash()]); got != one.content {
			t.Errorf("the file is %q", got)
		}
		if _, err := w.Companies.Export(t.Context(), "nobody", "test", io.Discard); fault.CodeOf(err) != "org.company_unknown" {
			t.Error(err)
		}
	})
}

// TestAnExportSaysWhatTheTablesSay: counts, sums and texts of a company at work, by plain SQL
// against what another program reads in the file, as of one instant while others write.
func TestAnExportSaysWhatTheTablesSay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := service(t, db)
		for i := range 30 {
			w.Opportunity("陈露", fmt.Sprintf("商机%d <&> \u2028", i))
		}
		o := w.Opportunity("陈露", "带附件")
		big := strings.Repeat("标书 ", 400_000)
		_, err := w.Files.Put(t.Context(), w.As("陈露"), record.Ref{Kind: "opportunity", ID: o.ID}, "标书.txt", strings.NewReader(big))
		must(t, err)
		var count, sum int64
		var names string
		must(t, db.Read(t.Context(), func(tx database.Tx) error {
			agg := `group_concat(name, '|')`
			if db.Dialect() == database.PostgreSQL {
				agg = `string_agg(name, '|')`
			}
			return tx.QueryRow(t.Context(), `SELECT count(*), sum(amount_minor), `+agg+` FROM (SELECT * FROM opportunity WHERE tenant_id = $1 ORDER BY id) o`,
				w.Admin.TenantID).Scan(&count, &sum, &names)
		}))
		parts, m := exported(t, w, w.Admin.TenantID)
		var gotCount, gotSum int64
		var gotNames []string
		for lines := bufio.NewScanner(bytes.NewReader(parts["tables/opportunity.jsonl"])); lines.Scan(); {
			var row struct {
				Name   string `json:"name"`
				Minor  int64  `json:"amount_minor"`
				Tax    *bool  `json:"tax_included"`
				Closed any    `json:"closed_on"`
			}
			must(t, json.Unmarshal(lines.Bytes(), &row))
			gotCount, gotSum, gotNames = gotCount+1, gotSum+row.Minor, append(gotNames, row.Name)
			if row.Tax == nil || row.Closed != nil {
				t.Errorf("%s", lines.Bytes())
			}
		}
		if gotCount != count || gotSum != sum || strings.Join(gotNames, "|") != names || sum == 0 {
			t.Errorf("%d deals of %d, want %d of %d", gotCount, gotSum, count, sum)
		}
		if m.Files.Count != 1 || m.Files.Bytes != int64(len(big)) {
			t.Errorf("%+v", m.Files)
		}
		if m.Journal == 0 || bytes.Count(parts["tables/journal.jsonl"], []byte("\n")) != int(m.Journal) {
			t.Errorf("%d entries", m.Journal)
		}
	})
}

// TestWhatIsNotWholeIsNoExport: cut off, changed, or without a part.
func TestWhatIsNotWholeIsNoExport(t *testing.T) {
	w := service(t, databasetest.SQLite(t))
	var raw bytes.Buffer
	_, err := w.Companies.Export(t.Context(), w.Admin.TenantID, "test", &raw)
	must(t, err)
	path := filepath.Join(t.TempDir(), "x.zip")
	rng := rand.New(rand.NewPCG(7, 7))
	for range 60 {
		bad := slices.Clone(raw.Bytes())
		bad[rng.IntN(len(bad)*9/10)] ^= 1 << rng.IntN(8)
		must(t, os.WriteFile(path, bad, 0o600))
		if m, err := company.Verify(path); err == nil && !sameMeaning(t, raw.Bytes(), bad) {
			t.Fatalf("taken for whole: %v", m.Company)
		}
	}
	must(t, os.WriteFile(path, raw.Bytes()[:raw.Len()/2], 0o600))
	if _, err := company.Verify(path); !errors.Is(err, company.ErrIncomplete) {
		t.Error(err)
	}
}

// sameMeaning tells whether two archives hold the same: a bit of a local heading nobody reads
// may be another.
func sameMeaning(t *testing.T, a, b []byte) bool {
	one, _ := archive(t, a)
	two, _ := archive(t, b)
	for name, raw := range one {
		if !bytes.Equal(raw, two[name]) {
			return false
		}
	}
	return len(one) == len(two)
}

// TestADeletedCompanyLeavesNothing: not in any table, and another company's rows are what they
// were, to the letter. It is told outside the database, and forgotten beside it.
func TestADeletedCompanyLeavesNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := service(t, db)
		one.plant(t, db)
		one.more(t, db, 2500)
		two.plant(t, db)
		before := dump(t, db, two.text)
		told := 0
		w.Companies.Tell = func(context.Context) error { told++; return nil }
		gone, err := w.Companies.Delete(t.Context(), one.text)
		must(t, err)
		if gone["account"] != 2501 || gone["journal"] != 2501 || gone["tenant"] != 1 || told != 1 {
			t.Errorf("%v, told %d times", gone, told)
		}
		for table, rows := range dump(t, db, one.text) {
			if table != "deleted_company" && len(rows) > 0 {
				t.Errorf("%s holds %d rows", table, len(rows))
			}
		}
		for table, rows := range dump(t, db, one.secret) {
			if len(rows) > 0 {
				t.Errorf("%s holds its secrets", table)
			}
		}
		for table, rows := range dump(t, db, two.text) {
			slices.Sort(rows)
			slices.Sort(before[table])
			if !slices.Equal(rows, before[table]) {
				t.Errorf("%s of the other company changed", table)
			}
		}
		if _, err := w.Companies.Delete(t.Context(), one.text); fault.CodeOf(err) != "org.company_unknown" {
			t.Error(err)
		}
		must(t, w.Companies.Finish(t.Context()))
		must(t, w.Companies.Clear(t.Context()))
		if some, err := w.Companies.Uncleared(t.Context()); some || err != nil {
			t.Error(some, err)
		}
	})
}

// TestDeletingReadsNoTableOfOthers: not for the rows it deletes, nor for whether others refer to
// them. Where many companies share a database a row would cost a look at all of theirs.
func TestDeletingReadsNoTableOfOthers(t *testing.T) {
	db := databasetest.PostgreSQL(t) // SQLite plans so by itself
	w := service(t, db)
	one.plant(t, db)
	two.plant(t, db)
	must(t, w.Companies.Close(t.Context(), one.text))
	deleted := 0
	must(t, db.Write(t.Context(), func(tx database.Tx) error {
		if _, err := tx.Exec(t.Context(), "ANALYZE"); err != nil {
			return err
		}
		for _, table := range tables(t, db) {
			if len(table.Own) > 0 {
				if _, err := (companydb.Rows{}).Loosen(t.Context(), tx, table, one.text, 10); err != nil {
					return err
				}
			}
			n, err := companydb.Rows{}.Delete(t.Context(), tx, table, one.text, 10)
			if err != nil {
				return fmt.Errorf("%s: %w", table.Name, err)
			}
			deleted += int(n)
		}
		// What is left has a row a company, and of sign-ins a few a member; the versions of the schema
		// are read where a connection is opened, and counted until it tells the server.
		rows, err := tx.Query(t.Context(), `SELECT relname, seq_scan FROM pg_stat_xact_user_tables WHERE seq_scan > 0
			AND relname NOT IN ('tenant', 'deleted_company', 'session_token', 'passkey_directory', 'goose_db_version')`)
		read, err := database.All(rows, err, func(r *sql.Rows) (s string, err error) {
			var times int
			err = r.Scan(&s, &times)
			return fmt.Sprintf("%s %d times", s, times), err
		})
		if len(read) > 0 {
			t.Errorf("read from end to end: %s", strings.Join(read, ", "))
		}
		return err
	}))
	if deleted < 50 {
		t.Errorf("only %d rows deleted", deleted)
	}
}

// TestDeletingGoesOnWhereItWasCutShort, as often as it is: while rows are left the company is
// neither open nor opened again.
func TestDeletingGoesOnWhereItWasCutShort(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := service(t, db)
		one.plant(t, db)
		one.more(t, db, 1500)
		rng := rand.New(rand.NewPCG(3, 1))
		cuts := 0
		for ended := false; !ended; {
			ctx, cut := context.WithCancel(t.Context())
			left := 1 + rng.IntN(60)
			_, err := w.Companies.Delete(database.Observed(ctx, func(string, []any) {
				if left--; left == 0 {
					cut()
				}
			}), one.text)
			cut()
			if ended = err == nil || fault.CodeOf(err) == "org.company_unknown"; ended {
				break
			}
			if cuts++; cuts > 500 {
				t.Fatal(err)
			}
			if cuts == 5 {
				if err := w.Companies.Reopen(t.Context(), one.text); fault.CodeOf(err) != "org.company_deleted" {
					t.Errorf("opened again: %v", err)
				}
				must(t, w.Companies.Finish(t.Context())) // as a server does that starts
			}
		}
		if cuts < 2 {
			t.Errorf("cut %d times", cuts)
		}
		for table, rows := range dump(t, db, one.text) {
			if table != "deleted_company" && len(rows) > 0 {
				t.Errorf("%s holds %d rows", table, len(rows))
			}
		}
	})
}

// TestWhoWritesWhileACompanyIsDeleted is refused, or was before; nothing of it is left.
func TestWhoWritesWhileACompanyIsDeleted(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := service(t, db)
		two.plant(t, db)
		before := dump(t, db, two.text)
		actor, account := w.As("陈露"), w.Account
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					w.Opportunities.Create(context.Background(), actor, deal(w, "并发", account)) //nolint:errcheck // refused in the end
				}
			})
		}
		time.Sleep(50 * time.Millisecond) // lets them begin; nothing depends on it
		_, err := w.Companies.Delete(t.Context(), w.Admin.TenantID)
		close(stop)
		wg.Wait()
		must(t, err)
		for table, rows := range dump(t, db, w.Admin.TenantID) {
			if table != "deleted_company" && len(rows) > 0 {
				t.Errorf("%s holds %d rows", table, len(rows))
			}
		}
		for table, rows := range dump(t, db, two.text) {
			if len(rows) != len(before[table]) {
				t.Errorf("%s of the other company changed", table)
			}
		}
	})
}

// TestAClosedCompanyIsClosedToAll: sessions end, who signs in with the right password is told
// why, nothing is written; the export is there, and opened again all goes on.
func TestAClosedCompanyIsClosedToAll(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := service(t, db)
		secret := identity.NewSecret()
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", secret))
		actor := w.As("陈露")
		signIn := func(secret string) (identity.Signed, error) {
			return w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "chenlu", Secret: secret, Address: "192.0.2.1"})
		}
		signed, err := signIn(secret)
		must(t, err)
		must(t, w.Companies.Close(w.Ctx, w.Admin.TenantID))
		for what, x := range map[string]struct {
			got  func() error
			want string
		}{
			"a session":        {func() error { _, _, err := w.Identity.Authenticate(w.Ctx, signed.Token, "form"); return err }, "org.session_ended"},
			"a wrong password": {func() error { _, err := signIn("wrong"); return err }, "org.sign_in_failed"},
			"the right one":    {func() error { _, err := signIn(secret); return err }, "org.company_closing"},
			"a write begun before": {func() error {
				_, err := w.Opportunities.Create(w.Ctx, actor, deal(w, "晚到", w.Account))
				return err
			}, "org.company_closing"},
			"a job": {func() error { _, err := w.Org.System(w.Ctx, w.Admin.TenantID, "", "job"); return err }, "org.company_closing"},
		} {
			if got := fault.CodeOf(x.got()); got != x.want {
				t.Errorf("%s: %q, want %q", what, got, x.want)
			}
		}
		exported(t, w, w.Admin.TenantID)
		must(t, w.Companies.Reopen(w.Ctx, w.Admin.TenantID))
		_, err = signIn(secret)
		must(t, err)
		w.Opportunity("陈露", "又开了")
		if err := w.Companies.Close(w.Ctx, "nobody"); fault.CodeOf(err) != "org.company_unknown" {
			t.Error(err)
		}
	})
}

func deal(w *apptest.World, name, account string) opportunity.New {
	amount := int64(100_00)
	return opportunity.New{Name: name, AccountID: account, PipelineID: w.Bid.PipelineID, AmountMinor: &amount}
}

// TestTheListTellsOfEachCompany what is there, by plain SQL.
func TestTheListTellsOfEachCompany(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := service(t, db)
		w.Opportunity("陈露", "商机")
		one.plant(t, db)
		read := &reading{Rows: w.Companies.Rows}
		w.Companies.Rows = read
		quick, err := w.Companies.List(t.Context(), false)
		must(t, err)
		if read.whole > 0 {
			t.Errorf("nobody asked for bytes, and %d tables were read from end to end", read.whole)
		}
		list, err := w.Companies.List(t.Context(), true)
		must(t, err)
		without := slices.Clone(list)
		for i := range without {
			without[i].Bytes = nil
		}
		if diff := cmp.Diff(without, quick); diff != "" {
			t.Errorf("all but the bytes is the same: %s", diff)
		}
		if len(list) != 2 {
			t.Fatal(list)
		}
		first, planted := list[0], list[1]
		if first.ID != w.Admin.TenantID {
			first, planted = planted, first
		}
		if first.Name != "测试公司" || first.State != company.Open || first.Records < 2 || first.Active == nil || *first.Bytes < 5000 {
			t.Errorf("%+v", first)
		}
		if planted.ID != one.text || planted.Members != 1 || planted.Records != int64(len(company.Kept)) {
			t.Errorf("%+v", planted)
		}
		must(t, w.Companies.Close(t.Context(), w.Admin.TenantID))
		if state, err := w.Companies.State(t.Context(), w.Admin.TenantID); state != company.Closing || err != nil {
			t.Error(state, err)
		}
	})
}

// reading counts the tables of which every value is read.
type reading struct {
	company.Rows
	whole int
}

func (r *reading) Size(ctx context.Context, tx database.Tx, t company.Table, tenant string) (rows, bytes int64, err error) {
	r.whole++
	return r.Rows.Size(ctx, tx, t, tenant)
}

// slowInMany takes longer than a write may where it deletes many rows of one table at once.
type slowInMany struct {
	company.Rows
	tries []int
}

func (r *slowInMany) Delete(ctx context.Context, tx database.Tx, t company.Table, tenant string, most int) (int64, error) {
	if t.Name == "account" {
		r.tries = append(r.tries, most)
	}
	if t.Name == "account" && most > 250 {
		time.Sleep(1100 * time.Millisecond)
	}
	return r.Rows.Delete(ctx, tx, t, tenant, most)
}

// TestDeletingTakesFewerWhereManyTakeTooLong: on a machine that is busy a thousand rows may take
// longer than a write may, and would each time.
func TestDeletingTakesFewerWhereManyTakeTooLong(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := service(t, db)
		one.plant(t, db)
		one.more(t, db, 600)
		slow := &slowInMany{Rows: w.Companies.Rows}
		w.Companies.Rows = slow
		was := db.Bound(time.Second)
		gone, err := w.Companies.Delete(t.Context(), one.text)
		db.Bound(was)
		if gone["account"] != 601 || len(slow.tries) < 4 || slow.tries[2] != 250 {
			t.Errorf("%v of 601, %v at once: %v", gone["account"], slow.tries, err)
		}
	})
}
