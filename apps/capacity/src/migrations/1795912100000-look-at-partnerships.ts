import { runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LookAtPartnerships1795912100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('capacity');
    await runner.query(`
      -- When the practices of a partnership are next looked at together. No practice has to read it.
      CREATE TABLE partnership_turn (partnership uuid PRIMARY KEY, next_at timestamptz NOT NULL);
      ALTER TABLE partnership_turn ENABLE ROW LEVEL SECURITY; ALTER TABLE partnership_turn FORCE ROW LEVEL SECURITY;
      CREATE POLICY partnership_turn_worker ON partnership_turn TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY partnership_turn_owner ON partnership_turn TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT ON partnership_turn TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON partnership_turn TO ${worker};
      -- When what really happened was told, four weeks after it was taken.
      ALTER TABLE recommendation ADD COLUMN measured_at timestamptz;
      CREATE INDEX recommendation_to_measure ON recommendation (practice, decided_at) WHERE state = 'taken' AND measured_at IS NULL;
      CREATE INDEX recommendation_plan ON recommendation ((advice->>'plan')) WHERE advice->>'plan' IS NOT NULL;
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: what people decided would be lost');
  }
}
