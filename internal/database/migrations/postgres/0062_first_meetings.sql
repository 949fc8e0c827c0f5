-- +goose Up
-- Within how many working days somebody new is met, by the phase of the opportunity.
ALTER TABLE tenant ADD COLUMN meet_early bigint NOT NULL DEFAULT 2;
ALTER TABLE tenant ADD COLUMN meet_middle bigint NOT NULL DEFAULT 2;
ALTER TABLE tenant ADD COLUMN meet_late bigint NOT NULL DEFAULT 2;
