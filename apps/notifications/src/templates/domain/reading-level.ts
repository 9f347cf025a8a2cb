import type { Language } from '@slotmesh/contracts';

/** Health information for everybody is read without effort up to here: Flesch-Kincaid grade of an English text, Fernandez Huerta of a Spanish one (100 is easiest). */
export const HARDEST_ENGLISH_GRADE = 8;
export const HARDEST_SPANISH_EASE = 60;

export interface ReadingLevel {
  readonly measure: 'flesch-kincaid-grade' | 'fernandez-huerta';
  readonly value: number;
  readonly easy: boolean;
}

const wordsIn = (text: string): string[] => text.match(/\p{L}[\p{L}'’]*/gu) ?? [];
const sentencesIn = (text: string): number => Math.max(1, (text.match(/[.!?:]+(?=\s|$)/g) ?? []).length);

/** Kincaid 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59. Fernandez Huerta 1959 as corrected by Law: 206.84 - 60 syllables a word - 1.02 words a sentence. */
export function readingLevelOf(text: string, language: Language): ReadingLevel {
  const words = wordsIn(text);
  const perSentence = words.length / sentencesIn(text);
  const syllables = words.reduce((sum, word) => sum + (language === 'es' ? syllablesOfSpanish(word) : syllablesOfEnglish(word)), 0) / Math.max(1, words.length);
  const round = (value: number): number => Math.round(value * 10) / 10;
  if (language === 'en') {
    const value = words.length === 0 ? 0 : round(0.39 * perSentence + 11.8 * syllables - 15.59);
    return { measure: 'flesch-kincaid-grade', value, easy: value <= HARDEST_ENGLISH_GRADE };
  }
  const value = words.length === 0 ? 100 : round(206.84 - 60 * syllables - 1.02 * perSentence);
  return { measure: 'fernandez-huerta', value, easy: value >= HARDEST_SPANISH_EASE };
}

/** Groups of vowels, without a silent e at the end. */
export function syllablesOfEnglish(word: string): number {
  const plain = word.toLowerCase().replace(/[^a-z]/g, '').replace(/(?:[^laeiouy]es|[^aeioutd]ed|[^laeiouy]e)$/, (end) => end.slice(0, 1));
  return Math.max(1, (plain.match(/[aeiouy]+/g) ?? []).length);
}

/** Nuclei of vowels: two strong ones, or an accented weak one beside a strong one, are two syllables; u is silent in que, qui, gue, gui. */
export function syllablesOfSpanish(word: string): number {
  const plain = word.toLowerCase().normalize('NFC').replace(/qu(?=[eiéí])/g, 'q').replace(/gu(?=[eiéí])/g, 'g').replace(/y$/, 'i');
  let count = 0;
  for (const group of plain.match(/[aeiouáéíóúü]+/g) ?? []) {
    count += 1;
    for (let index = 1; index < group.length; index++) if (!/[iuü]/.test(group[index]!) && !/[iuü]/.test(group[index - 1]!)) count += 1;
  }
  return Math.max(1, count);
}
