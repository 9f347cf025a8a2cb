/**
 * Tables of a query (behind WITH) that tell cheaply whether what was agreed has changed: `agreed`, the versions that are, were or will be in force, and `terms`, whose `state` of an agreement is another one
 * whenever its versions, the exits or the papers of its parties have changed.
 */
export const AGREED_TERMS = `agreed AS (SELECT v.agreement_id AS agreement, v.version, v.practices, v.effective_from, v.effective_to FROM agreement_version v
         WHERE v.status IN ('approved', 'in-force', 'superseded', 'terminated') AND (v.effective_to IS NULL OR v.effective_to > v.effective_from)),
       terms AS (SELECT a.id AS agreement, md5(concat_ws(' ',
         (SELECT string_agg(concat_ws('/', v.version, v.effective_from, v.effective_to), ' ' ORDER BY v.version) FROM agreed v WHERE v.agreement = a.id),
         (SELECT string_agg(concat_ws('/', e.practice_id, e.exit_at), ' ' ORDER BY e.id) FROM exit_plan e WHERE e.practice_id = ANY (a.practices)),
         (SELECT string_agg(concat_ws('/', d.practice_id, d.kind, d.expires_on), ' ' ORDER BY d.id) FROM member_document d WHERE d.withdrawn_at IS NULL AND d.practice_id = ANY (a.practices)))) AS state FROM agreement a)`;
