import { useAnswer } from '../api/use-answer';
import { PARKED_COUNTED, askParked } from './network-answers';

/** How many events a service could not handle and keeps for a person. */
export function ParkedEvents({ service, ready }: { service: string; ready: boolean }) {
  const { answer, refusal } = useAnswer(ready ? `parked ${service}` : null, (signal) => askParked(service, { signal }), 15_000);
  if (refusal) return <span className="soft" title={refusal.message}>not known</span>;
  if (!answer) return <span className="soft">…</span>;
  const { waiting, dead, more } = answer;
  if (waiting + dead === 0) return <span>none</span>;
  const count = more ? `more than ${PARKED_COUNTED}` : String(waiting + dead);
  return <span className="tag bad">{count}{dead > 0 && ` (${dead} ${dead === 1 ? 'needs' : 'need'} a person)`}</span>;
}
