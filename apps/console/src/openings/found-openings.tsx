import { useState } from 'react';
import { useAnswer } from '../api/use-answer';
import { useNow } from '../clock/clock-provider';
import { Trouble } from '../parts/trouble';
import { type Opening, type OpeningsPage, askOpenings } from './opening-answers';
import { type SearchChoice, queryOf } from './search-choice';
import { siteDay, siteTime } from './site-time';

/** The answer to one choice, soonest first, with a way to the next page and the reasons for what was left out. */
export function FoundOpenings({ choice }: { choice: SearchChoice }) {
  const now = useNow();
  const [began] = useState(now?.now ?? 0);
  const [pages, setPages] = useState<{ readonly earlier: readonly Opening[]; readonly cursor: string | null }>({ earlier: [], cursor: null });
  const { answer, refusal, asking, again } = useAnswer(`openings ${pages.cursor ?? ''}`, (signal) => askOpenings(queryOf(choice, began, pages.cursor), { signal }));
  const openings = [...pages.earlier, ...(answer?.items ?? [])];
  return (
    <section aria-labelledby="found" aria-busy={asking}>
      <h2 id="found" className="visually-hidden">Found</h2>
      <p role="status" className="soft">{asking ? 'Searching …' : answer ? counted(openings.length, answer.nextCursor !== null) : ''}</p>
      {refusal && <Trouble refusal={refusal} again={again} />}
      {openings.length > 0 && byDay(openings).map(([day, those]) => <DayOfOpenings key={day} day={day} openings={those} />)}
      {answer && openings.length === 0 && <p className="empty">Nothing is open for this. Take more days, another practice, or any time of day.</p>}
      {answer?.nextCursor && <button type="button" className="quiet" onClick={() => setPages({ earlier: openings, cursor: answer.nextCursor })}>Show later ones</button>}
      {answer && <LeftOut leftOut={answer.leftOut} />}
    </section>
  );
}

function DayOfOpenings({ day, openings }: { day: string; openings: readonly Opening[] }) {
  return (
    <>
      <h3>{day}</h3>
      <ul className="openings">
        {openings.map(({ id, start, end, zone, practice, site, provider, visitType, bookable, link, phone, why }) => (
          <li key={id}>
            <p className="when"><time dateTime={start}>{siteTime(start, zone)}</time><span className="soft" title={`until ${siteTime(end, zone)}`}>{visitType ? `${visitType.durationMinutes} min · ` : `to ${siteTime(end, zone)} · `}{zone}</span></p>
            {provider && visitType && <p><strong>{provider.name}</strong><span className="soft">{visitType.name}, {visitType.modality}</span></p>}
            <p><span>{site.name}</span><span className="soft">{practice}</span></p>
            <p className="why"><span>{why}</span>{bookable === 'link' && link && <a className="tag" href={link} target="_blank" rel="noreferrer noopener">on the practice’s own page</a>}{bookable === 'phone' && <span className="tag">by phone</span>}{phone && <a href={`tel:${phone}`}>{phone}</a>}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

function LeftOut({ leftOut }: { leftOut: OpeningsPage['leftOut'] }) {
  if (leftOut.length === 0) return null;
  return (
    <details>
      <summary>Open times that are not shown, and why</summary>
      <ul>{leftOut.map(({ reason, count }) => <li key={reason}>{count} × {reason}</li>)}</ul>
    </details>
  );
}

const counted = (count: number, more: boolean): string => (count === 0 ? 'No openings found.' : `${count}${more ? ' and more' : ''} opening${count === 1 && !more ? '' : 's'}, soonest first; each in the site’s own time.`);

function byDay(openings: readonly Opening[]): [string, Opening[]][] {
  const days = new Map<string, Opening[]>();
  for (const each of openings) {
    const day = siteDay(each.start, each.zone);
    days.set(day, [...(days.get(day) ?? []), each]);
  }
  return [...days];
}
