import { TENANT } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AskForSharedDataInAnEmergency20261127150600 implements MigrationInterface {
  name = 'AskForSharedDataInAnEmergency20261127150600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION emergency_patient_of(in_host text, in_agreement uuid, in_at timestamptz, in_name text, in_birth_date text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT CASE WHEN count(*) = 1 THEN (array_agg(p.id))[1] END FROM patient p
        WHERE p.practice_id = in_host AND p.birth_date_index = in_birth_date AND p.name_index = in_name AND p.wrapped_key IS NOT NULL AND data_shared(in_agreement, in_host, ${TENANT}, in_at, 'treatment', 'booking')
      $fn$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`What an emergency asks for is not taken back (${runner.connection.options.type}).`);
  }
}
