-- +goose Up
-- What waits on the desk is a few rows of large tables, newest or oldest first: each list has an
-- index that holds nothing else, and is read from its end.
CREATE INDEX stay_unseen ON stay (tenant_id, recorded_at, id)
  WHERE exception AND exception_seen_at IS NULL AND accepted_seq IS NULL AND voided_at IS NULL;
CREATE INDEX stay_to_accept ON stay (tenant_id, recorded_at, id)
  WHERE exception AND state = 'won' AND left_move IS NULL AND accepted_seq IS NULL AND voided_at IS NULL;
DROP INDEX evidence_status;
CREATE INDEX evidence_waiting ON evidence (tenant_id, submitted_at, id) WHERE status = 'submitted';

-- Whether somebody sees an account is told by whose deals it has: both ways are in one index.
DROP INDEX opportunity_owner;
CREATE INDEX opportunity_owner ON opportunity (tenant_id, owner_id, state, account_id, deleted_at);
DROP INDEX opportunity_account;
CREATE INDEX opportunity_account ON opportunity (tenant_id, account_id, owner_id, deleted_at);
DROP INDEX deal_team_member;
CREATE INDEX deal_team_member ON deal_team (tenant_id, member_id, opportunity_id);
