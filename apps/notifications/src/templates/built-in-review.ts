import type { Language } from '@slotmesh/contracts';
import type { NotificationsConfig } from '../config';

type Settings = Pick<NotificationsConfig, 'MODE' | 'TEMPLATES_ES_REVIEWED_BY'>;

/** Who read the network's own wordings of this language, by name. English is the language that they are written in and reviewed in with every change of the code. */
export const builtInReviewer = (language: Language, { TEMPLATES_ES_REVIEWED_BY }: Settings): string | null => (language === 'en' ? 'the maintainers of Slotmesh' : (TEMPLATES_ES_REVIEWED_BY ?? null));

/**
 * The language in which the network's wordings may be shown to a patient. Why English without a reviewer: a translation that no person has vouched for may say the wrong hour or the
 * wrong thing; in sandbox mode it is shown so that it can be reviewed.
 */
export const languageOfBuiltIn = (language: Language, settings: Settings): Language => (settings.MODE === 'sandbox' || builtInReviewer(language, settings) !== null ? language : 'en');
