import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many partner visits a day a provider takes, and counts that belong to no single agreement. */
export class NarrowByProvider20261127150101 implements MigrationInterface {
  name = 'NarrowByProvider20261127150101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE provider ADD COLUMN partner_visits_per_day int CHECK (partner_visits_per_day >= 0);
      ALTER TABLE quota_use ALTER COLUMN agreement_id DROP NOT NULL, DROP CONSTRAINT quota_use_agreement_id_rule_host_id_day_period_key,
        ADD COLUMN scope uuid NOT NULL GENERATED ALWAYS AS (coalesce(agreement_id, '00000000-0000-0000-0000-000000000000')) STORED;
      -- Why not NULLS NOT DISTINCT: what is null cannot be looked up by an index with =.
      ALTER TABLE quota_use ADD UNIQUE (scope, rule, host_id, day, period);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM quota_use WHERE agreement_id IS NULL;
      ALTER TABLE quota_use DROP COLUMN scope, ALTER COLUMN agreement_id SET NOT NULL, ADD UNIQUE (agreement_id, rule, host_id, day, period);
      ALTER TABLE provider DROP COLUMN partner_visits_per_day;
    `);
  }
}
