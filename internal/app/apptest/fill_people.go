package apptest

import "fmt"

// FillPeople writes by SQL alone, onto a filled world of deals: people at its accounts, each fourth of whom was at
// another before; twice as many talks two-way about the accounts, each with one of them; and ties, half of members and
// half of two people.
func (w *World) FillPeople(accounts, people, talks, ties int) {
	w.T.Helper()
	x := dialects[w.DB.Dialect()]
	var sellers []string
	for i := range Sellers {
		sellers = append(sellers, w.ID[Seller(i)])
	}
	pick := func(list []string, at string) string {
		raw := ""
		for i, s := range list {
			if i > 0 {
				raw += ","
			}
			raw += `"` + s + `"`
		}
		return fmt.Sprintf(x.pick, raw, at)
	}
	id := func(kind, of string) string { return "'00000000-0000-7000-" + kind + "-' || " + fmt.Sprintf(x.hex, of) }
	series := func(n int) string { return fmt.Sprintf("WITH RECURSIVE "+x.series+" ", n) }
	at := func(of string) string { return fmt.Sprintf("1 + (%s) %% %d", of, accounts) }
	day := func(of string) string { return fmt.Sprintf(x.day, of) }
	w.run([]string{
		`INSERT INTO contact (tenant_id, id, name, name_key, pinyin, initials, spelled, account_id, created_at, created_by, version) ` + series(people) +
			fmt.Sprintf(`SELECT $1, %s, '人' || (i %% 100000), '人' || (i %% 100000), 'ren' || (i %% 100000), 'r', '''ren', %s, '2021-01-01T02:00:00.000Z', '%s', 1 FROM n`,
				id("a000", "i"), id("9000", at("i")), w.Admin.MemberID),
		`INSERT INTO employment (tenant_id, id, contact_id, account_id, from_on, to_on) ` + series(people) +
			fmt.Sprintf(`SELECT $1, %s, %s, %s, CASE WHEN i %% 4 = 0 THEN '2023-01-01' END, NULL FROM n`, id("a001", "i"), id("a000", "i"), id("9000", at("i"))),
		`INSERT INTO employment (tenant_id, id, contact_id, account_id, from_on, to_on) ` + series(people/4) +
			fmt.Sprintf(`SELECT $1, %s, %s, %s, '2015-01-01', '2023-01-01' FROM n`, id("a002", "i"), id("a000", "4 * i"), id("9000", at("i * 7919"))),
		`INSERT INTO follow_up (tenant_id, id, channel, happened_on, two_way, words, member_id, recorded_at, recorded_by, version) ` + series(talks) +
			fmt.Sprintf(`SELECT $1, %s, 'visit', %s, true, '', %s, '2021-01-01T02:00:00.000Z', '%s', 1 FROM n`, id("a003", "i"), day("i % 1800"), pick(sellers, "i % 60"), w.Admin.MemberID),
		`INSERT INTO follow_up_contact (tenant_id, follow_up_id, contact_id) ` + series(talks) + fmt.Sprintf(`SELECT $1, %s, %s FROM n`, id("a003", "i"), id("a000", fmt.Sprintf("1 + i %% %d", people))),
		`INSERT INTO record_link (tenant_id, kind, id, to_kind, to_id) ` + series(talks) + fmt.Sprintf(`SELECT $1, 'follow_up', %s, 'account', %s FROM n`, id("a003", "i"),
			id("9000", at(fmt.Sprintf("1 + i %% %d", people)))),
		`INSERT INTO tie (tenant_id, id, holder_id, from_contact_id, contact_id, kind, strength, visibility, avoid, source, made_at, version) ` + series(ties) +
			fmt.Sprintf(`SELECT $1, %s, %s, CASE WHEN i %% 2 = 0 THEN %s END, %s, 'classmate', 1 + i %% 3, CASE WHEN i %% 3 = 0 THEN 'shown' ELSE 'askable' END, false, 'self', '2021-01-01T02:00:00.000Z', 1 FROM n`,
				id("a004", "i"), pick(sellers, "i % 60"), id("a000", fmt.Sprintf("1 + (i * 31) %% %d", people)), id("a000", fmt.Sprintf("1 + (i * 17 + 5) %% %d", people))),
	})
	w.must(w.DB.Analyze(w.Ctx))
}
