-- +goose Up
-- A timeline is read in the order things happened, a page at a time; what else asks for a record's
-- entries takes all of them.
DROP INDEX journal_scope;
CREATE INDEX journal_scope ON journal (tenant_id, scope_kind, scope_id, happened_on, seq);

-- Why a follow-up was written down so long after it happened.
ALTER TABLE follow_up ADD COLUMN late_reason text COLLATE "C" NOT NULL DEFAULT '';
