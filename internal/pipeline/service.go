package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Summary is a pipeline in a list.
type Summary struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Business  string `json:"businessType"`
	VersionID string `json:"versionId"`
	Number    int    `json:"number"`
	Archived  bool   `json:"archived"`
}

// Rows is what the package needs of its tables; pipelinedb implements it.
type Rows interface {
	List(ctx context.Context, tx database.Tx, tenant string) ([]Summary, error)
	Version(ctx context.Context, tx database.Tx, tenant, version string) (Version, error)
	Versions(ctx context.Context, tx database.Tx, tenant, pipeline string) ([]string, error)
	InsertPipeline(ctx context.Context, tx database.Tx, tenant string, v Version, now time.Time) error
	InsertVersion(ctx context.Context, tx database.Tx, a org.Actor, v Version, seq database.Seq) error
	SaveStages(ctx context.Context, tx database.Tx, tenant string, v Version) error
	InsertMapping(ctx context.Context, tx database.Tx, tenant, version, from, to string) error
	TakenOver(ctx context.Context, tx database.Tx, tenant, version string, now time.Time) error
}

// Remapper takes open records over to a version in force, from whichever earlier one
// they are in; opportunity implements it. It returns how many it looked at, at most limit,
// so that a large pipeline is taken over in chunks.
type Remapper interface {
	Remap(ctx context.Context, tx database.Tx, a org.Actor, to Version, limit int) (int, error)
	// OpenByStage counts the open records of a pipeline in each stage.
	OpenByStage(ctx context.Context, tx database.Tx, tenant, pipeline string) (map[string]int64, error)
}

// Service holds the use cases.
type Service struct {
	DB       *database.DB
	Rows     Rows
	Remapper Remapper
	Keys     *idempotency.Keys

	versions sync.Map // tenant+version → Version; a published version never changes
	closes   sync.Map // tenant+stage → whether a version read so far closes in it
	earlier  sync.Map // tenant+version → ids of the pipeline's versions up to it
}

// List returns the company's pipelines: those with open deals first, then in the order they were made in.
func (s *Service) List(ctx context.Context, a org.Actor) (out []Summary, err error) {
	if err := a.Need(org.PipelineRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.list(ctx, tx, a.TenantID)
		return err
	})
	return out, err
}

// Version returns a published version.
func (s *Service) Version(ctx context.Context, tx database.Tx, tenant, id string) (Version, error) {
	if v, ok := s.versions.Load(tenant + id); ok {
		return v.(Version), nil
	}
	v, err := s.Rows.Version(ctx, tx, tenant, id)
	if err == nil {
		for _, st := range v.Stages {
			if _, known := s.closes.LoadOrStore(tenant+st.ID, st.Kind != Open); known && st.Kind != Open {
				s.closes.Store(tenant+st.ID, true)
			}
		}
		s.versions.Store(tenant+id, v)
	}
	return v, err
}

// MayClose tells whether a move to a stage may close a record: not where the versions this
// process has read have it open.
func (s *Service) MayClose(tenant, stage string) bool {
	closes, known := s.closes.Load(tenant + stage)
	return !known || closes.(bool)
}

// listed is what a snapshot remembers a company's pipelines by.
type listed string

// list is the company's pipelines, which several parts of a page ask for. Nobody changes it.
func (s *Service) list(ctx context.Context, tx database.Tx, tenant string) ([]Summary, error) {
	return database.Once(ctx, tx, listed(tenant), func(ctx context.Context, tx database.Tx) ([]Summary, error) {
		return s.Rows.List(ctx, tx, tenant)
	})
}

