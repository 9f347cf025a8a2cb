import { protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ComparePlans1795840000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE experiment (
        id uuid PRIMARY KEY, practice text NOT NULL, name text NOT NULL, control_plan uuid NOT NULL, control_version uuid, arms jsonb NOT NULL, patients int NOT NULL, looks int NOT NULL, days int NOT NULL, seed text NOT NULL,
        state text NOT NULL CHECK (state IN ('draft', 'approved', 'running', 'stopped')), made_by text NOT NULL, made_at timestamptz NOT NULL, approved_by text CHECK (approved_by <> made_by), approved_at timestamptz,
        started_at timestamptz, ends_at timestamptz, stopped_at timestamptz, stopped_by text, because text, reason text,
        CHECK (state NOT IN ('approved', 'running') OR approved_by IS NOT NULL), CHECK (state <> 'running' OR num_nonnulls(control_version, started_at, ends_at) = 3), CHECK ((state = 'stopped') = (because IS NOT NULL))
      );
      -- one question at a time about the visits of one plan
      CREATE UNIQUE INDEX experiment_running ON experiment (practice, control_plan) WHERE state = 'running';
      -- patient_id is the number of a record; what became of the visit stands in appointment
      CREATE TABLE experiment_assignment (
        appointment_id uuid PRIMARY KEY, experiment_id uuid NOT NULL REFERENCES experiment, practice text NOT NULL, patient_id uuid NOT NULL, arm text NOT NULL, first_of_patient boolean NOT NULL, at timestamptz NOT NULL
      );
      CREATE INDEX experiment_assignment_patient ON experiment_assignment (experiment_id, patient_id);
      CREATE UNIQUE INDEX experiment_assignment_first ON experiment_assignment (experiment_id, patient_id) WHERE first_of_patient;
      CREATE TABLE experiment_look (experiment_id uuid NOT NULL REFERENCES experiment, practice text NOT NULL, look int NOT NULL, bound double precision NOT NULL, figures jsonb NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (experiment_id, look));
      -- steps of an arm: no plan that is chosen for a visit by itself
      ALTER TABLE reminder_plan ADD COLUMN experiment_id uuid REFERENCES experiment;
    `);
    await protectByTenant(runner, 'reminders', 'experiment', ['practice'], 'SELECT, INSERT, UPDATE');
    await protectByTenant(runner, 'reminders', 'experiment_assignment', ['practice'], 'SELECT');
    await protectByTenant(runner, 'reminders', 'experiment_look', ['practice'], 'SELECT');
    const { app } = runtimeRoles('reminders');
    await runner.query(`REVOKE UPDATE ON experiment FROM ${app}; GRANT UPDATE (state, control_version, approved_by, approved_at, started_at, ends_at, stopped_at, stopped_by, because, reason) ON experiment TO ${app}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE reminder_plan DROP COLUMN experiment_id; DROP TABLE experiment_look, experiment_assignment, experiment');
  }
}
