// Prints each step with its evidence; the first step that is not as it should be ends the demo.
import { styleText } from 'node:util';

let number = 0;
const paint = (style, text) => (process.stdout.isTTY ? styleText(style, text) : text);

export function title(text) {
  console.log(`\n${paint('bold', text)}`);
}
export function step(text, ...evidence) {
  number += 1;
  console.log(`${paint('green', `${String(number).padStart(2)}. ✓`)} ${text}`);
  for (const line of evidence) console.log(`      ${paint('dim', line)}`);
}
export function mustBe(condition, what, found) {
  if (!condition) throw new Error(`${what}${found === undefined ? '' : `; found: ${typeof found === 'string' ? found : JSON.stringify(found)}`}`);
}
/** The time on a site's wall, its zone always named. */
export function at(instant, zone) {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' }).format(new Date(instant));
}
