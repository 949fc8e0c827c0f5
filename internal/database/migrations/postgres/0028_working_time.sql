-- +goose Up
-- How a team works from a day on: which days, which hours, in which zone. A row is never changed: of
-- those of one day the one with the last entry holds, so that what was known then can be told. A team
-- without a row, or whose row says that it inherits, works as the team above it.
CREATE TABLE working_time (
  tenant_id text COLLATE "C" NOT NULL,
  team_id text COLLATE "C" NOT NULL,
  from_on text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  inherits boolean NOT NULL,
  pattern text COLLATE "C" NOT NULL,
  six_day_week text COLLATE "C",
  weekdays text COLLATE "C" NOT NULL,
  on_holidays boolean NOT NULL,
  hours text COLLATE "C" NOT NULL,
  zone text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, team_id, from_on, seq),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
);

-- When a member is away, and who stands in. Why is here and not in the journal: it may be an illness.
CREATE TABLE absence (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  begins_at text COLLATE "C" NOT NULL,
  ends_at text COLLATE "C" NOT NULL,
  deputy_id text COLLATE "C",
  kind text COLLATE "C" NOT NULL,
  note text COLLATE "C" NOT NULL,
  withdrawn boolean NOT NULL DEFAULT false,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, deputy_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX absence_member ON absence (tenant_id, member_id, ends_at);
CREATE INDEX absence_deputy ON absence (tenant_id, deputy_id);
