/**
 * Words that tell why somebody comes. A message is read on a locked screen and by whoever shares the phone (45 CFR 164.502(b), 42 CFR part 2), so no wording
 * may hold one, in whichever language it is. Stems, compared without case and accents, at the beginning of a word.
 */
const STEMS = [
  // English
  'abortion', 'addict', 'aids', 'alcohol', 'allerg', 'anemi', 'anxiet', 'asthma', 'behavioral health', 'biops', 'birth control', 'blood pressure', 'blood test', 'cancer', 'cardiac', 'cardiolog', 'chemo', 'cholesterol', 'colonoscop', 'contracept', 'counsel', 'covid', 'dementia',
  'depress', 'dermatolog', 'detox', 'diabet', 'diagnos', 'dialysis', 'disease', 'disorder', 'drug test', 'epilep', 'fertility', 'gonorrh', 'gynecolog', 'hepatit', 'herpes', 'hiv', 'hypertens', 'immuniz', 'infect', 'insulin', 'lab result', 'mammogra', 'medication', 'mental health', 'methadone',
  'miscarr', 'obes', 'oncolog', 'opioid', 'overdose', 'pap smear', 'pap test', 'pregnan', 'prenatal', 'prescription', 'procedure', 'prostate', 'psychiatr', 'psycholog', 'radiation', 'rehab', 'result', 'schizo', 'screening', 'std', 'sti test', 'suboxone', 'substance', 'suicid', 'surger', 'syphilis',
  'symptom', 'test result', 'therap', 'transgender', 'transplant', 'treatment', 'tumor', 'ultrasound', 'vaccin', 'vasectom', 'x-ray', 'your condition',
  // Spanish
  'aborto', 'adicc', 'alerg', 'analisis', 'anemia', 'ansiedad', 'anticoncept', 'asma', 'autismo', 'biopsia', 'cancer', 'cardio', 'cirug', 'colesterol', 'colonoscop', 'demencia', 'depres', 'desintoxic', 'diabet', 'diagnost', 'dialisis', 'embaraz', 'enfermedad', 'epilep', 'esquizo', 'examen de sangre', 'fertilidad', 'gonorrea',
  'hepatitis', 'hipertens', 'infecc', 'insulina', 'laboratorio', 'mamograf', 'medicamento', 'metadona', 'obesidad', 'oncolog', 'opioid', 'papanicolau', 'presion arterial', 'prostata', 'prueba', 'psicolog', 'psiquiatr', 'quimio', 'radiograf', 'receta', 'rehabilit', 'resultado', 'salud mental', 'sangre', 'sida', 'sifilis', 'sintoma', 'sobredosis',
  'suicid', 'terapia', 'transgenero', 'trasplante', 'tratamiento', 'trastorno', 'tumor', 'ultrasonido', 'vacuna', 'vasectom', 'vih',
];
const ANY = new RegExp(`(?<![\\p{L}\\p{N}])(?:${STEMS.map((stem) => stem.replace('-', '-?').replaceAll(' ', '\\s+')).join('|')})[\\p{L}]*`, 'giu');
const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '');

/** Each word found, once, as it stands there without accents. */
export const reasonsIn = (text: string): string[] => [...new Set((folded(text).match(ANY) ?? []).map((word) => word.toLowerCase()))];
