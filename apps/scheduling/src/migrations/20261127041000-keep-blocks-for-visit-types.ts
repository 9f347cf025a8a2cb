import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepBlocksForVisitTypes20261127041000 implements MigrationInterface {
  name = 'KeepBlocksForVisitTypes20261127041000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE availability ADD COLUMN kept_for jsonb, ADD COLUMN limits jsonb NOT NULL DEFAULT '[]';
      -- Of which type the visit is that takes a provider's time and when it begins (the range has its buffers in it); what counts towards a session's limit has a numbered place in it.
      ALTER TABLE occupancy ADD COLUMN visit_type_id uuid, ADD COLUMN visit_starts_at timestamptz, ADD COLUMN limit_key text, ADD COLUMN limit_place int,
        ADD CHECK ((limit_key IS NULL) = (limit_place IS NULL)), ADD CHECK ((visit_type_id IS NULL) = (visit_starts_at IS NULL));
      UPDATE occupancy o SET visit_type_id = a.visit_type_id, visit_starts_at = a.starts_at FROM appointment a, resource r WHERE o.active AND a.id = o.appointment_id AND r.id = o.resource_id AND r.kind = 'provider';
      UPDATE occupancy o SET visit_type_id = h.visit_type_id, visit_starts_at = h.starts_at FROM hold h, resource r WHERE o.active AND o.appointment_id IS NULL AND h.id = o.hold_id AND r.id = o.resource_id AND r.kind = 'provider';
      -- A limit holds because two cannot have one place in it (P1).
      CREATE UNIQUE INDEX occupancy_limit ON occupancy (limit_key, limit_place) WHERE active AND limit_key IS NOT NULL;
      -- What is beside the ordinary calendar; few rows.
      CREATE INDEX occupancy_beside ON occupancy (resource_id, starts_at) WHERE active AND lane > 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX occupancy_beside, occupancy_limit;
      ALTER TABLE occupancy DROP COLUMN limit_place, DROP COLUMN limit_key, DROP COLUMN visit_starts_at, DROP COLUMN visit_type_id;
      ALTER TABLE availability DROP COLUMN limits, DROP COLUMN kept_for;
    `);
  }
}
