-- +goose Up
-- What of notices a member wants outside the program, by group of kinds, and when not. No row is what is usual.
CREATE TABLE notice_choice (
  tenant_id text NOT NULL,
  member_id text NOT NULL,
  answers_way text NOT NULL,
  tasks_way text NOT NULL,
  changes_way text NOT NULL,
  talks_way text NOT NULL,
  in_group boolean NOT NULL,
  quiet boolean NOT NULL,
  quiet_from text NOT NULL,
  quiet_to text NOT NULL,
  rests boolean NOT NULL,
  digest boolean NOT NULL,
  digest_from text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, member_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);

-- Where a company's mail goes out, and at which address its people reach the program. The password is sealed.
CREATE TABLE mail_setting (
  tenant_id text NOT NULL,
  site_path text NOT NULL,
  mail boolean NOT NULL,
  host text NOT NULL,
  port bigint NOT NULL,
  security_type text NOT NULL,
  login_name text NOT NULL,
  sealed text NOT NULL,
  sender text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- The group robot of a team. Its address and secret are sealed; the last four characters are what is shown of it.
CREATE TABLE robot (
  tenant_id text NOT NULL,
  team_id text NOT NULL,
  kind text NOT NULL,
  sealed text NOT NULL,
  secret_sealed text NOT NULL,
  last_four text NOT NULL,
  paused_until text,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, team_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
);

-- What leaves the house: one row for a notice and a way, or a member and a day (digest). Its id is the same whenever
-- the entry is applied, after a restore too. It holds no words: they are read as it is sent. "unsure" counts the
-- times it was handed over and nobody knows whether it arrived: twice is the most.
CREATE TABLE outgoing (
  tenant_id text NOT NULL,
  id text NOT NULL,
  way text NOT NULL,
  member_id text NOT NULL,
  team_id text,
  seq bigint NOT NULL,
  kind text NOT NULL,
  digest_on text,
  state text NOT NULL,
  due_at text NOT NULL,
  created_at text NOT NULL,
  tried_at text,
  begun_at text,
  ended_at text,
  attempts bigint NOT NULL,
  unsure bigint NOT NULL,
  code text NOT NULL,
  answer text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
);
CREATE INDEX outgoing_due ON outgoing (tenant_id, due_at, id) WHERE state = 'queued';
CREATE INDEX outgoing_listed ON outgoing (tenant_id, state, created_at, id);
CREATE INDEX outgoing_told ON outgoing (tenant_id, seq);
CREATE INDEX outgoing_begun ON outgoing (tenant_id, begun_at) WHERE begun_at IS NOT NULL;
CREATE INDEX outgoing_member ON outgoing (tenant_id, member_id);
CREATE INDEX outgoing_team ON outgoing (tenant_id, team_id) WHERE team_id IS NOT NULL;
