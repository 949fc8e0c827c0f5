-- +goose Up
-- The foundation: what cannot be added later. Every key begins with the tenant so
-- that the same schema can be sharded by tenant; the exceptions (tenant, login,
-- session_token) are the directory that finds a tenant in the first place.
-- Instants are RFC 3339 UTC texts with milliseconds, days are 2026-02-28, amounts
-- are minor units, rates are basis points.

CREATE TABLE tenant (
  id text NOT NULL PRIMARY KEY,
  name text NOT NULL,
  currency text NOT NULL,
  time_zone text NOT NULL,
  locale text NOT NULL,
  backdate_days bigint NOT NULL DEFAULT 60,
  org_version bigint NOT NULL DEFAULT 1,
  created_at text NOT NULL
);

-- Directory: a login name or session token is all a request brings.
CREATE TABLE login (
  name text NOT NULL PRIMARY KEY,
  tenant_id text NOT NULL,
  member_id text NOT NULL,
  failures bigint NOT NULL DEFAULT 0,
  locked_until text
);
CREATE TABLE session_token (
  token_hash text NOT NULL PRIMARY KEY,
  tenant_id text NOT NULL,
  session_id text NOT NULL
);

-- One counter row a tenant numbers its journal; the handle locks it last.
CREATE TABLE journal_counter (
  tenant_id text NOT NULL PRIMARY KEY,
  seq bigint NOT NULL,
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE journal (
  tenant_id text NOT NULL,
  seq bigint NOT NULL,
  id text NOT NULL,
  recorded_at text NOT NULL,
  happened_on text NOT NULL,
  actor_id text NOT NULL,
  on_behalf_of text,
  path text NOT NULL,
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  scope_kind text NOT NULL,
  scope_id text NOT NULL,
  kind text NOT NULL,
  version bigint NOT NULL,
  payload text NOT NULL,
  PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX journal_subject ON journal (tenant_id, subject_kind, subject_id, seq);
CREATE INDEX journal_scope ON journal (tenant_id, scope_kind, scope_id, seq);

-- Organisation. Everything that changes with time is an interval [from_on, to_on).
CREATE TABLE member (
  tenant_id text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  pinyin text NOT NULL,
  initials text NOT NULL,
  email text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT '',
  login_name text,
  password_hash text,
  must_change_password boolean NOT NULL DEFAULT false,
  locale text NOT NULL DEFAULT '',
  joined_on text,
  left_on text,
  created_at text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE INDEX member_name ON member (tenant_id, name_key);
CREATE TABLE session (
  tenant_id text NOT NULL,
  id text NOT NULL,
  member_id text NOT NULL,
  csrf_token text NOT NULL,
  agent text NOT NULL,
  created_at text NOT NULL,
  seen_at text NOT NULL,
  expires_at text NOT NULL,
  revoked_at text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX session_member ON session (tenant_id, member_id, created_at);
CREATE TABLE team (
  tenant_id text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  region text NOT NULL DEFAULT '',
  created_at text NOT NULL,
  closed_on text,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE team_parent (
  tenant_id text NOT NULL,
  id text NOT NULL,
  team_id text NOT NULL,
  parent_id text,
  from_on text NOT NULL,
  to_on text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES team (tenant_id, id)
);
CREATE INDEX team_parent_team ON team_parent (tenant_id, team_id, from_on);
CREATE TABLE position (
  tenant_id text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  leads boolean NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE seat (
  tenant_id text NOT NULL,
  id text NOT NULL,
  team_id text NOT NULL,
  position_id text NOT NULL,
  from_on text NOT NULL,
  to_on text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id),
  FOREIGN KEY (tenant_id, position_id) REFERENCES position (tenant_id, id)
);
CREATE INDEX seat_team ON seat (tenant_id, team_id);
CREATE TABLE seat_holder (
  tenant_id text NOT NULL,
  id text NOT NULL,
  seat_id text NOT NULL,
  member_id text NOT NULL,
  main boolean NOT NULL,
  from_on text NOT NULL,
  to_on text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, seat_id) REFERENCES seat (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX seat_holder_member ON seat_holder (tenant_id, member_id, from_on);
CREATE INDEX seat_holder_seat ON seat_holder (tenant_id, seat_id, from_on);
-- A member's roles; product lines and regions narrow a role to some of them.
CREATE TABLE member_role (
  tenant_id text NOT NULL,
  id text NOT NULL,
  member_id text NOT NULL,
  role text NOT NULL,
  product_lines text NOT NULL DEFAULT '[]',
  regions text NOT NULL DEFAULT '[]',
  from_on text NOT NULL,
  to_on text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX member_role_member ON member_role (tenant_id, member_id, from_on);
-- An assistant types for a principal.
CREATE TABLE delegation (
  tenant_id text NOT NULL,
  id text NOT NULL,
  principal_id text NOT NULL,
  assistant_id text NOT NULL,
  from_on text NOT NULL,
  to_on text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, principal_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, assistant_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX delegation_assistant ON delegation (tenant_id, assistant_id);

-- Calendar years a company loaded itself; the shipped ones are in the program.
CREATE TABLE holiday_year (
  tenant_id text NOT NULL,
  year bigint NOT NULL,
  body text NOT NULL,
  loaded_at text NOT NULL,
  PRIMARY KEY (tenant_id, year),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
-- Dated rates into the reporting currency, per money.RateScale.
CREATE TABLE exchange_rate (
  tenant_id text NOT NULL,
  currency text NOT NULL,
  from_on text NOT NULL,
  rate bigint NOT NULL,
  PRIMARY KEY (tenant_id, currency, from_on),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- A company's own fields, and their values by record.
CREATE TABLE custom_field (
  tenant_id text NOT NULL,
  id text NOT NULL,
  record_kind text NOT NULL,
  key text NOT NULL,
  label text NOT NULL,
  type text NOT NULL,
  options text NOT NULL DEFAULT '[]',
  position bigint NOT NULL,
  retired_at text,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, record_kind, key),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE custom_value (
  tenant_id text NOT NULL,
  record_id text NOT NULL,
  field_id text NOT NULL,
  text_value text,
  number_value bigint,
  PRIMARY KEY (tenant_id, record_id, field_id),
  FOREIGN KEY (tenant_id, field_id) REFERENCES custom_field (tenant_id, id)
);
CREATE INDEX custom_value_text ON custom_value (tenant_id, field_id, text_value);
CREATE INDEX custom_value_number ON custom_value (tenant_id, field_id, number_value);

-- Ids a record carries in other systems.
CREATE TABLE external_ref (
  tenant_id text NOT NULL,
  record_kind text NOT NULL,
  source text NOT NULL,
  external_id text NOT NULL,
  record_id text NOT NULL,
  PRIMARY KEY (tenant_id, record_kind, source, external_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE INDEX external_ref_record ON external_ref (tenant_id, record_id);

CREATE TABLE product_line (
  tenant_id text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  series text NOT NULL DEFAULT '',
  list_price_minor bigint,
  retired_at text,
  created_at text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name_key),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE competitor (
  tenant_id text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name_key),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

CREATE TABLE account (
  tenant_id text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  pinyin text NOT NULL,
  initials text NOT NULL,
  parent_id text,
  industry text NOT NULL DEFAULT '',
  region text NOT NULL DEFAULT '',
  class text NOT NULL DEFAULT '',
  owner_id text,
  team_id text,
  created_on text,
  created_at text NOT NULL,
  created_by text NOT NULL,
  deleted_at text,
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
  tenant_id text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  pinyin text NOT NULL,
  initials text NOT NULL,
  account_id text,
  title text NOT NULL DEFAULT '',
  mobile text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT '',
  email text NOT NULL DEFAULT '',
  wechat text NOT NULL DEFAULT '',
  created_at text NOT NULL,
  created_by text NOT NULL,
  deleted_at text,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX contact_account ON contact (tenant_id, account_id, pinyin, id);
CREATE INDEX contact_name ON contact (tenant_id, pinyin, id);
CREATE TABLE employment (
  tenant_id text NOT NULL,
  id text NOT NULL,
  contact_id text NOT NULL,
  account_id text NOT NULL,
  title text NOT NULL DEFAULT '',
  from_on text,
  to_on text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX employment_contact ON employment (tenant_id, contact_id);

-- Pipelines. A stage keeps its identity across versions; stage.position is its
-- place in the newest version that has it, and orders history in reports.
CREATE TABLE pipeline (
  tenant_id text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  business_type text NOT NULL DEFAULT '',
  version_id text,
  archived_at text,
  created_at text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE pipeline_version (
  tenant_id text NOT NULL,
  id text NOT NULL,
  pipeline_id text NOT NULL,
  number bigint NOT NULL,
  effective_on text NOT NULL,
  published_at text NOT NULL,
  published_by text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, pipeline_id, number),
  FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id)
);
CREATE TABLE stage (
  tenant_id text NOT NULL,
  id text NOT NULL,
  pipeline_id text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id)
);
CREATE INDEX stage_pipeline ON stage (tenant_id, pipeline_id, position);
CREATE TABLE stage_version (
  tenant_id text NOT NULL,
  version_id text NOT NULL,
  stage_id text NOT NULL,
  position bigint NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  phase text NOT NULL,
  success_bp bigint NOT NULL,
  confidence_cap_bp bigint NOT NULL,
  standard_days bigint NOT NULL,
  max_days bigint NOT NULL,
  next_step_days bigint NOT NULL,
  buyer_step text NOT NULL DEFAULT '',
  qualified boolean NOT NULL,
  allow_skip boolean NOT NULL,
  allow_return boolean NOT NULL,
  forecast_category text NOT NULL,
  PRIMARY KEY (tenant_id, version_id, stage_id),
  FOREIGN KEY (tenant_id, version_id) REFERENCES pipeline_version (tenant_id, id),
  FOREIGN KEY (tenant_id, stage_id) REFERENCES stage (tenant_id, id)
);
CREATE TABLE milestone (
  tenant_id text NOT NULL,
  version_id text NOT NULL,
  stage_id text NOT NULL,
  key text NOT NULL,
  position bigint NOT NULL,
  name text NOT NULL,
  evidence text NOT NULL,
  required boolean NOT NULL,
  acceptance boolean NOT NULL,
  owner_role text NOT NULL,
  standard_days bigint NOT NULL,
  PRIMARY KEY (tenant_id, version_id, stage_id, key),
  FOREIGN KEY (tenant_id, version_id, stage_id) REFERENCES stage_version (tenant_id, version_id, stage_id)
);
-- How a version took over the open records of the one before.
CREATE TABLE stage_mapping (
  tenant_id text NOT NULL,
  version_id text NOT NULL,
  from_stage_id text NOT NULL,
  to_stage_id text NOT NULL,
  PRIMARY KEY (tenant_id, version_id, from_stage_id),
  FOREIGN KEY (tenant_id, version_id) REFERENCES pipeline_version (tenant_id, id),
  FOREIGN KEY (tenant_id, from_stage_id) REFERENCES stage (tenant_id, id),
  FOREIGN KEY (tenant_id, to_stage_id) REFERENCES stage (tenant_id, id)
);

-- Opportunities. Columns from state on are conveniences kept with the stays.
CREATE TABLE opportunity (
  tenant_id text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  pinyin text NOT NULL,
  initials text NOT NULL,
  account_id text,
  pipeline_id text NOT NULL,
  version_id text NOT NULL,
  owner_id text,
  team_id text,
  region text NOT NULL DEFAULT '',
  amount_minor bigint,
  currency text NOT NULL,
  tax_included boolean NOT NULL DEFAULT true,
  expected_on text,
  confidence_bp bigint,
  source text NOT NULL DEFAULT '',
  created_on text,
  created_at text NOT NULL,
  created_by text NOT NULL,
  batch_id text,
  state text NOT NULL,
  stage_id text,
  entered_on text,
  closed_on text,
  signed_on text,
  contract_minor bigint,
  loss_kind text,
  loss_reason text,
  competitor_id text,
  progress_on text,
  contact_on text,
  waiting_on text,
  pushes bigint NOT NULL DEFAULT 0,
  deleted_at text,
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
  tenant_id text NOT NULL,
  opportunity_id text NOT NULL,
  ord bigint NOT NULL,
  id text NOT NULL,
  pipeline_id text NOT NULL,
  version_id text NOT NULL,
  stage_id text,
  state text NOT NULL,
  move text NOT NULL,
  entered_on text,
  entered_at text,
  recorded_at text NOT NULL,
  recorded_on text NOT NULL,
  member_id text NOT NULL,
  reason text NOT NULL DEFAULT '',
  exception boolean NOT NULL DEFAULT false,
  exception_seen_at text,
  left_on text,
  left_at text,
  left_move text,
  voided_at text,
  PRIMARY KEY (tenant_id, opportunity_id, ord),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id),
  FOREIGN KEY (tenant_id, stage_id) REFERENCES stage (tenant_id, id)
);
CREATE INDEX stay_stage ON stay (tenant_id, pipeline_id, stage_id, entered_on);

-- Owners of accounts and opportunities, as intervals.
CREATE TABLE ownership (
  tenant_id text NOT NULL,
  record_id text NOT NULL,
  ord bigint NOT NULL,
  record_kind text NOT NULL,
  member_id text,
  team_id text,
  from_on text NOT NULL,
  to_on text,
  handover_id text,
  PRIMARY KEY (tenant_id, record_id, ord),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
);
CREATE INDEX ownership_member ON ownership (tenant_id, member_id, from_on);
CREATE TABLE opportunity_share (
  tenant_id text NOT NULL,
  opportunity_id text NOT NULL,
  member_id text NOT NULL,
  kind text NOT NULL,
  share_bp bigint NOT NULL,
  PRIMARY KEY (tenant_id, opportunity_id, member_id, kind),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE TABLE deal_team (
  tenant_id text NOT NULL,
  opportunity_id text NOT NULL,
  member_id text NOT NULL,
  role text NOT NULL,
  PRIMARY KEY (tenant_id, opportunity_id, member_id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX deal_team_member ON deal_team (tenant_id, member_id);
CREATE TABLE opportunity_contact (
  tenant_id text NOT NULL,
  opportunity_id text NOT NULL,
  contact_id text NOT NULL,
  role text NOT NULL,
  PRIMARY KEY (tenant_id, opportunity_id, contact_id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE TABLE opportunity_line (
  tenant_id text NOT NULL,
  opportunity_id text NOT NULL,
  ord bigint NOT NULL,
  product_line_id text NOT NULL,
  amount_minor bigint NOT NULL,
  quantity_milli bigint,
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, opportunity_id, ord),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, product_line_id) REFERENCES product_line (tenant_id, id)
);
CREATE INDEX opportunity_line_product ON opportunity_line (tenant_id, product_line_id, opportunity_id);
CREATE TABLE opportunity_competitor (
  tenant_id text NOT NULL,
  opportunity_id text NOT NULL,
  competitor_id text NOT NULL,
  PRIMARY KEY (tenant_id, opportunity_id, competitor_id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, competitor_id) REFERENCES competitor (tenant_id, id)
);

-- Evidence for a milestone. One that is replaced stays as it was submitted.
CREATE TABLE evidence (
  tenant_id text NOT NULL,
  id text NOT NULL,
  opportunity_id text NOT NULL,
  stage_id text NOT NULL,
  milestone_key text NOT NULL,
  status text NOT NULL,
  text_value text NOT NULL DEFAULT '',
  date_value text,
  number_value bigint,
  contact_id text,
  file_id text,
  submitted_on text NOT NULL,
  submitted_at text NOT NULL,
  submitted_by text NOT NULL,
  decided_at text,
  decided_by text,
  decision_note text NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE INDEX evidence_opportunity ON evidence (tenant_id, opportunity_id);
CREATE INDEX evidence_status ON evidence (tenant_id, status, submitted_at);
CREATE TABLE file (
  tenant_id text NOT NULL,
  id text NOT NULL,
  owner_kind text NOT NULL,
  owner_id text NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  size bigint NOT NULL,
  hash text NOT NULL,
  created_at text NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE INDEX file_owner ON file (tenant_id, owner_id);
CREATE TABLE file_chunk (
  tenant_id text NOT NULL,
  hash text NOT NULL,
  ord bigint NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (tenant_id, hash, ord),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- Credit lines: written by a fact, frozen with it.
CREATE TABLE credit_line (
  tenant_id text NOT NULL,
  id text NOT NULL,
  fact_kind text NOT NULL,
  fact_id text NOT NULL,
  member_id text NOT NULL,
  team_id text,
  position_id text,
  kind text NOT NULL,
  share_bp bigint NOT NULL,
  amount_minor bigint,
  currency text NOT NULL,
  credited_on text,
  voided_at text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX credit_line_fact ON credit_line (tenant_id, fact_id);
CREATE INDEX credit_line_member ON credit_line (tenant_id, member_id, credited_on);

CREATE TABLE follow_up (
  tenant_id text NOT NULL,
  id text NOT NULL,
  opportunity_id text,
  account_id text,
  channel text NOT NULL,
  happened_on text NOT NULL,
  happened_at text,
  two_way boolean NOT NULL,
  words text NOT NULL,
  member_id text NOT NULL,
  recorded_at text NOT NULL,
  recorded_by text NOT NULL,
  deleted_at text,
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
  tenant_id text NOT NULL,
  follow_up_id text NOT NULL,
  contact_id text NOT NULL,
  PRIMARY KEY (tenant_id, follow_up_id, contact_id),
  FOREIGN KEY (tenant_id, follow_up_id) REFERENCES follow_up (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE TABLE next_step (
  tenant_id text NOT NULL,
  id text NOT NULL,
  opportunity_id text NOT NULL,
  what text NOT NULL,
  member_id text NOT NULL,
  due_on text NOT NULL,
  customer_agreed boolean NOT NULL,
  created_at text NOT NULL,
  created_by text NOT NULL,
  done_on text,
  done_at text,
  result text NOT NULL DEFAULT '',
  dropped_at text,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX next_step_opportunity ON next_step (tenant_id, opportunity_id, due_on);
CREATE INDEX next_step_member ON next_step (tenant_id, member_id, done_on, due_on);

-- A hand-over moves records from one owner to another; the receiver confirms.
CREATE TABLE handover (
  tenant_id text NOT NULL,
  id text NOT NULL,
  from_member_id text,
  to_member_id text NOT NULL,
  reason text NOT NULL,
  effective_on text NOT NULL,
  created_at text NOT NULL,
  created_by text NOT NULL,
  confirmed_at text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, to_member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX handover_to ON handover (tenant_id, to_member_id, confirmed_at);

CREATE TABLE saved_view (
  tenant_id text NOT NULL,
  id text NOT NULL,
  member_id text NOT NULL,
  screen text NOT NULL,
  name text NOT NULL,
  query text NOT NULL,
  shared boolean NOT NULL,
  created_at text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX saved_view_screen ON saved_view (tenant_id, screen);
CREATE TABLE idempotency_key (
  tenant_id text NOT NULL,
  member_id text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  response text NOT NULL,
  created_at text NOT NULL,
  PRIMARY KEY (tenant_id, member_id, key),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);

-- Imports: the batch, what it could not take, and what it changed (for undo).
CREATE TABLE import_batch (
  tenant_id text NOT NULL,
  id text NOT NULL,
  status text NOT NULL,
  dry_run boolean NOT NULL,
  files text NOT NULL,
  mapping text NOT NULL,
  summary text NOT NULL DEFAULT '{}',
  rows_total bigint NOT NULL DEFAULT 0,
  rows_done bigint NOT NULL DEFAULT 0,
  error text NOT NULL DEFAULT '',
  created_at text NOT NULL,
  created_by text NOT NULL,
  finished_at text,
  cancel_at text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE import_issue (
  tenant_id text NOT NULL,
  batch_id text NOT NULL,
  ord bigint NOT NULL,
  file text NOT NULL,
  line bigint NOT NULL,
  field text NOT NULL,
  level text NOT NULL,
  code text NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (tenant_id, batch_id, ord),
  FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batch (tenant_id, id)
);
CREATE TABLE import_change (
  tenant_id text NOT NULL,
  batch_id text NOT NULL,
  record_kind text NOT NULL,
  record_id text NOT NULL,
  created boolean NOT NULL,
  before text NOT NULL,
  after_version bigint NOT NULL,
  PRIMARY KEY (tenant_id, batch_id, record_kind, record_id),
  FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batch (tenant_id, id)
);
CREATE TABLE import_mapping (
  tenant_id text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  body text NOT NULL,
  created_at text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
