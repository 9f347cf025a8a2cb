import { createCommonTables, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const SERVICE = 'notifications';
const { app, worker } = runtimeRoles(SERVICE);

export class CreateNotifications1795456800000 implements MigrationInterface {
  name = 'CreateNotifications1795456800000';

  async up(runner: QueryRunner): Promise<void> {
    await createCommonTables(runner, SERVICE);
    await this.projections(runner);
    await this.contactPoints(runner);
    await this.messages(runner);
    await this.replies(runner);
  }

  async down(): Promise<void> {
    throw new Error('The first migration is not taken back: drop the database.');
  }

  private async projections(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE practice (id text PRIMARY KEY, name text NOT NULL, phone text NOT NULL, email text NOT NULL, sender_number text NOT NULL);
      CREATE INDEX practice_sender_number ON practice (sender_number);
      CREATE TABLE site (id uuid PRIMARY KEY, practice text NOT NULL, name text NOT NULL, phone text NOT NULL, line text NOT NULL, city text NOT NULL, state text NOT NULL, postal_code text NOT NULL);
      CREATE TABLE provider (id uuid PRIMARY KEY, practice text NOT NULL, name text NOT NULL);
      -- What messages are about: a visit, or one that is offered to somebody who waits.
      CREATE TABLE visit (
        id uuid PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('appointment', 'offer')), host text NOT NULL, booking text NOT NULL, patient uuid NOT NULL, revision int NOT NULL, status text NOT NULL,
        site uuid NOT NULL, provider uuid NOT NULL, modality text NOT NULL, start_at timestamptz NOT NULL, end_at timestamptz NOT NULL, zone text NOT NULL
      );
      CREATE TABLE patient (
        id uuid PRIMARY KEY, practice text NOT NULL, language text NOT NULL, zone text NOT NULL, given_name text,
        quiet_from text NOT NULL, quiet_until text NOT NULL, voice_only boolean NOT NULL, absent boolean NOT NULL
      );
    `);
    await protectByTenant(runner, SERVICE, 'practice', ['id'], 'SELECT');
    for (const table of ['site', 'provider', 'patient']) await protectByTenant(runner, SERVICE, table, ['practice'], 'SELECT');
    await protectByTenant(runner, SERVICE, 'visit', ['host', 'booking'], 'SELECT');
  }

  private async contactPoints(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE patient_contact (
        patient uuid NOT NULL REFERENCES patient, practice text NOT NULL, channel text NOT NULL, idx text NOT NULL, sealed text NOT NULL, consented boolean NOT NULL, position smallint NOT NULL,
        PRIMARY KEY (patient, channel, idx)
      );
      CREATE INDEX patient_contact_idx ON patient_contact (channel, idx);
      -- A phone or an address in the network, known by its blind index only. STOP belongs to the phone, not to a practice or a patient.
      CREATE TABLE contact_point (channel text NOT NULL, idx text NOT NULL, opted_out_at timestamptz, unreachable_at timestamptz, PRIMARY KEY (channel, idx));
      CREATE TABLE consent_evidence (
        id uuid PRIMARY KEY, practice text, channel text NOT NULL, idx text NOT NULL, state text NOT NULL, source text NOT NULL, sealed_words text, message_sid text, at timestamptz NOT NULL
      );
      CREATE INDEX consent_evidence_idx ON consent_evidence (channel, idx, at);
    `);
    await protectByTenant(runner, SERVICE, 'patient_contact', ['practice'], 'SELECT');
    await protectByTenant(runner, SERVICE, 'consent_evidence', ['practice'], 'SELECT');
    // A practice sees the state of the phones of its own patients; the sub-query is under the policy of patient_contact.
    await runner.query(`
      ALTER TABLE contact_point ENABLE ROW LEVEL SECURITY; ALTER TABLE contact_point FORCE ROW LEVEL SECURITY;
      CREATE POLICY contact_point_own ON contact_point FOR SELECT TO ${app} USING (EXISTS (SELECT FROM patient_contact c WHERE c.channel = contact_point.channel AND c.idx = contact_point.idx));
      CREATE POLICY contact_point_worker ON contact_point TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY contact_point_owner ON contact_point TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT ON contact_point TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON contact_point TO ${worker};
    `);
  }

  private async messages(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE message (
        id uuid PRIMARY KEY,
        -- null: an answer to the patient's own text, which no plan asked for
        request_id uuid UNIQUE, answer_to uuid UNIQUE,
        host text NOT NULL, booking text NOT NULL, patient uuid,
        class text NOT NULL, template text NOT NULL, must_reach boolean NOT NULL,
        channels text[] NOT NULL, tried text[] NOT NULL DEFAULT '{}',
        expires_at timestamptz, visit_start timestamptz NOT NULL,
        -- where an answer goes: the phone that wrote, sealed until it is sent
        to_idx text, to_sealed text,
        state text NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'delivered', 'undelivered', 'skipped', 'call-list', 'unknown')),
        reason text,
        not_before timestamptz NOT NULL, lease_until timestamptz, created_at timestamptz NOT NULL
      );
      CREATE INDEX message_pending ON message (host, visit_start, id) WHERE state = 'pending';
      CREATE INDEX message_host ON message (host, id);
      CREATE INDEX message_patient ON message (patient);
      CREATE TABLE message_subject (
        message_id uuid NOT NULL REFERENCES message, host text NOT NULL, position smallint NOT NULL, kind text NOT NULL, id uuid NOT NULL, revision int NOT NULL, step text NOT NULL,
        outcome text, outcome_reason text, outcome_channel text, PRIMARY KEY (message_id, id)
      );
      CREATE INDEX message_subject_id ON message_subject (id, message_id);
      CREATE TABLE attempt (
        id uuid PRIMARY KEY, message_id uuid NOT NULL REFERENCES message, host text NOT NULL, channel text NOT NULL, idx text NOT NULL, code text NOT NULL,
        state text NOT NULL CHECK (state IN ('intent', 'accepted', 'refused', 'unknown', 'absent')),
        -- what is sent speaks of: [{id, revision}]
        subjects jsonb NOT NULL, template text NOT NULL, template_version int NOT NULL, language text NOT NULL, rules text[] NOT NULL,
        counted boolean NOT NULL, sealed_body text,
        provider_id text, provider_status text, error_code int,
        intent_at timestamptz NOT NULL, valid_until timestamptz NOT NULL, next_look_at timestamptz, lease_until timestamptz,
        UNIQUE (idx, code)
      );
      CREATE INDEX attempt_message ON attempt (message_id);
      CREATE INDEX attempt_phone ON attempt (idx, host, intent_at);
      CREATE INDEX attempt_unclear ON attempt (next_look_at) WHERE state IN ('intent', 'unknown');
      CREATE INDEX attempt_provider_id ON attempt (provider_id) WHERE provider_id IS NOT NULL;
      CREATE TABLE delivery_report (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, attempt_id uuid, provider_id text NOT NULL, status text NOT NULL, error_code int, received_at timestamptz NOT NULL,
        handled boolean NOT NULL DEFAULT false, UNIQUE (provider_id, status)
      );
      CREATE INDEX delivery_report_new ON delivery_report (id) WHERE NOT handled;
      CREATE INDEX delivery_report_attempt ON delivery_report (attempt_id);
      -- paced_until is real time (the carrier's rate), held_until domain time (a daily cap, a wrong setting)
      CREATE TABLE sender (host text PRIMARY KEY, paced_until timestamptz NOT NULL, held_until timestamptz, held_reason text);
    `);
    await protectByTenant(runner, SERVICE, 'message', ['host'], 'SELECT');
    await protectByTenant(runner, SERVICE, 'message_subject', ['host'], 'SELECT');
    await protectByTenant(runner, SERVICE, 'attempt', ['host'], 'SELECT');
    await protectByTenant(runner, SERVICE, 'sender', ['host'], 'SELECT');
    await runner.query(`
      ALTER TABLE delivery_report ENABLE ROW LEVEL SECURITY; ALTER TABLE delivery_report FORCE ROW LEVEL SECURITY;
      CREATE POLICY delivery_report_own ON delivery_report FOR SELECT TO ${app} USING (EXISTS (SELECT FROM attempt a WHERE a.id = delivery_report.attempt_id));
      CREATE POLICY delivery_report_worker ON delivery_report TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY delivery_report_owner ON delivery_report TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT ON delivery_report TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON delivery_report TO ${worker};
    `);
  }

  private async replies(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reply (
        id uuid PRIMARY KEY, message_sid text NOT NULL UNIQUE,
        -- null until the practice of the number is known
        host text, to_number text NOT NULL, idx text NOT NULL, sealed_from text NOT NULL, sealed_text text NOT NULL, opt_out_type text,
        received_at timestamptz NOT NULL, handled boolean NOT NULL DEFAULT false, attempts int NOT NULL DEFAULT 0, retry_at timestamptz,
        meaning text, effect text, patient uuid, answer_id uuid UNIQUE, appointment uuid
      );
      CREATE INDEX reply_new ON reply (received_at) WHERE NOT handled;
      CREATE INDEX reply_host ON reply (host, id);
      CREATE INDEX reply_phone ON reply (idx, received_at);
      CREATE TABLE pending_choice (host text NOT NULL, idx text NOT NULL, answer text NOT NULL, options jsonb NOT NULL, expires_at timestamptz NOT NULL, PRIMARY KEY (host, idx));
    `);
    await protectByTenant(runner, SERVICE, 'reply', ['host'], 'SELECT');
    await protectByTenant(runner, SERVICE, 'pending_choice', ['host'], 'SELECT');
  }
}
