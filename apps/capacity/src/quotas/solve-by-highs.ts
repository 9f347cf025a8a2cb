import loadHighs, { type Highs } from 'highs';
import type { QuotaModel } from './domain/quota-model';
import type { Relaxation } from './domain/quota-solution';

/** How far above its minimum the worst share may stand in stage 2, so that the solver's tolerance does not make it impossible. */
const SLACK = 1e-7;

let loaded: Promise<Highs> | null = null;
export const highs = (): Promise<Highs> => (loaded ??= loadHighs());

/** Stage 2 as a programme of its own. */
export const secondStage = (model: QuotaModel, least: number): QuotaModel => ({ ...model, colCost: model.secondCost, colUpper: model.colUpper.map((upper, column) => (column === model.worst ? least + SLACK : upper)) });

/** Both stages in one model, the second from the basis of the first. Blocks its thread for `seconds` at most. */
export function solveByHighs(solver: Highs, model: QuotaModel, seconds: number): Relaxation {
  const { optimal, timeLimit } = solver.constants.modelStatus;
  return solver.withModel(model, (run): Relaxation => {
    run.options.set({ output_flag: false, time_limit: seconds });
    run.run();
    if (run.getModelStatus() !== optimal) return { failed: run.getModelStatus() === timeLimit ? 'time-limit' : 'solver-failed' };
    const least = Math.max(0, run.getSolution().colValue[model.worst]!);
    run.changeColBounds(model.worst, 0, least + SLACK);
    run.changeColsCost({ kind: 'range', from: 0, to: model.numCols - 1 }, model.secondCost);
    run.run();
    if (run.getModelStatus() !== optimal) return { failed: run.getModelStatus() === timeLimit ? 'time-limit' : 'solver-failed' };
    const values = run.getSolution().colValue;
    return { parts: Float64Array.from(model.columnOf, (column) => (column < 0 ? 0 : values[column]!)), leastWorstUnmetShare: least };
  });
}
