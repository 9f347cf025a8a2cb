import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepMailThatComesBack1795810010000 implements MigrationInterface {
  name = 'KeepMailThatComesBack1795810010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Bounces and complaints. What stands in them names patients: it is sealed, and gone as soon as it was read.
      CREATE TABLE returned_mail (
        id uuid PRIMARY KEY, digest text NOT NULL UNIQUE, sealed_raw text, received_at timestamptz NOT NULL, handled boolean NOT NULL DEFAULT false, attempts int NOT NULL DEFAULT 0, retry_at timestamptz,
        host text, attempt_id uuid, kind text, status text, effect text
      );
      CREATE INDEX returned_mail_new ON returned_mail (received_at) WHERE NOT handled;
      CREATE INDEX returned_mail_attempt ON returned_mail (attempt_id) WHERE attempt_id IS NOT NULL;
    `);
    await protectByTenant(runner, 'notifications', 'returned_mail', ['host'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE returned_mail');
  }
}
