import { useAnswer } from '../api/use-answer';
import { useNow } from '../clock/clock-provider';
import { askPractices } from '../network/network-answers';
import { askServices } from '../openings/opening-answers';
import { Trouble } from '../parts/trouble';
import { type Measure, askCompared } from './measure-answers';
import { MeasureDefinition } from './measure-definition';
import { PartnersTable } from './partners-table';
import type { PlanningChoice } from './planning-choice';
import { goTo } from './planning-form';
import { dateIn, monthsBefore } from './stretch';

const MONTHS = 6;

/** The practices of the partnership side by side: one measure of one service, by whole months that are over. */
export function PartnersComparison({ choice, catalogue, zone }: { choice: PlanningChoice; catalogue: readonly Measure[]; zone: string }) {
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
  const practiceName = (practice: string): string => practices.answer?.find((one) => one.id === practice)?.name ?? practice;
  return (
    <section aria-labelledby="comparison">
      <h2 id="comparison">Beside your partners</h2>
      <p className="soft">One service at a time, since practices differ in what they do. Of other practices only what at least 11 people stand behind is shown.</p>
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
      {answer && answer.items.length === 0 && <p className="empty">Nothing has been counted yet in these months: the comparison begins with the first whole month in which practices have working hours and visits.</p>}
      {answer && answer.items.length > 0 && <PartnersTable answer={answer} service={service} months={months} caption={`${answer.definition.title}${service === undefined ? '' : `, ${nameOf(service)}`}`} practiceName={practiceName} />}
      {answer && <MeasureDefinition {...answer} zone={zone} />}
    </section>
  );
}
