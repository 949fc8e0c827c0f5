-- +goose Up
-- Where somebody of us learnt and worked, as he says himself: read by himself alone, used for answers to who knows
-- whom. Whether he was asked for it is kept with it; withdrawn, nothing is left but that.
CREATE TABLE member_background (
  tenant_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  visibility text COLLATE "C" NOT NULL,
  home_town text COLLATE "C" NOT NULL DEFAULT '',
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, member_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE TABLE member_past (
  tenant_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  ord bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  from_year bigint NOT NULL DEFAULT 0,
  to_year bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, member_id, ord),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX member_past_name ON member_past (tenant_id, name_key, kind, member_id);
-- The same of a person at a customer: schools, former employers, home town, and nothing else, each with who says so,
-- since when and what for.
CREATE TABLE contact_background (
  tenant_id text COLLATE "C" NOT NULL,
  contact_id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, contact_id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE TABLE contact_past (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  contact_id text COLLATE "C" NOT NULL,
  ord bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  from_year bigint NOT NULL DEFAULT 0,
  to_year bigint NOT NULL DEFAULT 0,
  source text COLLATE "C" NOT NULL,
  said_on text COLLATE "C" NOT NULL,
  purpose text COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE INDEX contact_past_contact ON contact_past (tenant_id, contact_id, ord);
CREATE INDEX contact_past_name ON contact_past (tenant_id, name_key, kind, contact_id);
-- A tie (关系): of a member, or of another person, with a person at a customer. It is its holder's, who alone says who
-- sees it, and goes with him unless he shared it.
CREATE TABLE tie (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  holder_id text COLLATE "C" NOT NULL,
  from_contact_id text COLLATE "C",
  contact_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  direction text COLLATE "C" NOT NULL DEFAULT '',
  strength bigint NOT NULL,
  from_on text COLLATE "C",
  to_on text COLLATE "C",
  visibility text COLLATE "C" NOT NULL,
  avoid boolean NOT NULL,
  source text COLLATE "C" NOT NULL,
  made_at text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, holder_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, from_contact_id) REFERENCES contact (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE INDEX tie_contact ON tie (tenant_id, contact_id, id);
CREATE INDEX tie_from ON tie (tenant_id, from_contact_id, id) WHERE from_contact_id IS NOT NULL;
CREATE INDEX tie_holder ON tie (tenant_id, holder_id, id);
CREATE INDEX tie_avoid ON tie (tenant_id, id) WHERE avoid;
