import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KnowWhenVisitsSettled1795900200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- When the present outcome was told, so that nothing is counted before it was known. Visits that were read before this have none until they are read again, and are left out of the no-show score.
      ALTER TABLE visit ADD COLUMN settled_at timestamptz;
      CREATE INDEX visit_settled ON visit (host, start_at DESC) WHERE status IN ('fulfilled', 'noshow');
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: what was read stands in Kafka; drop the database and read it again instead');
  }
}
