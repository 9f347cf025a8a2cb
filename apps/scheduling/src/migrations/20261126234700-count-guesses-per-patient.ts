import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CountGuessesPerPatient20261126234700 implements MigrationInterface {
  name = 'CountGuessesPerPatient20261126234700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- By patient and audience, not by visit: the birth date is the same at every door, so each visit more would be five guesses more.
      ALTER TABLE birth_date_attempt ADD COLUMN patient_id uuid REFERENCES patient;
      UPDATE birth_date_attempt t SET patient_id = a.patient_id FROM appointment a WHERE a.id = t.appointment_id;
      -- Of several doors the one that is locked the longest, or had the most wrong ones, goes on.
      DELETE FROM birth_date_attempt t USING (SELECT appointment_id, audience, row_number() OVER (PARTITION BY patient_id, audience ORDER BY locked_until DESC NULLS LAST, wrong DESC, appointment_id) AS place FROM birth_date_attempt) o
        WHERE o.appointment_id = t.appointment_id AND o.audience = t.audience AND o.place > 1;
      ALTER TABLE birth_date_attempt DROP COLUMN appointment_id, ALTER COLUMN patient_id SET NOT NULL, ADD PRIMARY KEY (patient_id, audience);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM birth_date_attempt;
      ALTER TABLE birth_date_attempt DROP COLUMN patient_id, ADD COLUMN appointment_id uuid NOT NULL REFERENCES appointment, ADD PRIMARY KEY (appointment_id, audience);
    `);
  }
}
