import { runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose phone or address it is, by blind index: what is told about a confidential visit must not go to a parent. */
export class KnowRepresentativesPhones20261128030000 implements MigrationInterface {
  name = 'KnowRepresentativesPhones20261128030000';

  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('scheduling');
    await runner.query(`
      -- null also where the representative was recorded before this was kept
      ALTER TABLE representative ADD COLUMN phone_index text, ADD COLUMN email_index text;
      -- A minimal record at another practice has no representatives of its own, so all records of the person are asked; only indexes that the asker has come back.
      CREATE FUNCTION representatives_reached_at(in_person uuid, in_phone text, in_email text) RETURNS TABLE (channel text, representative uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT DISTINCT ON (point.channel) point.channel, r.id
        FROM patient p JOIN representative r ON r.patient_id = p.id CROSS JOIN LATERAL (VALUES ('sms', r.phone_index, in_phone), ('email', r.email_index, in_email)) AS point(channel, theirs, asked)
        WHERE p.person_id = in_person AND point.theirs = point.asked ORDER BY point.channel, r.id
      $fn$;
      REVOKE ALL ON FUNCTION representatives_reached_at(uuid, text, text) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION representatives_reached_at(uuid, text, text) TO ${app}, ${worker};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION representatives_reached_at(uuid, text, text); ALTER TABLE representative DROP COLUMN phone_index, DROP COLUMN email_index');
  }
}
