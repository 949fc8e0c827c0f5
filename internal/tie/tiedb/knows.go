package tiedb

import (
	"context"
	"database/sql"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/scopedb"
	"yunchou/internal/text"
	"yunchou/internal/tie"
)

// Bounds of what one question reads: what is beyond is older, or of a firm with more people than anybody asks through.
const (
	mostPosts = 300
	mostTalks = 500
)

// SaveMine replaces a member's background.
func (Rows) SaveMine(ctx context.Context, tx database.Tx, tenant, member string, m tie.Mine) error {
	if err := each(ctx, tx,
		statement{`INSERT INTO member_background (tenant_id, member_id, state, visibility, home_town, version) VALUES ($1,$2,$3,$4,$5,$6)
			ON CONFLICT (tenant_id, member_id) DO UPDATE SET state = $3, visibility = $4, home_town = $5, version = $6`,
			[]any{tenant, member, m.State, m.Visibility, m.HomeTown, m.Version}},
		statement{`DELETE FROM member_past WHERE tenant_id = $1 AND member_id = $2`, []any{tenant, member}}); err != nil {
		return err
	}
	var rows [][]any
	for _, list := range [][]tie.Past{m.Schools, m.Employers} {
		for _, p := range list {
			rows = append(rows, []any{tenant, member, len(rows), p.Kind, p.Name, text.Match(p.Name), p.FromYear, p.ToYear})
		}
	}
	return tx.InsertMany(ctx, "member_past", "tenant_id, member_id, ord, kind, name, name_key, from_year, to_year", "", rows)
}

// SaveBackground replaces what is known of a contact.
func (Rows) SaveBackground(ctx context.Context, tx database.Tx, tenant, contact string, b tie.Background) error {
	if err := each(ctx, tx,
		statement{`INSERT INTO contact_background (tenant_id, contact_id, version) VALUES ($1,$2,$3) ON CONFLICT (tenant_id, contact_id) DO UPDATE SET version = $3`,
			[]any{tenant, contact, b.Version}},
		statement{`DELETE FROM contact_past WHERE tenant_id = $1 AND contact_id = $2`, []any{tenant, contact}}); err != nil {
		return err
	}
	var rows [][]any
	for i, p := range b.Items {
		rows = append(rows, []any{tenant, p.ID, contact, i, p.Kind, p.Name, text.Match(p.Name), p.FromYear, p.ToYear, p.Source, string(p.On), p.Purpose})
	}
	return tx.InsertMany(ctx, "contact_past", "tenant_id, id, contact_id, ord, kind, name, name_key, from_year, to_year, source, said_on, purpose", "", rows)
}

// People are those of some ids or of a reading, those in scope in front.
func (Rows) People(ctx context.Context, tx database.Tx, tenant string, s org.Scope, w tie.Who) ([]tie.Person, error) {
	limit := tie.MostPeople
	if w.Reading == "" {
		limit = len(w.IDs)
	}
	if limit == 0 {
		return nil, nil
	}
	args := &database.Args{}
	text := scopedb.KnownPeople(args, tenant, s, w.IDs, w.Reading, limit)
	rows, err := tx.Query(ctx, text, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (p tie.Person, err error) {
		var seen int
		err = r.Scan(&p.ID, &p.Name, &p.Key, &p.Reading, database.Into(&p.AccountID), &p.AccountName, &p.Title, database.Into(&p.Gone), &seen)
		p.Seen = seen == 1
		return p, err
	})
}

func (r Rows) posts(ctx context.Context, tx database.Tx, tenant string, s org.Scope, people, keys []string) ([]tie.Post, error) {
	args := &database.Args{}
	text := scopedb.KnownPosts(args, tenant, s, people, keys, mostPosts)
	rows, err := tx.Query(ctx, text, args.Values...)
	out, err := database.All(rows, err, func(r *sql.Rows) (p tie.Post, err error) {
		var seen int
		p.Kind = tie.Employer
		err = r.Scan(&p.ContactID, &p.Key, &p.Name, database.Into(&p.From), database.Into(&p.To), &p.Title, &seen)
		p.Present, p.Hidden = p.To == "", seen == 0
		return p, err
	})
	if err != nil {
		return nil, err
	}
	args = &database.Args{}
	w := `p.tenant_id = ` + args.Add(tenant) + ` AND p.kind <> 'home' AND `
	if people != nil {
		w += `p.contact_id IN ` + database.In(args, people)
	} else {
		w += `p.kind = 'employer' AND p.name_key IN ` + database.In(args, keys)
	}
	rows, err = tx.Query(ctx, `SELECT p.contact_id, p.kind, p.name_key, p.name, p.from_year, p.to_year FROM contact_past p WHERE `+w+
		` ORDER BY p.contact_id, p.ord, p.id LIMIT `+args.Add(mostPosts), args.Values...)
	past, err := database.All(rows, err, func(r *sql.Rows) (p tie.Post, err error) {
		var from, to int
		err = r.Scan(&p.ContactID, &p.Kind, &p.Key, &p.Name, &from, &to)
		p.Span = tie.Years(from, to)
		return p, err
	})
	return append(out, past...), err
}

