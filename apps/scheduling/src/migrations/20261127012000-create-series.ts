import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');

export class CreateSeries20261127012000 implements MigrationInterface {
  name = 'CreateSeries20261127012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE series (
        id uuid PRIMARY KEY, host_id text NOT NULL REFERENCES practice, booking_id text NOT NULL REFERENCES practice, agreement_id uuid REFERENCES agreement,
        rule text NOT NULL, zone text NOT NULL, booked_at timestamptz NOT NULL, booked_by text NOT NULL
      );
      ALTER TABLE series ENABLE ROW LEVEL SECURITY; ALTER TABLE series FORCE ROW LEVEL SECURITY;
      CREATE POLICY series_see ON series FOR SELECT TO ${app} USING (host_id = ${TENANT} OR booking_id = ${TENANT});
      CREATE POLICY series_add ON series FOR INSERT TO ${app} WITH CHECK (booking_id = ${TENANT} AND (host_id = ${TENANT} OR agreement_in_force(agreement_id, host_id, booking_id, booked_at)));
      CREATE POLICY series_worker ON series TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY series_owner ON series TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT ON series TO ${app}; GRANT SELECT, INSERT, UPDATE, DELETE ON series TO ${worker};

      -- series_start is the start that the series gave; a visit with another start was moved by itself.
      ALTER TABLE appointment ADD COLUMN series_id uuid REFERENCES series DEFERRABLE INITIALLY DEFERRED, ADD COLUMN series_start timestamptz, ADD COLUMN chain_id uuid, ADD CHECK ((series_id IS NULL) = (series_start IS NULL));
      CREATE INDEX appointment_series ON appointment (series_id) WHERE series_id IS NOT NULL;
      CREATE INDEX appointment_chain ON appointment (chain_id) WHERE chain_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE appointment DROP COLUMN series_id, DROP COLUMN series_start, DROP COLUMN chain_id; DROP TABLE series');
  }
}
