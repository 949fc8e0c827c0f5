-- +goose Up
-- What waits on the desk is a few rows of large tables, newest or oldest first: each list has an
-- index that holds nothing else, and is read from its end.
CREATE INDEX stay_unseen ON stay (tenant_id, recorded_at, id)
  WHERE exception AND exception_seen_at IS NULL AND accepted_seq IS NULL AND voided_at IS NULL;
CREATE INDEX stay_to_accept ON stay (tenant_id, recorded_at, id)
  WHERE exception AND state = 'won' AND left_move IS NULL AND accepted_seq IS NULL AND voided_at IS NULL;
DROP INDEX evidence_status;
CREATE INDEX evidence_waiting ON evidence (tenant_id, submitted_at, id) WHERE status = 'submitted';
