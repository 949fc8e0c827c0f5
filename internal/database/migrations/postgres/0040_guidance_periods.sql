-- +goose Up
-- The figures of a period are of the turns that began in it, and of the advice that was given in it.
CREATE INDEX guidance_turn_began ON guidance_turn (tenant_id, from_at, guidance_id);
CREATE INDEX guidance_answered ON guidance (tenant_id, answered_at, id) WHERE answered_at IS NOT NULL;
