import type { MigrationInterface, QueryRunner } from 'typeorm';

export class GiveDatesRules20261127052000 implements MigrationInterface {
  name = 'GiveDatesRules20261127052000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Each range of a date is a block, and says what the hours of every week say.
      UPDATE availability_exception SET ranges = (SELECT coalesce(jsonb_agg('{"overbook": null, "walkIns": 0, "keptFor": null, "limits": []}' || range ORDER BY place), '[]') FROM jsonb_array_elements(ranges) WITH ORDINALITY AS r(range, place));
      -- What the triggers on the table have put off is in the way of altering it.
      SET CONSTRAINTS ALL IMMEDIATE;
      ALTER TABLE availability_exception ADD CONSTRAINT availability_exception_ranges CHECK (jsonb_array_length(ranges) = jsonb_array_length(jsonb_path_query_array(ranges, '$[*] ? (exists(@.from) && exists(@.to) && exists(@.overbook) && exists(@.walkIns) && exists(@.keptFor) && exists(@.limits))')));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE availability_exception DROP CONSTRAINT availability_exception_ranges;
      UPDATE availability_exception SET ranges = (SELECT coalesce(jsonb_agg(range - '{overbook,walkIns,keptFor,limits}'::text[] ORDER BY place), '[]') FROM jsonb_array_elements(ranges) WITH ORDINALITY AS r(range, place));
    `);
  }
}
