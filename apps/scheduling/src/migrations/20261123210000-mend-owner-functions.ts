import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { worker } = runtimeRoles('scheduling');

/** Owner functions that count each hold they end, and that look at whose person, visit or resource they are given (P7, P21). */
export class MendOwnerFunctions20261123210000 implements MigrationInterface {
  name = 'MendOwnerFunctions20261123210000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Why it gives back the quotas' ids and not their use: quota rows come after the person in the one lock order (P1), and holds before.
      DROP FUNCTION end_expired_holds(uuid[], timestamptz, timestamptz, timestamptz);
      CREATE FUNCTION end_expired_holds(in_resources uuid[], in_from timestamptz, in_to timestamptz, in_now timestamptz)
      RETURNS TABLE (id uuid, host_id text, holder_id text, quota_ids uuid[]) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE found uuid[];
      BEGIN
        PERFORM require_network(r.practice_id) FROM resource r WHERE r.id = ANY (in_resources);
        SELECT array_agg(h.id) INTO found FROM (
          SELECT x.id FROM hold x WHERE x.state = 'active' AND x.expires_at <= in_now AND x.id IN (
            SELECT o.hold_id FROM occupancy o WHERE o.active AND o.appointment_id IS NULL AND o.resource_id = ANY (in_resources) AND o.during && tstzrange(in_from, in_to))
          ORDER BY x.id FOR NO KEY UPDATE) AS h;
        IF found IS NULL THEN RETURN; END IF;
        UPDATE occupancy o SET active = false WHERE o.active AND o.appointment_id IS NULL AND o.hold_id = ANY (found);
        RETURN QUERY UPDATE hold h SET state = 'expired' WHERE h.id = ANY (found) RETURNING h.id, h.host_id, h.holder_id, h.quota_ids;
      END $fn$;

      -- A visit that is there belongs to two practices; for one that is about to be, the person must be of the tenant's network.
      CREATE FUNCTION require_own_visit(in_appointment uuid, in_person uuid) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE visit record;
      BEGIN
        IF session_user = '${worker}' THEN RETURN; END IF;
        SELECT a.host_id, a.booking_id, a.person_id INTO visit FROM appointment a WHERE a.id = in_appointment;
        IF FOUND AND ${TENANT} IN (visit.host_id, visit.booking_id) AND visit.person_id = coalesce(in_person, visit.person_id) THEN RETURN; END IF;
        IF NOT FOUND AND EXISTS (SELECT 1 FROM person p WHERE p.id = in_person
          AND (p.lone_practice_id = ${TENANT} OR p.partnership_id = (SELECT m.partnership_id FROM membership m WHERE m.practice_id = ${TENANT}))) THEN RETURN; END IF;
        RAISE EXCEPTION 'neither a visit nor a person of the tenant' USING ERRCODE = 'insufficient_privilege';
      END $fn$;
      CREATE OR REPLACE FUNCTION take_person_time(in_appointment uuid, in_person uuid, in_from timestamptz, in_to timestamptz, in_lane int) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE taken int;
      BEGIN
        PERFORM require_own_visit(in_appointment, in_person);
        UPDATE person_time SET active = false WHERE appointment_id = in_appointment AND active;
        DELETE FROM person_time WHERE appointment_id = in_appointment;
        INSERT INTO person_time (appointment_id, person_id, lane, during) VALUES (in_appointment, in_person, in_lane, tstzrange(in_from, in_to)) ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS taken = ROW_COUNT;
        RETURN taken = 1;
      END $fn$;
      CREATE OR REPLACE FUNCTION free_person_time(in_appointment uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      BEGIN
        PERFORM require_own_visit(in_appointment, NULL);
        UPDATE person_time SET active = false WHERE appointment_id = in_appointment AND active;
      END $fn$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('The functions before it lost counts: go on, not back.');
  }
}
