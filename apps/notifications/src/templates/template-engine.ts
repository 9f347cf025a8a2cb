import { Liquid, type Template } from 'liquidjs';
import { onlyPlainSpaces } from './invisible-characters';

/** Nothing that reads files, sets variables or writes markup: conditions, a loop over the visits, and comments. */
const TAGS = new Set(['if', 'unless', 'case', 'for', 'comment']);
const LONGEST_SOURCE = 10_000;

function create(): Liquid {
  const engine = new Liquid({
    // Why own properties only: a template never reaches what values inherit, such as constructors.
    ownPropertyOnly: true, strictVariables: true, strictFilters: true,
    parseLimit: LONGEST_SOURCE, renderLimit: 200, memoryLimit: 200_000,
    relativeReference: false, templates: {},
  });
  for (const tag of Object.keys(engine.tags)) if (!TAGS.has(tag)) delete engine.tags[tag];
  for (const filter of Object.keys(engine.filters)) delete engine.filters[filter];
  // A name at the beginning of a sentence.
  engine.registerFilter('capital', (text: unknown) => (typeof text === 'string' ? text.charAt(0).toUpperCase() + text.slice(1) : ''));
  return engine;
}

const engine = create();
const compiled = new Map<string, Template[]>();
const MOST_KEPT = 2_000;

/** Reads a source once; the result is kept. Throws the engine's own error, which says line and column. */
export function compile(source: string): Template[] {
  const known = compiled.get(source);
  if (known) return known;
  if (compiled.size >= MOST_KEPT) compiled.clear();
  const templates = engine.parse(source);
  compiled.set(source, templates);
  return templates;
}

/** What a source says of these values. A variable that the model does not have is an error, never an empty place. */
export const renderSource = (source: string, model: object): string => onlyPlainSpaces(String(engine.renderSync(compile(source), model)));

export interface NamedVariable {
  /** `visit.when`; a part that is computed is `[]`. */
  readonly path: string;
  readonly line: number;
  /** Named in a loop only. */
  readonly local: boolean;
}

/** Every variable that a source names, in every branch of it. Throws where the source cannot be read. */
export function variablesOf(source: string): NamedVariable[] {
  const { variables, globals } = engine.analyzeSync(compile(source), { partials: false });
  const global = new Set(Object.values(globals).flat().map(({ location }) => `${location.row}:${location.col}`));
  return Object.values(variables).flat().map((variable) => ({
    path: variable.segments.map((segment) => (typeof segment === 'object' ? '[]' : String(segment))).join('.'), line: variable.location.row, local: !global.has(`${variable.location.row}:${variable.location.col}`),
  }));
}
