-- +goose Up
-- Asking around (问一圈) who knows somebody: his name and former firm, and nothing else. First those who may, and where
-- nobody knows him by widens_at, the rest. An answer is read by who asked where it is that he knows, and by nobody else.
CREATE TABLE ask_around (
  tenant_id text NOT NULL,
  id text NOT NULL,
  asker_id text NOT NULL,
  contact_id text,
  name text NOT NULL,
  name_key text NOT NULL,
  former text NOT NULL DEFAULT '',
  asked_at text NOT NULL,
  widens_at text NOT NULL,
  ends_at text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, asker_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE INDEX ask_around_asker ON ask_around (tenant_id, asker_id, asked_at, id);
CREATE INDEX ask_around_name ON ask_around (tenant_id, name_key);
CREATE INDEX ask_around_contact ON ask_around (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE TABLE ask_around_asked (
  tenant_id text NOT NULL,
  ask_around_id text NOT NULL,
  member_id text NOT NULL,
  wave bigint NOT NULL,
  answer text NOT NULL DEFAULT '',
  answered_at text,
  PRIMARY KEY (tenant_id, ask_around_id, member_id),
  FOREIGN KEY (tenant_id, ask_around_id) REFERENCES ask_around (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX ask_around_asked_member ON ask_around_asked (tenant_id, member_id, ask_around_id);
