package account

import (
	"context"
	"fmt"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Competitor is met in deals. Several spellings may be one: SameAs names the one that stays.
type Competitor struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	SameAs  string   `json:"sameAs,omitempty" doc:"another spelling of this one, as which it is read"`
	Aliases []string `json:"aliases,omitempty" doc:"what it is called besides"`
	Version int      `json:"version,omitempty"`
}

// Alias is what a competitor is called besides.
type Alias struct{ ID, Name string }

type competitors interface {
	Competitors(ctx context.Context, tx database.Tx, tenant string) ([]Competitor, error)
	// AddCompetitor writes one; where one of the name is there already, or another transaction adds it now, it is that one.
	AddCompetitor(ctx context.Context, tx database.Tx, tenant string, c Competitor) (id string, added bool, err error)
	// CompetitorCalled is which one a name or another name is, "" for none.
	CompetitorCalled(ctx context.Context, tx database.Tx, tenant, key string) (string, error)
	// SaveCompetitor writes what it is called, and as which it is read. Faults: record.stale, competitor.name_taken.
	SaveCompetitor(ctx context.Context, tx database.Tx, tenant string, c Competitor, was int) error
	Aliases(ctx context.Context, tx database.Tx, tenant, id string) ([]Alias, error)
	// SetAliases replaces them. Fault: competitor.name_taken.
	SetAliases(ctx context.Context, tx database.Tx, tenant, id string, list []Alias) error
}

const mostAliases = 20 // of a competitor: full name, brand, spellings

// ErrNoCompetitor is that there is none of an id.
var ErrNoCompetitor = fault.New(fault.NotFound, "competitor.unknown", "no such competitor")

// Competitors lists the known competitors.
func (s *Service) Competitors(ctx context.Context, a org.Actor) (out []Competitor, err error) {
	if err := a.Need(org.PipelineRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.CompetitorsIn(ctx, tx, a)
		return err
	})
	return out, err
}

// CompetitorsIn is Competitors inside a transaction.
func (s *Service) CompetitorsIn(ctx context.Context, tx database.Tx, a org.Actor) ([]Competitor, error) {
	return s.Rows.Competitors(ctx, tx, a.TenantID)
}

// CompetitorIn returns the id of a competitor by what it is called, adding it where it is new.
func (s *Service) CompetitorIn(ctx context.Context, tx database.Tx, a org.Actor, name string) (string, error) {
	return s.called(ctx, tx, a, name, record.NewID(a.Now))
}

// called is the competitor of a name; a new one has the id.
func (s *Service) called(ctx context.Context, tx database.Tx, a org.Actor, name, newID string) (string, error) {
	name = text.Fold(name)
	if err := checkText("/competitor", name, 100); err != nil || name == "" {
		return "", err
	}
	id, err := s.Rows.CompetitorCalled(ctx, tx, a.TenantID, text.Match(name))
	if err != nil || id != "" {
		return id, err
	}
	id, added, err := s.Rows.AddCompetitor(ctx, tx, a.TenantID, Competitor{ID: newID, Name: name})
	if err == nil && added {
		journal.Append(tx, a.By(), competitorEvent(id, "added", a.Today, noMore{}))
	}
	return id, err
}

// OneCompetitor is one that is there, as it is read: of a spelling the one that stays. Fault: competitor.unknown.
func (s *Service) OneCompetitor(ctx context.Context, tx database.Tx, a org.Actor, id string) (Competitor, error) {
	all, err := s.Rows.Competitors(ctx, tx, a.TenantID)
	if err != nil {
		return Competitor{}, err
	}
	c, there := find(all, id)
	if there && c.SameAs != "" {
		c, there = find(all, c.SameAs)
	}
	if !there {
		return c, ErrNoCompetitor
	}
	return c, nil
}

func find(all []Competitor, id string) (Competitor, bool) {
	at := slices.IndexFunc(all, func(c Competitor) bool { return c.ID == id })
	if at < 0 {
		return Competitor{}, false
	}
	return all[at], true
}

// AddCompetitor adds one by name, or answers the one that is called so. The same id again is the first answer.
func (s *Service) AddCompetitor(ctx context.Context, a org.Actor, c Competitor) (Competitor, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return c, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), c.ID, c, func(tx database.Tx) (Competitor, error) {
		id := c.ID
		if err := record.UseID(&id, a.Now); err != nil {
			return c, err
		}
		id, err := s.called(ctx, tx, a, c.Name, id)
		if err != nil {
			return c, err
		}
		if id == "" {
			return c, fault.Missing("/name")
		}
		return s.OneCompetitor(ctx, tx, a, id)
	})
}