// upTo are the ids of a pipeline's versions. A version never changes, is in force from the transaction that
// writes it, and none comes before one that is there: so those up to the one in force are known by it.
func (s *Service) upTo(ctx context.Context, tx database.Tx, tenant, pipeline string) ([]string, error) {
	if !tx.Snapshot() { // it may have published
		return s.Rows.Versions(ctx, tx, tenant, pipeline)
	}
	all, err := s.list(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	inForce := ""
	for _, p := range all {
		if p.ID == pipeline {
			inForce = p.VersionID
		}
	}
	if ids, known := s.earlier.Load(tenant + inForce); known {
		return ids.([]string), nil
	}
	ids, err := s.Rows.Versions(ctx, tx, tenant, pipeline)
	if err == nil && len(ids) > 0 && ids[len(ids)-1] == inForce {
		s.earlier.Store(tenant+inForce, ids)
	}
	return ids, err
}

// Versions returns all versions of a pipeline, the first one first.
func (s *Service) Versions(ctx context.Context, tx database.Tx, tenant, pipeline string) ([]Version, error) {
	ids, err := s.upTo(ctx, tx, tenant, pipeline)
	if err != nil {
		return nil, err
	}
	out := make([]Version, len(ids))
	for i, id := range ids {
		if out[i], err = s.Version(ctx, tx, tenant, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// InForce reads the versions in force of all pipelines, archived ones too.
func (s *Service) InForce(ctx context.Context, a org.Actor) (out []Version, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.InForceIn(ctx, tx, a.TenantID)
		return err
	})
	return out, err
}

// InForceIn is InForce inside a transaction.
func (s *Service) InForceIn(ctx context.Context, tx database.Tx, tenant string) ([]Version, error) {
	all, err := s.list(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	out := make([]Version, len(all))
	for i, p := range all {
		if out[i], err = s.Version(ctx, tx, tenant, p.VersionID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// VersionsInForce names the versions in force, in one word: another word is other versions.
func (s *Service) VersionsInForce(ctx context.Context, tx database.Tx, tenant string) (string, error) {
	all, err := s.list(ctx, tx, tenant)
	ids := make([]string, len(all))
	for i, p := range all {
		ids[i] = p.VersionID
	}
	return strings.Join(ids, " "), err
}

// Default is the version in force of the first pipeline that is not archived: where none is
// named. Fault: pipeline.none.
func (s *Service) Default(ctx context.Context, tx database.Tx, tenant string) (Version, error) {
	all, err := s.list(ctx, tx, tenant)
	if err != nil {
		return Version{}, err
	}
	for _, p := range all {
		if !p.Archived {
			return s.Version(ctx, tx, tenant, p.VersionID)
		}
	}
	return Version{}, fault.New(fault.Rule, "pipeline.none", "the company has no pipeline yet")
}

// Current returns the version in force of a pipeline, by id or by name.
func (s *Service) Current(ctx context.Context, tx database.Tx, tenant, pipeline string) (Version, error) {
	all, err := s.list(ctx, tx, tenant)
	if err != nil {
		return Version{}, err
	}
	for _, p := range all {
		if p.ID == pipeline || text.Match(p.Name) == text.Match(pipeline) {
			return s.Version(ctx, tx, tenant, p.VersionID)
		}
	}
	return Version{}, fault.New(fault.NotFound, "pipeline.unknown", "no such pipeline")
}

// Get reads the version in force for an actor.
func (s *Service) Get(ctx context.Context, a org.Actor, pipeline string) (v Version, err error) {
	if err := a.Need(org.PipelineRead); err != nil {
		return v, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		v, err = s.Current(ctx, tx, a.TenantID, pipeline)
		return err
	})
	return v, err
}

// prepare gives new stages and milestones their identity.
func prepare(v Version, now time.Time) Version {
	stages := append([]Stage{}, v.Stages...)
	for i := range stages {
		st := &stages[i]
		st.Name = text.Fold(st.Name)
		if st.ID == "" {
			st.ID = record.NewID(now)
		}
		if st.Phase == "" {
			st.Phase = Middle
		}
		if st.Category == "" {
			st.Category = InPipe
		}
		if st.ConfidenceCapBP == 0 && st.Kind != Lost {
			st.ConfidenceCapBP = 10000
		}
		st.Milestones = append([]Milestone{}, st.Milestones...)
		for j := range st.Milestones {
			if st.Milestones[j].Key == "" {
				st.Milestones[j].Key = fmt.Sprintf("m-%s", record.NewID(now))
			}
		}
	}
	v.Stages = stages
	return v
}

// Create publishes the first version of a new pipeline, whatever pipeline the draft was read of.
func (s *Service) Create(ctx context.Context, a org.Actor, v Version) (Version, error) {
	return s.CreateAs(ctx, a, "", v)
}

// CreateAs is Create under an id its sender may have chosen; the same id and content again are
// answered with the first one. Faults: record.id_taken; pipeline.name_taken, however
// the name is typed.
func (s *Service) CreateAs(ctx context.Context, a org.Actor, id string, v Version) (Version, error) {
	if err := a.Need(org.PipelineEdit); err != nil {
		return v, err
	}
	said := v
	v, err := first(a, id, v)
	if err != nil {
		return v, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), id, said, func(tx database.Tx) (Version, error) {
		if err := tx.Alone(ctx, namesOf(a.TenantID)); err != nil {
			return v, err
		}
		all, err := s.list(ctx, tx, a.TenantID)
		if err != nil {
			return v, err
		}
		if slices.ContainsFunc(all, func(x Summary) bool { return x.ID == v.PipelineID }) {
			return v, record.ErrIDTaken
		}
		if slices.ContainsFunc(all, func(x Summary) bool { return text.Match(x.Name) == text.Match(v.Name) }) {
			return v, nameTaken()
		}
		return v, s.insertFirst(ctx, tx, a, v)
	})
}

// namesOf is what whoever names a pipeline has alone.
func namesOf(tenant string) string { return tenant + " names of pipelines" }

func nameTaken() *fault.Fault {
	taken := fault.Input("/name", "pipeline.name_taken", "another pipeline has this name")
	taken.Kind = fault.Conflict
	return taken
}

// first is a draft as the first version of a new pipeline, under the id that was chosen.
func first(a org.Actor, id string, v Version) (Version, error) {
	v = prepare(v, a.Now)
	v.Name, v.Number, v.Effective, v.Mapping = text.Fold(v.Name), 1, a.Today, nil
	v.ID, v.PipelineID = record.NewID(a.Now), cmp.Or(id, record.NewID(a.Now))
	return v, errors.Join(record.CheckID(id), v.Check())
}

func (s *Service) insertFirst(ctx context.Context, tx database.Tx, a org.Actor, v Version) error {
	if err := database.Taken(s.Rows.InsertPipeline(ctx, tx, a.TenantID, v, a.Now), nameTaken()); err != nil {
		return err
	}
	return s.insertVersion(ctx, tx, a, v, journal.Append(tx, a.By(), published(v)))
}

// Preview says what publishing a draft would do to the open records.
func (s *Service) Preview(ctx context.Context, a org.Actor, pipeline string, draft Version, mapping map[string]string) (out []StageChange, err error) {
	if err := a.Need(org.PipelineEdit); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		old, err := s.Current(ctx, tx, a.TenantID, pipeline)
		if err != nil {
			return err
		}
		draft.Name = old.Name
		draft = prepare(draft, a.Now)
		if err := draft.Check(); err != nil {
			return err
		}
		open, err := s.Remapper.OpenByStage(ctx, tx, a.TenantID, old.PipelineID)
		out = Compare(old, draft, mapping, open)
		return err
	})
	return out, err
}

// Publish makes the draft the version in force and takes the open records over.
// base is the version the draft was made from; a newer one is a conflict. mapping
// sends each stage that is gone to one that is there; new stages are addressed by
// the id the caller gave them. Faults: pipeline.changed_meanwhile,
// pipeline.mapping_missing.
func (s *Service) Publish(ctx context.Context, a org.Actor, pipeline, base string, draft Version, mapping map[string]string) (Version, error) {
	if err := a.Need(org.PipelineEdit); err != nil {
		return draft, err
	}
	published, err := database.Write(ctx, s.DB, func(tx database.Tx) (Version, error) {
		return s.publish(ctx, tx, a, pipeline, base, prepare(draft, a.Now), mapping)
	})
	if err != nil {
		return published, err
	}
	// Once published it is not its caller's to cancel: who goes away leaves no record behind.
	return published, s.takeOver(context.WithoutCancel(ctx), a, published)
}

func key(tenant string) string { return tenant + " publish" }

// Still has the versions in force stay what they are until the transaction ends: what is made
// or opened in one is seen by the take-over of the next. It comes before any record is taken.
func (s *Service) Still(ctx context.Context, tx database.Tx, tenant string) error {
	return tx.Beside(ctx, key(tenant))
}

// publish writes the version. Two who publish follow one another, so the second is told.
func (s *Service) publish(ctx context.Context, tx database.Tx, a org.Actor, pipeline, base string, draft Version, mapping map[string]string) (Version, error) {
	if err := tx.Alone(ctx, key(a.TenantID)); err != nil {
		return draft, err
	}
	old, err := s.Current(ctx, tx, a.TenantID, pipeline)
	if err != nil {
		return draft, err
	}
	if old.ID != base {
		return draft, fault.New(fault.Conflict, "pipeline.changed_meanwhile", "a newer version was published; look at it first")
	}
	draft.Name, draft.Business, draft.PipelineID, draft.Number, draft.Effective = old.Name, old.Business, old.PipelineID, old.Number+1, a.Today
	draft.ID = record.NewID(a.Now)
	if err := draft.Check(); err != nil {
		return draft, err
	}
	open, err := s.Remapper.OpenByStage(ctx, tx, a.TenantID, old.PipelineID)
	if err != nil {
		return draft, err
	}
	for _, c := range Compare(old, draft, mapping, open) {
		if c.ToID == "" {
			return draft, fault.Input("/mapping", "pipeline.mapping_missing", "say where %s goes", c.Name).With("stage", c.Name)
		}
	}
	draft.Mapping = map[string]string{}
	for from, to := range mapping {
		if _, i := old.Stage(from); i >= 0 {
			draft.Mapping[from] = to
		}
	}
	return draft, s.insertVersion(ctx, tx, a, draft, journal.Append(tx, a.By(), published(draft)))
}

// insertVersion writes a version and where it sends the stages of the one before.
func (s *Service) insertVersion(ctx context.Context, tx database.Tx, a org.Actor, v Version, seq database.Seq) error {
	if err := s.Rows.InsertVersion(ctx, tx, a, v, seq); err != nil {
		return err
	}
	for from, to := range v.Mapping {
		if err := s.Rows.InsertMapping(ctx, tx, a.TenantID, v.ID, from, to); err != nil {
			return err
		}
	}
	return nil
}

// takeOver takes the open records of a pipeline over to the version in force. Cut short,
// it is gone on with by TakeOver: records left behind stand in a stage of their own version
// meanwhile, and move by its rules.
func (s *Service) takeOver(ctx context.Context, a org.Actor, to Version) error {
	const chunk = 400 // records; each brings a stay and an entry
	ctx = database.Long(ctx)
	for {
		n, err := database.Write(ctx, s.DB, func(tx database.Tx) (int, error) { return s.Remapper.Remap(ctx, tx, a, to, chunk) })
		if err != nil {
			return err
		}
		if n < chunk {
			return s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.TakenOver(ctx, tx, a.TenantID, to.ID, a.Now) })
		}
	}
}

// TakeOver goes on with every take-over that was cut short, and takes in what was written
// while a version was being published. It is cheap where there is nothing to do.
func (s *Service) TakeOver(ctx context.Context, a org.Actor) error {
	list, err := s.InForce(ctx, a)
	for _, v := range list {
		err = errors.Join(err, s.takeOver(ctx, a, v))
	}
	return err
}

// Ship creates the two pipelines that come ready, both or none, of a company that has no pipeline
// yet: pipelines are never deleted, so one without any was cut short while it was made.
func (s *Service) Ship(ctx context.Context, a org.Actor) error {
	if err := a.Need(org.PipelineEdit); err != nil {
		return err
	}
	zh := a.Company.Locale == "zh-CN"
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := tx.Alone(ctx, namesOf(a.TenantID)); err != nil {
			return err
		}
		all, err := s.list(ctx, tx, a.TenantID)
		if err != nil || len(all) > 0 {
			return err
		}
		for _, v := range []Version{Bid(zh), Distributor(zh)} {
			v, err := first(a, "", v)
			if err == nil {
				err = s.insertFirst(ctx, tx, a, v)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
