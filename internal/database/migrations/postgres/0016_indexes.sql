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
DROP INDEX opportunity_expected_desc;
-- What publishing a version looks for.
CREATE INDEX opportunity_open ON opportunity (tenant_id, pipeline_id, version_id, id) WHERE state = 'open';

-- Stays are read by their record. No index may hold what leaving a stay changes.
DROP INDEX stay_stage;
ALTER TABLE stay DROP CONSTRAINT stay_tenant_id_id_key;
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

-- Room on the page for the next state of a row, so that it needs no new entry in any index.
ALTER TABLE opportunity SET (fillfactor = 80);
ALTER TABLE stay SET (fillfactor = 85);
ALTER TABLE task SET (fillfactor = 85);
