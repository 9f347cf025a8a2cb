import type { Language, practiceId } from '@slotmesh/contracts';
import type { Instant, PracticeId, ServiceCode, VisitTypeId } from '@slotmesh/kernel';
import type { z } from 'zod';

export interface EducationText {
  readonly title: string;
  readonly body: string;
}
/** What a patient may read before a visit. A version never changes: a new one takes its place once it is approved. */
export interface EducationContent {
  readonly id: string;
  /** Who made it. */
  readonly practice: PracticeId;
  /** Who has to approve it, and then uses it: the practice alone, or all that were in its partnership when it was made. */
  readonly practices: readonly z.output<typeof practiceId>[];
  readonly service: ServiceCode | null;
  readonly visitType: VisitTypeId | null;
  readonly texts: Readonly<Partial<Record<Language, EducationText>>>;
  readonly sourceUrl: string | null;
  readonly daysBefore: number;
  readonly version: number;
  readonly previous: string | null;
  readonly madeAt: Instant;
  readonly madeBy: string;
  readonly retiredAt: Instant | null;
  readonly approvals: readonly EducationApproval[];
}
export interface EducationApproval {
  readonly practice: string;
  readonly by: string;
  readonly at: string;
}

/** Only what everybody approved, who is to use it, is used. */
export const isInForce = ({ practices, approvals, retiredAt }: Pick<EducationContent, 'practices' | 'approvals' | 'retiredAt'>): boolean => retiredAt === null && practices.every((practice) => approvals.some((approval) => approval.practice === practice));

interface VisitToLearnFor {
  readonly host: string;
  readonly service: string;
  readonly visitType: string | null;
}
/** The one content for a visit: what its host made for itself goes before what is shared, the visit type before the service, the newer before the older. */
export function contentFor(contents: readonly EducationContent[], visit: VisitToLearnFor): EducationContent | null {
  const fitting = contents.filter((content) => isInForce(content) && content.practices.some((practice) => practice === visit.host) && (content.visitType === null ? content.service === visit.service : content.visitType === visit.visitType));
  const rank = (content: EducationContent): number => (content.practices.length === 1 ? 2 : 0) + (content.visitType === null ? 0 : 1);
  return fitting.sort((a, b) => rank(b) - rank(a) || b.madeAt - a.madeAt || (a.id < b.id ? 1 : -1))[0] ?? null;
}

/** The text in the reader's language, else in the one that there is. */
export function textIn({ texts }: Pick<EducationContent, 'texts'>, language: Language): { readonly language: Language; readonly text: EducationText } {
  const other: Language = language === 'en' ? 'es' : 'en';
  const [mine, theirs] = [texts[language], texts[other]];
  if (mine) return { language, text: mine };
  if (theirs) return { language: other, text: theirs };
  throw new Error('a content without a text');
}
