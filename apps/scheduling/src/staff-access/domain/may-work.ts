import type { WorkDesk } from '@slotmesh/contracts';
import { type AgreementId, DAY, type Instant, type LocalDate, type PracticeId, instantOfDate, plusMs } from '@slotmesh/kernel';
import type { Agreement } from '../../agreements/domain/share-rule';

/** One person of `of` who may work these lists of `practice`. */
export interface StaffAccess {
  readonly practice: PracticeId;
  readonly subject: string;
  readonly of: PracticeId;
  readonly desks: readonly WorkDesk[];
  /** The last date (UTC); null: no end of its own. */
  readonly until: LocalDate | null;
}
/** Who asks, and whose staff they are now. */
export interface Worker {
  readonly subject: string;
  readonly of: PracticeId;
}
export type AgreedAccess = Pick<Agreement, 'id' | 'version' | 'practices' | 'from' | 'until' | 'dataSharedUntil' | 'standings' | 'staffAccess'>;
export type WorkRefusal = 'no-agreement' | 'not-named' | 'desk-not-agreed' | 'access-over' | 'data-not-shared' | 'papers-missing';
export type WorkDecision =
  | { readonly allowed: true; readonly agreement: AgreementId; readonly version: number }
  | { readonly allowed: false; readonly reason: WorkRefusal };

/** From the farthest from a yes to the nearest, which is told where several agreements refuse. */
const DISTANCE: readonly WorkRefusal[] = ['no-agreement', 'not-named', 'desk-not-agreed', 'access-over', 'data-not-shared', 'papers-missing'];

/**
 * Whether a person may work a list of another practice at an instant. Only the version that is in force then counts, so that an amendment without the person ends it, and nothing is open that would not be open for
 * the agreement as a whole: no party has left, all papers hold, and data of patients may go. Agreements stand beside each other: one that allows is enough. One's own lists are none of its business.
 */
export function mayWork(worker: Worker, practice: PracticeId, desk: WorkDesk, agreements: readonly AgreedAccess[], at: Instant): WorkDecision {
  let nearest: WorkRefusal = 'no-agreement';
  if (worker.of === practice) return { allowed: false, reason: nearest };
  for (const agreed of inForce(agreements, at)) {
    const reason = refusalOf(agreed, worker, practice, desk, at);
    if (reason === null) return { allowed: true, agreement: agreed.id, version: agreed.version };
    if (DISTANCE.indexOf(reason) > DISTANCE.indexOf(nearest)) nearest = reason;
  }
  return { allowed: false, reason: nearest };
}

/** One version of each agreement: where two overlap, the later one. */
function inForce(agreements: readonly AgreedAccess[], at: Instant): AgreedAccess[] {
  const running = agreements.filter(({ from, until }) => from <= at && (until === null || at < until));
  return running.filter((one) => !running.some(({ id, version }) => id === one.id && version > one.version));
}

function refusalOf(agreed: AgreedAccess, { subject, of }: Worker, practice: PracticeId, desk: WorkDesk, at: Instant): WorkRefusal | null {
  if (!agreed.practices.includes(of) || !agreed.practices.includes(practice)) return 'no-agreement';
  const standings = [of, practice].map((party) => agreed.standings?.[party]);
  if (standings.some((standing) => standing && standing.leavesAt !== null && at >= standing.leavesAt)) return 'no-agreement';
  const named = (agreed.staffAccess ?? []).filter((access) => access.subject === subject && access.of === of && access.practice === practice);
  if (named.length === 0) return 'not-named';
  const here = named.filter(({ desks }) => desks.includes(desk));
  if (here.length === 0) return 'desk-not-agreed';
  if (!here.some(({ until }) => until === null || at < endOf(until))) return 'access-over';
  if (agreed.dataSharedUntil != null && at >= agreed.dataSharedUntil) return 'data-not-shared';
  return standings.some((standing) => standing && standing.papersUntil !== null && at >= standing.papersUntil) ? 'papers-missing' : null;
}

const endOf = (until: LocalDate): Instant => plusMs(instantOfDate(new Date(`${until}T00:00:00Z`)), DAY);
