import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepSensitiveNames20261127151200 implements MigrationInterface {
  name = 'KeepSensitiveNames20261127151200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Whose name alone may tell why somebody comes. A visit type is sensitive at least where its service is.
      ALTER TABLE service ADD COLUMN sensitive boolean NOT NULL DEFAULT false;
      ALTER TABLE site ADD COLUMN sensitive boolean NOT NULL DEFAULT false;
      ALTER TABLE visit_type ADD COLUMN sensitive boolean NOT NULL DEFAULT false, ADD CONSTRAINT visit_type_sensitive_not_public CHECK (NOT (sensitive AND public));
      DROP FUNCTION emergency_visits(uuid, timestamptz);
      CREATE FUNCTION emergency_visits(in_access uuid, in_at timestamptz) RETURNS TABLE (starts_at timestamptz, zone text, site text, city text, sensitive boolean, provider text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT a.starts_at, a.zone, s.name, coalesce(s.address->>'city', ''), s.sensitive, o.name FROM emergency_access e JOIN appointment a ON a.patient_id = e.patient_id AND a.host_id = e.host_id JOIN site s ON s.id = a.site_id JOIN provider o ON o.id = a.provider_id
        WHERE e.id = in_access AND emergency_access_runs(in_access, in_at) AND a.ends_at > in_at AND a.status IN ('pending', 'booked', 'arrived', 'checked-in') ORDER BY a.starts_at, a.id LIMIT 50
      $fn$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`What is sensitive is not told by a migration (${runner.connection.options.type}).`);
  }
}
