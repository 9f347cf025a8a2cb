import { type Desk, RunningScheduling, TAKEN_TWICE } from './running-scheduling';

/** Scheduling with harbor's desk and manager, for tests that make calendars of their own. */
export class HarborCalendar {
  private used = 0;

  private constructor(readonly scheduling: RunningScheduling, readonly harbor: Desk, readonly manager: Desk, private readonly patients: readonly string[]) {}

  static async start(): Promise<HarborCalendar> {
    const scheduling = await RunningScheduling.start();
    const [harbor, manager] = [await scheduling.desk('frontdesk@harbor.example'), await scheduling.desk('manager@harbor.example')];
    const patients = (await scheduling.sql<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'harbor' AND needs = '{}' AND NOT deceased ORDER BY id`)).map((row) => row.id);
    return new HarborCalendar(scheduling, harbor, manager, patients);
  }

  /** Stops it; P1 holds whatever the tests did. */
  async stop(): Promise<void> {
    const twice = await this.scheduling.sql(TAKEN_TWICE);
    await this.scheduling.stop();
    expect(twice).toEqual([]);
  }

  /** The next of harbor's patients without needs. */
  patient(): string {
    return this.patients[this.used++ % this.patients.length]!;
  }

  /** What the manager makes, by its id. */
  async made(path: string, body: object): Promise<string> {
    const answer = await this.manager.post(path, body);
    expect(answer).toMatchObject({ status: 201 });
    return String(answer.body['id']);
  }

  /** A site of its own in New York's zone. */
  site(): Promise<string> {
    return this.made('/sites', { name: `Harbor ${this.used++}`, zone: 'America/New_York', phone: '617 555 0195', address: { line: '9 Pier Road', city: 'Quincy', state: 'MA', postalCode: '02169' }, latitude: 42.25, longitude: -71 });
  }
}
