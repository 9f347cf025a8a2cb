import { Injectable } from '@nestjs/common';
import type { Actor } from '@slotmesh/persistence';
import { CountInThread } from '../count-in-thread';
import type { Rates } from '../domain/counts';
import type { CountedFile } from '../domain/counted-file';
import { ratesOf } from '../domain/rates-of';
import { FileTooShort, TooMuchUnread } from '../domain/trial.errors';
import type { PreviewRequest } from '../trial.schema';

export interface TrialPreview extends Omit<CountedFile, 'days'> {
  readonly days: number;
  readonly from: string | null;
  readonly to: string | null;
  /** What would be simulated; null with the reason beside it. */
  readonly rates: Rates | null;
  readonly notEnough: string | null;
}

/** Looks at a file and keeps nothing: there is no database here. Throws ColumnMissing, FileNotText, FileTooLong (as RefusedInThread), ThreadTimedOut, TooManyWaiting. */
@Injectable()
export class PreviewTrial {
  constructor(private readonly count: CountInThread) {}

  async execute({ practice }: Actor, { slotsPerDay, ...task }: PreviewRequest): Promise<TrialPreview> {
    const { days, ...file } = await this.count.of(practice, task);
    const visited = days.filter(({ visits }) => visits > 0);
    const shown = { ...file, days: visited.length, from: visited[0]?.day ?? null, to: visited.at(-1)?.day ?? null };
    try {
      return { ...shown, rates: ratesOf({ ...file, days }, slotsPerDay), notEnough: null };
    } catch (error) {
      if (!(error instanceof FileTooShort || error instanceof TooMuchUnread)) throw error;
      return { ...shown, rates: null, notEnough: error.message };
    }
  }
}
