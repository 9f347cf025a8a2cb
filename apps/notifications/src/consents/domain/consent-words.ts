/** The field of a patient under which the desk's words about consent are sealed. */
export const CONSENT_WORDS = 'consentWords';
