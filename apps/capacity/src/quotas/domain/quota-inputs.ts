import type { LocalDate, PracticeId, ServiceCode } from '@slotmesh/kernel';

/** What a quota plan is made from: plain JSON, so that it can be kept beside the plan and solved again. Slots are visits of a service. */
export interface QuotaInputs {
  readonly version: 1;
  /** A Monday; week w begins 7 w days later. */
  readonly firstWeek: LocalDate;
  readonly weeks: number;
  /** Which quantile of the forecast `demand` is, such as 0.8. Told, not used. */
  readonly demandQuantile: number;
  /** Lending may not raise the share of its own demand that a lender cannot meet, per service and week, above this; null: only never above the worst share that there would be without sharing. */
  readonly mostOwnUnmetShare: number | null;
  readonly practices: readonly PracticeInputs[];
}

export interface PracticeInputs {
  readonly practice: PracticeId;
  /** Given less received over all weeks stays within this many hours of shared time, both ways. */
  readonly reciprocityHours: number;
  /** What it lends at most over all weeks; null: no limit of its own. */
  readonly mostLentHours: number | null;
  readonly services: readonly ServiceInputs[];
}

export interface ServiceInputs {
  readonly service: ServiceCode;
  /** Length of a slot in this practice; a slot counts as this much, given and received, when it lends it. */
  readonly minutes: number;
  /** Share of a week's capacity that it lends at most. */
  readonly lendableShare: number;
  /** Whole slots, one number per week. */
  readonly capacity: readonly number[];
  readonly demand: readonly number[];
}
