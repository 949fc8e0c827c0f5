-- +goose Up
-- What is said about a record, of whatever kind: a thread hangs on it, its messages are numbered. Who reads a
-- thread follows from its kind (discussion, note, and those to come), so that the rule is one for all of them;
-- to_id is the second of two, where a kind is between two.
CREATE TABLE thread (
  tenant_id text NOT NULL,
  id text NOT NULL,
  kind text NOT NULL,
  on_kind text NOT NULL,
  on_id text NOT NULL,
  to_id text,
  created_at text NOT NULL,
  created_by text NOT NULL,
  last_at text NOT NULL,
  last_n bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  FOREIGN KEY (tenant_id, created_by) REFERENCES member (tenant_id, id)
);
CREATE INDEX thread_on ON thread (tenant_id, on_kind, on_id, last_at, id);
CREATE INDEX thread_note ON thread (tenant_id, created_by, last_at, id) WHERE kind = 'note';

-- One message. The text is the last there was, and none once it is taken back; opens_day is the first of a day,
-- which stands for the day in the timeline.
CREATE TABLE message (
  tenant_id text NOT NULL,
  id text NOT NULL,
  thread_id text NOT NULL,
  n bigint NOT NULL,
  text text NOT NULL,
  mentions text NOT NULL DEFAULT '',
  said_on text NOT NULL,
  said_at text NOT NULL,
  said_by text NOT NULL,
  opens_day boolean NOT NULL,
  edited_at text,
  taken_back_at text,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, thread_id) REFERENCES thread (tenant_id, id),
  FOREIGN KEY (tenant_id, said_by) REFERENCES member (tenant_id, id)
);
CREATE UNIQUE INDEX message_thread ON message (tenant_id, thread_id, n);

-- Up to where a member has read a thread, and the last message that names him. Who takes part is told of what
-- is new (unread); a member who only looked is not.
CREATE TABLE thread_mark (
  tenant_id text NOT NULL,
  thread_id text NOT NULL,
  member_id text NOT NULL,
  read_n bigint NOT NULL,
  mention_n bigint NOT NULL,
  joined boolean NOT NULL,
  unread boolean NOT NULL,
  PRIMARY KEY (tenant_id, thread_id, member_id),
  FOREIGN KEY (tenant_id, thread_id) REFERENCES thread (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX thread_mark_unread ON thread_mark (tenant_id, member_id, thread_id) WHERE unread;
