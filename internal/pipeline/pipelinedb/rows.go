// Package pipelinedb is the SQL of pipelines.
package pipelinedb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/scopedb"
)

// Rows implements pipeline.Rows.
type Rows struct{}

// List is a company's pipelines, those with open deals first: pages begin with the first.
func (Rows) List(ctx context.Context, tx database.Tx, tenant string) ([]pipeline.Summary, error) {
	rows, err := tx.Query(ctx, `SELECT p.id, p.name, p.business_type, p.version_id, v.number, p.archived_at IS NOT NULL
		FROM pipeline p JOIN pipeline_version v ON v.tenant_id = p.tenant_id AND v.id = p.version_id
		WHERE p.tenant_id = $1
		ORDER BY CASE WHEN `+scopedb.PipelineInUse+` THEN 0 ELSE 1 END, p.created_at, p.id LIMIT 200`, tenant)
	return database.All(rows, err, func(r *sql.Rows) (p pipeline.Summary, err error) {
		return p, r.Scan(&p.ID, &p.Name, &p.Business, &p.VersionID, &p.Number, &p.Archived)
	})
}

func (Rows) Version(ctx context.Context, tx database.Tx, tenant, version string) (pipeline.Version, error) {
	v := pipeline.Version{ID: version}
	err := tx.QueryRow(ctx, `SELECT v.pipeline_id, v.number, v.effective_on, v.seq, p.name, p.business_type
		FROM pipeline_version v JOIN pipeline p ON p.tenant_id = v.tenant_id AND p.id = v.pipeline_id
		WHERE v.tenant_id = $1 AND v.id = $2`, tenant, version).Scan(&v.PipelineID, &v.Number, &v.Effective, &v.Seq, &v.Name, &v.Business)
	if errors.Is(err, sql.ErrNoRows) {
		return v, fault.New(fault.NotFound, "pipeline.version_unknown", "no such version")
	} else if err != nil {
		return v, err
	}
	rows, err := tx.Query(ctx, `SELECT stage_id, name, kind, phase, success_bp, confidence_cap_bp, standard_days, max_days, next_step_days,
		buyer_step, qualified, allow_skip, allow_return, forecast_category
		FROM stage_version WHERE tenant_id = $1 AND version_id = $2 ORDER BY position`, tenant, version)
	v.Stages, err = database.All(rows, err, func(r *sql.Rows) (s pipeline.Stage, err error) {
		s.Milestones = []pipeline.Milestone{}
		return s, r.Scan(&s.ID, &s.Name, &s.Kind, &s.Phase, &s.SuccessBP, &s.ConfidenceCapBP, &s.StandardDays, &s.MaxDays, &s.NextStepDays,
			&s.BuyerStep, &s.Qualified, &s.AllowSkip, &s.AllowReturn, &s.Category)
	})
	if err != nil {
		return v, err
	}
	rows, err = tx.Query(ctx, `SELECT stage_id, key, name, evidence, required, acceptance, owner_role, standard_days
		FROM milestone WHERE tenant_id = $1 AND version_id = $2 ORDER BY stage_id, position`, tenant, version)
	if err != nil {
		return v, err
	}
	defer rows.Close()
	for rows.Next() {
		var m pipeline.Milestone
		var stage string
		if err := rows.Scan(&stage, &m.Key, &m.Name, &m.Evidence, &m.Required, &m.Acceptance, &m.OwnerRole, &m.StandardDays); err != nil {
			return v, err
		}
		if _, i := v.Stage(stage); i >= 0 {
			v.Stages[i].Milestones = append(v.Stages[i].Milestones, m)
		}
	}
	if err := rows.Err(); err != nil {
		return v, err
	}
	v.Mapping, err = mapping(ctx, tx, tenant, version)
	return v, err
}

// mapping is where a version sends the stages of the one before.
func mapping(ctx context.Context, tx database.Tx, tenant, version string) (map[string]string, error) {
	rows, err := tx.Query(ctx, `SELECT from_stage_id, to_stage_id FROM stage_mapping
		WHERE tenant_id = $1 AND version_id = $2`, tenant, version)
	pairs, err := database.All(rows, err, func(r *sql.Rows) (p [2]string, err error) { return p, r.Scan(&p[0], &p[1]) })
	out := make(map[string]string, len(pairs))
	for _, p := range pairs {
		out[p[0]] = p[1]
	}
	return out, err
}

