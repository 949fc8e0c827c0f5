-- +goose Up
-- Asking a colleague for an introduction (引荐). Whom it is put to the asker learns when he agrees, or knew when he
-- asked (named). What the asker sees of the person (contact_id), or typed (name, former), and one sentence is all that
-- is passed on. asked_id is NULL once he has left.
CREATE TABLE introduction (
  tenant_id text NOT NULL,
  id text NOT NULL,
  asker_id text NOT NULL,
  asked_id text,
  named boolean NOT NULL,
  contact_id text,
  seen boolean NOT NULL,
  name text NOT NULL DEFAULT '',
  former text NOT NULL DEFAULT '',
  sentence text NOT NULL,
  asked_at text NOT NULL,
  due_at text NOT NULL,
  answered_at text,
  agreed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, asker_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, asked_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE INDEX introduction_asker ON introduction (tenant_id, asker_id, asked_at, id);
CREATE INDEX introduction_asked ON introduction (tenant_id, asked_id, asked_at, id) WHERE asked_id IS NOT NULL;
CREATE INDEX introduction_contact ON introduction (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
