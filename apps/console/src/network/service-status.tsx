import { useAnswer } from '../api/use-answer';
import { Trouble } from '../parts/trouble';
import { type NetworkState, askNetwork } from './network-answers';
import { ParkedEvents } from './parked-events';

const EVERY_MS = 5_000;
const work: Readonly<Record<string, string>> = {
  scheduling: 'calendars, openings, appointments',
  reminders: 'when to remind whom',
  notifications: 'texts and e-mails, answers',
  capacity: 'measures and reports',
  sandbox: 'stands in for phones, mail and sign-in',
};

/** `parked`: whether the person may see what could not be handled. */
export function ServiceStatus({ parked }: { parked: boolean }) {
  const { answer, refusal, again } = useAnswer('network', (signal) => askNetwork({ signal }), EVERY_MS);
  return (
    <section aria-labelledby="services">
      <h2 id="services">Services</h2>
      {refusal && <Trouble refusal={refusal} again={again} />}
      <p role="status" className={answer ? (answer.ready ? 'good-text' : 'bad-text') : 'soft'}>{answer ? summary(answer) : refusal ? '' : 'Asking the services …'}</p>
      {answer && (
        <table>
          <thead><tr><th scope="col">Service</th><th scope="col">State</th><th scope="col" className="wide">What it does</th>{parked && <th scope="col">Parked events</th>}</tr></thead>
          <tbody>
            {answer.services.map(({ service, ready, detail }) => (
              <tr key={service}>
                <th scope="row">{service}</th>
                <td><span className={ready ? 'tag good' : 'tag bad'}>{ready ? '✓ ready' : '✕ not ready'}</span>{!ready && <span className="soft"> {detail}</span>}</td>
                <td className="wide soft">{work[service] ?? ''}</td>
                {parked && <td>{service === 'sandbox' ? <span className="soft">–</span> : <ParkedEvents service={service} ready={ready} />}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function summary({ ready, services }: NetworkState): string {
  if (ready) return `All ${services.length} services are ready.`;
  const missing = services.filter((service) => !service.ready).map(({ service }) => service);
  return `${missing.join(', ')}: not ready. A service that ended is started again by itself; if this stays for a minute, look at its log.`;
}
