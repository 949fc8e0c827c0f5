-- +goose Up
-- Facts that stay true: every dated value has the day it holds from, the entry that wrote
-- it (seq) and, where it was never true, the entry that ended it (ended_seq). As of day D
-- known at entry K: rows with day <= D, seq <= K, not ended by K; of several the last day,
-- and of that day the last seq. Seq 0 is what was there before entries were numbered so
-- (the carrying over fills it in). docs/architecture.md explains.

-- The instant recorded never goes back within a company.
ALTER TABLE journal_counter ADD COLUMN recorded_at text COLLATE "C" NOT NULL DEFAULT '';
UPDATE journal_counter SET recorded_at = COALESCE((SELECT max(j.recorded_at) FROM journal j WHERE j.tenant_id = journal_counter.tenant_id), '');
-- What was the last entry of a day?
DROP INDEX journal_recorded;
CREATE INDEX journal_recorded ON journal (tenant_id, recorded_at, seq);

-- A company's choices that figures depend on.
ALTER TABLE tenant ADD COLUMN sums_with_tax boolean NOT NULL DEFAULT true;
ALTER TABLE tenant ADD COLUMN work_calendar text COLLATE "C" NOT NULL DEFAULT 'CN';
ALTER TABLE tenant ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- Stays carry the facts of the closing they are.
ALTER TABLE stay ADD COLUMN seq bigint NOT NULL DEFAULT 0;
ALTER TABLE stay ADD COLUMN ended_seq bigint;
ALTER TABLE stay ADD COLUMN loss_kind text COLLATE "C";
ALTER TABLE stay ADD COLUMN loss_reason text COLLATE "C";
ALTER TABLE stay ADD COLUMN competitor_id text COLLATE "C";
ALTER TABLE stay ADD COLUMN signed_on text COLLATE "C";
ALTER TABLE stay ADD COLUMN contract_minor bigint;
ALTER TABLE stay ADD COLUMN amount_minor bigint;
ALTER TABLE stay ADD COLUMN currency text COLLATE "C";
-- A win by exception is provisional until a superior accepts it.
ALTER TABLE stay ADD COLUMN accepted_seq bigint;
-- Why a stay never was, or not on that day: a person's words, which no entry holds.
ALTER TABLE stay ADD COLUMN void_reason text COLLATE "C";
-- Wins that wait to be accepted are few among all stays.
CREATE INDEX stay_provisional ON stay (tenant_id, opportunity_id) WHERE exception AND state = 'won' AND accepted_seq IS NULL AND voided_at IS NULL;

