/** What is known about one topic that a measure is made from. */
export interface SourceProgress {
  readonly topic: string;
  readonly records: number;
  readonly lastAt: string | null;
  readonly parked: number;
}
export interface MissingSource {
  readonly source: string;
  readonly why: string;
}

/** What a number may lack: topics that have said nothing yet, and records that wait in the park (P18). */
export function missingSources(sources: readonly SourceProgress[]): MissingSource[] {
  return sources.flatMap(({ topic, records, parked }) => [
    ...(records === 0 ? [{ source: topic, why: 'nothing has been received yet' }] : []),
    ...(parked > 0 ? [{ source: topic, why: `${parked} ${parked === 1 ? 'record waits' : 'records wait'} in the park` }] : []),
  ]);
}
