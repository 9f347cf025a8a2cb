/** All there is (closed): nothing in it moves with how many patients anybody sent, booked or saw. */
export const allocationMethods = ['equal', 'provider-fte', 'contracted-hours', 'fixed'] as const;
export type AllocationMethod = (typeof allocationMethods)[number];
