-- +goose Up
-- How a team works from a day on: which days, which hours, in which zone. A row is never changed: of
-- those of one day the one with the last entry holds, so that what was known then can be told. A team
-- without a row, or whose row says that it inherits, works as the team above it.
CREATE TABLE working_time (
  tenant_id text NOT NULL,
  team_id text NOT NULL,
  from_on text NOT NULL,
  seq bigint NOT NULL,
  inherits boolean NOT NULL,
  pattern text NOT NULL,
  six_day_week text,
  weekdays text NOT NULL,
  on_holidays boolean NOT NULL,
  hours text NOT NULL,
  zone text NOT NULL,
  PRIMARY KEY (tenant_id, team_id, from_on, seq),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
);

-- When a member is away, and who stands in. Why is here and not in the journal: it may be an illness.
CREATE TABLE absence (
  tenant_id text NOT NULL,
  id text NOT NULL,
  member_id text NOT NULL,
  begins_at text NOT NULL,
  ends_at text NOT NULL,
  deputy_id text,
  kind text NOT NULL,
  note text NOT NULL,
  withdrawn boolean NOT NULL DEFAULT false,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, deputy_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX absence_member ON absence (tenant_id, member_id, ends_at);
CREATE INDEX absence_deputy ON absence (tenant_id, deputy_id);
