import { useAnswer } from '../api/use-answer';
import { askPractices } from '../network/network-answers';
import { useQuery } from '../parts/navigation';
import { Trouble } from '../parts/trouble';
import { permits, signInPath, useSession } from '../session/session-provider';
import { DemandAhead } from './demand-ahead';
import { askCatalogue } from './measure-answers';
import { OwnMeasures } from './own-measures';
import { PartnersComparison } from './partners-comparison';
import { planningChoiceOf } from './planning-choice';
import { PlanningForm } from './planning-form';
import { WhatToDo } from './what-to-do';
import { WhatWouldChange } from './what-would-change';

/** Where access is lost and how time is used: a section for each question, each in a file of its own. */
export function PlanningPage() {
  const { session } = useSession();
  const query = useQuery();
  const mayRead = permits(session, 'measures:read');
  const mayPlan = permits(session, 'plans:write');
  const catalogue = useAnswer(mayRead ? 'measures' : null, (signal) => askCatalogue({ signal }));
  const practices = useAnswer(mayRead ? 'practices' : null, (signal) => askPractices({ signal }));
  const practice = session?.signedIn ? session.practice : null;
  const choice = planningChoiceOf(query);
  const zone = practices.answer?.find(({ id }) => id === practice)?.zone ?? 'UTC';
  const names = new Map(practices.answer?.map(({ id, name }) => [id, name]));
  const known = catalogue.answer && (practices.answer ?? practices.refusal);
  return (
    <>
      <h1>Planning</h1>
      <p className="lead">How long patients wait, how time is used, what will be asked for, and what sharing changes. Every number says how it is counted and opens into what stands behind it.</p>
      {session?.signedIn === false && <p className="note">Sign in to read your practice&rsquo;s numbers. <a href={signInPath(`/console/planning?${query}`)}>Sign in</a></p>}
      {session?.signedIn && !mayRead && <p className="note">Measures are read by the staff of a practice and by operators.</p>}
      {catalogue.refusal && <Trouble refusal={catalogue.refusal} again={catalogue.again} />}
      {mayRead && !known && !catalogue.refusal && <p className="soft">Asking for the measures …</p>}
      {known && catalogue.answer && (
        <>
          {practice === null && <p className="note">You belong to no practice, so you see what partners see of each other.</p>}
          {practice !== null && <PlanningForm key={`form ${query}`} choice={choice} />}
          {practice !== null && <WhatToDo mayDecide={mayPlan} zone={zone} />}
          {practice !== null && <OwnMeasures choice={choice} catalogue={catalogue.answer} zone={zone} />}
          {practice !== null && <DemandAhead service={choice.service} />}
          {practice !== null && <WhatWouldChange choice={choice} practice={practice} practices={names} mayTry={mayPlan} />}
          <PartnersComparison key={`partners ${query}`} choice={choice} catalogue={catalogue.answer} zone={zone} practice={practice} />
        </>
      )}
    </>
  );
}
