-- +goose Up
-- Sign-in is a room of its own: what a member signs in with lies in its tables.
CREATE TABLE password (
  tenant_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  hash text COLLATE "C" NOT NULL,
  must_change boolean NOT NULL DEFAULT false,
  set_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, member_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
INSERT INTO password (tenant_id, member_id, hash, must_change, set_at)
  SELECT tenant_id, id, password_hash, must_change_password, created_at FROM member WHERE password_hash IS NOT NULL AND password_hash <> '';
ALTER TABLE member DROP COLUMN password_hash;
ALTER TABLE member DROP COLUMN must_change_password;
