-- +goose Up
-- Within how many working days somebody new is met, by the phase of the opportunity.
ALTER TABLE tenant ADD COLUMN meet_early integer NOT NULL DEFAULT 2;
ALTER TABLE tenant ADD COLUMN meet_middle integer NOT NULL DEFAULT 2;
ALTER TABLE tenant ADD COLUMN meet_late integer NOT NULL DEFAULT 2;
