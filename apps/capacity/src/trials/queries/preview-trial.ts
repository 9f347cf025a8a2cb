import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Rates } from '../domain/counts';
import { ratesOf } from '../domain/rates-of';
import { FileTooShort } from '../domain/trial.errors';
import { type VisitFile, countVisits } from '../domain/visit-file';
import type { previewRequest } from '../trial.schema';

/** Lines that are told one by one. */
const MOST_TOLD = 100;

export interface TrialPreview extends Omit<VisitFile, 'days'> {
  readonly unreadLines: number;
  readonly days: number;
  readonly from: string | null;
  readonly to: string | null;
  /** What would be simulated; null with the reason beside it. */
  readonly rates: Rates | null;
  readonly notEnough: string | null;
}

/** Looks at a file and keeps nothing: there is no database here. Throws ColumnMissing. */
@Injectable()
export class PreviewTrial {
  execute({ csv, mapping, slotsPerDay }: z.output<typeof previewRequest>): TrialPreview {
    const { days, unread, ...file } = countVisits(csv, mapping);
    const visited = days.filter(({ visits }) => visits > 0);
    const shown = { ...file, unread: unread.slice(0, MOST_TOLD), unreadLines: unread.length, days: visited.length, from: visited[0]?.day ?? null, to: visited.at(-1)?.day ?? null };
    try {
      return { ...shown, rates: ratesOf({ ...file, days, unread }, slotsPerDay), notEnough: null };
    } catch (error) {
      if (!(error instanceof FileTooShort)) throw error;
      return { ...shown, rates: null, notEnough: error.message };
    }
  }
}
