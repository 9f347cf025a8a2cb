import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NETWORK } from './network-policies';

const { app, worker } = runtimeRoles('scheduling');

/** Quotas of weeks beside those of days, and whether own patients of a host wait. */
export class WidenShareRules20261127150100 implements MigrationInterface {
  name = 'WidenShareRules20261127150100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE quota_use ADD COLUMN period text NOT NULL DEFAULT 'day' CHECK (period IN ('day', 'week')), DROP CONSTRAINT quota_use_agreement_id_rule_host_id_day_key, ADD UNIQUE (agreement_id, rule, host_id, day, period);
      -- For which services somebody waits on the own list of hosts of the tenant's network: that somebody does, never who or how many.
      CREATE FUNCTION services_waited_for(in_hosts text[], in_now timestamptz) RETURNS TABLE (host_id text, service_code text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT DISTINCT e.practice_id, e.service_code FROM waitlist_entry e
        WHERE e.status = 'waiting' AND e.until > in_now AND e.practice_id = ANY (in_hosts) AND (e.practices IS NULL OR e.practice_id = ANY (e.practices))
          AND (session_user = '${worker}' OR e.practice_id = ${TENANT} OR e.practice_id IN (${NETWORK}))
      $fn$;
      REVOKE ALL ON FUNCTION services_waited_for FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION services_waited_for TO ${app}, ${worker};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION services_waited_for;
      DELETE FROM quota_use WHERE period <> 'day';
      ALTER TABLE quota_use DROP COLUMN period, ADD UNIQUE (agreement_id, rule, host_id, day);
    `);
  }
}
