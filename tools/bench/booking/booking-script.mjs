import { groups, idOf, patients, providers } from './sow.mjs';

/** What one booking sends, statement by statement (UnitOfWork, Idempotency, BookAppointment, Bookability, OccupancyRepository), in that order, for pgbench. `n` counts on within a client;
 * providers and patients take turns in the same order as over HTTP, long after the times that are booked there.
 * @param {import('./sow.mjs').Sown} bench @param {number} clients */
export function bookingScript({ practice, refs, service, subject, visitType }, clients) {
  const [provider, site] = [idOf(groups.provider, ':p::int'), idOf(groups.site, ':p::int')];
  const [resource, room] = [idOf(groups.resource, ':p::int'), idOf(groups.room, ':p::int')];
  const patient = idOf(groups.patient, ':k::int');
  const person = idOf(groups.person, ':k::int');
  const id = idOf('b001', ':b::int');
  const at = (/** @type {string} */ more) => `('2030-01-01T00:00:00Z'::timestamptz + ${more})`;
  const start = at(`:m::int * interval '1 minute'`);
  const end = at(`(:m::int + 15) * interval '1 minute'`);
  const from = at(`(:m::int - 4320) * interval '1 minute'`);
  const to = at(`(:m::int + 2880) * interval '1 minute'`);
  const key = `'key-' || :b::int`;
  const snapshot = `json_build_object('id', ${id}, 'revision', 1, 'status', 'booked', 'participation', 'needs-action', 'host', '${practice}', 'booking', '${practice}', 'patient', ${patient}, 'bookingPatient', NULL,
    'site', ${site}, 'provider', ${provider}, 'visitType', '${visitType}', 'service', '${service}', 'modality', 'in-person', 'start', ${start}, 'end', ${end}, 'zone', 'America/Chicago', 'bookedAt', now())`;
  const answer = `${snapshot}::jsonb || '{"version": 1, "cancelReason": null, "cancelFreeUntil": null, "referral": null, "confidential": false, "source": null, "bookingReferral": null, "needs": [], "extraMinutes": 0, "needsToArrange": [], "unmarked": false, "allowed": ["arrive", "cancel", "check-in", "confirm", "no-show", "reschedule"]}'::jsonb`;
  const statements = [
    'BEGIN',
    `SELECT set_config('slotmesh.tenant', '${practice}', true), set_config('slotmesh.subject', '${subject}', true)`,
    `INSERT INTO idempotency (practice_id, subject, key, request_hash, at) VALUES ('${practice}', '${subject}', ${key}, sha256(${id}::text::bytea), now()) ON CONFLICT DO NOTHING`,
    'SAVEPOINT s1',
    `SELECT cardinality(r.times) >= 20 AND r.times[cardinality(r.times) - 20 + 1] > now() - interval '1 hour' AS stopped FROM refusal_count r WHERE r.practice_id = '${practice}' AND r.subject = '${subject}' AND r.kind = 'overlap'`,
    `SELECT p.id, p.practice_id, p.person_id, p.wrapped_key, p.given_name, p.family_name, p.birth_date, p.phone, p.email, p.record_number, p.name_index, p.birth_date_index, p.phone_index, p.email_index,
       p.record_number_index, p.language, p.zone, p.needs, p.text_consent, p.email_consent, p.deceased, p.payer, p.version FROM patient p WHERE p.id = ${patient}`,
    `SELECT v.practice_id, v.id AS visit_type_id, v.ref AS visit_type_ref, v.name AS visit_type_name, v.sensitive AS visit_type_sensitive, v.service_code, v.duration_minutes, v.longer_visit_minutes, v.seats, v.buffer_before_minutes, v.buffer_after_minutes,
       v.minimum_notice_minutes, v.horizon_days, v.modality, v.needs, v.policy, p.id AS provider_id, p.ref AS provider_ref, p.name AS provider_name, r.id AS resource_id, p.partner_visits_per_day, p.partner_approval_hours, p.languages, p.payers,
       s.id AS site_id, s.ref AS site_ref, s.name AS site_name, s.sensitive AS site_sensitive, coalesce(s.address->>'city', '') AS site_city, s.zone, s.latitude, s.longitude
     FROM visit_type v JOIN provider_visit_type pv ON pv.visit_type_id = v.id JOIN provider p ON p.id = pv.provider_id AND p.active JOIN resource r ON r.provider_id = p.id AND r.active
       JOIN site s ON s.practice_id = v.practice_id WHERE v.active AND v.ref = ${refs.visitType} AND p.ref = ${refs.provider} + :p::int AND s.ref = ${refs.site} + :p::int`,
    `SELECT id, provider_id, site_id, weekday, from_time, to_time, valid_from::text, valid_to::text, every_weeks, overbook, kept_for, limits, walk_ins FROM availability WHERE provider_id = ANY (ARRAY[${provider}])`,
    `SELECT id, provider_id, site_id, date::text, ranges FROM availability_exception WHERE provider_id = ANY (ARRAY[${provider}]) AND date BETWEEN ${from}::date AND ${to}::date`,
    `SELECT practice_id, site_id, provider_id, from_date::text, to_date::text, from_at, to_at FROM closure WHERE practice_id = ANY (ARRAY['${practice}'])
       AND ((from_date IS NOT NULL AND to_date >= ${from}::date AND from_date <= ${to}::date) OR (from_at < ${to} AND to_at > ${from}))`,
    `SELECT id, site_id, kind, capabilities FROM resource WHERE site_id = ANY (ARRAY[${site}]) AND kind <> 'provider' AND active ORDER BY id`,
    `SELECT lock_resources(ARRAY[${resource}, ${room}])`,
    `SELECT id, host_id, holder_id, quota_ids FROM end_expired_holds(ARRAY[${resource}, ${room}], ${start}, ${end}, now())`,
    `SELECT w.resource AS resource_id, w.starts AS starts_at, w.ends AS ends_at FROM unnest(ARRAY[${room}], ARRAY[${start}], ARRAY[${end}]) AS w(resource, starts, ends)
     WHERE EXISTS (SELECT 1 FROM occupancy o WHERE o.active AND o.resource_id = w.resource AND o.during && tstzrange(w.starts, w.ends))`,
    `INSERT INTO occupancy (id, host_id, guest_id, agreement_id, resource_id, lane, during, hold_id, appointment_id, taken_at, visit_type_id, visit_starts_at, limit_key, limit_place, group_session_id)
     SELECT n.id, '${practice}', NULL, NULL, n.resource, 0, tstzrange(n.starts, n.ends), NULL, ${id}, now(),
       CASE WHEN n.resource = ${resource} THEN '${visitType}'::uuid END, CASE WHEN n.resource = ${resource} THEN ${start} END, NULL, NULL::int, NULL::uuid
     FROM unnest(ARRAY[gen_random_uuid(), gen_random_uuid()], ARRAY[${resource}, ${room}], ARRAY[${start}, ${start}], ARRAY[${end}, ${end}]) AS n(id, resource, starts, ends) ON CONFLICT DO NOTHING`,
    `SELECT take_person_time(${id}, ${person}, ${start}, ${end}, 0) AS taken`,
    `INSERT INTO appointment (id, revision, status, participation, host_id, booking_id, patient_id, booking_patient_id, person_id, agreement_id, quota_ids, site_id, provider_id, visit_type_id,
       service_code, modality, zone, starts_at, ends_at, booked_at, booked_by, changed_at, sealed_reason, referral_id, confidential, sealed_answers, care, series_id, series_start, chain_id, cancel_free_until, source, booking_referral, chain_step, approve_by, approval)
     VALUES (${id}, 1, 'booked', 'needs-action', '${practice}', '${practice}', ${patient}, NULL, ${person}, NULL, '{}', ${site}, ${provider}, '${visitType}', '${service}', 'in-person', 'America/Chicago', ${start}, ${end}, now(), '${subject}', now(),
       NULL, NULL, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
     ON CONFLICT (lower(source), booking_referral) WHERE booking_referral IS NOT NULL DO NOTHING`,
    `UPDATE idempotency SET status = 201, answer = ${answer} WHERE practice_id = '${practice}' AND subject = '${subject}' AND key = ${key}`,
    `INSERT INTO audit_entry (id, practice_id, actor_kind, actor_subject, action, entity, entity_id, patient_id, details, at)
     SELECT r.id, '${practice}', 'staff', '${subject}', r.action, r.entity, r.entity_id, r.patient_id, r.details, now()
     FROM jsonb_to_recordset(jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'action', 'appointment.booked', 'entity', 'appointment', 'entity_id', ${id}, 'patient_id', ${patient},
       'details', jsonb_build_object('host', '${practice}', 'booking', '${practice}')))) AS r(id uuid, action text, entity text, entity_id text, patient_id text, details jsonb)`,
    `SELECT outbox_append('scheduling', now(), NULL, jsonb_build_array(jsonb_build_object('topic', 'scheduling.appointment.v1', 'key', ${id}, 'id', gen_random_uuid(), 'type', 'scheduling.appointment.booked.v1',
       'host', '${practice}', 'booking', NULL, 'payload', json_build_object('appointment', ${snapshot}, 'by', json_build_object('kind', 'host', 'practice', '${practice}')))))`,
    'COMMIT',
  ];
  return [
    `\\set b :n * ${clients} + :client_id`, `\\set p :b % ${providers}`, `\\set m :b / ${providers} * 15`, `\\set k :b % ${patients}`, '\\set n :n + 1',
    ...statements.map((statement) => `${statement.replace(/\s+/g, ' ')};`), '',
  ].join('\n');
}
