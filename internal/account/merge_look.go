package account

import (
	"context"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/merge"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Look is what a merge would do, before it is done: the fields that differ and how much of what would move.
type Look struct {
	KeptName, GoneName       string
	KeptOwner, GoneOwner     string // of accounts: who keeps it, and who sees it only through deals afterwards
	Version, GoneVersion     int
	Fields                   []Differs
	Deals, People, Children  int
	FollowUps, Tasks, Files  int
	Jobs, Evidence, External int
}

// Differs is a field in which two records differ; what names another record is that one's name.
type Differs struct{ Field, Kept, Gone string }

// LookAtMerge tells what putting one account into another would do. Faults: those of Merge.
func (s *Service) LookAtMerge(ctx context.Context, a org.Actor, m Merging) (out Look, err error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return out, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		kept, gone, p, err := s.takeTwo(ctx, tx, a, m)
		if err != nil {
			return err
		}
		if err := s.ownOf(ctx, tx, a, &kept, &gone); err != nil {
			return err
		}
		parents, err := s.Rows.ByID(ctx, tx, a.TenantID, []string{kept.ParentID, gone.ParentID})
		if err != nil {
			return err
		}
		was, will := kept.values(), gone.values()
		was["parent"], will["parent"] = parents[kept.ParentID].Name, parents[gone.ParentID].Name
		if gone.ParentID == kept.ID || kept.ParentID == gone.ID { // neither is its own parent
			will["parent"] = was["parent"]
		}
		out = Look{KeptName: kept.Name, GoneName: gone.Name, KeptOwner: kept.OwnerID, GoneOwner: gone.OwnerID,
			Version: kept.Version, GoneVersion: gone.Version, Fields: differ(was, will),
			Deals: len(p.Deals), People: len(p.People), Children: len(p.Children), External: len(p.External)}
		out.count(p.Moved)
		return nil
	})
	return out, err
}

// LookAtContactMerge is LookAtMerge of two people.
func (s *Service) LookAtContactMerge(ctx context.Context, a org.Actor, m Merging) (out Look, err error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return out, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		kept, err := s.TakeContactIn(ctx, tx, a, m.Kept)
		if err != nil {
			return err
		}
		gone, err := s.TakeContactIn(ctx, tx, a, m.Gone)
		if err != nil {
			return err
		}
		p, err := s.alongContact(ctx, tx, a, m)
		if err != nil {
			return err
		}
		values, err := s.Fields.Load(ctx, tx, a.TenantID, record.Contact, a.Company.Currency, []string{kept.ID, gone.ID})
		if err != nil {
			return err
		}
		external, err := s.Records.External(ctx, tx, a.TenantID, gone.ID)
		if err != nil {
			return err
		}
		kept.Custom, gone.Custom = values[kept.ID], values[gone.ID]
		was, will := kept.values(), gone.values()
		was["account"], will["account"] = kept.AccountName, gone.AccountName
		out = Look{KeptName: kept.Name, GoneName: gone.Name, Version: kept.Version, GoneVersion: gone.Version,
			Fields: differ(was, will), Deals: len(p.Casts), External: len(external)}
		out.count(p.Moved)
		return nil
	})
	return out, err
}

// count counts what names the record by what it is.
func (l *Look) count(m merge.Moved) {
	for as, ids := range m {
		switch as, _, _ = strings.Cut(as, "."); as {
		case "job":
			l.Jobs += len(ids)
		case "evidence":
			l.Evidence += len(ids)
		case "file":
			l.Files += len(ids)
		case "follow_up":
			l.FollowUps += len(ids)
		}
		for _, id := range ids {
			switch kind, _, _ := strings.Cut(id, " "); kind {
			case "task":
				l.Tasks++
			case "follow_up":
				l.FollowUps++
			}
		}
	}
}

// order is that of a form; own fields stand behind, by their keys.
var order = []string{"name", "account", "department", "title", "mobile", "phone", "email", "wechat", "industry", "region", "class", "parent"}

func differ(was, will map[string]string) []Differs {
	out := []Differs{}
	for name := range either(was, will) {
		if was[name] != will[name] {
			out = append(out, Differs{name, was[name], will[name]})
		}
	}
	slices.SortFunc(out, func(a, b Differs) int {
		at := func(d Differs) int {
			if i := slices.Index(order, d.Field); i >= 0 {
				return i
			}
			return len(order)
		}
		if c := at(a) - at(b); c != 0 {
			return c
		}
		return strings.Compare(a.Field, b.Field)
	})
	return out
}

// either are the fields of one or the other.
func either(a, b map[string]string) map[string]string {
	out := map[string]string{}
	for k := range a {
		out[k] = ""
	}
	for k := range b {
		out[k] = ""
	}
	return out
}

// MergedIn is a merge into a record, as it is told of there.
type MergedIn struct {
	merge.Merge
	Name string // of the one that went
}

// MergesOf are the merges into an account or a person the actor sees, the last first, those taken back too.
func (s *Service) MergesOf(ctx context.Context, a org.Actor, of record.Ref) (out []MergedIn, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if err := s.seen(ctx, tx, a, of); err != nil {
			return err
		}
		list, err := s.Merges.Of(ctx, tx, a.TenantID, of)
		if err != nil || len(list) == 0 {
			return err
		}
		names, err := s.namesOfGone(ctx, tx, a, of.Kind, list)
		for _, m := range list {
			out = append(out, MergedIn{m, names[m.GoneID]})
		}
		return err
	})
	return out, err
}

func (s *Service) seen(ctx context.Context, tx database.Tx, a org.Actor, of record.Ref) (err error) {
	if of.Kind == record.Contact {
		_, err = s.Rows.Contact(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), of.ID)
	} else {
		_, err = s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), of.ID)
	}
	return err
}

func (s *Service) namesOfGone(ctx context.Context, tx database.Tx, a org.Actor, kind string, list []merge.Merge) (map[string]string, error) {
	var gone []string
	for _, m := range list {
		gone = append(gone, m.GoneID)
	}
	names := map[string]string{}
	if kind == record.Contact {
		all, err := s.Rows.HiddenContacts(ctx, tx, a.TenantID, gone)
		for id, c := range all {
			names[id] = c.Name
		}
		return names, err
	}
	all, err := s.Rows.ByID(ctx, tx, a.TenantID, gone)
	for id, c := range all {
		names[id] = c.Name
	}
	return names, err
}

// Twin is an account, or a person and his account, that looks the same as the others of its group.
type Twin struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	OwnerID   string `json:"ownerId"`
	AccountID string `json:"accountId"`
	Account   string `json:"account"`
	key       string
}

// Keyed is a twin of a group.
func (t Twin) Keyed(key string) Twin { t.key = key; return t }

// Twins are the accounts, and the people, of which the actor may change several of one name: the first groups.
func (s *Service) Twins(ctx context.Context, a org.Actor) (accounts, people [][]Twin, err error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return nil, nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		list, err := s.Rows.Twins(ctx, tx, a.TenantID, a.Scope(record.Account, org.Write))
		if err != nil {
			return err
		}
		accounts = grouped(list)
		list, err = s.Rows.ContactTwins(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Write))
		people = grouped(list)
		return err
	})
	return accounts, people, err
}

// grouped puts those of one key together, where there are several.
func grouped(list []Twin) [][]Twin {
	out := [][]Twin{}
	for i := 0; i < len(list); {
		end := i + 1
		for end < len(list) && list[end].key == list[i].key {
			end++
		}
		if end-i > 1 {
			out = append(out, list[i:end:end])
		}
		i = end
	}
	return out
}
