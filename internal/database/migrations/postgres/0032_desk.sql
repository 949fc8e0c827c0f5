-- +goose Up
-- What was decided on a line of a desk: of each member and record the last row counts. Facts are what the line
-- said, as numbers: it comes back when one is among them that was not there. Rows are never changed, because
-- how many of a kind were waved away is asked of them; the last one of a record is told by "last".
CREATE TABLE desk_mark (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  record_kind text COLLATE "C" NOT NULL,
  record_id text COLLATE "C" NOT NULL,
  kinds text COLLATE "C" NOT NULL,
  facts_key text COLLATE "C" NOT NULL,
  decision text COLLATE "C" NOT NULL,
  until_on text COLLATE "C",
  reason text COLLATE "C" NOT NULL,
  to_id text COLLATE "C",
  task_id text COLLATE "C",
  decided_on text COLLATE "C" NOT NULL,
  decided_at text COLLATE "C" NOT NULL,
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
  tenant_id text COLLATE "C" NOT NULL,
  level bigint NOT NULL,
  amount_minor bigint NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, level),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- What customers were promised and is late, found without walking through the other promises.
CREATE INDEX task_promised ON task (tenant_id, due_on) WHERE customer_agreed AND done_on IS NULL AND dropped_at IS NULL;
