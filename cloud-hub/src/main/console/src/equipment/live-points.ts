import type { Point, ValueEvent } from '../api/types';

/** Points with the newest of the events applied. What is older than the value on screen changes nothing. */
export function applyValues(points: readonly Point[], events: readonly ValueEvent[]): Point[] {
  const newest = new Map<string, ValueEvent>();
  for (const event of events) {
    const known = newest.get(event.pointId);
    if (!known || Date.parse(event.at) >= Date.parse(known.at)) newest.set(event.pointId, event);
  }
  return points.map((point) => {
    const event = newest.get(point.id);
    if (!event || (point.at && Date.parse(event.at) < Date.parse(point.at))) return point;
    const state = point.states?.find((s) => String(s.code) === String(event.value));
    const { value, at, quality, cause } = event;
    return { ...point, value, at, quality, cause: cause ?? null, live: event.live ?? false, text: state?.title ?? null };
  });
}
