import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readableInNetwork } from './network-policies';

/** What a practice's directory of openings is made of. */
const TABLES = ['visit_type', 'provider_visit_type', 'provider', 'resource', 'site', 'availability', 'availability_exception', 'closure'];

export class ReadCalendarsFast20261127014500 implements MigrationInterface {
  name = 'ReadCalendarsFast20261127014500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Why columns beside the range: under row-level security an index serves only operators that are leakproof. Those of times are, && of ranges is not, and then all of a calendar is read.
      ALTER TABLE occupancy ADD COLUMN starts_at timestamptz GENERATED ALWAYS AS (lower(during)) STORED, ADD COLUMN ends_at timestamptz GENERATED ALWAYS AS (upper(during)) STORED,
        ADD COLUMN is_long boolean GENERATED ALWAYS AS (upper(during) - lower(during) > interval '4 hours') STORED;
      CREATE INDEX occupancy_time ON occupancy (resource_id, starts_at) INCLUDE (ends_at, host_id, guest_id) WHERE active AND lane = 0;
      -- Why apart: nobody need look back further than four hours for what still lasts.
      CREATE INDEX occupancy_long ON occupancy (resource_id, starts_at) INCLUDE (ends_at, host_id, guest_id) WHERE active AND lane = 0 AND is_long;
      -- The last transaction that changed what a practice offers.
      CREATE TABLE calendar_version (practice_id text PRIMARY KEY, changed_by xid8 NOT NULL);
      CREATE FUNCTION note_calendar_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE touched text;
      BEGIN
        FOREACH touched IN ARRAY CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.practice_id] WHEN 'DELETE' THEN ARRAY[OLD.practice_id] ELSE ARRAY[OLD.practice_id, NEW.practice_id] END LOOP
          INSERT INTO calendar_version AS v (practice_id, changed_by) VALUES (touched, pg_current_xact_id())
            ON CONFLICT (practice_id) DO UPDATE SET changed_by = excluded.changed_by WHERE v.changed_by <> excluded.changed_by;
        END LOOP;
        RETURN NULL;
      END $fn$;
      -- Until then the transaction that changes it is the only one that sees the change: it must not search in what is kept, nor keep what it sees.
      CREATE FUNCTION mark_calendar_change() RETURNS trigger LANGUAGE plpgsql AS $fn$
      BEGIN
        PERFORM set_config('slotmesh.calendar_changed', 'yes', true);
        RETURN NULL;
      END $fn$;
    `);
    await readableInNetwork(runner, 'calendar_version', 'practice_id', 'SELECT');
    // Why deferred: the row is locked at the commit, after everything else in the one order of locks (P1).
    for (const table of TABLES) {
      await runner.query(`CREATE CONSTRAINT TRIGGER ${table}_noted AFTER INSERT OR UPDATE OR DELETE ON ${table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_calendar_change()`);
      await runner.query(`CREATE TRIGGER ${table}_marked AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION mark_calendar_change()`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TRIGGER ${table}_noted ON ${table}; DROP TRIGGER ${table}_marked ON ${table}`);
    await runner.query(`DROP FUNCTION note_calendar_change(); DROP FUNCTION mark_calendar_change(); DROP TABLE calendar_version; DROP INDEX occupancy_long, occupancy_time; ALTER TABLE occupancy DROP COLUMN is_long, DROP COLUMN ends_at, DROP COLUMN starts_at`);
  }
}
