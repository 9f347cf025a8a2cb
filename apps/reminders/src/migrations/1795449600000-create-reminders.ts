import { newId } from '@slotmesh/kernel';
import { TENANT, createCommonTables, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { defaultPlanSteps } from '../plans/domain/default-plan';

export class CreateReminders1795449600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createCommonTables(runner, 'reminders');
    const { app, worker } = runtimeRoles('reminders');
    await runner.query(`
      CREATE TABLE patient_record (
        id uuid PRIMARY KEY, practice text NOT NULL, zone text NOT NULL, channels text[] NOT NULL,
        voice_only boolean NOT NULL, deceased boolean NOT NULL, erased boolean NOT NULL DEFAULT false, changed_at timestamptz NOT NULL
      );
      CREATE TABLE contact_preference (
        patient_id uuid PRIMARY KEY, practice text NOT NULL, zone text NOT NULL, language text NOT NULL,
        quiet_from text NOT NULL, quiet_until text NOT NULL, channels text[] NOT NULL, changed_at timestamptz NOT NULL
      );
      CREATE TABLE appointment (
        id uuid PRIMARY KEY, revision int NOT NULL, status text NOT NULL, participation text NOT NULL,
        host text NOT NULL, booking text NOT NULL, patient_id uuid NOT NULL, service text NOT NULL,
        start_at timestamptz NOT NULL, end_at timestamptz NOT NULL, zone text NOT NULL,
        -- Domain time of the change that made this revision.
        revised_at timestamptz NOT NULL
      );
      CREATE INDEX appointment_patient ON appointment (patient_id) WHERE status = 'booked';
      CREATE TABLE reminder_plan (
        id uuid PRIMARY KEY, practice text, version int NOT NULL, steps jsonb NOT NULL, created_at timestamptz NOT NULL,
        UNIQUE NULLS NOT DISTINCT (practice, version)
      );
      -- Narrow, because millions wait here; a timer is deleted when it is claimed or void, what became of it stands in step_outcome.
      CREATE TABLE timer (
        appointment_id uuid NOT NULL, revision int NOT NULL, step text NOT NULL, plan_id uuid NOT NULL, host text NOT NULL,
        answers_patient boolean NOT NULL, ideal_at timestamptz NOT NULL, fire_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, visit_start timestamptz NOT NULL,
        PRIMARY KEY (appointment_id, revision, step)
      );
      CREATE INDEX timer_due ON timer (fire_at);
      CREATE TABLE step_outcome (
        appointment_id uuid NOT NULL, revision int NOT NULL, step text NOT NULL, plan_id uuid, host text NOT NULL, patient_id uuid NOT NULL,
        state text NOT NULL CHECK (state IN ('requested', 'sent', 'delivered', 'undelivered', 'unknown', 'skipped', 'call-list')),
        reason text, ideal_at timestamptz, due_at timestamptz, request_id uuid, message_id uuid, channel text, at timestamptz NOT NULL,
        PRIMARY KEY (appointment_id, revision, step)
      );
      CREATE TABLE call_list_entry (
        id uuid PRIMARY KEY, host text NOT NULL, patient_id uuid NOT NULL, appointment_id uuid NOT NULL, revision int NOT NULL,
        reason text NOT NULL, urgent boolean NOT NULL, visit_start timestamptz NOT NULL, zone text NOT NULL, opened_at timestamptz NOT NULL,
        state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'claimed', 'closed')),
        claimed_by text, claimed_at timestamptz, calls int NOT NULL DEFAULT 0,
        closed_at timestamptz, outcome text, sealed_note text
      );
      CREATE UNIQUE INDEX call_list_entry_once ON call_list_entry (appointment_id) WHERE state <> 'closed';
      CREATE INDEX call_list_entry_order ON call_list_entry (host, urgent DESC, visit_start, id) WHERE state <> 'closed';
      CREATE INDEX call_list_entry_passed ON call_list_entry (visit_start) WHERE state <> 'closed';

      ALTER TABLE reminder_plan ENABLE ROW LEVEL SECURITY; ALTER TABLE reminder_plan FORCE ROW LEVEL SECURITY;
      CREATE POLICY reminder_plan_read ON reminder_plan FOR SELECT TO ${app} USING (practice = ${TENANT} OR (practice IS NULL AND ${TENANT} IS NOT NULL));
      CREATE POLICY reminder_plan_write ON reminder_plan FOR INSERT TO ${app} WITH CHECK (practice = ${TENANT});
      CREATE POLICY reminder_plan_worker ON reminder_plan FOR SELECT TO ${worker} USING (true);
      CREATE POLICY reminder_plan_owner ON reminder_plan TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT ON reminder_plan TO ${app};
      GRANT SELECT ON reminder_plan TO ${worker};
    `);
    await protectByTenant(runner, 'reminders', 'patient_record', ['practice'], 'SELECT');
    await protectByTenant(runner, 'reminders', 'contact_preference', ['practice'], 'SELECT');
    await protectByTenant(runner, 'reminders', 'appointment', ['host'], 'SELECT');
    await protectByTenant(runner, 'reminders', 'timer', ['host'], 'SELECT');
    await protectByTenant(runner, 'reminders', 'step_outcome', ['host'], 'SELECT');
    await protectByTenant(runner, 'reminders', 'call_list_entry', ['host'], 'SELECT, UPDATE');
    await runner.query('INSERT INTO reminder_plan (id, practice, version, steps, created_at) VALUES ($1, NULL, 1, $2, clock_timestamp())', [newId(), JSON.stringify(defaultPlanSteps)]);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back from the first migration: drop the database instead');
  }
}
