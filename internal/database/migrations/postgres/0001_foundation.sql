-- +goose Up
-- The foundation: what cannot be added later. Every key begins with the tenant so
-- that the same schema can be sharded by tenant; the exceptions (tenant, login,
-- session_token) are the directory that finds a tenant in the first place.
-- Instants are RFC 3339 UTC texts with milliseconds, days are 2026-02-28, amounts
-- are minor units, rates are basis points.

CREATE TABLE tenant (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  time_zone text COLLATE "C" NOT NULL,
  locale text COLLATE "C" NOT NULL,
  backdate_days bigint NOT NULL DEFAULT 60,
  org_version bigint NOT NULL DEFAULT 1,
  created_at text COLLATE "C" NOT NULL
);

-- Directory: a login name or session token is all a request brings.
CREATE TABLE login (
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  tenant_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  failures bigint NOT NULL DEFAULT 0,
  locked_until text COLLATE "C"
);
CREATE TABLE session_token (
  token_hash text COLLATE "C" NOT NULL PRIMARY KEY,
  tenant_id text COLLATE "C" NOT NULL,
  session_id text COLLATE "C" NOT NULL
);

-- One counter row a tenant numbers its journal; the handle locks it last.
CREATE TABLE journal_counter (
  tenant_id text COLLATE "C" NOT NULL PRIMARY KEY,
  seq bigint NOT NULL,
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE journal (
  tenant_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  recorded_at text COLLATE "C" NOT NULL,
  happened_on text COLLATE "C" NOT NULL,
  actor_id text COLLATE "C" NOT NULL,
  on_behalf_of text COLLATE "C",
  path text COLLATE "C" NOT NULL,
  subject_kind text COLLATE "C" NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  scope_kind text COLLATE "C" NOT NULL,
  scope_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  payload text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX journal_subject ON journal (tenant_id, subject_kind, subject_id, seq);
CREATE INDEX journal_scope ON journal (tenant_id, scope_kind, scope_id, seq);

-- Organisation. Everything that changes with time is an interval [from_on, to_on).
CREATE TABLE member (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  pinyin text COLLATE "C" NOT NULL,
  initials text COLLATE "C" NOT NULL,
  email text COLLATE "C" NOT NULL DEFAULT '',
  phone text COLLATE "C" NOT NULL DEFAULT '',
  login_name text COLLATE "C",
  password_hash text COLLATE "C",
  must_change_password boolean NOT NULL DEFAULT false,
  locale text COLLATE "C" NOT NULL DEFAULT '',
  joined_on text COLLATE "C",
  left_on text COLLATE "C",
  created_at text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE INDEX member_name ON member (tenant_id, name_key);
CREATE TABLE session (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  csrf_token text COLLATE "C" NOT NULL,
  agent text COLLATE "C" NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  seen_at text COLLATE "C" NOT NULL,
  expires_at text COLLATE "C" NOT NULL,
  revoked_at text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX session_member ON session (tenant_id, member_id, created_at);
CREATE TABLE team (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  region text COLLATE "C" NOT NULL DEFAULT '',
  created_at text COLLATE "C" NOT NULL,
  closed_on text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE team_parent (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  team_id text COLLATE "C" NOT NULL,
  parent_id text COLLATE "C",
  from_on text COLLATE "C" NOT NULL,
  to_on text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES team (tenant_id, id)
);
CREATE INDEX team_parent_team ON team_parent (tenant_id, team_id, from_on);
CREATE TABLE position (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  leads boolean NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE seat (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  team_id text COLLATE "C" NOT NULL,
  position_id text COLLATE "C" NOT NULL,
  from_on text COLLATE "C" NOT NULL,
  to_on text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id),
  FOREIGN KEY (tenant_id, position_id) REFERENCES position (tenant_id, id)
);
CREATE INDEX seat_team ON seat (tenant_id, team_id);
CREATE TABLE seat_holder (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  seat_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  main boolean NOT NULL,
  from_on text COLLATE "C" NOT NULL,
  to_on text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, seat_id) REFERENCES seat (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX seat_holder_member ON seat_holder (tenant_id, member_id, from_on);
CREATE INDEX seat_holder_seat ON seat_holder (tenant_id, seat_id, from_on);
-- A member's roles; product lines and regions narrow a role to some of them.
CREATE TABLE member_role (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL,
  product_lines text COLLATE "C" NOT NULL DEFAULT '[]',
  regions text COLLATE "C" NOT NULL DEFAULT '[]',
  from_on text COLLATE "C" NOT NULL,
  to_on text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX member_role_member ON member_role (tenant_id, member_id, from_on);
-- An assistant types for a principal.
CREATE TABLE delegation (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  principal_id text COLLATE "C" NOT NULL,
  assistant_id text COLLATE "C" NOT NULL,
  from_on text COLLATE "C" NOT NULL,
  to_on text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, principal_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, assistant_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX delegation_assistant ON delegation (tenant_id, assistant_id);

-- Calendar years a company loaded itself; the shipped ones are in the program.
CREATE TABLE holiday_year (
  tenant_id text COLLATE "C" NOT NULL,
  year bigint NOT NULL,
  body text COLLATE "C" NOT NULL,
  loaded_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, year),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
-- Dated rates into the reporting currency, per money.RateScale.
CREATE TABLE exchange_rate (
  tenant_id text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  from_on text COLLATE "C" NOT NULL,
  rate bigint NOT NULL,
  PRIMARY KEY (tenant_id, currency, from_on),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- A company's own fields, and their values by record.
CREATE TABLE custom_field (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  record_kind text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  label text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  options text COLLATE "C" NOT NULL DEFAULT '[]',
  position bigint NOT NULL,
  retired_at text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, record_kind, key),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE custom_value (
  tenant_id text COLLATE "C" NOT NULL,
  record_id text COLLATE "C" NOT NULL,
  field_id text COLLATE "C" NOT NULL,
  text_value text COLLATE "C",
  number_value bigint,
  PRIMARY KEY (tenant_id, record_id, field_id),
  FOREIGN KEY (tenant_id, field_id) REFERENCES custom_field (tenant_id, id)
);
CREATE INDEX custom_value_text ON custom_value (tenant_id, field_id, text_value);
CREATE INDEX custom_value_number ON custom_value (tenant_id, field_id, number_value);

-- Ids a record carries in other systems.
CREATE TABLE external_ref (
  tenant_id text COLLATE "C" NOT NULL,
  record_kind text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  record_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, record_kind, source, external_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE INDEX external_ref_record ON external_ref (tenant_id, record_id);

CREATE TABLE product_line (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  series text COLLATE "C" NOT NULL DEFAULT '',
  list_price_minor bigint,
  retired_at text COLLATE "C",
  created_at text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name_key),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE competitor (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name_key),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

CREATE TABLE account (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  pinyin text COLLATE "C" NOT NULL,
  initials text COLLATE "C" NOT NULL,
  parent_id text COLLATE "C",
  industry text COLLATE "C" NOT NULL DEFAULT '',
  region text COLLATE "C" NOT NULL DEFAULT '',
  class text COLLATE "C" NOT NULL DEFAULT '',
  owner_id text COLLATE "C",
  team_id text COLLATE "C",
  created_on text COLLATE "C",
  created_at text COLLATE "C" NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  deleted_at text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES account (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
);
CREATE INDEX account_name ON account (tenant_id, pinyin, id);
CREATE INDEX account_match ON account (tenant_id, name_key);
CREATE INDEX account_owner ON account (tenant_id, owner_id, pinyin, id);
CREATE INDEX account_parent ON account (tenant_id, parent_id);
CREATE INDEX account_created ON account (tenant_id, created_at, id);

CREATE TABLE contact (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  pinyin text COLLATE "C" NOT NULL,
  initials text COLLATE "C" NOT NULL,
  account_id text COLLATE "C",
  title text COLLATE "C" NOT NULL DEFAULT '',
  mobile text COLLATE "C" NOT NULL DEFAULT '',
  phone text COLLATE "C" NOT NULL DEFAULT '',
  email text COLLATE "C" NOT NULL DEFAULT '',
  wechat text COLLATE "C" NOT NULL DEFAULT '',
  created_at text COLLATE "C" NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  deleted_at text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX contact_account ON contact (tenant_id, account_id, pinyin, id);
CREATE INDEX contact_name ON contact (tenant_id, pinyin, id);
CREATE TABLE employment (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  contact_id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  title text COLLATE "C" NOT NULL DEFAULT '',
  from_on text COLLATE "C",
  to_on text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX employment_contact ON employment (tenant_id, contact_id);

-- Pipelines. A stage keeps its identity across versions; stage.position is its
-- place in the newest version that has it, and orders history in reports.
CREATE TABLE pipeline (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  business_type text COLLATE "C" NOT NULL DEFAULT '',
  version_id text COLLATE "C",
  archived_at text COLLATE "C",
  created_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE pipeline_version (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  pipeline_id text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  effective_on text COLLATE "C" NOT NULL,
  published_at text COLLATE "C" NOT NULL,
  published_by text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, pipeline_id, number),
  FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id)
);
CREATE TABLE stage (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  pipeline_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id)
);
CREATE INDEX stage_pipeline ON stage (tenant_id, pipeline_id, position);
CREATE TABLE stage_version (
  tenant_id text COLLATE "C" NOT NULL,
  version_id text COLLATE "C" NOT NULL,
  stage_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  phase text COLLATE "C" NOT NULL,
  success_bp bigint NOT NULL,
  confidence_cap_bp bigint NOT NULL,
  standard_days bigint NOT NULL,
  max_days bigint NOT NULL,
  next_step_days bigint NOT NULL,
  buyer_step text COLLATE "C" NOT NULL DEFAULT '',
  qualified boolean NOT NULL,
  allow_skip boolean NOT NULL,
  allow_return boolean NOT NULL,
  forecast_category text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, version_id, stage_id),
  FOREIGN KEY (tenant_id, version_id) REFERENCES pipeline_version (tenant_id, id),
  FOREIGN KEY (tenant_id, stage_id) REFERENCES stage (tenant_id, id)
);
CREATE TABLE milestone (
  tenant_id text COLLATE "C" NOT NULL,
  version_id text COLLATE "C" NOT NULL,
  stage_id text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  evidence text COLLATE "C" NOT NULL,
  required boolean NOT NULL,
  acceptance boolean NOT NULL,
  owner_role text COLLATE "C" NOT NULL,
  standard_days bigint NOT NULL,
  PRIMARY KEY (tenant_id, version_id, stage_id, key),
  FOREIGN KEY (tenant_id, version_id, stage_id) REFERENCES stage_version (tenant_id, version_id, stage_id)
);
-- How a version took over the open records of the one before.
CREATE TABLE stage_mapping (
  tenant_id text COLLATE "C" NOT NULL,
  version_id text COLLATE "C" NOT NULL,
  from_stage_id text COLLATE "C" NOT NULL,
  to_stage_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, version_id, from_stage_id),
  FOREIGN KEY (tenant_id, version_id) REFERENCES pipeline_version (tenant_id, id),
  FOREIGN KEY (tenant_id, from_stage_id) REFERENCES stage (tenant_id, id),
  FOREIGN KEY (tenant_id, to_stage_id) REFERENCES stage (tenant_id, id)
);

-- Opportunities. Columns from state on are conveniences kept with the stays.
CREATE TABLE opportunity (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  pinyin text COLLATE "C" NOT NULL,
  initials text COLLATE "C" NOT NULL,
  account_id text COLLATE "C",
  pipeline_id text COLLATE "C" NOT NULL,
  version_id text COLLATE "C" NOT NULL,
  owner_id text COLLATE "C",
  team_id text COLLATE "C",
  region text COLLATE "C" NOT NULL DEFAULT '',
  amount_minor bigint,
  currency text COLLATE "C" NOT NULL,
  tax_included boolean NOT NULL DEFAULT true,
  expected_on text COLLATE "C",
  confidence_bp bigint,
  source text COLLATE "C" NOT NULL DEFAULT '',
  created_on text COLLATE "C",
  created_at text COLLATE "C" NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  batch_id text COLLATE "C",
  state text COLLATE "C" NOT NULL,
  stage_id text COLLATE "C",
  entered_on text COLLATE "C",
  closed_on text COLLATE "C",
  signed_on text COLLATE "C",
  contract_minor bigint,
  loss_kind text COLLATE "C",
  loss_reason text COLLATE "C",
  competitor_id text COLLATE "C",
  progress_on text COLLATE "C",
  contact_on text COLLATE "C",
  waiting_on text COLLATE "C",
  pushes bigint NOT NULL DEFAULT 0,
  deleted_at text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
  FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id),
  FOREIGN KEY (tenant_id, version_id) REFERENCES pipeline_version (tenant_id, id),
  FOREIGN KEY (tenant_id, stage_id) REFERENCES stage (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id),
  FOREIGN KEY (tenant_id, competitor_id) REFERENCES competitor (tenant_id, id)
);
CREATE INDEX opportunity_owner ON opportunity (tenant_id, owner_id, state);
CREATE INDEX opportunity_stage ON opportunity (tenant_id, pipeline_id, state, stage_id, entered_on);
CREATE INDEX opportunity_account ON opportunity (tenant_id, account_id);
CREATE INDEX opportunity_created ON opportunity (tenant_id, created_at, id);
CREATE INDEX opportunity_amount ON opportunity (tenant_id, amount_minor, id);
CREATE INDEX opportunity_expected ON opportunity (tenant_id, expected_on, id);
CREATE INDEX opportunity_name ON opportunity (tenant_id, pinyin, id);
CREATE INDEX opportunity_match ON opportunity (tenant_id, name_key);

-- The stage log. A won, lost or withdrawn record ends in a stay of that state;
-- a withdrawn stay has no stage. Corrections void a stay, nothing is rewritten.
CREATE TABLE stay (
  tenant_id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  ord bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  pipeline_id text COLLATE "C" NOT NULL,
  version_id text COLLATE "C" NOT NULL,
  stage_id text COLLATE "C",
  state text COLLATE "C" NOT NULL,
  move text COLLATE "C" NOT NULL,
  entered_on text COLLATE "C",
  entered_at text COLLATE "C",
  recorded_at text COLLATE "C" NOT NULL,
  recorded_on text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL DEFAULT '',
  exception boolean NOT NULL DEFAULT false,
  exception_seen_at text COLLATE "C",
  left_on text COLLATE "C",
  left_at text COLLATE "C",
  left_move text COLLATE "C",
  voided_at text COLLATE "C",
  PRIMARY KEY (tenant_id, opportunity_id, ord),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id),
  FOREIGN KEY (tenant_id, stage_id) REFERENCES stage (tenant_id, id)
);
CREATE INDEX stay_stage ON stay (tenant_id, pipeline_id, stage_id, entered_on);

-- Owners of accounts and opportunities, as intervals.
CREATE TABLE ownership (
  tenant_id text COLLATE "C" NOT NULL,
  record_id text COLLATE "C" NOT NULL,
  ord bigint NOT NULL,
  record_kind text COLLATE "C" NOT NULL,
  member_id text COLLATE "C",
  team_id text COLLATE "C",
  from_on text COLLATE "C" NOT NULL,
  to_on text COLLATE "C",
  handover_id text COLLATE "C",
  PRIMARY KEY (tenant_id, record_id, ord),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
);
CREATE INDEX ownership_member ON ownership (tenant_id, member_id, from_on);
CREATE TABLE opportunity_share (
  tenant_id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  share_bp bigint NOT NULL,
  PRIMARY KEY (tenant_id, opportunity_id, member_id, kind),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE TABLE deal_team (
  tenant_id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, opportunity_id, member_id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX deal_team_member ON deal_team (tenant_id, member_id);
CREATE TABLE opportunity_contact (
  tenant_id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  contact_id text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, opportunity_id, contact_id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE TABLE opportunity_line (
  tenant_id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  ord bigint NOT NULL,
  product_line_id text COLLATE "C" NOT NULL,
  amount_minor bigint NOT NULL,
  quantity_milli bigint,
  note text COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, opportunity_id, ord),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, product_line_id) REFERENCES product_line (tenant_id, id)
);
CREATE INDEX opportunity_line_product ON opportunity_line (tenant_id, product_line_id, opportunity_id);
CREATE TABLE opportunity_competitor (
  tenant_id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  competitor_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, opportunity_id, competitor_id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, competitor_id) REFERENCES competitor (tenant_id, id)
);

-- Evidence for a milestone. One that is replaced stays as it was submitted.
CREATE TABLE evidence (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  stage_id text COLLATE "C" NOT NULL,
  milestone_key text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  text_value text COLLATE "C" NOT NULL DEFAULT '',
  date_value text COLLATE "C",
  number_value bigint,
  contact_id text COLLATE "C",
  file_id text COLLATE "C",
  submitted_on text COLLATE "C" NOT NULL,
  submitted_at text COLLATE "C" NOT NULL,
  submitted_by text COLLATE "C" NOT NULL,
  decided_at text COLLATE "C",
  decided_by text COLLATE "C",
  decision_note text COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE INDEX evidence_opportunity ON evidence (tenant_id, opportunity_id);
CREATE INDEX evidence_status ON evidence (tenant_id, status, submitted_at);
CREATE TABLE file (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  owner_kind text COLLATE "C" NOT NULL,
  owner_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  size bigint NOT NULL,
  hash text COLLATE "C" NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE INDEX file_owner ON file (tenant_id, owner_id);
CREATE TABLE file_chunk (
  tenant_id text COLLATE "C" NOT NULL,
  hash text COLLATE "C" NOT NULL,
  ord bigint NOT NULL,
  body text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, hash, ord),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- Credit lines: written by a fact, frozen with it.
CREATE TABLE credit_line (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  fact_kind text COLLATE "C" NOT NULL,
  fact_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  team_id text COLLATE "C",
  position_id text COLLATE "C",
  kind text COLLATE "C" NOT NULL,
  share_bp bigint NOT NULL,
  amount_minor bigint,
  currency text COLLATE "C" NOT NULL,
  credited_on text COLLATE "C",
  voided_at text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX credit_line_fact ON credit_line (tenant_id, fact_id);
CREATE INDEX credit_line_member ON credit_line (tenant_id, member_id, credited_on);

CREATE TABLE follow_up (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C",
  account_id text COLLATE "C",
  channel text COLLATE "C" NOT NULL,
  happened_on text COLLATE "C" NOT NULL,
  happened_at text COLLATE "C",
  two_way boolean NOT NULL,
  words text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  recorded_at text COLLATE "C" NOT NULL,
  recorded_by text COLLATE "C" NOT NULL,
  deleted_at text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX follow_up_opportunity ON follow_up (tenant_id, opportunity_id, happened_on);
CREATE INDEX follow_up_account ON follow_up (tenant_id, account_id, happened_on);
CREATE INDEX follow_up_member ON follow_up (tenant_id, member_id, happened_on);
CREATE TABLE follow_up_contact (
  tenant_id text COLLATE "C" NOT NULL,
  follow_up_id text COLLATE "C" NOT NULL,
  contact_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, follow_up_id, contact_id),
  FOREIGN KEY (tenant_id, follow_up_id) REFERENCES follow_up (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE TABLE next_step (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  what text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  due_on text COLLATE "C" NOT NULL,
  customer_agreed boolean NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  done_on text COLLATE "C",
  done_at text COLLATE "C",
  result text COLLATE "C" NOT NULL DEFAULT '',
  dropped_at text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX next_step_opportunity ON next_step (tenant_id, opportunity_id, due_on);
CREATE INDEX next_step_member ON next_step (tenant_id, member_id, done_on, due_on);

-- A hand-over moves records from one owner to another; the receiver confirms.
CREATE TABLE handover (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  from_member_id text COLLATE "C",
  to_member_id text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  effective_on text COLLATE "C" NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  confirmed_at text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, to_member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX handover_to ON handover (tenant_id, to_member_id, confirmed_at);

CREATE TABLE saved_view (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  screen text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  query text COLLATE "C" NOT NULL,
  shared boolean NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX saved_view_screen ON saved_view (tenant_id, screen);
CREATE TABLE idempotency_key (
  tenant_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  request_hash text COLLATE "C" NOT NULL,
  response text COLLATE "C" NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, member_id, key),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);

-- Imports: the batch, what it could not take, and what it changed (for undo).
CREATE TABLE import_batch (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  dry_run boolean NOT NULL,
  files text COLLATE "C" NOT NULL,
  mapping text COLLATE "C" NOT NULL,
  summary text COLLATE "C" NOT NULL DEFAULT '{}',
  rows_total bigint NOT NULL DEFAULT 0,
  rows_done bigint NOT NULL DEFAULT 0,
  error text COLLATE "C" NOT NULL DEFAULT '',
  created_at text COLLATE "C" NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  finished_at text COLLATE "C",
  cancel_at text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE import_issue (
  tenant_id text COLLATE "C" NOT NULL,
  batch_id text COLLATE "C" NOT NULL,
  ord bigint NOT NULL,
  file text COLLATE "C" NOT NULL,
  line bigint NOT NULL,
  field text COLLATE "C" NOT NULL,
  level text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  detail text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, batch_id, ord),
  FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batch (tenant_id, id)
);
CREATE TABLE import_change (
  tenant_id text COLLATE "C" NOT NULL,
  batch_id text COLLATE "C" NOT NULL,
  record_kind text COLLATE "C" NOT NULL,
  record_id text COLLATE "C" NOT NULL,
  created boolean NOT NULL,
  before text COLLATE "C" NOT NULL,
  after_version bigint NOT NULL,
  PRIMARY KEY (tenant_id, batch_id, record_kind, record_id),
  FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batch (tenant_id, id)
);
CREATE TABLE import_mapping (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  body text COLLATE "C" NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
