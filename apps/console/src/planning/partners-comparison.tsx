import { useAnswer } from '../api/use-answer';
import { useNow } from '../clock/clock-provider';
import { askPractices } from '../network/network-answers';
import { askServices } from '../openings/opening-answers';
import { Trouble } from '../parts/trouble';
import { type Measure, askCompared } from './measure-answers';
import { MeasureDefinition } from './measure-definition';
import { PartnersTable } from './partners-table';
import { partnershipsIn } from './partnerships-in';
import type { PlanningChoice } from './planning-choice';
import { goTo } from './planning-form';
import { dateIn, monthsBefore } from './stretch';

const MONTHS = 6;

/** The practices of the partnership side by side: one measure of one service, by whole months that are over. */
export function PartnersComparison({ choice, catalogue, zone, practice }: { choice: PlanningChoice; catalogue: readonly Measure[]; zone: string; practice: string | null }) {
  const now = useNow();
  const measure = catalogue.find(({ definition }) => definition.id === choice.compare) ?? catalogue[0];
  const months = now ? monthsBefore(dateIn(now.now, zone), MONTHS) : [];
  const [from, to, id] = [months[0], months.at(-1), measure?.definition.id];
  const services = useAnswer('services', (signal) => askServices({ signal }));
  const practices = useAnswer('practices', (signal) => askPractices({ signal }));
  const { answer, refusal, again } = useAnswer(from && to && id ? `network ${id} ${from}` : null, (signal) => askCompared(id ?? '', { from: from ?? '', to: to ?? '' }, { signal }), 300_000);
  const found = [...new Set(answer?.items.flatMap(({ service }) => service ?? []))].sort();
  const service = [choice.compareService, choice.service].find((one) => one !== undefined && found.includes(one)) ?? found[0];
  const nameOf = (code: string): string => services.answer?.find((one) => one.code === code)?.name ?? code;
  const practiceName = (id: string): string => practices.answer?.find((one) => one.id === id)?.name ?? id;
  const partnerships = answer ? partnershipsIn(answer, service) : [];
  const title = `${answer?.definition.title ?? ''}${service === undefined ? '' : `, ${nameOf(service)}`}`;
  return (
    <section aria-labelledby="comparison">
      <h2 id="comparison">{practice === null ? 'Practices side by side' : 'Beside your partners'}</h2>
      <p className="soft">One service at a time, since practices differ in what they do. Of {practice === null ? 'practices' : 'other practices'} only what at least 11 people stand behind is shown.{practice === null && ' Each partnership is compared within itself.'}</p>
      <form className="search" onSubmit={goTo(choice)} aria-label="Comparison">
        <label>Measure
          <select name="compare" defaultValue={id}>{catalogue.map(({ definition }) => <option key={definition.id} value={definition.id}>{definition.title}</option>)}</select>
        </label>
        {service !== undefined && (
          <label>Service compared
            <select name="compareService" defaultValue={service} key={`${service} ${found.length} ${services.answer ? 'named' : ''}`}>{found.map((code) => <option key={code} value={code}>{nameOf(code)}</option>)}</select>
          </label>
        )}
        <button type="submit">Compare</button>
      </form>
      {refusal && <Trouble refusal={refusal} again={again} />}
      {!answer && !refusal && <p className="soft">Asking …</p>}
      {answer && !answer.acrossPractices && <NeverTold own={practice !== null} />}
      {answer && answer.items.length === 0 && (answer.acrossPractices || practice !== null) && <p className="empty">Nothing has been counted yet in these months: the comparison begins with the first whole month in which {answer.acrossPractices ? 'practices have' : 'your practice has'} working hours and visits.</p>}
      {answer && partnerships.map(({ partnership, practices: members }) => (
        <PartnersTable key={partnership} answer={answer} partnership={partnership} service={service} months={months} caption={partnerships.length < 2 ? title : `${title}: ${members.map(practiceName).join(', ')}`} practiceName={practiceName} />
      ))}
      {answer && <MeasureDefinition {...answer} zone={zone} />}
    </section>
  );
}

/** Why there is no comparison, where there never will be one. */
function NeverTold({ own }: { own: boolean }) {
  return (
    <p className="note">
      This measure is not compared across practices: beside what partners are told of a practice it would tell of a few of its patients. {own ? 'You see your own practice alone.' : 'Each practice reads its own; choose another measure here.'}
    </p>
  );
}
