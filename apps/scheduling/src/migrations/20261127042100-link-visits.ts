import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');

export class LinkVisits20261127042100 implements MigrationInterface {
  name = 'LinkVisits20261127042100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- gaps: of each step after the first, from the end of the one before.
      CREATE TABLE visit_chain (id uuid PRIMARY KEY, booking_id text NOT NULL REFERENCES practice, gaps jsonb NOT NULL, booked_at timestamptz NOT NULL, booked_by text NOT NULL);
      ALTER TABLE appointment ADD COLUMN chain_step int CHECK (chain_step > 0);
      UPDATE appointment SET chain_id = NULL WHERE chain_id IS NOT NULL;
      ALTER TABLE appointment ADD CHECK ((chain_id IS NULL) = (chain_step IS NULL)), ADD CONSTRAINT appointment_chain_known FOREIGN KEY (chain_id) REFERENCES visit_chain DEFERRABLE INITIALLY DEFERRED;

      ALTER TABLE visit_chain ENABLE ROW LEVEL SECURITY; ALTER TABLE visit_chain FORCE ROW LEVEL SECURITY;
      CREATE POLICY visit_chain_see ON visit_chain FOR SELECT TO ${app} USING (booking_id = ${TENANT} OR EXISTS (SELECT FROM appointment a WHERE a.chain_id = visit_chain.id AND a.host_id = ${TENANT}));
      CREATE POLICY visit_chain_add ON visit_chain FOR INSERT TO ${app} WITH CHECK (booking_id = ${TENANT});
      CREATE POLICY visit_chain_worker ON visit_chain TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY visit_chain_owner ON visit_chain TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT ON visit_chain TO ${app}; GRANT SELECT, INSERT, UPDATE, DELETE ON visit_chain TO ${worker};

      -- When the other visits are that still stand, for the gap to one that moves: whose they are and where is not said. With the lock two that move at once wait for each other.
      CREATE FUNCTION chain_times(in_chain uuid, in_except uuid, in_lock boolean) RETURNS TABLE (step int, starts_at timestamptz, ends_at timestamptz, zone text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      BEGIN
        IF session_user <> '${worker}' AND NOT EXISTS (SELECT FROM appointment a WHERE a.chain_id = in_chain AND ${TENANT} IN (a.host_id, a.booking_id)) THEN
          RAISE EXCEPTION 'no visits of the tenant' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF in_lock THEN PERFORM FROM visit_chain c WHERE c.id = in_chain FOR NO KEY UPDATE; END IF;
        RETURN QUERY SELECT a.chain_step, a.starts_at, a.ends_at, a.zone FROM appointment a
          WHERE a.chain_id = in_chain AND a.id <> in_except AND a.status NOT IN ('cancelled', 'noshow', 'entered-in-error') ORDER BY a.chain_step;
      END $fn$;
      REVOKE ALL ON FUNCTION chain_times(uuid, uuid, boolean) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION chain_times(uuid, uuid, boolean) TO ${app}, ${worker};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION chain_times(uuid, uuid, boolean); ALTER TABLE appointment DROP CONSTRAINT appointment_chain_known, DROP COLUMN chain_step; DROP TABLE visit_chain');
  }
}
