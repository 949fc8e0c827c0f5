package app_test

import (
	"os"
	"path/filepath"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
)

// TestAnAddressBookComesInByItself: people of customers nobody knows yet come with those customers, once
// each, whatever has their names; a list of the team keeps addresses and numbers. A dry run says the same.
func TestAnAddressBookComesInByItself(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		admin := w.As("管理员")
		take := func(name, text string) intake.Summary {
			t.Helper()
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			id, err := w.Intake.Upload(w.Ctx, admin, "", f)
			if err != nil {
				t.Fatal(err)
			}
			p, err := w.Intake.Look(w.Ctx, admin, id, intake.Looked{Name: name})
			if err != nil {
				t.Fatal(err)
			}
			var sums [2]intake.Summary
			for i, dry := range []bool{true, false} {
				b, err := w.Intake.Import(w.Ctx, admin, p.Mapping, []intake.File{{Name: name, Path: path}}, dry)
				if err != nil {
					t.Fatal(err)
				}
				sums[i] = *b.Summary
			}
			if sums[0].String() != sums[1].String() || sums[1].Refused > 0 {
				t.Errorf("%s: tried %s, was %s", name, sums[0], sums[1])
			}
			return sums[1]
		}
		count := func(query string, args ...any) (n int) {
			t.Helper()
			err := db.Read(w.Ctx, func(tx database.Tx) error { return tx.QueryRow(w.Ctx, query, args...).Scan(&n) })
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		s := take("通讯录.csv", "客户名称,姓名,职务,手机\n新来机电有限公司,王一,经理,13900000001\n新来机电有限公司,王二,总工,13900000002\n华新机电,王三,采购,13900000003\n")
		if s.Created["account"] != 1 || s.Created["contact"] != 3 {
			t.Errorf("%s", s)
		}
		take("outlook.csv", "First Name,Last Name,Company,Job Title,E-mail Address,Mobile Phone\nEva,Weber,Krause AG,Buyer,eva@example.com,+49 170 1234567\n")
		take("名册.csv", "姓,名,公司,职务,手机\n欧阳,伟,新来机电有限公司,经理,13900000009\n李,芳,新来机电有限公司,经理,13900000008\n")
		for _, name := range []string{"Eva Weber", "欧阳伟", "李芳"} {
			if count(`SELECT count(*) FROM contact c JOIN account a ON a.tenant_id = c.tenant_id AND a.id = c.account_id WHERE c.name = $1`, name) != 1 {
				t.Errorf("nobody is called %s", name)
			}
		}
		take("台账.csv", "商机名称,负责人,阶段\n甲,欧阳明明,接触\n乙,于　芳,接触\n丙,于芳,方案\n")
		if count(`SELECT count(*) FROM member WHERE name = '于芳'`) != 1 || count(`SELECT count(*) FROM member WHERE name LIKE '于%芳'`) != 1 {
			t.Error("a name with a blank in it is another's")
		}
		take("团队.csv", "姓名,部门,手机,邮箱,入职日期\n甘一,新的一组,13700000001,gan@example.com,2024-03-01\n卞二,新的一组,13700000002,nobody,2024-03-01\n")
		if count(`SELECT count(*) FROM member WHERE name = '甘一' AND email = 'gan@example.com' AND phone = '13700000001'`) != 1 ||
			count(`SELECT count(*) FROM member WHERE name = '卞二' AND email = '' AND phone = '13700000002'`) != 1 {
			t.Error("addresses and numbers are lost")
		}
	})
}
