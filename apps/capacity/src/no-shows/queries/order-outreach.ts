import { Injectable } from '@nestjs/common';
import { type LocalDate, formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { factsAtBooking } from '../domain/booking-facts';
import { ModelOfNoPractice, TooManyToReach } from '../domain/no-show.errors';
import { scoreOf } from '../domain/no-show-model';
import { bandFrom, outreachOrder, scoringNow } from '../domain/outreach-order';
import { trainingInstant } from '../domain/watched-model';
import { NoShowAlarmRepository } from '../persistence/no-show-alarm.repository';
import { NoShowModelRepository } from '../persistence/no-show-model.repository';
import { NoShowSwitchRepository } from '../persistence/no-show-switch.repository';
import { VisitsOfPatientsRepository } from '../persistence/visits-of-patients.repository';

const MOST_VISITS = 2_000;

/** The booked visits of the caller's practice in the order in which to reach people; no number of a person leaves (P20). Nothing, with the reason, where scoring is off. Throws ModelOfNoPractice, TooManyToReach. */
@Injectable()
export class OrderOutreach {
  constructor(private readonly work: UnitOfWork, private readonly models: NoShowModelRepository, private readonly switches: NoShowSwitchRepository, private readonly alarms: NoShowAlarmRepository, private readonly visits: VisitsOfPatientsRepository) {}

  async execute(actor: Actor, from: LocalDate, to: LocalDate) {
    const { practice } = actor;
    if (practice === null) throw new ModelOfNoPractice();
    const read = await this.work.run(actor, async (tx) => {
      const [kept, wish, alarmedAt] = [await this.models.of(tx, practice, trainingInstant(tx.now)), await this.switches.of(tx, practice), await this.alarms.of(tx, practice)];
      const state = scoringNow(wish.wanted, kept?.card ?? null, alarmedAt !== null);
      const told = { asOf: formatInstant(tx.now), ...state };
      if (state.scoring === 'off' || !kept?.trained) return { told, scored: null };
      const booked = await this.visits.booked(tx, practice, from, to, MOST_VISITS);
      if (booked.length > MOST_VISITS) throw new TooManyToReach(MOST_VISITS);
      const history = await this.visits.historyOf(tx, practice, [...new Set(booked.map(({ patient }) => patient))]);
      tx.audit.record({ action: 'outreach-order.read', entity: 'no-show-model', entityId: practice, details: { from, to, visits: booked.length, version: kept.card?.version ?? null } });
      return { told, scored: { trained: kept.trained, version: kept.card?.version ?? null, booked, history } };
    });
    if (read.scored === null) return { ...read.told, version: null, items: [], nextCursor: null };
    const { trained: { model, testScores }, version, booked, history } = read.scored;
    const facts = factsAtBooking([...booked, ...history]);
    const scored = booked.map((visit, i) => ({ id: visit.id, start: visit.start, score: scoreOf(model, facts[i]!) }));
    const bandOf = bandFrom(testScores);
    const bands = new Map(scored.map(({ id, score }) => [id, bandOf(score)]));
    return { ...read.told, version, items: outreachOrder(scored, 'on').map((appointment) => ({ appointment, band: bands.get(appointment) ?? 'later' })), nextCursor: null };
  }
}
