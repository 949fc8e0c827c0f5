-- +goose Up
-- What was decided on a line of a desk: of each member and record the last row counts. Facts are what the line
-- said, as numbers: it comes back when one is among them that was not there. Rows are never changed, because
-- how many of a kind were waved away is asked of them; the last one of a record is told by "last".
CREATE TABLE desk_mark (
  tenant_id text NOT NULL,
  id text NOT NULL,
  member_id text NOT NULL,
  record_kind text NOT NULL,
  record_id text NOT NULL,
  kinds text NOT NULL,
  facts_key text NOT NULL,
  decision text NOT NULL,
  until_on text,
  reason text NOT NULL,
  to_id text,
  task_id text,
  decided_on text NOT NULL,
  decided_at text NOT NULL,
  last boolean NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, to_id) REFERENCES member (tenant_id, id)
);
CREATE UNIQUE INDEX desk_mark_last ON desk_mark (tenant_id, member_id, record_kind, record_id) WHERE last;
CREATE INDEX desk_mark_decided ON desk_mark (tenant_id, decided_on);
CREATE INDEX desk_mark_to ON desk_mark (tenant_id, to_id);

-- From which amounts on, in minor units of the company's currency, the second level and those above it see a
-- line at once. No row is the usual amounts.
CREATE TABLE desk_level (
  tenant_id text NOT NULL,
  level bigint NOT NULL,
  amount_minor bigint NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, level),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- What customers were promised and is late, found without walking through the other promises.
CREATE INDEX task_promised ON task (tenant_id, due_on) WHERE customer_agreed AND done_on IS NULL AND dropped_at IS NULL;
