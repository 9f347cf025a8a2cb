import type { MigrationInterface, QueryRunner } from 'typeorm';

export class JoinVisitsOfOnePhone1795860000000 implements MigrationInterface {
  name = 'JoinVisitsOfOnePhone1795860000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Messages about the children of one parent become one: each of its subjects keeps the request and the patient that it came with.
      ALTER TABLE message_subject ADD COLUMN request_id uuid, ADD COLUMN patient uuid;
      -- alone: it was joined before, and that message could not leave.
      ALTER TABLE message ADD COLUMN merged_into uuid REFERENCES message, ADD COLUMN alone boolean NOT NULL DEFAULT false,
        DROP CONSTRAINT message_state_check, ADD CONSTRAINT message_state_check CHECK (state IN ('pending', 'sending', 'sent', 'delivered', 'undelivered', 'skipped', 'call-list', 'unknown', 'merged')),
        ADD CHECK ((state = 'merged') = (merged_into IS NOT NULL));
      CREATE INDEX message_pending_patient ON message (patient) WHERE state = 'pending';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`What was sent as one message is not taken apart by a migration (${runner.connection.options.type}).`);
  }
}
