/** Something the person at the keyboard can mend: shown as its message alone, without a stack. */
export class Trouble extends Error {}

/** Runs an entry point; a Trouble becomes one message, anything else shows where it happened.
 * @param {() => Promise<number | void>} main returns the exit code */
export async function run(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof Trouble ? `\n${error.message}\n` : error);
    process.exitCode = 1;
  }
}
