-- +goose Up
-- The audit trail is read from the journal: the entries it reads are marked, and found in the
-- order of time, by kind, by person and by what they are about.
ALTER TABLE journal ADD COLUMN audited boolean NOT NULL DEFAULT false;
UPDATE journal SET audited = true WHERE subject_kind IN ('member', 'role', 'team', 'seat', 'company', 'export', 'import',
  'handover', 'saved_view', 'pipeline', 'field') OR kind IN ('contact.erased', 'opportunity.team_set');
CREATE INDEX journal_audited ON journal (tenant_id, recorded_at, id) WHERE audited;
CREATE INDEX journal_audited_kind ON journal (tenant_id, kind, recorded_at, id) WHERE audited;
CREATE INDEX journal_audited_actor ON journal (tenant_id, actor_id, recorded_at, id) WHERE audited;
CREATE INDEX journal_audited_subject ON journal (tenant_id, subject_id, recorded_at, id) WHERE audited;

-- From where: addresses are a person's, and go after the time the company says; entries stay.
CREATE TABLE entry_address (
  tenant_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  recorded_at text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, seq),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE INDEX entry_address_of ON entry_address (tenant_id, address, recorded_at, id);

-- What failed or was refused changed nothing, so it is no entry: it is counted by the hour, person,
-- address and kind, so many rows an hour at most. What was typed as a name is kept nowhere; of a
-- name nobody has the company is none ("").
CREATE TABLE failed_act (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  hour text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  times bigint NOT NULL,
  first_at text COLLATE "C" NOT NULL,
  last_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX failed_act_counted ON failed_act (tenant_id, hour, kind, member_id, address);
CREATE INDEX failed_act_time ON failed_act (tenant_id, first_at, id);

-- How long addresses and failures are kept, where a company says so.
CREATE TABLE audit_policy (
  tenant_id text COLLATE "C" NOT NULL PRIMARY KEY,
  keep_days bigint NOT NULL,
  version bigint NOT NULL,
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
