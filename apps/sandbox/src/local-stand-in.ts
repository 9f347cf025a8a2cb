/** Why the sandbox's own routes need no token. */
export const LOCAL_STAND_IN = 'a stand-in on the own machine that holds invented people only and is never part of a production install';
