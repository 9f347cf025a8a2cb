import { runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('notifications');

/** What a number cannot take, what a sender has used of its day, and providers that nobody can reach. */
export class GuardSenders1795820000000 implements MigrationInterface {
  name = 'GuardSenders1795820000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contact_point ADD COLUMN unreachable_reason text;
      -- The carriers' day, that of America/Los_Angeles, in domain time.
      ALTER TABLE sender ADD COLUMN segment_day date, ADD COLUMN segments int NOT NULL DEFAULT 0;
      -- A row while a provider is taken to be out of reach; real time. Belongs to no practice: all send through the same two.
      CREATE TABLE provider_breaker (provider text PRIMARY KEY CHECK (provider IN ('sms', 'email')), opened_at timestamptz NOT NULL, probe_at timestamptz NOT NULL, wait_ms int NOT NULL);
      GRANT SELECT ON provider_breaker TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON provider_breaker TO ${worker};
      -- Whether anything is due is asked every time the clock is about to move.
      CREATE INDEX message_due ON message (not_before) WHERE state = 'pending';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX message_due; DROP TABLE provider_breaker; ALTER TABLE sender DROP COLUMN segment_day, DROP COLUMN segments; ALTER TABLE contact_point DROP COLUMN unreachable_reason');
  }
}
