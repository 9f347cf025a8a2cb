import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepNoShowAlarms1795914000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Of the practice and not of a model: the next look, or the next month's model, must not end what nobody has looked at. It goes when people say anew whether they want the score.
    await runner.query('CREATE TABLE no_show_alarm (practice text PRIMARY KEY, alarmed_at timestamptz NOT NULL)');
    await protectByTenant(runner, 'capacity', 'no_show_alarm', ['practice'], 'SELECT, DELETE');
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: alarms that nobody has looked at would be lost');
  }
}
