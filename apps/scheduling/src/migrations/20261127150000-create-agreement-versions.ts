import { TENANT, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NETWORK } from './network-policies';

const SERVICE = 'scheduling';
const { app, worker } = runtimeRoles(SERVICE);

/** What was agreed lies in immutable versions; `agreement` is what stays the same over them. */
export class CreateAgreementVersions20261127150000 implements MigrationInterface {
  name = 'CreateAgreementVersions20261127150000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE partnership ADD COLUMN governing_state text, ADD COLUMN joint_notice text, ADD COLUMN version int NOT NULL DEFAULT 1;
      ALTER TABLE agreement ADD COLUMN name text NOT NULL DEFAULT 'Sharing agreement', ADD COLUMN drafted_for text, DROP CONSTRAINT agreement_partnership_id_version_key;
      CREATE TABLE agreement_version (
        agreement_id uuid NOT NULL REFERENCES agreement, version int NOT NULL CHECK (version > 0), based_on int NOT NULL DEFAULT 0,
        status text NOT NULL CHECK (status IN ('draft', 'proposed', 'approved', 'in-force', 'superseded', 'terminated')),
        practices text[] NOT NULL, effective_from timestamptz NOT NULL, effective_to timestamptz CHECK (effective_to >= effective_from), terms jsonb NOT NULL, hash text CHECK (hash ~ '^[0-9a-f]{64}$'),
        drafted_for text NOT NULL, authors text[] NOT NULL, drafted_at timestamptz NOT NULL, revision int NOT NULL DEFAULT 1, affected text[] NOT NULL DEFAULT '{}',
        proposed_by text, proposed_at timestamptz, ended_because text CHECK (ended_because IN ('declined', 'withdrawn', 'lapsed', 'notice', 'term')), ended_note text,
        PRIMARY KEY (agreement_id, version), CHECK (proposed_by IS NULL OR hash IS NOT NULL)
      );
      -- Two proposals at once would both change what is in force now.
      CREATE UNIQUE INDEX agreement_version_pending ON agreement_version (agreement_id) WHERE status IN ('proposed', 'approved');
      CREATE INDEX agreement_version_due ON agreement_version (effective_from) WHERE status IN ('proposed', 'approved');
      INSERT INTO agreement_version (agreement_id, version, status, practices, effective_from, effective_to, terms, hash, drafted_for, authors, drafted_at, affected)
        SELECT id, version, status, practices, effective_from, effective_to, jsonb_build_object(
          'name', name, 'practices', to_jsonb(practices), 'effectiveFrom', to_char(effective_from AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'endsAt', to_char(effective_to AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'noticeDays', 90, 'blackoutDates', to_jsonb(blackout_dates), 'rules', rules), NULL, practices[1], '{}', effective_from, practices FROM agreement;
      ALTER TABLE agreement DROP COLUMN status, DROP COLUMN effective_from, DROP COLUMN effective_to, DROP COLUMN rules, DROP COLUMN blackout_dates;
      CREATE TABLE agreement_signature (
        agreement_id uuid NOT NULL, version int NOT NULL, practice_id text NOT NULL, subject text NOT NULL, step text NOT NULL CHECK (step IN ('maker', 'checker')), hash text NOT NULL, signed_at timestamptz NOT NULL,
        practices text[] NOT NULL, PRIMARY KEY (agreement_id, version, practice_id, step), UNIQUE (agreement_id, version, subject), FOREIGN KEY (agreement_id, version) REFERENCES agreement_version
      );
      -- One practice ends the whole agreement; a second person of it confirms.
      CREATE TABLE agreement_notice (
        agreement_id uuid NOT NULL REFERENCES agreement, practice_id text NOT NULL, practices text[] NOT NULL, reason text NOT NULL, given_by text NOT NULL, given_at timestamptz NOT NULL,
        confirmed_by text CHECK (confirmed_by <> given_by), confirmed_at timestamptz, ends_at timestamptz, PRIMARY KEY (agreement_id, practice_id), CHECK (num_nonnulls(confirmed_by, confirmed_at, ends_at) IN (0, 3))
      );
      CREATE TABLE member_document (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, kind text NOT NULL CHECK (kind IN ('baa', 'ownership', 'state-law')), title text NOT NULL, document text NOT NULL,
        sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'), owner text NOT NULL, signed_on date NOT NULL, expires_on date NOT NULL CHECK (expires_on >= signed_on), added_at timestamptz NOT NULL, added_by text NOT NULL,
        withdrawn_at timestamptz, withdrawn_by text, withdrawn_reason text, CHECK (num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_reason) IN (0, 3))
      );
      CREATE INDEX member_document_practice ON member_document (practice_id, kind, expires_on);
    `);
    const parties = { agreement_version: `${TENANT} = ANY (practices || affected) AND (status <> 'draft' OR drafted_for = ${TENANT})`, agreement_signature: `${TENANT} = ANY (practices)`, agreement_notice: `${TENANT} = ANY (practices)` };
    for (const [table, mine] of Object.entries(parties)) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_party ON ${table} FOR SELECT TO ${app} USING (${mine});
        CREATE POLICY ${table}_worker ON ${table} TO ${worker} USING (true) WITH CHECK (true);
        CREATE POLICY ${table}_owner ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
        GRANT SELECT ON ${table} TO ${app}; GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${worker};
      `);
    }
    // A draft that is thrown away leaves nothing behind.
    await runner.query(`GRANT DELETE ON agreement TO ${worker}`);
    await protectByTenant(runner, SERVICE, 'member_document', ['practice_id'], 'SELECT');
    await runner.query(`CREATE POLICY member_document_network ON member_document FOR SELECT TO ${app} USING (practice_id IN (${NETWORK}))`);
    // What is agreed is never rewritten, not even by the service itself: from its proposal on only the state and the end of a version change.
    await runner.query(`
      CREATE FUNCTION keep_agreed_terms() RETURNS trigger LANGUAGE plpgsql AS $fn$
      BEGIN
        IF OLD.status <> 'draft' AND (TG_OP = 'DELETE' OR (NEW.terms, NEW.hash, NEW.practices, NEW.effective_from, NEW.version) IS DISTINCT FROM (OLD.terms, OLD.hash, OLD.practices, OLD.effective_from, OLD.version)) THEN
          RAISE EXCEPTION 'an agreement version that was proposed is not rewritten' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
      END $fn$;
      CREATE TRIGGER keep_agreed_terms BEFORE UPDATE OR DELETE ON agreement_version FOR EACH ROW EXECUTE FUNCTION keep_agreed_terms();
      CREATE OR REPLACE FUNCTION agreement_in_force(in_agreement uuid, in_host text, in_guest text, in_at timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT EXISTS (SELECT 1 FROM agreement_version a WHERE a.agreement_id = in_agreement AND a.status IN ('approved', 'in-force', 'superseded', 'terminated') AND in_host = ANY (a.practices) AND in_guest = ANY (a.practices)
          AND a.effective_from <= in_at AND (a.effective_to IS NULL OR in_at < a.effective_to))
      $fn$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`Agreements that people signed are not taken back by a migration (${runner.connection.options.type}).`);
  }
}
