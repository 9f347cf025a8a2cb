import { protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('notifications');

export class KeepWhatWasConsented1795805000000 implements MigrationInterface {
  name = 'KeepWhatWasConsented1795805000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- An opt-out that is narrower than STOP: of one practice, of one class of messages, or of both.
      CREATE TABLE narrow_opt_out (channel text NOT NULL, idx text NOT NULL, practice text, class text, at timestamptz NOT NULL,
        CHECK (num_nonnulls(practice, class) > 0), UNIQUE NULLS NOT DISTINCT (channel, idx, practice, class), FOREIGN KEY (channel, idx) REFERENCES contact_point);
      ALTER TABLE narrow_opt_out ENABLE ROW LEVEL SECURITY; ALTER TABLE narrow_opt_out FORCE ROW LEVEL SECURITY;
      CREATE POLICY narrow_opt_out_own ON narrow_opt_out FOR SELECT TO ${app} USING (EXISTS (SELECT FROM patient_contact c WHERE c.channel = narrow_opt_out.channel AND c.idx = narrow_opt_out.idx AND (narrow_opt_out.practice IS NULL OR narrow_opt_out.practice = c.practice)));
      CREATE POLICY narrow_opt_out_worker ON narrow_opt_out TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY narrow_opt_out_owner ON narrow_opt_out TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT ON narrow_opt_out TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON narrow_opt_out TO ${worker};

      -- Words that the desk wrote down are sealed under the key of the patient who said them, those of a text under the key of the number that received it.
      ALTER TABLE consent_evidence ADD COLUMN scope text NOT NULL DEFAULT 'all', ADD COLUMN class text, ADD COLUMN recorded_by text, ADD COLUMN patient uuid;
      -- representative: whose it is where it is not the patient's own. wrong_at: whoever has this phone said that it is not the patient's.
      ALTER TABLE patient_contact ADD COLUMN representative uuid, ADD COLUMN wrong_at timestamptz;
      ALTER TABLE visit ADD COLUMN confidential boolean NOT NULL DEFAULT false;
      -- What was relied on when the intent was written.
      ALTER TABLE attempt ADD COLUMN consent uuid;

      CREATE TABLE sending_rule (practice text PRIMARY KEY, free_to_end_user boolean NOT NULL, changed_by text NOT NULL, changed_at timestamptz NOT NULL);

      -- What somebody at the desk answers to a text, sealed under the key of the practice's number.
      ALTER TABLE message ADD COLUMN sealed_text text;
      ALTER TABLE reply ADD COLUMN read_at timestamptz, ADD COLUMN read_by text;
      CREATE INDEX reply_unread ON reply (host, received_at) WHERE handled AND read_at IS NULL;
    `);
    await protectByTenant(runner, 'notifications', 'sending_rule', ['practice'], 'SELECT, INSERT, UPDATE');
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`What patients consented to is not forgotten by a migration (${runner.connection.options.type}).`);
  }
}
