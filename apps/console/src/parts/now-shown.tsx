import { useNow } from '../clock/clock-provider';
import { span } from './span';

const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The time by which everything here is decided, in the desk's own zone, and how far the sandbox has moved it. */
export function NowShown() {
  const now = useNow();
  if (!now) return <span className="now" />;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <span className="now">
      <time dateTime={new Date(now.now).toISOString()}>{whole.format(now.now)}</time> <span className="soft">{zone}</span>
      {now.offsetMs > 0 && <span className="tag moved">moved ahead by {span(now.offsetMs)}</span>}
    </span>
  );
}