// competitorNamed is the payload of competitor.named: its other names by their ids.
type competitorNamed struct {
	Aliases []string `json:"aliases"`
}

// NameCompetitor says what a competitor is called, and besides. Faults: competitor.unknown, competitor.name_taken,
// record.stale.
func (s *Service) NameCompetitor(ctx context.Context, a org.Actor, c Competitor) (Competitor, error) {
	c.Name = text.Fold(c.Name)
	if err := a.Need(org.EvidenceDecide); err != nil {
		return c, err
	}
	if text.Match(c.Name) == "" {
		return c, fault.Missing("/name")
	}
	if err := checkText("/name", c.Name, 100); err != nil {
		return c, err
	}
	if len(c.Aliases) > mostAliases {
		return c, fault.Input("/aliases", "input.out_of_range", "at most %d", mostAliases).With("min", 0).With("max", mostAliases)
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Competitor, error) {
		if err := record.Take(ctx, tx, a.TenantID, c.ID); err != nil {
			return c, err
		}
		was, err := s.OneCompetitor(ctx, tx, a, c.ID)
		if err != nil {
			return c, err
		}
		if err := a.HasRead(was.Version); err != nil {
			return c, err
		}
		next := was
		next.Name, next.Version = c.Name, was.Version+1
		aliases, err := s.aliases(ctx, tx, a, next, c.Aliases)
		if err != nil {
			return c, err
		}
		ids := make([]string, len(aliases))
		for i, x := range aliases {
			ids[i] = x.ID
		}
		journal.Append(tx, a.By(), competitorEvent(was.ID, "named", a.Today, competitorNamed{ids}))
		if err := s.Rows.SaveCompetitor(ctx, tx, a.TenantID, next, was.Version); err != nil {
			return c, err
		}
		if err := s.Rows.SetAliases(ctx, tx, a.TenantID, was.ID, aliases); err != nil {
			return c, err
		}
		return s.OneCompetitor(ctx, tx, a, was.ID)
	})
}

// aliases are the other names of one, each once and nobody else's; those it had keep their ids.
func (s *Service) aliases(ctx context.Context, tx database.Tx, a org.Actor, c Competitor, names []string) (out []Alias, err error) {
	had, err := s.Rows.Aliases(ctx, tx, a.TenantID, c.ID)
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{text.Match(c.Name): true}
	if of, err := s.Rows.CompetitorCalled(ctx, tx, a.TenantID, text.Match(c.Name)); err != nil || of != "" && of != c.ID {
		return nil, nameTaken(of, err)
	}
	for i, n := range names {
		n, key := text.Fold(n), text.Match(n)
		if err := checkText(fmt.Sprintf("/aliases/%d", i), n, 100); err != nil {
			return nil, err
		}
		if key == "" || taken[key] {
			continue
		}
		taken[key] = true
		of, err := s.Rows.CompetitorCalled(ctx, tx, a.TenantID, key)
		if err != nil || of != "" && of != c.ID {
			return nil, nameTaken(of, err)
		}
		x := Alias{ID: record.NewID(a.Now), Name: n}
		for _, h := range had {
			if text.Match(h.Name) == key {
				x.ID = h.ID
			}
		}
		out = append(out, x)
	}
	return out, nil
}

func nameTaken(of string, err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "competitor.name_taken", "another competitor is called so; say that both are one").With("id", of)
}

// competitorMerged is the payload of competitor.merged: as which one it is read, and which others were read as it.
type competitorMerged struct {
	Into string   `json:"into"`
	Also []string `json:"also,omitempty"`
}

