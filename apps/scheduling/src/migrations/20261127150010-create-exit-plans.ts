import { TENANT, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const SERVICE = 'scheduling';
const { app, worker } = runtimeRoles(SERVICE);

export class CreateExitPlans20261127150010 implements MigrationInterface {
  name = 'CreateExitPlans20261127150010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE exit_plan (
        id uuid PRIMARY KEY, partnership_id uuid NOT NULL REFERENCES partnership, practice_id text NOT NULL REFERENCES practice, practices text[] NOT NULL, reason text NOT NULL,
        state text NOT NULL DEFAULT 'notice' CHECK (state IN ('notice', 'withdrawn', 'leaving', 'left', 'closed')), given_by text NOT NULL, given_at timestamptz NOT NULL,
        confirmed_by text CHECK (confirmed_by <> given_by), confirmed_at timestamptz, exit_at timestamptz, left_at timestamptz, closed_by text, closed_at timestamptz, certificate jsonb,
        CHECK ((state IN ('notice', 'withdrawn')) = (exit_at IS NULL)), CHECK ((state = 'closed') = (certificate IS NOT NULL))
      );
      CREATE UNIQUE INDEX exit_plan_open ON exit_plan (practice_id) WHERE state IN ('notice', 'leaving');
      CREATE INDEX exit_plan_due ON exit_plan (exit_at) WHERE state = 'leaving';
      CREATE TABLE exit_evidence (
        plan_id uuid NOT NULL REFERENCES exit_plan, item text NOT NULL, practices text[] NOT NULL, evidence text NOT NULL, document text, given_by text NOT NULL, given_at timestamptz NOT NULL, PRIMARY KEY (plan_id, item)
      );
      -- Its host sees the patient although the agreement is over by then.
      CREATE TABLE exit_visit (
        plan_id uuid NOT NULL REFERENCES exit_plan, appointment_id uuid NOT NULL REFERENCES appointment, host_id text NOT NULL, booking_id text NOT NULL, honoured_by text NOT NULL, honoured_at timestamptz NOT NULL, PRIMARY KEY (plan_id, appointment_id)
      );
      CREATE TABLE exit_export (
        plan_id uuid NOT NULL REFERENCES exit_plan, practice_id text NOT NULL, content text NOT NULL CHECK (content IN ('patients', 'appointments')), format text NOT NULL CHECK (format IN ('fhir', 'csv')), rows int NOT NULL,
        sha256 text NOT NULL, made_at timestamptz NOT NULL, made_by text NOT NULL, PRIMARY KEY (plan_id, content, format)
      );
    `);
    for (const table of ['exit_plan', 'exit_evidence']) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_party ON ${table} FOR SELECT TO ${app} USING (${TENANT} = ANY (practices));
        CREATE POLICY ${table}_worker ON ${table} TO ${worker} USING (true) WITH CHECK (true);
        CREATE POLICY ${table}_owner ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
        GRANT SELECT ON ${table} TO ${app}; GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${worker};
      `);
    }
    await protectByTenant(runner, SERVICE, 'exit_visit', ['host_id', 'booking_id'], 'SELECT');
    await protectByTenant(runner, SERVICE, 'exit_export', ['practice_id'], 'SELECT');
    await runner.query(`
      CREATE OR REPLACE FUNCTION agreement_in_force(in_agreement uuid, in_host text, in_guest text, in_at timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT EXISTS (SELECT 1 FROM agreement_version a WHERE a.agreement_id = in_agreement AND a.status IN ('approved', 'in-force', 'superseded', 'terminated') AND in_host = ANY (a.practices) AND in_guest = ANY (a.practices)
          AND a.effective_from <= in_at AND (a.effective_to IS NULL OR in_at < a.effective_to)
          AND NOT EXISTS (SELECT 1 FROM exit_plan e WHERE e.practice_id IN (in_host, in_guest) AND e.exit_at > a.effective_from AND e.exit_at <= in_at))
      $fn$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`Who left a partnership, and how, is not taken back by a migration (${runner.connection.options.type}).`);
  }
}
