-- +goose Up
-- Sign-in is a room of its own: what a member signs in with lies in its tables.
CREATE TABLE password (
  tenant_id text NOT NULL,
  member_id text NOT NULL,
  hash text NOT NULL,
  must_change boolean NOT NULL DEFAULT false,
  set_at text NOT NULL,
  PRIMARY KEY (tenant_id, member_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
INSERT INTO password (tenant_id, member_id, hash, must_change, set_at)
  SELECT tenant_id, id, password_hash, must_change_password, created_at FROM member WHERE password_hash IS NOT NULL AND password_hash <> '';
ALTER TABLE member DROP COLUMN password_hash;
ALTER TABLE member DROP COLUMN must_change_password;

-- Guesses are counted by name, by address and by device, of names nobody has too; no name is
-- locked. The key is a hash of what is counted.
ALTER TABLE login DROP COLUMN failures;
ALTER TABLE login DROP COLUMN locked_until;
CREATE TABLE sign_in_budget (
  key text NOT NULL PRIMARY KEY,
  spent bigint NOT NULL,
  spent_at text NOT NULL,
  open_at text NOT NULL
);
CREATE INDEX sign_in_budget_age ON sign_in_budget (spent_at);

-- A device somebody has signed in from: the right password passes from it whatever others try.
CREATE TABLE known_device (
  tenant_id text NOT NULL,
  id text NOT NULL,
  member_id text NOT NULL,
  token_hash text NOT NULL,
  created_at text NOT NULL,
  seen_at text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX known_device_member ON known_device (tenant_id, member_id, seen_at);

-- How long sessions last, where a company says so.
CREATE TABLE sign_in_policy (
  tenant_id text NOT NULL PRIMARY KEY,
  idle_minutes bigint NOT NULL,
  absolute_hours bigint NOT NULL,
  version bigint NOT NULL,
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- What was printed at start, and without which nobody sets a new installation up.
CREATE TABLE setup_token (
  token_hash text NOT NULL PRIMARY KEY,
  created_at text NOT NULL
);