-- What of a record changes with time, one row a change. Field and key say what:
-- of an opportunity amount (number, text is the currency), tax (number is the rate in basis
-- points, NULL unknown; text is with or without), expected (text is a day), confidence
-- (number), account (text), region (text), deleted (number 1 or 0), line (key is the product
-- line, number the amount; NULL is none any more), share (key is member and kind, number is
-- basis points; NULL is none any more); of an account class, region, deleted. Number and
-- text both NULL is "not stated". Basis is carried where the day is the earliest known,
-- carried back.
CREATE TABLE dated_value (
  tenant_id text COLLATE "C" NOT NULL,
  record_id text COLLATE "C" NOT NULL,
  field text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL DEFAULT '',
  day text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  ended_seq bigint,
  number_value bigint,
  text_value text COLLATE "C",
  basis text COLLATE "C",
  PRIMARY KEY (tenant_id, record_id, field, key, day, seq),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- What a company chose is dated too, under its own id (work_calendar is text, sums_with_tax
-- 1 or 0). The holidays of the mainland never were those of a company outside it.
UPDATE tenant SET work_calendar = 'weekends'
  WHERE time_zone NOT IN ('Asia/Shanghai', 'Asia/Urumqi', 'Asia/Chongqing', 'Asia/Harbin', 'Asia/Kashgar', 'PRC');
INSERT INTO dated_value (tenant_id, record_id, field, day, seq, text_value, basis)
  SELECT id, id, 'work_calendar', '0001-01-01', 0, work_calendar, 'carried' FROM tenant;
INSERT INTO dated_value (tenant_id, record_id, field, day, seq, number_value, basis)
  SELECT id, id, 'sums_with_tax', '0001-01-01', 0, 1, 'carried' FROM tenant;

-- Owners and teams of records: an interval's end is the next one's start; to_on is kept
-- beside for those who ask for today.
ALTER TABLE ownership ADD COLUMN seq bigint NOT NULL DEFAULT 0;
ALTER TABLE ownership ADD COLUMN ended_seq bigint;
ALTER TABLE ownership ADD COLUMN basis text COLLATE "C";

-- The organisation of a day as it was known: the tree and the seats.
ALTER TABLE team_parent ADD COLUMN seq bigint NOT NULL DEFAULT 0;
ALTER TABLE team_parent ADD COLUMN ended_seq bigint;
ALTER TABLE seat_holder ADD COLUMN seq bigint NOT NULL DEFAULT 0;
ALTER TABLE seat_holder ADD COLUMN ended_seq bigint;
ALTER TABLE team ADD COLUMN created_seq bigint NOT NULL DEFAULT 0;
-- Who left may come back: left_on and back_on are the last time without the member.
ALTER TABLE member ADD COLUMN back_on text COLLATE "C";

-- A version is in force from its day, once it is published.
ALTER TABLE pipeline_version ADD COLUMN seq bigint NOT NULL DEFAULT 0;
-- Taking the open records over to a version, chunk by chunk; resumed where it was cut short.
ALTER TABLE pipeline_version ADD COLUMN taken_over_at text COLLATE "C";
UPDATE pipeline_version SET taken_over_at = published_at;

-- A rate is stated anew, never overwritten.
CREATE TABLE exchange_rate_6 (
  tenant_id text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  from_on text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  rate bigint NOT NULL,
  PRIMARY KEY (tenant_id, currency, from_on, seq),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
INSERT INTO exchange_rate_6 (tenant_id, currency, from_on, seq, rate) SELECT tenant_id, currency, from_on, 0, rate FROM exchange_rate;
DROP TABLE exchange_rate;
ALTER TABLE exchange_rate_6 RENAME TO exchange_rate;

-- Calendar years as a company used them, each with what it is worth.
CREATE TABLE holiday_year_6 (
  tenant_id text COLLATE "C" NOT NULL,
  year bigint NOT NULL,
  seq bigint NOT NULL,
  body text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL DEFAULT '',
  loaded_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, year, seq),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
INSERT INTO holiday_year_6 (tenant_id, year, seq, body, status, loaded_at) SELECT tenant_id, year, 0, body, 'official', loaded_at FROM holiday_year;
DROP TABLE holiday_year;
ALTER TABLE holiday_year_6 RENAME TO holiday_year;

-- Credit: written for every closing, never changed. What is taken back is a line of its own
-- with the opposite share and amount: on the original day where it was never true, on the
-- day of the act where it ceased.
ALTER TABLE credit_line ADD COLUMN seq bigint NOT NULL DEFAULT 0;
ALTER TABLE credit_line ADD COLUMN stay_id text COLLATE "C";
ALTER TABLE credit_line ADD COLUMN outcome text COLLATE "C" NOT NULL DEFAULT 'won';
ALTER TABLE credit_line ADD COLUMN product_line_id text COLLATE "C";
ALTER TABLE credit_line ADD COLUMN reverses text COLLATE "C";
ALTER TABLE credit_line ADD COLUMN reversal text COLLATE "C";
ALTER TABLE credit_line ADD COLUMN basis text COLLATE "C";
CREATE INDEX credit_line_team ON credit_line (tenant_id, team_id, credited_on);

-- The progress clock counts from the last new ground less the time waited for acceptances.
ALTER TABLE opportunity ADD COLUMN clock_on text COLLATE "C";
UPDATE opportunity SET clock_on = progress_on;
DROP INDEX opportunity_progress;
CREATE INDEX opportunity_clock ON opportunity (tenant_id, clock_on, id);

-- Amounts in the company's currency, at today's rate, for lists to order and filter by.
ALTER TABLE opportunity ADD COLUMN tax_bp bigint;
ALTER TABLE opportunity ADD COLUMN reporting_minor bigint;
UPDATE opportunity SET reporting_minor = amount_minor WHERE currency = (SELECT t.currency FROM tenant t WHERE t.id = opportunity.tenant_id);
CREATE INDEX opportunity_reporting ON opportunity (tenant_id, reporting_minor, id);
DROP INDEX opportunity_reporting;
CREATE INDEX opportunity_reporting ON opportunity (tenant_id, reporting_minor DESC NULLS LAST, id DESC);

-- Any record may hang on any other: follow-ups, tasks, files.
CREATE TABLE record_link (
  tenant_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  to_kind text COLLATE "C" NOT NULL,
  to_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, kind, id, to_kind, to_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE INDEX record_link_to ON record_link (tenant_id, to_kind, to_id, kind, id);

-- A next step is a task on any record, or on none; record_link says on which.
CREATE TABLE task (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
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
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
INSERT INTO task (tenant_id, id, what, member_id, due_on, customer_agreed, created_at, created_by, done_on, done_at, result, dropped_at, version)
  SELECT tenant_id, id, what, member_id, due_on, customer_agreed, created_at, created_by, done_on, done_at, result, dropped_at, version FROM next_step;
CREATE INDEX task_member ON task (tenant_id, member_id, done_on, due_on);
CREATE INDEX task_creator ON task (tenant_id, created_by, done_on, due_on);
INSERT INTO record_link (tenant_id, kind, id, to_kind, to_id) SELECT tenant_id, 'task', id, 'opportunity', opportunity_id FROM next_step;
DROP TABLE next_step;
INSERT INTO record_link (tenant_id, kind, id, to_kind, to_id) SELECT tenant_id, 'follow_up', id, 'opportunity', opportunity_id FROM follow_up WHERE opportunity_id IS NOT NULL;
INSERT INTO record_link (tenant_id, kind, id, to_kind, to_id) SELECT tenant_id, 'follow_up', id, 'account', account_id FROM follow_up WHERE account_id IS NOT NULL;
INSERT INTO record_link (tenant_id, kind, id, to_kind, to_id) SELECT tenant_id, 'file', id, owner_kind, owner_id FROM file;

-- What falls due later, and work that outlives its request: fired once, leased while it
-- runs, taken up where it stopped.
CREATE TABLE timetable (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  unique_key text COLLATE "C" NOT NULL,
  due_at text COLLATE "C" NOT NULL,
  payload text COLLATE "C" NOT NULL DEFAULT '{}',
  progress text COLLATE "C" NOT NULL DEFAULT '{}',
  leased_by text COLLATE "C",
  leased_until text COLLATE "C",
  attempts bigint NOT NULL DEFAULT 0,
  cancel_at text COLLATE "C",
  error text COLLATE "C" NOT NULL DEFAULT '',
  created_at text COLLATE "C" NOT NULL,
  created_by text COLLATE "C" NOT NULL DEFAULT '',
  done_at text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, kind, unique_key),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
-- One process looks for what is due of every company.
CREATE INDEX timetable_due ON timetable (done_at, due_at);

-- How far a role reaches, by kind of record and verb; a company adds roles of its own.
CREATE TABLE role (
  tenant_id text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  permissions text COLLATE "C" NOT NULL DEFAULT '[]',
  reach text COLLATE "C" NOT NULL DEFAULT '{}',
  retired_at text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, key),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- A hand-over takes accounts and tasks along, not opportunities alone: how many of each.
ALTER TABLE handover ADD COLUMN counts text COLLATE "C" NOT NULL DEFAULT '{}';
UPDATE handover SET counts = '{"opportunity":' || (SELECT count(*) FROM ownership w WHERE w.tenant_id = handover.tenant_id AND w.member_id = handover.to_member_id AND w.handover_id = handover.id) || '}';

-- Who runs an import, so that no other process takes a running one for dead.
ALTER TABLE import_batch ADD COLUMN leased_by text COLLATE "C";
ALTER TABLE import_batch ADD COLUMN leased_until text COLLATE "C";
-- What is said about a cell quotes the column's name and the cell.
ALTER TABLE import_issue ADD COLUMN column_name text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE import_issue ADD COLUMN value text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE import_issue ADD COLUMN params text COLLATE "C" NOT NULL DEFAULT '{}';
-- What an import left, beside what it found, the entry after which it left it (0 where only
-- the version was kept), and what became of it when the import was undone: removed, restored,
-- partly or kept.
ALTER TABLE import_change ADD COLUMN after text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE import_change ADD COLUMN after_seq bigint NOT NULL DEFAULT 0;
ALTER TABLE import_change ADD COLUMN undone text COLLATE "C" NOT NULL DEFAULT '';
-- Whoever undoes an import asks whether a later one changed the same record.
CREATE INDEX import_change_record ON import_change (tenant_id, record_kind, record_id, after_seq);
CREATE INDEX import_change_undone ON import_change (tenant_id, batch_id, record_kind, undone, record_id);

-- Whoever takes a person back asks who names him.
CREATE INDEX opportunity_contact_person ON opportunity_contact (tenant_id, contact_id);
CREATE INDEX follow_up_contact_person ON follow_up_contact (tenant_id, contact_id);
CREATE INDEX evidence_person ON evidence (tenant_id, contact_id) WHERE contact_id IS NOT NULL;

-- Carrying old histories over, company by company: how far it is.
CREATE TABLE carried (
  tenant_id text COLLATE "C" NOT NULL,
  step text COLLATE "C" NOT NULL,
  after_id text COLLATE "C" NOT NULL DEFAULT '',
  records bigint NOT NULL DEFAULT 0,
  baseline_seq bigint NOT NULL DEFAULT 0,
  done_at text COLLATE "C",
  PRIMARY KEY (tenant_id, step),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
INSERT INTO carried (tenant_id, step) SELECT id, 'facts' FROM tenant;

-- Tables read and written by the record they hang on lie in the order of their keys: a row
-- is one entry of one tree instead of two, and a record's rows lie side by side. The journal
-- stays as it is (docs/decisions/0011-clustered-tables.md). A column added to these tables
-- above is added here too.
