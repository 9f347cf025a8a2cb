import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readableInNetwork } from './network-policies';

export class CreateFeeds20261123190000 implements MigrationInterface {
  name = 'CreateFeeds20261123190000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A practice that only publishes sends nothing, so it has no number: several may have none.
      ALTER TABLE practice DROP CONSTRAINT practice_sender_number_key;
      CREATE UNIQUE INDEX practice_sender_number ON practice (sender_number) WHERE sender_number <> '';

      CREATE TABLE feed_source (
        id uuid PRIMARY KEY, ref int GENERATED ALWAYS AS IDENTITY UNIQUE, practice_id text NOT NULL UNIQUE REFERENCES practice, address text NOT NULL UNIQUE, published_at timestamptz NOT NULL, connected_at timestamptz NOT NULL
      );
      -- How far each file of a publication was taken. A reading is one pass over its lines; one that was cut short goes on where it ended.
      CREATE TABLE feed_file (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, source_id uuid NOT NULL REFERENCES feed_source, kind text NOT NULL CHECK (kind IN ('Location', 'Schedule', 'Slot')), name text NOT NULL,
        hash text NOT NULL, etag text, state text NOT NULL CHECK (state IN ('reading', 'taken', 'stale')), reading int NOT NULL, lines int NOT NULL DEFAULT 0, changed int NOT NULL DEFAULT 0, report jsonb NOT NULL,
        touched_at timestamptz NOT NULL, UNIQUE (source_id, kind, name)
      );
      CREATE TABLE feed_schedule (
        id uuid PRIMARY KEY, ref int GENERATED ALWAYS AS IDENTITY UNIQUE, practice_id text NOT NULL REFERENCES practice, source_id uuid NOT NULL REFERENCES feed_source, external_id text NOT NULL,
        site_id uuid NOT NULL REFERENCES site, service_code text NOT NULL REFERENCES service, products text[] NOT NULL DEFAULT '{}', UNIQUE (source_id, external_id)
      );
      CREATE INDEX feed_schedule_service ON feed_schedule (service_code);
      CREATE TABLE feed_slot (
        schedule_id uuid NOT NULL REFERENCES feed_schedule, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL CHECK (ends_at > starts_at), practice_id text NOT NULL REFERENCES practice,
        free boolean NOT NULL, capacity int CHECK (capacity >= 0), link text CHECK (link LIKE 'https://%'), phone text, file_id uuid NOT NULL REFERENCES feed_file, reading int NOT NULL,
        PRIMARY KEY (schedule_id, starts_at), CHECK (link IS NOT NULL OR phone IS NOT NULL)
      );
      CREATE INDEX feed_slot_start ON feed_slot (starts_at) WHERE free;
      CREATE INDEX feed_slot_file ON feed_slot (file_id);
    `);
    // Why SELECT only: what a publication says is not edited here.
    for (const table of ['feed_source', 'feed_schedule', 'feed_slot']) await readableInNetwork(runner, table, 'practice_id', 'SELECT');
    await protectByTenant(runner, 'scheduling', 'feed_file', ['practice_id'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE feed_slot, feed_schedule, feed_file, feed_source;
      DROP INDEX practice_sender_number;
      ALTER TABLE practice ADD CONSTRAINT practice_sender_number_key UNIQUE (sender_number);
    `);
  }
}
