import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RecallPatients1795830000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- null: told before it was kept
      ALTER TABLE appointment ADD COLUMN IF NOT EXISTS visit_type uuid;
      CREATE TABLE recall_rule (
        id uuid PRIMARY KEY, practice text NOT NULL, kind text NOT NULL, after_services text[] NOT NULL, after_months int NOT NULL, terms jsonb NOT NULL,
        made_at timestamptz NOT NULL, made_by text NOT NULL, ended_at timestamptz, ended_by text
      );
      CREATE UNIQUE INDEX recall_rule_once ON recall_rule (practice, kind) WHERE ended_at IS NULL;
      CREATE TABLE recall (
        id uuid PRIMARY KEY, practice text NOT NULL, patient_id uuid NOT NULL, kind text NOT NULL CHECK (kind IN ('annual-visit', 'vaccination', 'screening', 'care-plan')),
        revision int NOT NULL, state text NOT NULL CHECK (state IN ('open', 'booked', 'done', 'declined', 'stopped')), reason text,
        due_on date NOT NULL, zone text NOT NULL, terms jsonb NOT NULL,
        messages int NOT NULL DEFAULT 0, last_message_at timestamptz,
        appointment_id uuid, done_on date,
        rule_id uuid REFERENCES recall_rule, made_after uuid, previous uuid REFERENCES recall,
        -- with the patient's key; for staff, never in a message
        sealed_note text,
        recorded_at timestamptz NOT NULL, recorded_by text NOT NULL, request_key text, request_hash bytea,
        CHECK ((state = 'booked') <= (appointment_id IS NOT NULL)), CHECK ((state = 'done') <= (done_on IS NOT NULL))
      );
      CREATE UNIQUE INDEX recall_once ON recall (patient_id, kind) WHERE state IN ('open', 'booked') AND kind <> 'care-plan';
      CREATE UNIQUE INDEX recall_once_by_rule ON recall (patient_id, rule_id) WHERE state IN ('open', 'booked') AND rule_id IS NOT NULL;
      CREATE UNIQUE INDEX recall_request ON recall (practice, recorded_by, request_key);
      CREATE INDEX recall_desk ON recall (practice, due_on, id) WHERE state = 'open';
      CREATE INDEX recall_practice ON recall (practice, due_on, id);
      CREATE INDEX recall_patient ON recall (patient_id);
      CREATE INDEX recall_appointment ON recall (appointment_id) WHERE appointment_id IS NOT NULL;
      CREATE INDEX recall_made_after ON recall (made_after) WHERE made_after IS NOT NULL;
      -- At most one waits for a recall, and it names nobody; it is deleted when it is taken.
      CREATE TABLE recall_timer (recall_id uuid PRIMARY KEY REFERENCES recall, practice text NOT NULL, fire_at timestamptz NOT NULL);
      CREATE INDEX recall_timer_due ON recall_timer (fire_at);
      CREATE TABLE recall_message (
        recall_id uuid NOT NULL REFERENCES recall, practice text NOT NULL, revision int NOT NULL, step text NOT NULL,
        state text NOT NULL CHECK (state IN ('requested', 'sent', 'delivered', 'undelivered', 'unknown', 'skipped', 'call-list')),
        reason text, channel text, request_id uuid, message_id uuid, asked_at timestamptz NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (recall_id, revision, step)
      );
      -- A call about a recall: visit_start is then until when it should be made.
      ALTER TABLE call_list_entry ADD COLUMN recall_id uuid REFERENCES recall;
    `);
    // Why by what it says: PostgreSQL gave it a name of its own.
    const [check]: { conname: string }[] = await runner.query(`SELECT conname FROM pg_constraint WHERE conrelid = 'call_list_entry'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%num_nonnulls%'`);
    if (!check) throw new Error('call_list_entry has no check of what a call is about');
    await runner.query(`
      ALTER TABLE call_list_entry DROP CONSTRAINT "${check.conname}", ADD CONSTRAINT call_list_entry_subject CHECK (num_nonnulls(appointment_id, offer_id, recall_id) = 1);
      CREATE UNIQUE INDEX call_list_entry_once_per_recall ON call_list_entry (recall_id) WHERE state <> 'closed';
    `);
    await protectByTenant(runner, 'reminders', 'recall_rule', ['practice'], 'SELECT, INSERT, UPDATE');
    await protectByTenant(runner, 'reminders', 'recall', ['practice'], 'SELECT, INSERT, UPDATE');
    await protectByTenant(runner, 'reminders', 'recall_timer', ['practice']);
    await protectByTenant(runner, 'reminders', 'recall_message', ['practice'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM call_list_entry WHERE recall_id IS NOT NULL;
      ALTER TABLE call_list_entry DROP COLUMN recall_id, ADD CHECK (num_nonnulls(appointment_id, offer_id) = 1);
      DROP TABLE recall_message, recall_timer, recall, recall_rule;
    `);
  }
}