// Posts are people's posts and pasts.
func (r Rows) Posts(ctx context.Context, tx database.Tx, tenant string, s org.Scope, people []string) ([]tie.Post, error) {
	return r.posts(ctx, tx, tenant, s, people, nil)
}

// PostsAt are the posts and pasts at employers of some keys.
func (r Rows) PostsAt(ctx context.Context, tx database.Tx, tenant string, s org.Scope, keys []string) ([]tie.Post, error) {
	return r.posts(ctx, tx, tenant, s, nil, keys)
}

// Talks are what was said two-way with people, the last in front.
func (Rows) Talks(ctx context.Context, tx database.Tx, tenant string, people []string) ([]tie.Talk, error) {
	args := &database.Args{}
	text := scopedb.KnownTalks(args, tenant, people, mostTalks)
	rows, err := tx.Query(ctx, text, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (t tie.Talk, err error) {
		return t, r.Scan(&t.ContactID, &t.ID, &t.On, &t.MemberID)
	})
}

// SeenTalks are which of some follow-ups are in scope.
func (Rows) SeenTalks(ctx context.Context, tx database.Tx, tenant string, s org.Scope, ids []string) (map[string]bool, error) {
	args := &database.Args{}
	text := scopedb.SeenTalks(args, tenant, s, ids)
	rows, err := tx.Query(ctx, text, args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
	out := map[string]bool{}
	for _, id := range list {
		out[id] = true
	}
	return out, err
}

// OurPast are members' schools and employers of some keys.
func (Rows) OurPast(ctx context.Context, tx database.Tx, tenant string, keys []string) ([]tie.MemberPast, error) {
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT p.member_id, p.kind, p.name_key, p.name, p.from_year, p.to_year, b.visibility FROM member_past p
		JOIN member_background b ON b.tenant_id = p.tenant_id AND b.member_id = p.member_id WHERE p.tenant_id = `+args.Add(tenant)+` AND p.name_key IN `+
		database.In(args, keys)+` ORDER BY p.member_id, p.ord LIMIT 5000`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (p tie.MemberPast, err error) {
		var from, to int
		var visibility string
		err = r.Scan(&p.MemberID, &p.Kind, &p.Key, &p.Name, &from, &to, &visibility)
		p.Span, p.Shown = tie.Years(from, to), visibility == tie.Shown
		return p, err
	})
}

// Predecessors are whom people follow who are there still.
func (Rows) Predecessors(ctx context.Context, tx database.Tx, tenant string, s org.Scope, people []string) (map[string][]tie.Before, error) {
	if len(people) == 0 {
		return nil, nil
	}
	args := &database.Args{}
	text := scopedb.Predecessors(args, tenant, s, people)
	rows, err := tx.Query(ctx, text, args.Values...)
	out := map[string][]tie.Before{}
	type row struct {
		successor string
		before    tie.Before
	}
	list, err := database.All(rows, err, func(r *sql.Rows) (x row, err error) {
		return x, r.Scan(&x.successor, &x.before.ContactID, &x.before.Attitude)
	})
	for _, x := range list {
		there := false
		for _, b := range out[x.successor] {
			there = there || b.ContactID == x.before.ContactID
		}
		if !there {
			out[x.successor] = append(out[x.successor], x.before)
		}
	}
	return out, err
}

// SellsTo are members with accounts of a key, an industry or a region, each with why.
func (Rows) SellsTo(ctx context.Context, tx database.Tx, tenant string, keys, industries, regions []string) (map[string][]string, error) {
	args := &database.Args{}
	text := scopedb.SellsTo(args, tenant, keys, industries, regions)
	rows, err := tx.Query(ctx, text, args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (x [2]string, err error) { return x, r.Scan(&x[0], &x[1]) })
	out := map[string][]string{}
	for _, x := range list {
		out[x[0]] = append(out[x[0]], x[1])
	}
	return out, err
}

// WhereFrom are industries of accounts in scope, and the regions of where a contact is.
func (Rows) WhereFrom(ctx context.Context, tx database.Tx, tenant string, s org.Scope, key, contact string) (industries, regions []string, err error) {
	args := &database.Args{}
	text := scopedb.WhereFrom(args, tenant, s, key, contact)
	rows, err := tx.Query(ctx, text, args.Values...)
	list, err := database.All(rows, err, func(r *sql.Rows) (x [3]string, err error) { return x, r.Scan(&x[0], &x[1], &x[2]) })
	add := func(to *[]string, v string) {
		for _, has := range *to {
			if has == v {
				return
			}
		}
		if v != "" {
			*to = append(*to, v)
		}
	}
	for _, x := range list {
		if x[2] == key || len(list) == 1 {
			add(&industries, x[0])
		}
		add(&regions, x[1])
	}
	return industries, regions, err
}

// Industries are those there are.
func (Rows) Industries(ctx context.Context, tx database.Tx, tenant string) ([]string, error) {
	rows, err := tx.Query(ctx, scopedb.Industries, tenant)
	return database.All(rows, err, func(r *sql.Rows) (v string, err error) { return v, r.Scan(&v) })
}