// Versions lists the ids of a pipeline's versions, the first one first.
func (Rows) Versions(ctx context.Context, tx database.Tx, tenant, pipelineID string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT id FROM pipeline_version WHERE tenant_id = $1 AND pipeline_id = $2 ORDER BY number`, tenant, pipelineID)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

func (Rows) InsertPipeline(ctx context.Context, tx database.Tx, tenant string, v pipeline.Version, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO pipeline (tenant_id, id, name, business_type, created_at) VALUES ($1,$2,$3,$4,$5)`, tenant, v.PipelineID, v.Name, v.Business, now)
	return err
}

// InsertVersion writes a version, keeps the stages' identities with their newest
// place, and puts the version in force.
func (r Rows) InsertVersion(ctx context.Context, tx database.Tx, a org.Actor, v pipeline.Version, seq database.Seq) error {
	_, err := tx.Exec(ctx, `INSERT INTO pipeline_version (tenant_id, id, pipeline_id, number, effective_on, published_at, published_by)
		VALUES ($1,$2,$3,$4,$5,$6,$7)`, a.TenantID, v.ID, v.PipelineID, v.Number, string(v.Effective), a.Now, a.MemberID)
	if err != nil {
		return err
	}
	tx.Later(`UPDATE pipeline_version SET seq = $1 WHERE tenant_id = $2 AND id = $3`, seq, a.TenantID, v.ID)
	if err := r.SaveStages(ctx, tx, a.TenantID, v); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE pipeline SET version_id = $3 WHERE tenant_id = $1 AND id = $2`, a.TenantID, v.PipelineID, v.ID)
	return err
}

func (Rows) SaveStages(ctx context.Context, tx database.Tx, tenant string, v pipeline.Version) error {
	args := &database.Args{}
	ids := make([]string, len(v.Stages))
	for i, s := range v.Stages {
		ids[i] = s.ID
	}
	var foreign int
	err := tx.QueryRow(ctx, `SELECT count(*) FROM stage WHERE tenant_id = `+args.Add(tenant)+` AND pipeline_id <> `+args.Add(v.PipelineID)+` AND id IN `+database.In(args, ids), args.Values...).Scan(&foreign)
	if err != nil {
		return err
	}
	if foreign > 0 { // an identity belongs to one pipeline: its history hangs on it
		return fault.Input("/stages", "pipeline.stage_of_another", "a stage's id belongs to another pipeline; leave it empty for a new stage")
	}
	var stages, versions, milestones [][]any
	for i, s := range v.Stages {
		stages = append(stages, []any{tenant, s.ID, v.PipelineID, s.Name, string(s.Kind), i})
		versions = append(versions, []any{tenant, v.ID, s.ID, i, s.Name, string(s.Kind), string(s.Phase), s.SuccessBP, s.ConfidenceCapBP,
			s.StandardDays, s.MaxDays, s.NextStepDays, s.BuyerStep, s.Qualified, s.AllowSkip, s.AllowReturn, string(s.Category)})
		for j, m := range s.Milestones {
			milestones = append(milestones, []any{tenant, v.ID, s.ID, m.Key, j, m.Name, string(m.Evidence), m.Required, m.Acceptance, m.OwnerRole, m.StandardDays})
		}
	}
	return errors.Join(
		tx.InsertMany(ctx, "stage", "tenant_id, id, pipeline_id, name, kind, position",
			"ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, position = excluded.position", stages),
		tx.InsertMany(ctx, "stage_version", `tenant_id, version_id, stage_id, position, name, kind, phase, success_bp, confidence_cap_bp,
			standard_days, max_days, next_step_days, buyer_step, qualified, allow_skip, allow_return, forecast_category`, "", versions),
		tx.InsertMany(ctx, "milestone", "tenant_id, version_id, stage_id, key, position, name, evidence, required, acceptance, owner_role, standard_days", "", milestones))
}

func (Rows) InsertMapping(ctx context.Context, tx database.Tx, tenant, version, from, to string) error {
	_, err := tx.Exec(ctx, `INSERT INTO stage_mapping (tenant_id, version_id, from_stage_id, to_stage_id) VALUES ($1,$2,$3,$4)`, tenant, version, from, to)
	return err
}

// TakenOver says that no open record was left in an earlier version.
func (Rows) TakenOver(ctx context.Context, tx database.Tx, tenant, version string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE pipeline_version SET taken_over_at = $3 WHERE tenant_id = $1 AND id = $2 AND taken_over_at IS NULL`, tenant, version, now)
	return err
}
