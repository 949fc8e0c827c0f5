-- +goose Up
-- Two records that were one: which stays, which went into it, and what the one that stays held before, which is
-- texts and ids of people and so in no entry. One goes into one other at a time.
CREATE TABLE merging (
  tenant_id text NOT NULL,
  id text NOT NULL,
  kind text NOT NULL,
  kept_id text NOT NULL,
  gone_id text NOT NULL,
  before text NOT NULL DEFAULT '{}',
  made_at text NOT NULL,
  made_by text NOT NULL,
  undone_at text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE UNIQUE INDEX merging_gone ON merging (tenant_id, kind, gone_id) WHERE undone_at IS NULL;
CREATE INDEX merging_kept ON merging (tenant_id, kind, kept_id, id);
-- The jobs at an account go with it.
CREATE INDEX employment_account ON employment (tenant_id, account_id, id);