// MergeCompetitors says that one is another spelling of another: all that was written of it is read as the other's, and
// stays as it was written. Faults: competitor.unknown, competitor.same.
func (s *Service) MergeCompetitors(ctx context.Context, a org.Actor, gone, into string) (Competitor, error) {
	if err := a.Need(org.SettingsEdit); err != nil {
		return Competitor{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Competitor, error) {
		if err := record.Take(ctx, tx, a.TenantID, gone, into); err != nil {
			return Competitor{}, err
		}
		all, err := s.Rows.Competitors(ctx, tx, a.TenantID)
		if err != nil {
			return Competitor{}, err
		}
		from, there := find(all, gone)
		kept, too := find(all, into)
		switch {
		case !there:
			return Competitor{}, ErrNoCompetitor
		case a.HasRead(from.Version) != nil:
			return Competitor{}, a.HasRead(from.Version)
		case !too:
			return Competitor{}, fault.Input("/into", "competitor.unknown", "no such competitor")
		case gone == into || from.SameAs == into || kept.SameAs != "":
			return Competitor{}, fault.New(fault.Conflict, "competitor.same", "both are one already")
		}
		p := competitorMerged{Into: into}
		for _, c := range all {
			if c.SameAs == gone {
				p.Also = append(p.Also, c.ID)
			}
		}
		journal.Append(tx, a.By(), competitorEvent(gone, "merged", a.Today, p))
		if err := s.readAs(ctx, tx, a, all, p, gone); err != nil {
			return Competitor{}, err
		}
		return s.OneCompetitor(ctx, tx, a, into)
	})
}

func (s *Service) readAs(ctx context.Context, tx database.Tx, a org.Actor, all []Competitor, p competitorMerged, gone string) error {
	for _, id := range append([]string{gone}, p.Also...) {
		c, there := find(all, id)
		if !there {
			return ErrNoCompetitor
		}
		was := c.Version
		c.SameAs, c.Version = p.Into, was+1
		if err := s.Rows.SaveCompetitor(ctx, tx, a.TenantID, c, was); err != nil {
			return err
		}
	}
	return nil
}

// SplitCompetitor says that one is no spelling of another after all. Faults: competitor.unknown, competitor.not_merged.
func (s *Service) SplitCompetitor(ctx context.Context, a org.Actor, id string) (Competitor, error) {
	if err := a.Need(org.SettingsEdit); err != nil {
		return Competitor{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Competitor, error) {
		if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
			return Competitor{}, err
		}
		all, err := s.Rows.Competitors(ctx, tx, a.TenantID)
		if err != nil {
			return Competitor{}, err
		}
		c, there := find(all, id)
		if !there {
			return c, ErrNoCompetitor
		}
		if err := a.HasRead(c.Version); err != nil {
			return c, err
		}
		journal.Append(tx, a.By(), competitorEvent(id, "split", a.Today, noMore{}))
		if err := s.split(ctx, tx, a, id); err != nil {
			return Competitor{}, err
		}
		return s.OneCompetitor(ctx, tx, a, id)
	})
}

func (s *Service) split(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	all, err := s.Rows.Competitors(ctx, tx, a.TenantID)
	if err != nil {
		return err
	}
	c, there := find(all, id)
	switch {
	case !there:
		return ErrNoCompetitor
	case c.SameAs == "":
		return fault.New(fault.Conflict, "competitor.not_merged", "it is one of its own")
	}
	was := c.Version
	c.SameAs, c.Version = "", was+1
	return s.Rows.SaveCompetitor(ctx, tx, a.TenantID, c, was)
}

func competitorEvent(id, kind string, on calendar.Date, p any) journal.Event {
	return journal.Event{Subject: CompetitorRef(id), Kind: "competitor." + kind, On: on, Payload: p}
}

// CompetitorRef names a competitor in the journal.
func CompetitorRef(id string) record.Ref { return record.Ref{Kind: "competitor", ID: id} }

func (s *Service) playCompetitor(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ noMore) error {
	_, _, err := s.Rows.AddCompetitor(ctx, tx, a.TenantID, Competitor{ID: e.Subject.ID, Name: e.Subject.ID})
	return err
}

func (s *Service) playNamed(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p competitorNamed) error {
	all, err := s.Rows.Competitors(ctx, tx, a.TenantID)
	if err != nil {
		return err
	}
	c, there := find(all, e.Subject.ID)
	if !there {
		return ErrNoCompetitor
	}
	was := c.Version
	c.Version++
	list := make([]Alias, len(p.Aliases))
	for i, id := range p.Aliases {
		list[i] = Alias{id, id}
	}
	if err := s.Rows.SaveCompetitor(ctx, tx, a.TenantID, c, was); err != nil {
		return err
	}
	return s.Rows.SetAliases(ctx, tx, a.TenantID, c.ID, list)
}

func (s *Service) playRivalMerged(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p competitorMerged) error {
	all, err := s.Rows.Competitors(ctx, tx, a.TenantID)
	if err != nil {
		return err
	}
	return s.readAs(ctx, tx, a, all, p, e.Subject.ID)
}

func (s *Service) playRivalSplit(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ noMore) error {
	return s.split(ctx, tx, a, e.Subject.ID)
}
