import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RememberWhatWasAsked20261127054000 implements MigrationInterface {
  name = 'RememberWhatWasAsked20261127054000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE absence_visit ADD COLUMN asked_at timestamptz;
      -- Calls that were asked for before: the audit knows them, and they can be taken back as well.
      INSERT INTO absence_visit (absence_id, appointment_id, practice_id, starts_at, asked_at)
        SELECT b.id, a.id, b.practice_id, a.starts_at, max(e.at) FROM audit_entry e JOIN absence b ON b.id = (e.details->>'absence')::uuid AND b.practice_id = e.practice_id JOIN appointment a ON a.id::text = e.entity_id
        WHERE e.action = 'absence.call-asked' GROUP BY b.id, a.id, b.practice_id, a.starts_at
        ON CONFLICT (absence_id, appointment_id) DO UPDATE SET asked_at = excluded.asked_at;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE absence_visit DROP COLUMN asked_at');
  }
}
