/** Runs one step of a start and shows how long it takes: while it takes more than two seconds, and at its end.
 * @template T
 * @param {string} title @param {() => Promise<T> | T} work @returns {Promise<T>} */
export async function step(title, work) {
  const begin = Date.now();
  const seconds = () => Math.round((Date.now() - begin) / 1000);
  const live = process.stdout.isTTY;
  const tick = setInterval(() => {
    const now = seconds();
    if (live) process.stdout.write(`\r  … ${title} ${now} s`);
    else if (now === 3 || now % 10 === 0) console.log(`  … ${title} ${now} s`);
  }, 1000);
  try {
    const result = await work();
    if (live) process.stdout.write('\r');
    console.log(`  ✓ ${title} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    if (live) process.stdout.write('\n');
    throw error;
  } finally {
    clearInterval(tick);
  }
}
