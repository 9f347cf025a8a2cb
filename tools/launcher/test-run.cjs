const { randomBytes } = require('node:crypto');

/** Names the run for all of its workers, which share what one of them made: a database that is copied, for instance. */
module.exports = () => {
  process.env.TEST_RUN = randomBytes(6).toString('hex');
  process.env.TEST_START ??= new Date(comingTuesday(Date.now() + LONGEST_RUN)).toISOString();
  if (!(Date.parse(process.env.TEST_START) > Date.now())) throw new Error('TEST_START is an instant to come, because clocks do not go back');
};

const DAY = 86_400_000;
const LONGEST_RUN = 3 * 3_600_000;
const TUESDAY = 2;
/**
 * Ten o'clock in Denver in summer, eleven in winter. Suites of scheduling begin then, so that what they find does not depend on when they are run: late on a Friday the first day
 * found has two times left. `TEST_START` (an instant) lets them begin at another time.
 */
function comingTuesday(now) {
  const tuesday = (Math.floor(now / DAY) + ((TUESDAY - new Date(now).getUTCDay() + 7) % 7)) * DAY + 17 * 3_600_000;
  return tuesday < now ? tuesday + 7 * DAY : tuesday;
}
