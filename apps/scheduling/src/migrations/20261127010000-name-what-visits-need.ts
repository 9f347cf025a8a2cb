import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NameWhatVisitsNeed20261127010000 implements MigrationInterface {
  name = 'NameWhatVisitsNeed20261127010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE resource DROP CONSTRAINT resource_kind_check;
      ALTER TABLE resource ADD CONSTRAINT resource_kind_check CHECK (kind IN ('provider', 'room', 'device', 'interpreter', 'equipment')), ADD COLUMN capabilities text[] NOT NULL DEFAULT '{}';
      -- A need was the name of a kind; now it may ask for a capability and for time of its own before and after the visit.
      ALTER TABLE visit_type ADD COLUMN needed jsonb NOT NULL DEFAULT '[]';
      UPDATE visit_type SET needed = coalesce((SELECT jsonb_agg(jsonb_build_object('kind', n.kind, 'capability', NULL, 'bufferBeforeMinutes', 0, 'bufferAfterMinutes', 0) ORDER BY n.place)
        FROM unnest(needs) WITH ORDINALITY AS n(kind, place)), '[]');
      ALTER TABLE visit_type DROP COLUMN needs;
      ALTER TABLE visit_type RENAME COLUMN needed TO needs;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE visit_type ADD COLUMN kinds text[] NOT NULL DEFAULT '{}';
      UPDATE visit_type SET kinds = ARRAY(SELECT n->>'kind' FROM jsonb_array_elements(needs) AS n WHERE n->>'kind' IN ('room', 'device'));
      ALTER TABLE visit_type DROP COLUMN needs;
      ALTER TABLE visit_type RENAME COLUMN kinds TO needs;
      DELETE FROM resource WHERE kind IN ('interpreter', 'equipment');
      ALTER TABLE resource DROP CONSTRAINT resource_kind_check, DROP COLUMN capabilities;
      ALTER TABLE resource ADD CONSTRAINT resource_kind_check CHECK (kind IN ('provider', 'room', 'device'));
    `);
  }
}
