import type { FormEvent } from 'react';
import { useAnswer } from '../api/use-answer';
import { askServices } from '../openings/opening-answers';
import { go } from '../parts/navigation';
import { Trouble } from '../parts/trouble';
import { type Period, type PlanningChoice, periods, planningPath } from './planning-choice';

const CALLED: Readonly<Record<Period, string>> = { weeks: 'Last 13 weeks, by week', months: 'Last 12 months, by month', days: 'Last 14 days, by day' };

/** Goes to the address of what the form says. */
export const goTo = (choice: PlanningChoice) => (event: FormEvent<HTMLFormElement>): void => {
  event.preventDefault();
  go(planningPath(choice, Object.fromEntries([...new FormData(event.currentTarget)].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))));
};

export function PlanningForm({ choice }: { choice: PlanningChoice }) {
  const services = useAnswer('services', (signal) => askServices({ signal }));
  return (
    <form className="search" onSubmit={goTo(choice)} aria-label="Period and service">
      {services.refusal && <Trouble refusal={services.refusal} again={services.again} />}
      <label>Period
        <select name="period" defaultValue={choice.period}>{periods.map((period) => <option key={period} value={period}>{CALLED[period]}</option>)}</select>
      </label>
      <label>Service
        <select name="service" defaultValue={choice.service ?? ''} key={services.answer ? 'known' : 'asking'}>
          <option value="">All</option>
          {services.answer?.map(({ code, name }) => <option key={code} value={code}>{name}</option>)}
        </select>
      </label>
      <button type="submit">Show</button>
    </form>
  );
}
