-- +goose Up
-- A guidance note: what a thread of its id asks, and where it stands. Its words are the thread's messages. Holder and
-- due are those of the turn that runs, so that what waits for a member is one range of an index; they are none where
-- nobody is to answer.
CREATE TABLE guidance (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  on_kind text COLLATE "C" NOT NULL,
  on_id text COLLATE "C" NOT NULL,
  asker_id text COLLATE "C" NOT NULL,
  to_id text COLLATE "C" NOT NULL,
  asked_at text COLLATE "C" NOT NULL,
  contact_at text COLLATE "C",
  state text COLLATE "C" NOT NULL,
  holder_id text COLLATE "C",
  due_at text COLLATE "C",
  answer_id text COLLATE "C",
  answered_at text COLLATE "C",
  answered_by text COLLATE "C",
  piece_id text COLLATE "C",
  outcome_from text COLLATE "C",
  outcome_due_on text COLLATE "C",
  used text COLLATE "C",
  used_at text COLLATE "C",
  used_id text COLLATE "C",
  result_at text COLLATE "C",
  result_id text COLLATE "C",
  fact_id text COLLATE "C",
  check_on text COLLATE "C",
  worked boolean,
  checked_at text COLLATE "C",
  check_id text COLLATE "C",
  settled_at text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES thread (tenant_id, id),
  FOREIGN KEY (tenant_id, asker_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, to_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX guidance_holder ON guidance (tenant_id, holder_id, due_at, id) WHERE holder_id IS NOT NULL;
CREATE INDEX guidance_on ON guidance (tenant_id, on_kind, on_id, asked_at, id);
CREATE INDEX guidance_asker ON guidance (tenant_id, asker_id, asked_at, id);
CREATE INDEX guidance_asked ON guidance (tenant_id, asked_at, id);
CREATE INDEX guidance_returned ON guidance (tenant_id, asker_id, asked_at, id) WHERE state = 'returned' AND settled_at IS NULL;
CREATE INDEX guidance_outcome ON guidance (tenant_id, outcome_from, outcome_due_on, id) WHERE outcome_from IS NOT NULL AND result_at IS NULL;
CREATE INDEX guidance_check ON guidance (tenant_id, asker_id, check_on, id) WHERE check_on IS NOT NULL AND checked_at IS NULL;

-- Who had it when, in order, and what it cost each in minutes of work. Rows of turns that ended are not changed.
CREATE TABLE guidance_turn (
  tenant_id text COLLATE "C" NOT NULL,
  guidance_id text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  why text COLLATE "C" NOT NULL,
  from_at text COLLATE "C" NOT NULL,
  limit_minutes bigint NOT NULL,
  due_at text COLLATE "C" NOT NULL,
  received_at text COLLATE "C",
  customer_at text COLLATE "C",
  ended_at text COLLATE "C",
  ended text COLLATE "C",
  used_minutes bigint NOT NULL,
  PRIMARY KEY (tenant_id, guidance_id, n),
  FOREIGN KEY (tenant_id, guidance_id) REFERENCES guidance (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX guidance_turn_member ON guidance_turn (tenant_id, member_id, guidance_id);

-- What was said well and may be said again, in a team: words alone, no customer and no amount.
CREATE TABLE guidance_piece (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  team_id text COLLATE "C" NOT NULL,
  text text COLLATE "C" NOT NULL,
  made_at text COLLATE "C" NOT NULL,
  made_by text COLLATE "C" NOT NULL,
  removed_at text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id),
  FOREIGN KEY (tenant_id, made_by) REFERENCES member (tenant_id, id)
);
CREATE INDEX guidance_piece_team ON guidance_piece (tenant_id, team_id, made_at, id) WHERE removed_at IS NULL;
CREATE INDEX guidance_by_piece ON guidance (tenant_id, piece_id) WHERE piece_id IS NOT NULL;
