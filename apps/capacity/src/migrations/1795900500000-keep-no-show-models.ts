import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepNoShowModels1795900500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The model of a month with its card, or why there is none; "visits": how many with an outcome were known to it. due_at: when it is looked at next; revision: how often it was.
      CREATE TABLE no_show_model (practice text NOT NULL, trained_at timestamptz NOT NULL, visits int NOT NULL, revision int NOT NULL, trained jsonb, card jsonb, refusal jsonb, drift jsonb, watched_at timestamptz NOT NULL, due_at timestamptz NOT NULL,
        PRIMARY KEY (practice, trained_at), CHECK (num_nonnulls(trained, refusal) = 1 AND (trained IS NULL) = (card IS NULL)));
      -- A wish of people, not made from events; without a row nobody wants the score.
      CREATE TABLE no_show_switch (practice text PRIMARY KEY, wanted boolean NOT NULL, reason text NOT NULL, version int NOT NULL, changed_by text NOT NULL, changed_at timestamptz NOT NULL);
    `);
    await protectByTenant(runner, 'capacity', 'no_show_model', ['practice'], 'SELECT');
    await protectByTenant(runner, 'capacity', 'no_show_switch', ['practice'], 'SELECT, INSERT, UPDATE');
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: what people switched on or off would be lost');
  }
}
