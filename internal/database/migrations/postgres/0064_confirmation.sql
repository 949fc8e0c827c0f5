-- +goose Up
-- What an owner answered when he was asked after a key person of an open opportunity (确认): still, changed, unreachable;
-- or, where nobody is key, who decides (named), or nothing (skipped). run counts those in a row that say the same without
-- any contact between them, since_on is the day of the first of them; latest is the last one of a person that stands.
CREATE TABLE confirmation (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  contact_id text COLLATE "C",
  answer text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  answered_on text COLLATE "C" NOT NULL,
  answered_at text COLLATE "C" NOT NULL,
  answered_by text COLLATE "C" NOT NULL,
  run bigint NOT NULL,
  since_on text COLLATE "C" NOT NULL,
  change_id text COLLATE "C",
  proposed boolean NOT NULL,
  joined boolean NOT NULL,
  latest boolean NOT NULL,
  undone_at text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE INDEX confirmation_of ON confirmation (tenant_id, opportunity_id, id);
CREATE INDEX confirmation_contact ON confirmation (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX confirmation_unsaid ON confirmation (tenant_id, change_id) WHERE undone_at IS NOT NULL;
CREATE INDEX confirmation_member ON confirmation (tenant_id, member_id, answered_on);
-- Those that were tapped twice in a row and more, for the desks of who leads.
CREATE INDEX confirmation_tapped ON confirmation (tenant_id, opportunity_id) WHERE latest AND run >= 2 AND answer = 'still';
