import { Injectable } from '@nestjs/common';
import { DAY, type Instant, formatInstant, plusMs } from '@slotmesh/kernel';
import { TENANT, type Tx } from '@slotmesh/persistence';
import { measureCalled, measureId, valueOf } from '../../measures/domain/catalogue';

/** So long before a decision, and so long after it, a measure is looked at. */
export const LOOK_DAYS = 28;
const dateOf = (parameter: string): string => `(${parameter}::timestamptz AT TIME ZONE coalesce((SELECT zone FROM practice WHERE id = ${TENANT}), 'UTC'))::date`;

/** The measure of what was taken, by the tenant's own dates. */
@Injectable()
export class MeasuredRepository {
  /** In the four weeks before a moment. */
  before = (tx: Tx, measure: string, service: string | null, at: Instant): Promise<number | null> => this.value(tx, measure, service, plusMs(at, -LOOK_DAYS * DAY), at);

  /** In the four weeks before a moment and in the four after it, as far as they are over. That one followed the other does not say that it was its work. */
  async around(tx: Tx, measure: string, service: string | null, at: Instant): Promise<{ readonly before: number | null; readonly after: number | null; readonly until: Instant; readonly isOver: boolean }> {
    const until = plusMs(at, LOOK_DAYS * DAY);
    return { before: await this.before(tx, measure, service, at), after: await this.value(tx, measure, service, at, until < tx.now ? until : tx.now), until, isOver: until <= tx.now };
  }

  private async value(tx: Tx, measure: string, service: string | null, from: Instant, to: Instant): Promise<number | null> {
    const { definition, kind, dimensions, ofSupply } = measureCalled(measureId.parse(measure));
    const byService = service !== null && dimensions.includes('service');
    const [row] = await tx.query<{ numerator: string | null; denominator: string | null }>(
      `SELECT sum(numerator) AS numerator, sum(denominator) AS denominator FROM measure_cell
       WHERE measure = $1 AND practice = ${TENANT} AND day >= ${dateOf('$2')} AND day < ${dateOf('$3')} AND (grain IS NULL OR grain = $4) AND ($5::text IS NULL OR service = $5)`,
      [definition.id, formatInstant(from), formatInstant(to), ofSupply ? (byService ? 'service' : 'total') : null, byService ? service : null]);
    return row?.numerator == null ? null : valueOf(kind, Number(row.numerator), row.denominator === null ? null : Number(row.denominator));
  }
}
