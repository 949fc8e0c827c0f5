-- +goose Up
-- An order given to somebody for later than five working days asks for a plan and ends with a review;
-- whether it does was decided when it was given. offered_to was asked to take the task over and has not said.
ALTER TABLE task ADD COLUMN long_order boolean NOT NULL DEFAULT false;
ALTER TABLE task ADD COLUMN offered_to text;
ALTER TABLE task ADD COLUMN series_id text;
ALTER TABLE task ADD COLUMN series_day text;
CREATE UNIQUE INDEX task_series_day ON task (tenant_id, series_id, series_day) WHERE series_id IS NOT NULL;
CREATE INDEX task_offered ON task (tenant_id, offered_to) WHERE offered_to IS NOT NULL;
-- What happened to a task, one row a version; how it stands, whose it was on a day and whether a promise was kept
-- follow from these. member_id is who it was about, due_on the day that was named, agreed by the customer or not.
CREATE TABLE task_fact (
  tenant_id text NOT NULL,
  id text NOT NULL,
  task_id text NOT NULL,
  ord bigint NOT NULL,
  kind text NOT NULL,
  member_id text NOT NULL,
  by_id text NOT NULL,
  happened_at text NOT NULL,
  day text NOT NULL,
  due_on text,
  agreed boolean NOT NULL,
  words text NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, task_id, ord),
  FOREIGN KEY (tenant_id, task_id) REFERENCES task (tenant_id, id)
);
CREATE INDEX task_fact_agreed ON task_fact (tenant_id, due_on) WHERE agreed;
CREATE INDEX task_fact_done ON task_fact (tenant_id, day) WHERE kind = 'done';
-- Who else has to do with a task: partners and assistants, who finish what is theirs, and those whose it was or who
-- were asked to take it ('was'), who go on seeing where it is.
CREATE TABLE task_party (
  tenant_id text NOT NULL,
  task_id text NOT NULL,
  member_id text NOT NULL,
  part text NOT NULL,
  done_on text,
  done_at text,
  PRIMARY KEY (tenant_id, task_id, member_id),
  FOREIGN KEY (tenant_id, task_id) REFERENCES task (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX task_party_member ON task_party (tenant_id, member_id, part, done_on);
-- A task that comes again: by which rule, whose the next one will be, the last that was made, its day by the rule
-- and the day it was due.
CREATE TABLE task_series (
  tenant_id text NOT NULL,
  id text NOT NULL,
  rule text NOT NULL,
  member_id text NOT NULL,
  last_task_id text NOT NULL,
  last_day text NOT NULL,
  last_due_on text NOT NULL,
  made bigint NOT NULL,
  ended_at text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, last_task_id) REFERENCES task (tenant_id, id)
);
CREATE INDEX task_series_member ON task_series (tenant_id, member_id) WHERE ended_at IS NULL;
-- What the journal knows of tasks there are already.
-- only sqlite:
INSERT INTO task_fact (tenant_id, id, task_id, ord, kind, member_id, by_id, happened_at, day, due_on, agreed, words)
  SELECT e.tenant_id, t.id || '.' || (t.version - e.n + e.ord), t.id, t.version - e.n + e.ord,
    CASE e.kind WHEN 'task.added' THEN 'given' WHEN 'task.handed_over' THEN 'handed' ELSE substr(e.kind, 6) END,
    coalesce(json_extract(e.payload, '$.memberId[1]'), json_extract(e.payload, '$.memberId'), ''), coalesce(e.on_behalf_of, e.actor_id),
    e.recorded_at, e.happened_on, CASE e.kind WHEN 'task.added' THEN json_extract(e.payload, '$.dueOn')
      WHEN 'task.redated' THEN json_extract(e.payload, '$.dueOn[1]') END,
    CASE WHEN e.kind = 'task.added' THEN coalesce(json_extract(e.payload, '$.customerAgreed'), false) ELSE false END,
    CASE WHEN e.kind = 'task.done' THEN t.result ELSE '' END
  FROM (SELECT j.*, row_number() OVER (PARTITION BY tenant_id, subject_id ORDER BY seq) AS ord,
      count(*) OVER (PARTITION BY tenant_id, subject_id) AS n
    FROM journal j WHERE subject_kind = 'task' AND kind IN ('task.added', 'task.done', 'task.redated', 'task.dropped', 'task.handed_over')) e
  JOIN task t ON t.tenant_id = e.tenant_id AND t.id = e.subject_id;
-- both:
-- postgres: INSERT INTO task_fact (tenant_id, id, task_id, ord, kind, member_id, by_id, happened_at, day, due_on, agreed, words)
-- postgres:   SELECT e.tenant_id, t.id || '.' || (t.version - e.n + e.ord), t.id, t.version - e.n + e.ord,
-- postgres:     CASE e.kind WHEN 'task.added' THEN 'given' WHEN 'task.handed_over' THEN 'handed' ELSE substr(e.kind, 6) END,
-- postgres:     CASE e.kind WHEN 'task.added' THEN e.said ->> 'memberId' WHEN 'task.handed_over' THEN e.said #>> '{memberId,1}' ELSE '' END,
-- postgres:     coalesce(e.on_behalf_of, e.actor_id), e.recorded_at, e.happened_on, CASE e.kind WHEN 'task.added' THEN e.said ->> 'dueOn'
-- postgres:       WHEN 'task.redated' THEN e.said #>> '{dueOn,1}' END,
-- postgres:     CASE WHEN e.kind = 'task.added' THEN coalesce((e.said ->> 'customerAgreed')::boolean, false) ELSE false END,
-- postgres:     CASE WHEN e.kind = 'task.done' THEN t.result ELSE '' END
-- postgres:   FROM (SELECT j.*, j.payload::json AS said, row_number() OVER (PARTITION BY tenant_id, subject_id ORDER BY seq) AS ord,
-- postgres:       count(*) OVER (PARTITION BY tenant_id, subject_id) AS n
-- postgres:     FROM journal j WHERE subject_kind = 'task' AND kind IN ('task.added', 'task.done', 'task.redated', 'task.dropped', 'task.handed_over')) e
-- postgres:   JOIN task t ON t.tenant_id = e.tenant_id AND t.id = e.subject_id;
