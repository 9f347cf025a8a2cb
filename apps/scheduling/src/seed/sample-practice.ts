import type { ShareRuleRow } from '../agreements/persistence/share-rule.schema';

/** Shapes of the sample partnership. All names, numbers and addresses are invented; phones lie in the range reserved for fiction (555-0100 to 555-0199). */
export interface SamplePractice {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly areaCodes: readonly string[];
  readonly partner: boolean;
  readonly patients: number;
  readonly sites: readonly SampleSite[];
  readonly providers: readonly SampleProvider[];
  readonly visitTypes: readonly SampleVisitType[];
  readonly equipment: readonly { readonly site: string; readonly kind: 'room' | 'device'; readonly names: readonly string[] }[];
  /** One day on which the practice is closed for a reason of its own: so many weeks after the first seeding, on this ISO weekday. */
  readonly ownClosure: { readonly weeks: number; readonly weekday: number; readonly reason: string };
  readonly shares: readonly Omit<ShareRuleRow, 'host'>[];
}
export interface SampleSite {
  readonly code: string;
  readonly name: string;
  readonly areaCode: string;
  readonly address: { readonly line: string; readonly city: string; readonly state: string; readonly postalCode: string };
  readonly latitude: number;
  readonly longitude: number;
}
export interface SampleProvider {
  readonly code: string;
  readonly name: string;
  readonly languages: readonly string[];
  readonly payers: readonly string[];
  readonly gives: readonly string[];
  readonly hours: readonly SampleHours[];
  readonly exceptions?: readonly { readonly site: string; readonly weeks: number; readonly weekday: number; readonly ranges: readonly { readonly from: string; readonly to: string }[] }[];
}
export interface SampleHours {
  readonly site: string;
  readonly weekdays: readonly number[];
  readonly blocks: readonly (readonly [from: string, to: string])[];
  readonly everyWeeks?: number;
}
export interface SampleVisitType {
  readonly code: string;
  readonly service: string;
  readonly name: string;
  readonly minutes: number;
  readonly bufferAfter?: number;
  readonly noticeMinutes: number;
  readonly needs: readonly ('room' | 'device')[];
  readonly public?: boolean;
}

export const fullDay: SampleHours['blocks'] = [['09:00', '12:00'], ['13:00', '17:00']];
export const longDay: SampleHours['blocks'] = [['08:00', '12:00'], ['12:30', '16:30']];
