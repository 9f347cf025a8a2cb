import type { Mapping } from './mapping';
import { type Encoding, textOf } from './text-of-file';
import { type VisitFile, countVisits } from './visit-file';

/** A file as it came: bytes, or text within JSON. */
export interface FileTask {
  readonly file: Uint8Array | string;
  readonly mapping: Mapping;
}
export interface CountedFile extends VisitFile {
  /** Null: it came as JSON. */
  readonly encoding: Encoding | null;
}

/** Throws FileNotText and what `countVisits` does. */
export function countedFile({ file, mapping }: FileTask): CountedFile {
  const { text, encoding } = typeof file === 'string' ? { text: file, encoding: null } : textOf(file);
  return { encoding, ...countVisits(text, mapping) };
}
