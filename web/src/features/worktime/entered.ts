import { addDays, day, dayOf, timeOf } from '../../ui/format';
import type { Absence, Entered } from './queries';

/** enteredOf is leave as it is entered: what ends at midnight ends with the day before. */
export function enteredOf(b: Absence, zone: string): Entered {
  const [from, fromTime, to, toTime] = [
    dayOf(b.begins, zone),
    timeOf(b.begins, zone),
    dayOf(b.ends, zone),
    timeOf(b.ends, zone),
  ];
  return {
    from,
    fromTime: fromTime === '00:00' ? '' : fromTime,
    to: toTime === '00:00' ? addDays(to, -1) : to,
    toTime: toTime === '00:00' ? '' : toTime,
    kind: b.kind as Entered['kind'],
    deputyId: b.deputyId,
    note: b.note,
  };
}

/** spanOf words leave by its days, with the times where a day is not whole. */
export function spanOf(b: Absence, zone: string, today: string): string {
  const { from, fromTime, to, toTime } = enteredOf(b, zone);
  const begins = `${day(from, today)} ${fromTime}`.trim();
  if (from === to) return toTime || fromTime ? `${begins} – ${toTime || '24:00'}` : begins;
  return `${begins} – ${`${day(to, today)} ${toTime}`.trim()}`;
}
