import { TENANT } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Providers who answer partners first, and the requests that wait for an answer or did not get a yes. */
export class AskBeforePartnersVisits20261127151000 implements MigrationInterface {
  name = 'AskBeforePartnersVisits20261127151000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE provider ADD COLUMN partner_approval_hours int CHECK (partner_approval_hours BETWEEN 1 AND 168);
      ALTER TABLE appointment ADD COLUMN approve_by timestamptz, ADD COLUMN approval text CHECK (approval IN ('waiting', 'approved', 'declined', 'lapsed', 'withdrawn')),
        ADD CHECK ((approve_by IS NULL) = (approval IS NULL)), ADD CHECK (approval IS DISTINCT FROM 'waiting' OR (status = 'pending' AND approve_by < starts_at AND host_id <> booking_id));
      CREATE INDEX appointment_waits_for_approval ON appointment (approve_by, id) WHERE approval = 'waiting';
      CREATE INDEX appointment_not_approved ON appointment (starts_at) WHERE approval IN ('declined', 'lapsed');
      -- Whether the patient of a request that waits for the tenant's yes asks, since, that nothing goes there; it is taken back a moment later.
      CREATE FUNCTION request_taken_back(in_appointment uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT EXISTS (SELECT 1 FROM appointment a WHERE a.id = in_appointment AND a.host_id = ${TENANT} AND a.approval = 'waiting' AND patient_restricts(a.booking_patient_id, a.host_id))
      $fn$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION request_taken_back(uuid);
      ALTER TABLE appointment DROP COLUMN approve_by, DROP COLUMN approval;
      ALTER TABLE provider DROP COLUMN partner_approval_hours;
    `);
  }
}
