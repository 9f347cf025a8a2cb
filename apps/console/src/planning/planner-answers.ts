import { z } from 'zod';
import { type Question, ask } from '../api/ask';

const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });
const recommendation = z.object({
  id: z.string(), title: z.string(), reason: z.string(), measure: z.string().nullable(), now: z.number().nullable(), unit: z.string().nullable(), expected: interval.nullable(), cost: z.string(), sure: z.enum(['measured', 'published', 'simulated', 'unknown']),
  decided: z.object({ at: z.iso.datetime(), why: z.string().nullable() }).nullable(), afterwards: z.object({ before: z.number().nullable(), after: z.number().nullable(), isOver: z.boolean(), until: z.iso.datetime() }).nullable(),
});
const recommendations = z.object({ items: z.array(recommendation) });
export type Recommendation = z.output<typeof recommendation>;
export type Decision = 'taken' | 'dismissed';

const point = z.object({ date: z.string(), value: z.number(), low80: z.number(), high80: z.number(), closed: z.boolean() });
const forecast = z.object({
  refused: z.object({ sentence: z.string() }).nullable(),
  forecast: z.object({ method: z.string(), points: z.array(point), errors: z.object({ earlierDates: z.number(), chosen: z.object({ wape: z.number().nullable(), coverage80: z.number().nullable() }) }) }).nullable(),
});
export type Forecast = z.output<typeof forecast>;
export type MadeForecast = NonNullable<Forecast['forecast']>;

const shown = z.object({ mean: z.number(), low: z.number().nullable(), high: z.number().nullable() });
const line = z.object({ practice: z.string(), outcomes: z.record(z.string(), shown) });
export type Line = z.output<typeof line>;
const whatIf = z.object({
  id: z.string(), state: z.enum(['queued', 'running', 'done', 'cancelled', 'failed']), progress: z.object({ done: z.number(), total: z.number() }), failure: z.string().nullable(),
  question: z.object({ changes: z.array(z.object({ kind: z.string() })).optional() }),
  answer: z.object({ sentence: z.string(), present: z.array(line), changed: z.array(line), difference: z.array(line) }).nullable(),
});
export type WhatIf = z.output<typeof whatIf>;

const api = '/api/capacity/v1';
export const askRecommendations = async (state: 'open' | 'taken', question: Question): Promise<Recommendation[]> => (await ask(`${api}/recommendations?state=${state}`, recommendations, question)).items;
export const decide = (id: string, decision: Decision, why: string): Promise<null> => ask(`${api}/recommendations/${id}/decision`, z.null(), { method: 'POST', body: { decision, why } });
export const askForecast = (service: string, question: Question): Promise<Forecast> => ask(`${api}/forecasts?service=${encodeURIComponent(service)}`, forecast, question);
export const askWhatIf = (id: string, question: Question): Promise<WhatIf> => ask(`${api}/what-if/${id}`, whatIf, question);
export const tryWhatIf = (question: object): Promise<WhatIf> => ask(`${api}/what-if`, whatIf, { method: 'POST', body: question });
export const cancelWhatIf = (id: string): Promise<null> => ask(`${api}/what-if/${id}`, z.null(), { method: 'DELETE' });
