-- +goose Up
-- Two spellings of one competitor are read as one: same_as names the one that stays. What was written of either stays
-- as it was written, so that it can come back.
ALTER TABLE competitor ADD COLUMN same_as text COLLATE "C";
ALTER TABLE competitor ADD COLUMN version bigint NOT NULL DEFAULT 1;
-- What a competitor is called besides: its full name, a brand, another spelling.
CREATE TABLE competitor_alias (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  competitor_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name_key),
  FOREIGN KEY (tenant_id, competitor_id) REFERENCES competitor (tenant_id, id)
);
CREATE INDEX competitor_alias_of ON competitor_alias (tenant_id, competitor_id, id);
-- What is known of a competitor's products and of how it goes about things (打法), each with who says so and when.
-- Taken back, it stays as a row.
CREATE TABLE competitor_entry (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  competitor_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  title text COLLATE "C" NOT NULL,
  words text COLLATE "C" NOT NULL,
  helped text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  said_on text COLLATE "C" NOT NULL,
  said_by text COLLATE "C" NOT NULL,
  made_at text COLLATE "C" NOT NULL,
  withdrawn_at text COLLATE "C",
  withdrawn_by text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, competitor_id) REFERENCES competitor (tenant_id, id),
  FOREIGN KEY (tenant_id, said_by) REFERENCES member (tenant_id, id)
);
CREATE INDEX competitor_entry_of ON competitor_entry (tenant_id, competitor_id, id);
-- A competitor was seen (对手动向) at a customer, about an opportunity or none. joined says that it was put among the
-- competitors of the opportunity with it, and goes with it. Taken back, it stays as a row that counts nowhere.
CREATE TABLE sighting (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  competitor_id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C",
  kind text COLLATE "C" NOT NULL,
  seen_on text COLLATE "C" NOT NULL,
  seen_by text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  price_minor bigint,
  currency text COLLATE "C",
  words text COLLATE "C" NOT NULL,
  joined boolean NOT NULL,
  made_at text COLLATE "C" NOT NULL,
  made_by text COLLATE "C" NOT NULL,
  withdrawn_at text COLLATE "C",
  withdrawn_by text COLLATE "C",
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
