-- +goose Up
-- Two spellings of one competitor are read as one: same_as names the one that stays. What was written of either stays
-- as it was written, so that it can come back.
ALTER TABLE competitor ADD COLUMN same_as text;
ALTER TABLE competitor ADD COLUMN version bigint NOT NULL DEFAULT 1;
-- What a competitor is called besides: its full name, a brand, another spelling.
CREATE TABLE competitor_alias (
  tenant_id text NOT NULL,
  id text NOT NULL,
  competitor_id text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name_key),
  FOREIGN KEY (tenant_id, competitor_id) REFERENCES competitor (tenant_id, id)
);
CREATE INDEX competitor_alias_of ON competitor_alias (tenant_id, competitor_id, id);
-- What is known of a competitor's products and of how it goes about things (打法), each with who says so and when.
-- Taken back, it stays as a row.
CREATE TABLE competitor_entry (
  tenant_id text NOT NULL,
  id text NOT NULL,
  competitor_id text NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  words text NOT NULL,
  helped text NOT NULL,
  source text NOT NULL,
  said_on text NOT NULL,
  said_by text NOT NULL,
  made_at text NOT NULL,
  withdrawn_at text,
  withdrawn_by text,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, competitor_id) REFERENCES competitor (tenant_id, id),
  FOREIGN KEY (tenant_id, said_by) REFERENCES member (tenant_id, id)
);
CREATE INDEX competitor_entry_of ON competitor_entry (tenant_id, competitor_id, id);
-- A competitor was seen (对手动向) at a customer, about an opportunity or none. joined says that it was put among the
-- competitors of the opportunity with it, and goes with it. Taken back, it stays as a row that counts nowhere.
CREATE TABLE sighting (
  tenant_id text NOT NULL,
  id text NOT NULL,
  competitor_id text NOT NULL,
  account_id text NOT NULL,
  opportunity_id text,
  kind text NOT NULL,
  seen_on text NOT NULL,
  seen_by text NOT NULL,
  source text NOT NULL,
  price_minor bigint,
  currency text,
  words text NOT NULL,
  joined boolean NOT NULL,
  made_at text NOT NULL,
  made_by text NOT NULL,
  withdrawn_at text,
  withdrawn_by text,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, competitor_id) REFERENCES competitor (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, seen_by) REFERENCES member (tenant_id, id)
);
CREATE INDEX sighting_competitor ON sighting (tenant_id, competitor_id, seen_on, id) WHERE withdrawn_at IS NULL;
CREATE INDEX sighting_account ON sighting (tenant_id, account_id, seen_on, id);
CREATE INDEX sighting_opportunity ON sighting (tenant_id, opportunity_id, seen_on, id) WHERE opportunity_id IS NOT NULL;
-- Who is on an opportunity is asked of a competitor, too.
CREATE INDEX opportunity_competitor_of ON opportunity_competitor (tenant_id, competitor_id, opportunity_id);
