/**
 * The pickers only know the browser's zone. A "wall" date is a date whose local fields in the browser are what the clock on
 * the wall shows in another zone.
 */
function fieldsAsUtc(at: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((p) => p.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

export function toWall(at: Date, zone: string | undefined): Date {
  if (!zone) return at;
  const f = new Date(fieldsAsUtc(at, zone));
  return new Date(f.getUTCFullYear(), f.getUTCMonth(), f.getUTCDate(), f.getUTCHours(), f.getUTCMinutes(), f.getUTCSeconds());
}

export function fromWall(wall: Date, zone: string | undefined): Date {
  if (!zone) return wall;
  const fields = Date.UTC(wall.getFullYear(), wall.getMonth(), wall.getDate(), wall.getHours(), wall.getMinutes(), wall.getSeconds());
  const offset = (at: number) => fieldsAsUtc(new Date(at), zone) - at;
  // Twice, because the offset at the first guess may be the one from before a change of daylight saving.
  return new Date(fields - offset(fields - offset(fields)));
}
