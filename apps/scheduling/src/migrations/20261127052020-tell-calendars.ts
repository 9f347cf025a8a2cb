import type { MigrationInterface, QueryRunner } from 'typeorm';

const instantOf = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const FACTS = {
  availability: `jsonb_build_object('id', id, 'practice', practice_id, 'provider', provider_id, 'site', site_id, 'weekday', weekday, 'from', from_time, 'to', to_time, 'validFrom', valid_from, 'validTo', valid_to,
    'everyWeeks', every_weeks, 'overbook', overbook, 'keptFor', kept_for, 'limits', limits, 'walkIns', walk_ins)`,
  availability_exception: `jsonb_build_object('id', id, 'practice', practice_id, 'provider', provider_id, 'site', site_id, 'date', date, 'ranges', ranges)`,
  closure: `jsonb_build_object('id', id, 'practice', practice_id, 'site', site_id, 'provider', provider_id,
    'days', CASE WHEN from_date IS NOT NULL THEN jsonb_build_object('firstDay', from_date, 'lastDay', to_date) END,
    'time', CASE WHEN from_at IS NOT NULL THEN jsonb_build_object('start', ${instantOf('from_at')}, 'end', ${instantOf('to_at')}) END)`,
};

/** From now on hours and closures are told when they change; those that are there already are told here, so that the topics are whole. */
export class TellCalendars20261127052020 implements MigrationInterface {
  name = 'TellCalendars20261127052020';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, facts] of Object.entries(FACTS)) {
      const topic = `scheduling.${table.replace('_', '-')}`;
      // Why the database's time: a migration has no clock, and when these came to be nobody has noted. Why row by row: the payload of each is bounded, that of all is not.
      await runner.query(`
        SELECT outbox_append('scheduling', now(), NULL, jsonb_build_array(jsonb_build_object('topic', '${topic}.v1', 'key', id, 'id', gen_random_uuid(), 'type', '${topic}.defined.v1', 'host', practice_id, 'payload', ${facts})))
        FROM (SELECT * FROM ${table} ORDER BY id) AS present`);
    }
  }

  /** What is told is told. */
  async down(): Promise<void> {
    await Promise.resolve();
  }
}
