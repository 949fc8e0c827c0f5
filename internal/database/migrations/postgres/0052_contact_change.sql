-- +goose Up
-- A person at a customer changed (换人): went to another post, left, gave one matter to somebody else, or has another
-- title. Told as suspected it only asks; confirmed it touches the open opportunities in which he had a role that day.
-- What the successor is called is kept until he is a contact.
CREATE TABLE contact_change (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  contact_id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  effective_on text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  successor_id text COLLATE "C",
  successor_name text COLLATE "C" NOT NULL DEFAULT '',
  to_account_id text COLLATE "C",
  department text COLLATE "C" NOT NULL DEFAULT '',
  title text COLLATE "C" NOT NULL DEFAULT '',
  opportunity_id text COLLATE "C",
  told_at text COLLATE "C" NOT NULL,
  told_by text COLLATE "C" NOT NULL,
  confirmed_at text COLLATE "C",
  confirmed_by text COLLATE "C",
  ended_at text COLLATE "C",
  ended_by text COLLATE "C",
  job_id text COLLATE "C",
  successor_job_id text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
  FOREIGN KEY (tenant_id, successor_id) REFERENCES contact (tenant_id, id)
);
CREATE INDEX contact_change_contact ON contact_change (tenant_id, contact_id);
CREATE INDEX contact_change_account ON contact_change (tenant_id, account_id, id);
CREATE INDEX contact_change_successor ON contact_change (tenant_id, successor_id) WHERE successor_id IS NOT NULL;
CREATE INDEX contact_change_open ON contact_change (tenant_id, id) WHERE state IN ('suspected', 'confirmed');
-- Each opportunity it touches, or of one that is suspected would: which role he had, until when the successor is to be
-- met, the task that says so, when he was only written to, and when he was met.
CREATE TABLE contact_change_deal (
  tenant_id text COLLATE "C" NOT NULL,
  change_id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL,
  late boolean NOT NULL,
  due_on text COLLATE "C" NOT NULL,
  due_at text COLLATE "C" NOT NULL,
  task_id text COLLATE "C",
  talked_at text COLLATE "C",
  met_at text COLLATE "C",
  PRIMARY KEY (tenant_id, change_id, opportunity_id),
  FOREIGN KEY (tenant_id, change_id) REFERENCES contact_change (tenant_id, id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id)
);
CREATE INDEX contact_change_deal_of ON contact_change_deal (tenant_id, opportunity_id);
