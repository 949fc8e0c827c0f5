-- +goose Up
-- What a company says of its guidance: how many hours of work there are to answer in. No row is the usual eight.
CREATE TABLE guidance_rule (
  tenant_id text COLLATE "C" NOT NULL,
  limit_hours bigint NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- How often a week the deals of a team are looked at. A team without a row is as the team above it; above all it is once.
CREATE TABLE guidance_cadence (
  tenant_id text COLLATE "C" NOT NULL,
  team_id text COLLATE "C" NOT NULL,
  per_week bigint NOT NULL,
  PRIMARY KEY (tenant_id, team_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
);
