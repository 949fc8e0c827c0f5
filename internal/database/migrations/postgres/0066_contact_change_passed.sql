-- +goose Up
-- What a change did to the people of an opportunity it touches, for taking it back: the influence who went had, the role
-- who follows had before (none where he was not among them), and whether he has his influence by it.
ALTER TABLE contact_change_deal ADD COLUMN influence bigint;
ALTER TABLE contact_change_deal ADD COLUMN had text COLLATE "C";
ALTER TABLE contact_change_deal ADD COLUMN lent boolean NOT NULL DEFAULT false;
