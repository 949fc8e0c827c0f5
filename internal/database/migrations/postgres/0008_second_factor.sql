-- +goose Up
-- What a member proves himself with besides the password. A seed is sealed with a key that
-- lies outside the database; beside the one in use there may be one that waits for its first
-- code. last_step is the last code that was taken: each is good once.
CREATE TABLE totp (
  tenant_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  confirmed boolean NOT NULL,
  sealed text COLLATE "C" NOT NULL,
  last_step bigint NOT NULL,
  made_at text COLLATE "C" NOT NULL,
  used_at text COLLATE "C",
  PRIMARY KEY (tenant_id, member_id, confirmed),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);

-- Codes for whoever has lost everything else, hashed like passwords, all of a set with one salt.
CREATE TABLE recovery_code (
  tenant_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  hash text COLLATE "C" NOT NULL,
  made_at text COLLATE "C" NOT NULL,
  used_at text COLLATE "C",
  PRIMARY KEY (tenant_id, member_id, number),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);

-- Passkeys. credential is what the library needs to check one, as JSON.
CREATE TABLE passkey (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  host text COLLATE "C" NOT NULL,
  credential text COLLATE "C" NOT NULL,
  made_at text COLLATE "C" NOT NULL,
  used_at text COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX passkey_member ON passkey (tenant_id, member_id, made_at);

-- Finds the company of a passkey: whoever signs in with one names nobody. The key is a hash
-- of the credential's id, which is one person's alone.
CREATE TABLE passkey_directory (
  credential_hash text COLLATE "C" NOT NULL PRIMARY KEY,
  tenant_id text COLLATE "C" NOT NULL,
  passkey_id text COLLATE "C" NOT NULL,
  FOREIGN KEY (tenant_id, passkey_id) REFERENCES passkey (tenant_id, id)
);

-- What a passkey has to sign: good once, and for whom it was made.
CREATE TABLE passkey_challenge (
  bound_hash text COLLATE "C" NOT NULL PRIMARY KEY,
  data text COLLATE "C" NOT NULL,
  expires_at text COLLATE "C" NOT NULL
);
CREATE INDEX passkey_challenge_age ON passkey_challenge (expires_at);

-- Whoever has said the right password and owes a second factor. It is no session.
CREATE TABLE sign_in_ticket (
  token_hash text COLLATE "C" NOT NULL PRIMARY KEY,
  tenant_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  start_hash text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  device_hash text COLLATE "C" NOT NULL,
  expires_at text COLLATE "C" NOT NULL,
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX sign_in_ticket_age ON sign_in_ticket (expires_at);
CREATE INDEX sign_in_ticket_member ON sign_in_ticket (tenant_id, member_id);

-- Roles whose members need a second factor, separated by commas.
CREATE TABLE second_factor_policy (
  tenant_id text COLLATE "C" NOT NULL PRIMARY KEY,
  roles text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- When somebody last proved in a session that it is still he.
ALTER TABLE session ADD COLUMN confirmed_at text COLLATE "C";
