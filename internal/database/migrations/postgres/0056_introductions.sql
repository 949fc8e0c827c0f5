-- +goose Up
-- Asking a colleague for an introduction (引荐). Whom it is put to the asker learns when he agrees, or knew when he
-- asked (named). What the asker sees of the person (contact_id), or typed (name, former), and one sentence is all that
-- is passed on. asked_id is NULL once he has left.
CREATE TABLE introduction (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  asker_id text COLLATE "C" NOT NULL,
  asked_id text COLLATE "C",
  named boolean NOT NULL,
  contact_id text COLLATE "C",
  seen boolean NOT NULL,
  name text COLLATE "C" NOT NULL DEFAULT '',
  former text COLLATE "C" NOT NULL DEFAULT '',
  sentence text COLLATE "C" NOT NULL,
  asked_at text COLLATE "C" NOT NULL,
  due_at text COLLATE "C" NOT NULL,
  answered_at text COLLATE "C",
  agreed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, asker_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, asked_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE INDEX introduction_asker ON introduction (tenant_id, asker_id, asked_at, id);
CREATE INDEX introduction_asked ON introduction (tenant_id, asked_id, asked_at, id) WHERE asked_id IS NOT NULL;
CREATE INDEX introduction_contact ON introduction (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
