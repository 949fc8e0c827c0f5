-- +goose Up
-- A guidance note: what a thread of its id asks, and where it stands. Its words are the thread's messages. Holder and
-- due are those of the turn that runs, so that what waits for a member is one range of an index; they are none where
-- nobody is to answer.
CREATE TABLE guidance (
  tenant_id text NOT NULL,
  id text NOT NULL,
  kind text NOT NULL,
  on_kind text NOT NULL,
  on_id text NOT NULL,
  asker_id text NOT NULL,
  to_id text NOT NULL,
  asked_at text NOT NULL,
  contact_at text,
  state text NOT NULL,
  holder_id text,
  due_at text,
  answer_id text,
  answered_at text,
  answered_by text,
  piece_id text,
  outcome_from text,
  outcome_due_on text,
  used text,
  used_at text,
  used_id text,
  result_at text,
  result_id text,
  fact_id text,
  check_on text,
  worked boolean,
  checked_at text,
  check_id text,
  settled_at text,
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
  tenant_id text NOT NULL,
  guidance_id text NOT NULL,
  n bigint NOT NULL,
  member_id text NOT NULL,
  why text NOT NULL,
  from_at text NOT NULL,
  limit_minutes bigint NOT NULL,
  due_at text NOT NULL,
  received_at text,
  customer_at text,
  ended_at text,
  ended text,
  used_minutes bigint NOT NULL,
  PRIMARY KEY (tenant_id, guidance_id, n),
  FOREIGN KEY (tenant_id, guidance_id) REFERENCES guidance (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX guidance_turn_member ON guidance_turn (tenant_id, member_id, guidance_id);

-- What was said well and may be said again, in a team: words alone, no customer and no amount.
CREATE TABLE guidance_piece (
  tenant_id text NOT NULL,
  id text NOT NULL,
  team_id text NOT NULL,
  text text NOT NULL,
  made_at text NOT NULL,
  made_by text NOT NULL,
  removed_at text,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id),
  FOREIGN KEY (tenant_id, made_by) REFERENCES member (tenant_id, id)
);
CREATE INDEX guidance_piece_team ON guidance_piece (tenant_id, team_id, made_at, id) WHERE removed_at IS NULL;
CREATE INDEX guidance_by_piece ON guidance (tenant_id, piece_id) WHERE piece_id IS NOT NULL;
