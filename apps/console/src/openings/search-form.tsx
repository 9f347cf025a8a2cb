import type { FormEvent } from 'react';
import { useAnswer } from '../api/use-answer';
import { askPractices } from '../network/network-answers';
import { go } from '../parts/navigation';
import { Trouble } from '../parts/trouble';
import { askServices } from './opening-answers';
import { type SearchChoice, partsOfDay } from './search-choice';

/** Writes the choice into the page's address, so that it can be bookmarked and sent to a colleague. */
export function SearchForm({ choice }: { choice: SearchChoice | null }) {
  const services = useAnswer('services', (signal) => askServices({ signal }));
  const practices = useAnswer('practices', (signal) => askPractices({ signal }));
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const chosen = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget)) if (typeof value === 'string' && value !== '') chosen.set(name, value);
    go(`/console/openings?${chosen}`);
  };
  if (services.refusal) return <Trouble refusal={services.refusal} again={services.again} />;
  if (!services.answer) return <p className="soft">Asking for the services …</p>;
  if (services.answer.length === 0) return <p className="empty">The partnership&rsquo;s catalogue is empty. A manager adds services; the sample has seven.</p>;
  return (
    <form className="search" onSubmit={search} role="search">
      <label>Service
        <select name="service" required defaultValue={choice?.service ?? ''}>
          <option value="">Choose …</option>
          {services.answer.map(({ code, name }) => <option key={code} value={code}>{name}</option>)}
        </select>
      </label>
      <label>From day <input type="date" name="from" defaultValue={choice?.from ?? ''} /></label>
      <label>Within
        <select name="days" defaultValue={String(choice?.days ?? 14)}>
          {[7, 14, 30, 90].map((days) => <option key={days} value={days}>{days} days</option>)}
        </select>
      </label>
      <label>Practice
        <select name="practice" defaultValue={choice?.practice ?? ''} key={practices.answer ? 'known' : 'asking'}>
          <option value="">All</option>
          {practices.answer?.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </select>
      </label>
      <label>Time of day
        <select name="partOfDay" defaultValue={choice?.partOfDay ?? ''}>
          <option value="">Any</option>
          {partsOfDay.map((part) => <option key={part} value={part}>{part}</option>)}
        </select>
      </label>
      <button type="submit">Search</button>
    </form>
  );
}
