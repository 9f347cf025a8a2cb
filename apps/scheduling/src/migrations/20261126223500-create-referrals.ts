import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');

export class CreateReferrals20261126223500 implements MigrationInterface {
  name = 'CreateReferrals20261126223500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE referral (
        id uuid PRIMARY KEY, version int NOT NULL DEFAULT 1, status text NOT NULL CHECK (status IN ('sent', 'received', 'accepted', 'authorised', 'scheduled', 'seen', 'note-returned', 'closed', 'declined', 'cancelled')),
        sender_id text NOT NULL REFERENCES practice, receiver_id text REFERENCES practice, outside jsonb, agreement_id uuid REFERENCES agreement,
        patient_id uuid NOT NULL REFERENCES patient, receiver_patient_id uuid REFERENCES patient, service_code text NOT NULL REFERENCES service, urgency text NOT NULL CHECK (urgency IN ('routine', 'urgent', 'stat')),
        needs_authorisation boolean NOT NULL, authorisation_expires date, decline_code text, choice jsonb, appointment_id uuid, visit_at timestamptz, zone text NOT NULL,
        sent_at timestamptz NOT NULL, sent_by text NOT NULL, since timestamptz NOT NULL, due_at timestamptz, waits_for text CHECK (waits_for IN ('sender', 'receiver')),
        -- One key of its own, wrapped for the record that each side keeps of the patient; everything that was written is sealed under it.
        sender_key text NOT NULL, receiver_key text, sealed_letter text NOT NULL, sealed_authorisation text, sealed_answer text, sealed_note text,
        CHECK (receiver_id <> sender_id), CHECK ((receiver_id IS NULL) = (outside IS NOT NULL)), CHECK ((receiver_id IS NULL) = (receiver_patient_id IS NULL)),
        CHECK ((receiver_id IS NULL) = (receiver_key IS NULL)), CHECK ((due_at IS NULL) = (waits_for IS NULL)),
        -- Never lost: only what is over waits for nobody.
        CHECK ((status IN ('closed', 'cancelled')) = (due_at IS NULL)), CHECK (status <> 'declined' OR decline_code IS NOT NULL),
        CHECK (status <> 'scheduled' OR (visit_at IS NOT NULL AND (receiver_id IS NULL) = (appointment_id IS NULL))), CHECK ((authorisation_expires IS NULL) = (sealed_authorisation IS NULL))
      );
      CREATE INDEX referral_sender ON referral (sender_id, id);
      CREATE INDEX referral_receiver ON referral (receiver_id, id) WHERE receiver_id IS NOT NULL;
      CREATE INDEX referral_due ON referral (due_at, id) WHERE due_at IS NOT NULL;
      CREATE INDEX referral_receiver_patient ON referral (receiver_patient_id) WHERE receiver_patient_id IS NOT NULL;
      ALTER TABLE referral ENABLE ROW LEVEL SECURITY; ALTER TABLE referral FORCE ROW LEVEL SECURITY;
      CREATE POLICY referral_see ON referral FOR SELECT TO ${app} USING (sender_id = ${TENANT} OR receiver_id = ${TENANT});
      CREATE POLICY referral_change ON referral FOR UPDATE TO ${app} USING (sender_id = ${TENANT} OR receiver_id = ${TENANT}) WITH CHECK (sender_id = ${TENANT} OR receiver_id = ${TENANT});
      CREATE POLICY referral_add ON referral FOR INSERT TO ${app} WITH CHECK (sender_id = ${TENANT} AND (receiver_id IS NULL OR agreement_in_force(agreement_id, receiver_id, sender_id, sent_at)));
      CREATE POLICY referral_worker ON referral TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY referral_owner ON referral TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT ON referral TO ${app}; GRANT SELECT, INSERT, UPDATE, DELETE ON referral TO ${worker};
      -- Why columns: neither side may make it another's referral, nor another patient's.
      GRANT UPDATE (version, status, authorisation_expires, decline_code, choice, appointment_id, visit_at, since, due_at, waits_for, sealed_authorisation, sealed_answer, sealed_note) ON referral TO ${app};

      ALTER TABLE appointment ADD COLUMN referral_id uuid REFERENCES referral;
      CREATE INDEX appointment_referral ON appointment (referral_id) WHERE referral_id IS NOT NULL;

      -- The wrapped key of the host's record of a person whom the tenant knows, so that a referral can be sealed for it. Still wrapped by the host's key.
      CREATE FUNCTION host_patient_key(in_host text, in_agreement uuid, in_at timestamptz, in_patient uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT p.wrapped_key FROM patient p WHERE p.id = in_patient AND p.practice_id = in_host AND agreement_in_force(in_agreement, in_host, ${TENANT}, in_at)
          AND EXISTS (SELECT 1 FROM patient own WHERE own.person_id = p.person_id AND own.practice_id = ${TENANT})
      $fn$;
    `);
    await this.givenRecords(runner, `RETURNS TABLE (id uuid, practice_id text, wrapped_key text, version int, agreement_id uuid, host_key text, profile text)`,
      `, CASE WHEN v.coming THEN 'booking' ELSE 'referral packet' END`,
      `(v.coming OR EXISTS (SELECT 1 FROM referral f WHERE f.receiver_patient_id = r.id AND f.sender_id = ${TENANT} AND f.status NOT IN ('closed', 'declined', 'cancelled')))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.givenRecords(runner, 'RETURNS TABLE (id uuid, practice_id text, wrapped_key text, version int, agreement_id uuid, host_key text)', '', 'v.coming');
    await runner.query('DROP FUNCTION host_patient_key; ALTER TABLE appointment DROP COLUMN referral_id; DROP TABLE referral');
  }

  /** A receiver reaches the patient before there is a visit, so what it was given stays up to date while the referral is open. */
  private async givenRecords(runner: QueryRunner, returns: string, profile: string, because: string): Promise<void> {
    await runner.query(`
      DROP FUNCTION given_records;
      CREATE FUNCTION given_records(in_patient uuid, in_at timestamptz) ${returns} LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT r.id, r.practice_id, r.wrapped_key, r.version, g.id, k.wrapped_key${profile} FROM patient own
          JOIN patient r ON r.person_id = own.person_id AND r.given_by = ${TENANT} AND r.wrapped_key IS NOT NULL
          JOIN practice_key k ON k.practice_id = r.practice_id
          JOIN LATERAL (SELECT a.id FROM agreement a WHERE agreement_in_force(a.id, r.practice_id, ${TENANT}, in_at) ORDER BY a.version DESC LIMIT 1) g ON true
          CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM appointment a WHERE a.patient_id = r.id AND a.booking_id = ${TENANT} AND a.ends_at > in_at AND a.status IN ('pending', 'booked', 'arrived', 'checked-in')) AS coming) v
        WHERE own.id = in_patient AND own.practice_id = ${TENANT} AND ${because}
        ORDER BY r.id
      $fn$;
    `);
  }
}
