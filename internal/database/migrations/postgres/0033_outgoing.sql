-- +goose Up
-- What of notices a member wants outside the program, by group of kinds, and when not. No row is what is usual.
CREATE TABLE notice_choice (
  tenant_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  answers_way text COLLATE "C" NOT NULL,
  tasks_way text COLLATE "C" NOT NULL,
  changes_way text COLLATE "C" NOT NULL,
  talks_way text COLLATE "C" NOT NULL,
  in_group boolean NOT NULL,
  quiet boolean NOT NULL,
  quiet_from text COLLATE "C" NOT NULL,
  quiet_to text COLLATE "C" NOT NULL,
  rests boolean NOT NULL,
  digest boolean NOT NULL,
  digest_from text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, member_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);

-- Where a company's mail goes out, and at which address its people reach the program. The password is sealed.
CREATE TABLE mail_setting (
  tenant_id text COLLATE "C" NOT NULL,
  site_path text COLLATE "C" NOT NULL,
  mail boolean NOT NULL,
  host text COLLATE "C" NOT NULL,
  port bigint NOT NULL,
  security_type text COLLATE "C" NOT NULL,
  login_name text COLLATE "C" NOT NULL,
  sealed text COLLATE "C" NOT NULL,
  sender text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);

-- The group robot of a team. Its address and secret are sealed; the last four characters are what is shown of it.
CREATE TABLE robot (
  tenant_id text COLLATE "C" NOT NULL,
  team_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  sealed text COLLATE "C" NOT NULL,
  secret_sealed text COLLATE "C" NOT NULL,
  last_four text COLLATE "C" NOT NULL,
  paused_until text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, team_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
);

-- What leaves the house: one row for a notice and a way, or a member and a day (digest). Its id is the same whenever
-- the entry is applied, after a restore too. It holds no words: they are read as it is sent. "unsure" counts the
-- times it was handed over and nobody knows whether it arrived: twice is the most.
CREATE TABLE outgoing (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  way text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  team_id text COLLATE "C",
  seq bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  digest_on text COLLATE "C",
  state text COLLATE "C" NOT NULL,
  due_at text COLLATE "C" NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  tried_at text COLLATE "C",
  begun_at text COLLATE "C",
  ended_at text COLLATE "C",
  attempts bigint NOT NULL,
  unsure bigint NOT NULL,
  code text COLLATE "C" NOT NULL,
  answer text COLLATE "C" NOT NULL,
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
