package company_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/company"
	"yunchou/internal/company/companydb"
	"yunchou/internal/database"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// planted is a company with a row in every table there is: all its texts are one, so that every
// reference holds, but instants, and what nobody may take out.
type planted struct{ text, secret, content string }

var (
	one = planted{"甲企业-planted-one", "SECRET-of-one", "the content of one"}
	two = planted{"乙企业-planted-two", "SECRET-of-two", "the content of two"}
)

// secretColumns are those an export must not hold, by what the schema calls them today.
var secretColumns = regexp.MustCompile(`hash|sealed|credential|csrf_token|token`)

func (p planted) hash() string {
	sum := sha256.Sum256([]byte(p.content))
	return hex.EncodeToString(sum[:])
}

// value is what stands in a column.
func (p planted) value(table string, c company.Column) any {
	switch {
	case c.Name == "closing_at":
		return nil
	case (table == "file" || table == "file_chunk") && c.Name == "hash":
		return p.hash()
	case table == "file_chunk" && c.Name == "body":
		return base64.StdEncoding.EncodeToString([]byte(p.content))
	case strings.HasSuffix(c.Name, "_at"):
		return "2026-03-02T02:00:00.000Z"
	case c.Type == "boolean":
		return true
	case c.Type == "bigint":
		return 1
	case secretColumns.MatchString(c.Name):
		return p.secret
	}
	return p.text
}

// tables are what the package finds, and the test's own list to hold them against.
func tables(t *testing.T, db *database.DB) (all []company.Table) {
	t.Helper()
	must(t, db.Read(t.Context(), func(tx database.Tx) (err error) {
		all, err = companydb.Rows{}.Tables(t.Context(), tx)
		return err
	}))
	return all
}

// noCompanys are the tables that hold no company's rows, and why.
var noCompanys = map[string]string{
	"deleted_company":   "ids of companies that are gone",
	"stranger_act":      "who is refused before anybody knows of which company he is",
	"sign_in_budget":    "hashes of names anybody may have typed, for two hours",
	"setup_token":       "there is no company yet",
	"passkey_challenge": "questions to browsers nobody has answered, for minutes",
	"goose_db_version":  "the schema",
	"schema_version":    "the schema",
}

// plant writes the company's row into every table, what is referred to first.
func (p planted) plant(t *testing.T, db *database.DB) {
	t.Helper()
	all := tables(t, db)
	must(t, db.Write(t.Context(), func(tx database.Tx) error {
		for i := len(all) - 1; i >= 0; i-- {
			if err := p.insert(t.Context(), tx, all[i]); err != nil {
				return fmt.Errorf("%s: %w", all[i].Name, err)
			}
		}
		return nil
	}))
}

func (p planted) insert(ctx context.Context, tx database.Tx, table company.Table) error {
	var columns, marks []string
	var values []any
	for i, c := range table.Columns {
		columns = append(columns, `"`+c.Name+`"`)
		marks = append(marks, fmt.Sprintf("$%d", i+1))
		values = append(values, p.value(table.Name, c))
	}
	_, err := tx.Exec(ctx, `INSERT INTO `+table.Name+` (`+strings.Join(columns, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, values...)
	return err
}

// more adds rows beyond what one transaction deletes: entries, and accounts that hang on each other.
func (p planted) more(t *testing.T, db *database.DB, n int) {
	t.Helper()
	for _, table := range tables(t, db) {
		if table.Name != "journal" && table.Name != "account" {
			continue
		}
		for from := 0; from < n; from += 500 {
			must(t, db.Write(t.Context(), func(tx database.Tx) error {
				for i := from; i < min(from+500, n); i++ {
					if err := p.numbered(t.Context(), tx, table, i+2); err != nil {
						return err
					}
				}
				return nil
			}))
		}
	}
}

func (p planted) numbered(ctx context.Context, tx database.Tx, table company.Table, n int) error {
	var columns, marks []string
	var values []any
	for i, c := range table.Columns {
		v := p.value(table.Name, c)
		switch c.Name {
		case "id":
			v = fmt.Sprintf("%s %d", p.text, n)
		case "parent_id": // each hangs on the one before
			if n > 2 {
				v = fmt.Sprintf("%s %d", p.text, n-1)
			}
		case "seq":
			v = n
		}
		columns, marks, values = append(columns, `"`+c.Name+`"`), append(marks, fmt.Sprintf("$%d", i+1)), append(values, v)
	}
	_, err := tx.Exec(ctx, `INSERT INTO `+table.Name+` (`+strings.Join(columns, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, values...)
	return err
}

// dump is every row of every table of the database, asked of it without the package, in which a text is.
func dump(t *testing.T, db *database.DB, text string) map[string][]string {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`
	if db.Dialect() == database.PostgreSQL {
		query = `SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = current_schema()`
	}
	out := map[string][]string{}
	must(t, db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), query)
		names, err := database.All(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
		for _, name := range names {
			if err != nil {
				return err
			}
			out[name], err = lines(t.Context(), tx, name, text)
		}
		return err
	}))
	return out
}

func lines(ctx context.Context, tx database.Tx, table, text string) (out []string, err error) {
	rows, err := tx.Query(ctx, `SELECT * FROM `+table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		if line := fmt.Sprint(values...); text == "" || strings.Contains(line, text) {
			out = append(out, line)
		}
	}
	return out, rows.Err()
}

// service is the capability as the program wires it.
func service(t *testing.T, db *database.DB) *apptest.World {
	t.Helper()
	return apptest.New(t, db)
}
