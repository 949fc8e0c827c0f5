-- +goose Up
-- Whom of the customer's people a task is to meet: a two-way contact with him does it.
ALTER TABLE task ADD COLUMN meets text COLLATE "C";
CREATE INDEX task_meets ON task (tenant_id, meets, member_id) WHERE meets IS NOT NULL;
