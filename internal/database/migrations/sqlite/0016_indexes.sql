-- +goose Up
-- An index costs every act that changes one of its columns a page and more. Here goes what nobody
-- reads, and what few rows are read by holds these rows alone. Who reads which:
-- docs/decisions/0023-indexes.md.

-- Lists are ordered in memory; what SQL still orders is the default list, until memory is there,
-- and small selections. A move changes stage and clock, so it would write each of these.
DROP INDEX opportunity_stage;
DROP INDEX opportunity_clock;
DROP INDEX opportunity_entered;
DROP INDEX opportunity_contact_on;
DROP INDEX opportunity_closed;
DROP INDEX opportunity_expected;
DROP INDEX opportunity_amount;
DROP INDEX opportunity_reporting;
DROP INDEX opportunity_name;
DROP INDEX opportunity_match;
-- postgres: DROP INDEX opportunity_expected_desc;
-- What publishing a version looks for.
CREATE INDEX opportunity_open ON opportunity (tenant_id, pipeline_id, version_id, id) WHERE state = 'open';

-- Stays are read by their record. No index may hold what leaving a stay changes.
DROP INDEX stay_stage;
-- only sqlite:
DROP INDEX stay_id;
-- both:
-- postgres: ALTER TABLE stay DROP CONSTRAINT stay_tenant_id_id_key;
DROP INDEX stay_to_accept;
CREATE INDEX stay_to_accept ON stay (tenant_id, recorded_at, id)
  WHERE exception AND state = 'won' AND accepted_seq IS NULL AND voided_at IS NULL;

-- Most entries are seen with what they are about: these are found by the index of scopes. Time
-- goes on with the numbers of a company, so every 64th entry is enough to find an instant.
DROP INDEX journal_subject;
CREATE INDEX journal_subject ON journal (tenant_id, subject_kind, subject_id, seq) WHERE scope_id <> subject_id OR scope_kind <> subject_kind;
DROP INDEX journal_recorded;
CREATE INDEX journal_recorded ON journal (tenant_id, recorded_at, seq) WHERE seq % 64 = 0;

DROP INDEX credit_line_member;
DROP INDEX credit_line_team;

-- Links tell what a follow-up is about.
DROP INDEX follow_up_opportunity;
DROP INDEX follow_up_account;
DROP INDEX follow_up_member;

-- What somebody gave others to do; most do what they wrote down themselves.
DROP INDEX task_creator;
CREATE INDEX task_creator ON task (tenant_id, created_by, done_on, due_on) WHERE member_id <> created_by;

-- Whose every column is in the key lies in its order: one tree instead of two.
-- only sqlite:
CREATE TABLE record_link_16 (
  tenant_id text NOT NULL,
  kind text NOT NULL,
  id text NOT NULL,
  to_kind text NOT NULL,
  to_id text NOT NULL,
  PRIMARY KEY (tenant_id, kind, id, to_kind, to_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
) WITHOUT ROWID;
INSERT INTO record_link_16 SELECT tenant_id, kind, id, to_kind, to_id FROM record_link ORDER BY tenant_id, kind, id, to_kind, to_id;
DROP TABLE record_link;
ALTER TABLE record_link_16 RENAME TO record_link;
CREATE INDEX record_link_to ON record_link (tenant_id, to_kind, to_id, kind, id);
CREATE TABLE opportunity_share_16 (
  tenant_id text NOT NULL,
  opportunity_id text NOT NULL,
  member_id text NOT NULL,
  kind text NOT NULL,
  share_bp bigint NOT NULL,
  PRIMARY KEY (tenant_id, opportunity_id, member_id, kind),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
) WITHOUT ROWID;
INSERT INTO opportunity_share_16 SELECT tenant_id, opportunity_id, member_id, kind, share_bp FROM opportunity_share
  ORDER BY tenant_id, opportunity_id, member_id, kind;
DROP TABLE opportunity_share;
ALTER TABLE opportunity_share_16 RENAME TO opportunity_share;
CREATE TABLE external_ref_16 (
  tenant_id text NOT NULL,
  record_kind text NOT NULL,
  source text NOT NULL,
  external_id text NOT NULL,
  record_id text NOT NULL,
  PRIMARY KEY (tenant_id, record_kind, source, external_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
) WITHOUT ROWID;
INSERT INTO external_ref_16 SELECT tenant_id, record_kind, source, external_id, record_id FROM external_ref
  ORDER BY tenant_id, record_kind, source, external_id;
DROP TABLE external_ref;
ALTER TABLE external_ref_16 RENAME TO external_ref;
CREATE INDEX external_ref_record ON external_ref (tenant_id, record_id);
-- both:

-- Room on the page for the next state of a row, so that it needs no new entry in any index.
-- postgres: ALTER TABLE opportunity SET (fillfactor = 80);
-- postgres: ALTER TABLE stay SET (fillfactor = 85);
-- postgres: ALTER TABLE task SET (fillfactor = 85);
