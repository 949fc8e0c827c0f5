package intake_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
)

// truth is what a file of examples/messy says, worked out from its records by the script that wrote
// it.
type truth struct {
	Kind     string           `json:"kind"`
	Deals    int64            `json:"deals"`
	Currency string           `json:"currency"`
	Cents    int64            `json:"cents"`
	WonCents int64            `json:"wonCents"`
	Won      int64            `json:"won"`
	Lost     int64            `json:"lost"`
	Stages   map[string]int64 `json:"stages"`
	Owners   map[string]int64 `json:"owners"`
	Accounts int64            `json:"accounts"`
	Without  int64            `json:"withoutAmount"`
	Aside    int              `json:"aside"`
	Created  []string         `json:"created"`
	Closed   int64            `json:"closed"`
	Expected int64            `json:"expected"`
	IDs      []string         `json:"ids"`
	OpenToo  bool             `json:"openWithCloseDate"`
}

// TestMessyFilesComeInAsTheyAre: files as companies keep them, imported with what was suggested and
// nothing said, hold what their records are.
func TestMessyFilesComeInAsTheyAre(t *testing.T) {
	raw, err := os.ReadFile("../../examples/messy/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var truths map[string]truth
	if err := json.Unmarshal(raw, &truths); err != nil || len(truths) < 12 {
		t.Fatal(err, len(truths))
	}
	for name, want := range truths {
		t.Run(name, func(t *testing.T) {
			messy(t, databasetest.SQLite(t), name, want)
			if strings.HasPrefix(name, "01") || strings.HasPrefix(name, "09") || os.Getenv("YUNCHOU_SOAK") != "" { // what is read is the same
				messy(t, databasetest.PostgreSQL(t), name, want)
			}
		})
	}
}

func messy(t *testing.T, db *database.DB, name string, want truth) {
	w := apptest.New(t, db)
	w.Clock.Set("2026-11-26")
	a := w.As("管理员")
	path := filepath.Join("../../examples/messy", name)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	id, err := w.Intake.Upload(w.Ctx, a, "", f)
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Intake.Look(w.Ctx, a, id, intake.Looked{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Mapping.Files[0].Kind; got != want.Kind {
		t.Fatalf("it is taken for %s, and is %s: header %q", got, want.Kind, p.Header)
	}
	if want.Kind == "opportunity" && p.AsideCount != want.Aside {
		t.Errorf("%d rows are set aside, want %d: %v", p.AsideCount, want.Aside, p.Aside)
	}
	b, err := w.Intake.Import(w.Ctx, a, p.Mapping, []intake.File{{Name: name, Path: path}}, false)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.YAML)
	}
	if b.Summary.Refused > 0 {
		list, _ := w.Intake.Issues(w.Ctx, a, b.ID, 0, 5)
		t.Errorf("%d refused: %+v", b.Summary.Refused, list)
	}
	for what, n := range map[string]int64{
		"deals": want.Deals - one(t, db, `SELECT count(*) FROM opportunity`),
		"won":   want.Won - one(t, db, `SELECT count(*) FROM opportunity WHERE state = 'won'`),
		"lost":  want.Lost - one(t, db, `SELECT count(*) FROM opportunity WHERE state = 'lost'`),
	} {
		if n != 0 {
			t.Errorf("%s: %d too few", what, n)
		}
	}
	for stage, n := range want.Stages {
		if got := one(t, db, `SELECT count(*) FROM opportunity o JOIN stage s ON s.id = o.stage_id WHERE s.name = $1`, stage); got != n {
			t.Errorf("%s: %d deals, want %d", stage, got, n)
		}
	}
	if want.Kind == "opportunity" {
		compare(t, db, want)
	}
	if t.Failed() {
		t.Log(p.YAML)
	}
}

func compare(t *testing.T, db *database.DB, want truth) {
	for what, c := range map[string][2]int64{
		"amounts":   {want.Cents, one(t, db, `SELECT coalesce(sum(amount_minor), 0) FROM opportunity WHERE currency = $1`, want.Currency)},
		"won":       {want.WonCents, one(t, db, `SELECT coalesce(sum(amount_minor), 0) FROM opportunity WHERE state = 'won'`)},
		"no amount": {want.Without, one(t, db, `SELECT count(*) FROM opportunity WHERE amount_minor IS NULL`)},
		"accounts":  {want.Accounts, one(t, db, `SELECT count(DISTINCT account_id) FROM opportunity`)},
		"expected":  {want.Expected, one(t, db, `SELECT count(*) FROM opportunity WHERE expected_on IS NOT NULL AND expected_on <> ''`)},
	} {
		if c[0] != c[1] && !(want.OpenToo && what == "expected") {
			t.Errorf("%s: %d, want %d", what, c[1], c[0])
		}
	}
	for owner, n := range want.Owners {
		if got := one(t, db, `SELECT count(*) FROM opportunity o JOIN member m ON m.id = o.owner_id WHERE m.name = $1`, owner); got != n {
			t.Errorf("%s: %d deals, want %d", owner, got, n)
		}
	}
	var ids []string
	for _, id := range want.IDs {
		if one(t, db, `SELECT count(*) FROM external_ref WHERE external_id = $1`, id) == 0 {
			ids = append(ids, id)
		}
	}
	if len(ids) > 0 {
		t.Errorf("no deal is called %s in its file", strings.Join(ids, ", "))
	}
	if first := want.Created[0]; first != "" && !slices.Contains([]int64{1, 2, 3}, one(t, db, `SELECT count(*) FROM opportunity WHERE created_on = $1`, first)) {
		t.Errorf("no deal is of %s, the first day", first)
	}
	if first := want.Created[0]; first != "" && one(t, db, `SELECT count(*) FROM opportunity WHERE created_on < $1 OR created_on > $2`, first, want.Created[1]) > 0 {
		t.Error("some deals are of other days")
	}
}

func one(t *testing.T, db *database.DB, query string, args ...any) (n int64) {
	t.Helper()
	if err := db.Read(t.Context(), func(tx database.Tx) error { return tx.QueryRow(t.Context(), query, args...).Scan(&n) }); err != nil {
		t.Fatal(err)
	}
	return n
}
