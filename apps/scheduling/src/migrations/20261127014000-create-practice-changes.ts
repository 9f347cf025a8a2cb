import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const append = (more: string): string => `
      CREATE OR REPLACE FUNCTION outbox_append(in_source text, in_time timestamptz, in_traceparent text, in_rows jsonb) RETURNS void LANGUAGE plpgsql AS $fn$
      DECLARE r record; seq bigint;
      BEGIN
        FOR r IN SELECT * FROM jsonb_to_recordset(in_rows) AS e(topic text, key text, id uuid, type text, host text, booking text, payload jsonb) LOOP
          INSERT INTO event_sequence (topic, key, last) VALUES (r.topic, r.key, 1)
            ON CONFLICT (topic, key) DO UPDATE SET last = event_sequence.last + 1 RETURNING last INTO seq;
          INSERT INTO outbox (lane, topic, key, sequence, event_id, type, source, time, host, booking, traceparent, payload)
            VALUES ((hashtext(r.topic || '/' || r.key) & 7), r.topic, r.key, seq, r.id, r.type, in_source, in_time, r.host, r.booking, in_traceparent, r.payload);
        END LOOP;${more}
      END $fn$;`;

/** What each practice is told of its own changes, numbered without gaps in the order in which they become visible. */
export class CreatePracticeChanges20261127014000 implements MigrationInterface {
  name = 'CreatePracticeChanges20261127014000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE practice_change (
        practice_id text NOT NULL, number bigint NOT NULL, type text NOT NULL, entity_id text NOT NULL, at timestamptz NOT NULL,
        PRIMARY KEY (practice_id, number)
      );
      CREATE INDEX practice_change_at ON practice_change (at);`);
    await protectByTenant(runner, 'scheduling', 'practice_change', ['practice_id'], 'SELECT');
    await runner.query(`
      -- A serial id is taken early and may become visible late, behind a reader who has gone past it. The row of a practice's number is locked until the commit: a higher number is
      -- never seen before a lower one, and an abort leaves no gap. Practices come last in the lock order (P1), after all sequences of events, and sorted.
      CREATE FUNCTION note_changes(in_time timestamptz, in_rows jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE p record; top bigint;
      BEGIN
        FOR p IN SELECT w.practice, array_agg(e.r->>'type' ORDER BY e.place) AS types, array_agg(e.r->>'key' ORDER BY e.place) AS keys
          FROM jsonb_array_elements(in_rows) WITH ORDINALITY AS e(r, place)
          CROSS JOIN LATERAL (SELECT DISTINCT practice FROM unnest(ARRAY[e.r->>'host', e.r->>'booking']) AS practice WHERE practice IS NOT NULL) w
          WHERE e.r->>'topic' IN ('scheduling.appointment.v1', 'scheduling.hold.v1', 'scheduling.offer.v1', 'scheduling.referral.v1', 'scheduling.waitlist-entry.v1')
          GROUP BY w.practice ORDER BY w.practice COLLATE "C" LOOP
          INSERT INTO event_sequence (topic, key, last) VALUES ('practice-changes', p.practice, cardinality(p.types))
            ON CONFLICT (topic, key) DO UPDATE SET last = event_sequence.last + EXCLUDED.last RETURNING last INTO top;
          INSERT INTO practice_change (practice_id, number, type, entity_id, at)
            SELECT p.practice, top - cardinality(p.types) + c.place, c.type, c.key, in_time FROM unnest(p.types, p.keys) WITH ORDINALITY AS c(type, key, place);
        END LOOP;
      END $fn$;
      REVOKE ALL ON FUNCTION note_changes(timestamptz, jsonb) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION note_changes(timestamptz, jsonb) TO scheduling_app, scheduling_worker;
      ${append(`
        PERFORM note_changes(in_time, in_rows);`)}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${append('')}
      DROP FUNCTION note_changes(timestamptz, jsonb);
      DROP TABLE practice_change;
      DELETE FROM event_sequence WHERE topic = 'practice-changes';
    `);
  }
}
