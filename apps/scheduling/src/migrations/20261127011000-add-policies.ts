import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');

export class AddPolicies20261127011000 implements MigrationInterface {
  name = 'AddPolicies20261127011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE visit_type ADD COLUMN policy jsonb;
      ALTER TABLE patient ADD COLUMN payer text;
      ALTER TABLE waitlist_entry ADD COLUMN sealed_answers text;
      ALTER TABLE appointment ADD COLUMN sealed_answers text;
      CREATE INDEX appointment_fulfilled ON appointment (person_id, host_id, ends_at) WHERE status = 'fulfilled';
      -- When the host last saw the person. A guest is told of what it booked itself and of nothing else: whom the host sees besides is the host's to know (P7).
      CREATE FUNCTION last_fulfilled_visit(in_person uuid, in_host text) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT max(a.ends_at) FROM appointment a WHERE a.person_id = in_person AND a.host_id = in_host AND a.status = 'fulfilled'
          AND (in_host = ${TENANT} OR (a.booking_id = ${TENANT} AND EXISTS (SELECT FROM membership m JOIN membership n ON n.partnership_id = m.partnership_id WHERE m.practice_id = ${TENANT} AND n.practice_id = in_host)))
      $fn$;
      REVOKE ALL ON FUNCTION last_fulfilled_visit FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION last_fulfilled_visit TO ${app}, ${worker};
    `);
    await this.minimalRecord(runner, ', payer', ', r.payer', ', payer = r.payer');
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.minimalRecord(runner, '', '', '');
    await runner.query(`
      DROP FUNCTION last_fulfilled_visit;
      ALTER TABLE appointment DROP COLUMN sealed_answers;
      DROP INDEX appointment_fulfilled;
      ALTER TABLE waitlist_entry DROP COLUMN sealed_answers;
      ALTER TABLE patient DROP COLUMN payer;
      ALTER TABLE visit_type DROP COLUMN policy;
    `);
  }

  /** The host's own record of a guest's patient knows the payer, too: it bills the visit. */
  private async minimalRecord(runner: QueryRunner, column: string, value: string, change: string): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION register_guest_patient(in_host text, in_agreement uuid, in_at timestamptz, in_patient jsonb) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE known uuid;
      BEGIN
        IF NOT agreement_in_force(in_agreement, in_host, ${TENANT}, in_at) THEN
          RAISE EXCEPTION 'no agreement in force between host and tenant' USING ERRCODE = 'insufficient_privilege';
        END IF;
        PERFORM 1 FROM person WHERE id = (in_patient->>'person_id')::uuid FOR NO KEY UPDATE;
        SELECT id INTO known FROM patient WHERE practice_id = in_host AND person_id = (in_patient->>'person_id')::uuid AND erased_at IS NULL ORDER BY registered_at, id LIMIT 1;
        IF known IS NOT NULL THEN RETURN known; END IF;
        INSERT INTO patient (id, practice_id, person_id, wrapped_key, given_name, family_name, birth_date, phone, email, name_index, birth_date_index, phone_index, email_index,
          language, zone, needs, text_consent, email_consent, registered_at, given_by${column})
        SELECT r.id, in_host, r.person_id, r.wrapped_key, r.given_name, r.family_name, r.birth_date, r.phone, r.email, r.name_index, r.birth_date_index, r.phone_index, r.email_index,
          r.language, r.zone, r.needs, r.text_consent, r.email_consent, in_at, ${TENANT}${value}
        FROM jsonb_populate_record(NULL::patient, in_patient) AS r;
        RETURN (in_patient->>'id')::uuid;
      END $fn$;
      CREATE OR REPLACE FUNCTION change_given_record(in_agreement uuid, in_at timestamptz, in_patient jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE
        changed int;
        r patient := jsonb_populate_record(NULL::patient, in_patient);
      BEGIN
        IF NOT agreement_in_force(in_agreement, r.practice_id, ${TENANT}, in_at) THEN
          RAISE EXCEPTION 'no agreement in force between host and tenant' USING ERRCODE = 'insufficient_privilege';
        END IF;
        UPDATE patient p SET given_name = r.given_name, family_name = r.family_name, birth_date = r.birth_date, phone = r.phone, email = r.email, name_index = r.name_index,
          birth_date_index = r.birth_date_index, phone_index = r.phone_index, email_index = r.email_index, language = r.language, zone = r.zone, needs = r.needs,
          text_consent = r.text_consent, email_consent = r.email_consent, deceased = r.deceased, version = r.version${change}
        WHERE p.id = r.id AND p.practice_id = r.practice_id AND p.given_by = ${TENANT} AND p.version = r.version - 1;
        GET DIAGNOSTICS changed = ROW_COUNT;
        RETURN changed = 1;
      END $fn$;
    `);
  }
}
